import { useEffect, useState } from 'preact/hooks';
import { useText } from './i18n.js';
import { linkTo, type Place } from './location.js';
import { ProblemNotice, ViewHead } from './parts.js';
import { Plot } from './plot.js';
import { readPreference, writePreference } from './preferences.js';
import { readable, record, seriesOf } from './series.js';
import { usePoll } from './use-poll.js';
import type { PerfCounter } from './wire.js';

const EXAMPLES = [
  'collector*app.pegasus*app.stat.write_qps#temp',
  'replica*app.pegasus*put_latency',
  'replica*server*memused.res(MB)',
];

/** Shows perf counters by name. The interface cannot list them, so the person gives the names; they stay in the link and the browser. */
export function CountersView({ place }: { place: Place }) {
  const t = useText();
  const [typed, setTyped] = useState('');
  const linked = place.query.getAll('name');
  const names = linked.length > 0 ? linked : storedNames();
  function show(next: readonly string[]): void {
    writePreference('counters', JSON.stringify(next));
    const query = next.map((name) => `name=${encodeURIComponent(name)}`).join('&');
    location.hash = query === '' ? linkTo('counters') : `${linkTo('counters')}?${query}`;
  }
  const add = (name: string) => {
    if (name !== '' && !names.includes(name)) show([...names, name]);
    setTyped('');
  };
  return (
    <>
      <ViewHead title={t('nav.counters')}>
        <form
          class="tools"
          onSubmit={(event) => {
            event.preventDefault();
            add(typed.trim());
          }}
        >
          <input
            type="text"
            class="wide mono"
            placeholder={t('counters.name')}
            aria-label={t('counters.name')}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <button type="submit" class="accent">
            {t('counters.add')}
          </button>
        </form>
      </ViewHead>
      {names.length === 0 && <Hint onPick={add} />}
      <div class="plots">
        {names.map((name) => (
          <Counter key={name} name={name} onRemove={() => show(names.filter((one) => one !== name))} />
        ))}
      </div>
    </>
  );
}

function storedNames(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(readPreference('counters') ?? '[]');
    return Array.isArray(stored) ? stored.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

function Hint({ onPick }: { onPick: (name: string) => void }) {
  const t = useText();
  return (
    <div class="notice">
      <p>{t('counters.empty')}</p>
      <ul class="examples">
        {EXAMPLES.map((name) => (
          <li key={name}>
            <button type="button" class="quiet mono" onClick={() => onPick(name)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Counter({ name, onRemove }: { name: string; onRemove: () => void }) {
  const t = useText();
  const { data, problem } = usePoll<PerfCounter>(`perfCounter?name=${encodeURIComponent(name)}`);
  const isPercentile = data?.p99 !== undefined;
  const values = isPercentile ? [Number(data.p99), Number(data.p999)] : [Number(data?.value)];
  const series = seriesOf(name, values.length);
  const [points, setPoints] = useState(0);
  useEffect(() => {
    if (data?.name === undefined) return undefined;
    const sample = () => {
      record(series, values);
      setPoints((count) => count + 1);
    };
    sample();
    // A 304 says that the value is the same: that is a point too.
    const timer = setInterval(sample, 2000);
    return () => clearInterval(timer);
  }, [data, series]);
  const isUnknown = problem?.kind === 'missing' || (data !== undefined && data.name === undefined);
  return (
    <section class="card">
      <header class="card-head">
        <h2 class="mono name">{name}</h2>
        <button type="button" class="quiet" aria-label={t('counters.remove', name)} onClick={onRemove}>
          ×
        </button>
      </header>
      {isUnknown && <p class="muted">{t('counters.unknown')}</p>}
      {!isUnknown && problem !== undefined && <ProblemNotice problem={problem} />}
      {data?.name !== undefined && (
        <>
          <p class="reading">
            {values.map((value, i) => (
              <span key={i}>
                {isPercentile && <span class="muted">{i === 0 ? 'p99 ' : 'p999 '}</span>}
                <strong>{readable(value)}</strong>
              </span>
            ))}
            <span class="tag">{data.type}</span>
          </p>
          <p class="muted small">{data.description}</p>
          <Plot
            name={name}
            series={series}
            lines={isPercentile ? ['p99', 'p999'] : ['value']}
            points={points}
          />
        </>
      )}
    </section>
  );
}
