import { useEffect, useRef, useState } from 'preact/hooks';
import { FlameGraph } from './flame-graph.js';
import { FunctionTable } from './function-table.js';
import { useText } from './i18n.js';
import { type Place, replaceQuery } from './location.js';
import { Card, ProblemNotice, ViewHead } from './parts.js';
import { amountText, decodeProfile, type ProfileTree } from './profile-model.js';
import { ProfileProgress } from './profile-progress.js';
import { BASE, type Problem, problemOf } from './request.js';

const KINDS = { cpu: 'pprof/profile', heap: 'pprof/heap', growth: 'pprof/growth' } as const;
const DEFAULT_SECONDS = 5;

type Kind = keyof typeof KINDS;

type Taken =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly seconds: number }
  | { readonly state: 'problem'; readonly problem: Problem }
  | { readonly state: 'done'; readonly tree: ProfileTree };

/** Takes profiles of the server and shows them. */
export function ProfileView({ place }: { place: Place }) {
  const t = useText();
  const stated = place.query.get('kind') ?? 'cpu';
  const kind: Kind = Object.hasOwn(KINDS, stated) ? (stated as Kind) : 'cpu';
  const seconds = place.query.get('seconds') ?? String(DEFAULT_SECONDS);
  const [taken, setTaken] = useState<Taken>({ state: 'none' });
  const [search, setSearch] = useState('');
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);

  async function take(): Promise<void> {
    const started = new AbortController();
    controller.current = started;
    setTaken({ state: 'running', seconds: kind === 'cpu' ? Number(seconds) : 0 });
    const query = kind === 'cpu' ? `?format=proto&seconds=${encodeURIComponent(seconds)}` : '?format=proto';
    const next = await fetchProfile(KINDS[kind] + query, started.signal);
    if (!started.signal.aborted) setTaken(next);
  }
  function choose(next: Kind): void {
    controller.current?.abort();
    setTaken({ state: 'none' });
    replaceQuery(place, { kind: next });
  }
  return (
    <>
      <ViewHead title={t('nav.profile')}>
        <form
          class="tools"
          onSubmit={(event) => {
            event.preventDefault();
            void take();
          }}
        >
          <fieldset class="segments" aria-label={t('profile.kind')}>
            {(Object.keys(KINDS) as Kind[]).map((one) => (
              <button key={one} type="button" aria-pressed={one === kind} onClick={() => choose(one)}>
                {t(`profile.${one}`)}
              </button>
            ))}
          </fieldset>
          {kind === 'cpu' && (
            <label class="check">
              {t('profile.seconds')}
              <input
                type="number"
                class="seconds"
                min="1"
                max="300"
                value={seconds}
                onInput={(event) => replaceQuery(place, { seconds: event.currentTarget.value })}
              />
            </label>
          )}
          <button type="submit" class="accent" disabled={taken.state === 'running'}>
            {t('profile.take')}
          </button>
        </form>
      </ViewHead>
      {taken.state === 'none' && <p class="notice muted">{t(`profile.intro.${kind}`)}</p>}
      {taken.state === 'running' && <ProfileProgress seconds={taken.seconds} />}
      {taken.state === 'problem' && <ProblemNotice problem={taken.problem} />}
      {taken.state === 'done' && <Result tree={taken.tree} search={search} onSearch={setSearch} />}
    </>
  );
}

async function fetchProfile(path: string, signal: AbortSignal): Promise<Taken> {
  try {
    const response = await fetch(new URL(path, BASE), { signal, cache: 'no-store' });
    if (!response.ok) return { state: 'problem', problem: await problemOf(response) };
    return { state: 'done', tree: await decodeProfile(await response.blob()) };
  } catch (error) {
    const isNetwork = error instanceof TypeError;
    const failed: Problem = { kind: 'failed', status: 200, message: String(error) };
    return { state: 'problem', problem: isNetwork ? { kind: 'offline' } : failed };
  }
}

function Result(props: { tree: ProfileTree; search: string; onSearch: (search: string) => void }) {
  const t = useText();
  const { tree, search, onSearch } = props;
  return (
    <>
      <Card
        title={`${t('profile.flame')} · ${t('profile.total', amountText(tree.root.value, tree.unit))}`}
        aside={
          <input
            type="search"
            placeholder={t('profile.search')}
            aria-label={t('profile.search')}
            value={search}
            onInput={(event) => onSearch(event.currentTarget.value)}
          />
        }
      >
        <FlameGraph tree={tree} search={search} />
      </Card>
      <Card title={t('profile.top')} flush>
        <FunctionTable tree={tree} search={search} />
      </Card>
    </>
  );
}
