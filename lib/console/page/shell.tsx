import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { noteChanges } from './changes.js';
import { useText } from './i18n.js';
import { Icon, Mark, type ViewName } from './icons.js';
import { linkTo } from './location.js';
import { ConnectionPill, LanguageChoice, ThemeChoice } from './preferences-bar.js';
import { BASE } from './request.js';
import { isProblem, readTables } from './tables.js';
import { useConnection, usePoll } from './use-poll.js';
import { hasPath } from './views.js';
import type { Apps, Cluster, Listing, Nodes } from './wire.js';

/** Frames the page: the views at the side, or above on narrow screens, and the state of the connection. */
export function Shell(props: {
  views: readonly ViewName[];
  current: string;
  listing: Listing | undefined;
  children: ComponentChildren;
}) {
  const t = useText();
  const problems = useProblems(props.listing);
  const nav = useRef<HTMLElement>(null);
  // On narrow screens the views are wider than the screen. The current view changes which of them is seen.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [props.current, props.views.length]);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {t('skip')}
      </button>
      <header class="side">
        <a class="brand" href="#/">
          <Mark />
          <span class="brand-text">
            <strong>Pegasus</strong>
            <span class="host" title={BASE.href}>
              {BASE.host}
              {BASE.pathname.replace(/\/$/, '')}
            </span>
          </span>
        </a>
        <nav ref={nav} aria-label={t('nav.label')}>
          <ul>
            {props.views.map((view) => (
              <li key={view}>
                <a href={linkTo(view)} aria-current={view === props.current ? 'page' : undefined}>
                  <Icon name={view} />
                  {t(`nav.${view}`)}
                  <Count value={problems[view] ?? 0} />
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="side-foot">
          <ConnectionPill />
          <ThemeChoice />
          <LanguageChoice />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <StaleBanner />
        {props.children}
      </main>
    </div>
  );
}

/** Says that the server shows an old state. */
function StaleBanner() {
  const t = useText();
  const { ageSeconds } = useConnection();
  return ageSeconds > 0 ? <p class="banner">{t('stale', ageSeconds)}</p> : null;
}

function Count({ value }: { value: number }) {
  const t = useText();
  if (value === 0) return null;
  return (
    <span class="count">
      {value}
      <span class="hidden"> {t('cluster.attention')}</span>
    </span>
  );
}

/** Polls the tables and the nodes on every view: the navigation counts the problems, and the changes are noted. */
function useProblems(listing: Listing | undefined): Partial<Record<ViewName, number>> {
  const isMeta = listing !== undefined && hasPath(listing, '/meta/apps');
  const { data: apps } = usePoll<Apps>(isMeta ? 'meta/apps?detail' : undefined);
  const { data: nodes } = usePoll<Nodes>(isMeta ? 'meta/nodes?detail' : undefined);
  const { data: cluster } = usePoll<Cluster>(isMeta ? 'meta/cluster' : undefined);
  noteChanges(apps, nodes, cluster);
  return {
    tables: apps === undefined ? 0 : readTables(apps).filter(({ health }) => isProblem(health)).length,
    nodes: Object.values(nodes?.details ?? {}).filter(({ status }) => status !== 'ALIVE').length,
  };
}
