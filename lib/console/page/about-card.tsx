import { useText } from './i18n.js';
import { Card } from './parts.js';
import { usePoll } from './use-poll.js';
import type { Cluster } from './wire.js';

/** Shows the facts about the meta servers and this one. */
export function About({ cluster, age }: { cluster: Cluster; age: number }) {
  const t = useText();
  const { data: version } = usePoll<{ Version: string }>('version');
  const { data: start } = usePoll<{ RecentStartTime: string }>('recentStartTime');
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('cluster.primary'), cluster.primary_meta_server],
    [t('cluster.metas'), cluster.meta_servers.replaceAll(',', ', ')],
    [t('cluster.level'), cluster.meta_function_level],
    [t('cluster.operations'), cluster.balance_operation_count.replaceAll(',', ', ')],
    [t('cluster.stddev'), cluster.primary_replica_count_stddev],
    [t('cluster.stddevAll'), cluster.total_replica_count_stddev],
    [t('cluster.zookeeper'), cluster.zookeeper_hosts.replaceAll(',', ', ')],
    [t('cluster.root'), cluster.zookeeper_root],
    [t('cluster.version'), version?.Version],
    [t('cluster.started'), start?.RecentStartTime],
    [t('cluster.age'), age > 0 ? t('cluster.seconds', age) : t('cluster.current')],
  ];
  return (
    <Card title={t('cluster.about')}>
      <dl class="facts">
        {rows.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </Card>
  );
}
