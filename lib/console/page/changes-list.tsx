import { seenChanges } from './changes.js';
import { useText } from './i18n.js';
import { linkTo } from './location.js';

const MAX_SHOWN = 8;
const TABLE_CHANGES: ReadonlySet<string> = new Set(['created', 'health']);

/** Lists what changed while the page was open. */
export function Changes() {
  const t = useText();
  const changes = seenChanges();
  if (changes.length === 0) return <p class="muted">{t('changes.none')}</p>;
  return (
    <ol class="changes">
      {changes.slice(0, MAX_SHOWN).map(({ id, time, kind, subject, health }) => (
        <li key={id}>
          <time dateTime={time.toISOString()}>{time.toLocaleTimeString('en-GB')}</time>
          <span class={`change-dot ${health}`} aria-hidden="true" />
          <span class="change-kind">{t(`changes.${kind}`, t(`health.${health}`))}</span>
          {TABLE_CHANGES.has(kind) ? (
            <a class="name" href={linkTo('tables', subject)}>
              {subject}
            </a>
          ) : (
            <span class="name">{subject}</span>
          )}
        </li>
      ))}
    </ol>
  );
}
