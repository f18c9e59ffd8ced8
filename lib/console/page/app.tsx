import type { ComponentType } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { ApiView } from './api-view.js';
import { ClusterView } from './cluster-view.js';
import { ClustersView } from './clusters-view.js';
import { ConfigView } from './config-view.js';
import { CountersView } from './counters-view.js';
import { browserLanguage, type Language, LanguageContext, translator, useText } from './i18n.js';
import type { ViewName } from './icons.js';
import { lazy } from './lazy.js';
import { type Place, usePlace } from './location.js';
import { MetricsView } from './metrics-view.js';
import { NodesView } from './nodes-view.js';
import { ViewHead } from './parts.js';
import { readPreference, writePreference } from './preferences.js';
import { Shell } from './shell.js';
import { TableView } from './table-view.js';
import { TablesView } from './tables-view.js';
import { usePoll } from './use-poll.js';
import { firstViewOf, viewsOf } from './views.js';
import type { Listing } from './wire.js';

const VIEWS: Partial<Record<string, ComponentType<{ place: Place }>>> = {
  clusters: ClustersView,
  cluster: ClusterView,
  tables: Tables,
  nodes: NodesView,
  counters: CountersView,
  metrics: MetricsView,
  profile: lazy(async () => (await import('./profile-view.js')).ProfileView),
  config: ConfigView,
  api: ApiView,
};

/** Shows the whole page. */
export function App() {
  const [language, setLanguage] = useState<Language>(storedLanguage);
  const context = useMemo(
    () => ({
      language,
      t: translator(language),
      setLanguage(next: Language) {
        writePreference('language', next);
        setLanguage(next);
      },
    }),
    [language],
  );
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  return (
    <LanguageContext.Provider value={context}>
      <CurrentView />
    </LanguageContext.Provider>
  );
}

function storedLanguage(): Language {
  const stored = readPreference('language');
  return stored === 'en' || stored === 'zh' ? stored : browserLanguage();
}

function CurrentView() {
  const t = useText();
  const { data: listing, problem } = usePoll<Listing>('');
  const views = viewsOf(listing);
  const place = usePlace();
  const isKnown = listing !== undefined || problem !== undefined;
  const view = place.view === '' ? (isKnown ? firstViewOf(views) : '') : place.view;
  const key = `${view}/${place.item ?? ''}`;
  useTitle(key, place.item ?? (view in VIEWS ? t(`nav.${view as ViewName}`) : undefined));
  const View = Object.hasOwn(VIEWS, view) ? VIEWS[view] : undefined;
  return (
    <Shell views={views} current={view} listing={listing}>
      {View !== undefined && <View key={key} place={{ ...place, view }} />}
      {View === undefined && view !== '' && <ViewHead title={t('unknown')} />}
    </Shell>
  );
}

/** Names the page after the view, and begins each view at its top. */
function useTitle(key: string, name: string | undefined): void {
  // The key names the view.
  useEffect(() => window.scrollTo(0, 0), [key]);
  useEffect(() => {
    const short = name !== undefined && name.length > 60 ? `${name.slice(0, 60)}…` : name;
    document.title = short === undefined ? 'Pegasus' : `${short} · Pegasus`;
  }, [name]);
}

function Tables({ place }: { place: Place }) {
  return place.item === undefined ? <TablesView place={place} /> : <TableView name={place.item} />;
}
