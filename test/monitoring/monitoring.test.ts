import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { CLUSTER_METRICS } from '../../lib/sources/prom-client/cluster/declarations.js';
import { clusterMetrics } from '../../lib/sources/prom-client/index.js';
import { remoteCluster } from '../../lib/sources/remote/index.js';
import { ROOT } from '../support/child.js';
import { installed, run, temporaryDirectory } from '../support/commands.js';
import { listening } from '../support/http.js';
import { freeAddresses } from '../support/onebox.js';

const EXAMPLES = join(ROOT, 'examples/monitoring');
const read = (file: string) => readFileSync(join(EXAMPLES, file), 'utf8');
const NAMES = Object.values(CLUSTER_METRICS).map(({ name }) => name);
/** The labels of all metrics, and those that Prometheus adds. */
const LABELS = new Set(['cluster', ...Object.values(CLUSTER_METRICS).flatMap(({ labels }) => [...labels])]);

/** The names that begin as ours do. */
const namesIn = (text: string) => new Set(Array.from(text.matchAll(/\bpegasus_\w+/g), ([name]) => name));

/** A metric of Prometheus as its HTTP interface shows it. */
interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

const hasPrometheus = installed('promtool', 'prometheus') && installed('prometheus', 'prometheus');

it('the folder has what this file tests', () => {
  expect(readdirSync(EXAMPLES).sort()).toEqual([
    'alerts.test.yml',
    'alerts.yml',
    'grafana-dashboard.json',
    'prometheus.yml',
  ]);
});

it.each([
  ['docs/monitoring.md', /^\| `(pegasus_\w+)` \|([^|]*)\|/gm],
  ['lib/sources/prom-client/cluster/cluster-metrics.ts', /^ \* \| `(pegasus_\w+)` \| \w+ \|([^|]*)\|/gm],
])('%s lists all metrics with their labels', (file, row) => {
  const rows = Array.from(readFileSync(ROOT + file, 'utf8').matchAll(row), ([, name, labels = '']) => ({
    name,
    labels: Array.from(labels.matchAll(/`(\w+)`/g), ([, label]) => label),
  }));
  expect(rows).toEqual(
    Object.values(CLUSTER_METRICS).map(({ name, labels }) => ({ name, labels: [...labels] })),
  );
});

describe('the Grafana dashboard', () => {
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
    panels: {
      id: number;
      title: string;
      gridPos: { x: number; y: number; w: number; h: number };
      targets: { expr: string; legendFormat: string }[];
    }[];
  };
  const targets = dashboard.panels.flatMap(({ targets }) => targets);

  it('shows every metric that there is, and no other', () => {
    const used = namesIn(targets.map(({ expr }) => expr).join('\n'));
    expect([...used].sort()).toEqual([...NAMES].sort());
  });

  it('uses labels that the metrics have', () => {
    for (const { expr, legendFormat } of targets) {
      const name = [...namesIn(expr)][0];
      const { labels } = Object.values(CLUSTER_METRICS).find((metric) => metric.name === name) ?? {
        labels: [],
      };
      const used = [
        ...Array.from(expr.matchAll(/(\w+)(?:=~|!=|=)"/g), ([, label]) => label),
        ...Array.from(legendFormat.matchAll(/\{\{(\w+)\}\}/g), ([, label]) => label),
        ...Array.from(expr.matchAll(/by \(([^)]*)\)/g), ([, list = '']) => list.split(', ')).flat(),
      ];
      expect(['cluster', ...labels], expr).toEqual(expect.arrayContaining(used));
    }
  });

  it('has panels that lie beside each other', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, gridPos: a } of panels) {
      expect(a.x + a.w, title).toBeLessThanOrEqual(24);
      for (const { title: other, gridPos: b } of panels) {
        if (title === other) continue;
        const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(isApart, `${title} and ${other}`).toBe(true);
      }
    }
  });
});

describe('the alerts', () => {
  it('use metrics and labels that there are', () => {
    for (const file of ['alerts.yml', 'alerts.test.yml']) {
      const used = [...namesIn(read(file))];
      expect(used.length).toBeGreaterThan(4);
      expect(NAMES).toEqual(expect.arrayContaining(used));
    }
    const labels = Array.from(read('alerts.yml').matchAll(/\$labels\.(\w+)/g), ([, label = '']) => label);
    expect([...LABELS]).toEqual(expect.arrayContaining(labels));
  });

  it('are tested, each where it fires', () => {
    const names = (text: string, key: string) =>
      new Set(Array.from(text.matchAll(new RegExp(`${key}: (\\w+)`, 'g')), ([, name]) => name));
    const alerts = names(read('alerts.yml'), 'alert');
    const firing = read('alerts.test.yml')
      .split('- eval_time')
      .filter((part) => part.includes('exp_alerts'))
      .join();
    expect([...names(firing, 'alertname')].sort()).toEqual([...alerts].sort());
  });

  it.skipIf(!hasPrometheus).each([
    [['check', 'rules', 'alerts.yml'], /SUCCESS: 7 rules/],
    [['test', 'rules', 'alerts.test.yml'], /SUCCESS/],
    [['check', 'config', 'prometheus.yml'], /is valid/],
  ])('promtool %j', async (args, expected) => {
    const { status, stdout, stderr } = await run('sh', [
      '-c',
      'cd "$0" && exec promtool "$@"',
      EXAMPLES,
      ...args,
    ]);
    expect([status, stdout + stderr]).toEqual([0, expect.stringMatching(expected)]);
  });
});

describe.skipIf(!hasPrometheus)('Prometheus', () => {
  const NODES = ['10.0.0.1:34801', '10.0.0.2:34801', '10.0.0.3:34801'];
  const apps = [
    { appName: 'temp', partitionCount: 8 },
    { appName: 'a "table" \\ 中文', partitionCount: 2 },
  ];

  it('finds nothing wrong with the names, the types and the text', async () => {
    const registry = new Registry();
    clusterMetrics(registry, {
      ...memoryCluster({ nodes: NODES, apps }),
      upstream: () => ({ requests: 1, failures: 0 }),
    });
    clusterMetrics(registry, memoryCluster(), { cluster: 'empty' });
    const file = join(temporaryDirectory(), 'metrics.txt');
    writeFileSync(file, await registry.metrics());
    const { status, stdout, stderr } = await run('sh', ['-c', 'promtool check metrics <"$0"', file]);
    expect([status, stdout + stderr]).toEqual([0, '']);
  });

  it('scrapes a live cluster, sees a node die and alerts', { timeout: 90_000 }, async () => {
    const cluster = memoryCluster({ nodes: NODES, apps });
    const meta = await listening(createServer(createPegasusHandler(cluster)));
    const remote = remoteCluster({ servers: new URL(meta).host, maxAgeMs: 50 });
    onTestFinished(() => remote.close());
    const registry = new Registry();
    clusterMetrics(registry, remote, { cluster: 'c1' });
    const exporter = await listening(
      createServer(async (_, res) => {
        res.setHeader('content-type', registry.contentType).end(await registry.metrics());
      }),
    );
    const query = await startPrometheus(new URL(exporter).host);

    await vi.waitFor(
      async () => {
        expect(await query('pegasus_cluster_up')).toMatchObject([
          { metric: { cluster: 'c1', job: 'pegasus' }, value: [expect.anything(), '1'] },
        ]);
      },
      { timeout: 30_000, interval: 100 },
    );
    expect(await query('sum(pegasus_partitions)')).toMatchObject([{ value: [expect.anything(), '10'] }]);
    const tables = await query('pegasus_table_partitions{health="healthy"}');
    expect(tables.map(({ metric }) => metric['table']).sort()).toEqual(
      apps.map(({ appName }) => appName).sort(),
    );

    cluster.killNode(NODES[2] ?? '');
    await vi.waitFor(
      async () => {
        expect(await query('pegasus_node_alive == 0')).toMatchObject([{ metric: { node: NODES[2] } }]);
        expect(await query('ALERTS{alertname="PegasusNodeDead",alertstate="firing"}')).toMatchObject([
          { metric: { cluster: 'c1', node: NODES[2] } },
        ]);
      },
      { timeout: 30_000, interval: 100 },
    );
    const writableIll = await query('pegasus_partitions{health="writable_ill"}');
    expect(writableIll).toMatchObject([{ value: [expect.anything(), '10'] }]);
  });

  /** Starts Prometheus with the example's files, but soon: it scrapes every second, and alerts without a delay. */
  async function startPrometheus(target: string): Promise<(expression: string) => Promise<Result[]>> {
    const folder = temporaryDirectory();
    const rules = read('alerts.yml').replace(/for: \w+/g, 'for: 0s');
    writeFileSync(join(folder, 'alerts.yml'), rules);
    const config = read('prometheus.yml')
      .replaceAll('15s', '1s')
      .replace('scrape_timeout: 10s', 'scrape_timeout: 1s')
      .replace('127.0.0.1:8080', target);
    writeFileSync(join(folder, 'prometheus.yml'), config);
    const [address = ''] = await freeAddresses(1);
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
    }
    const ended = new Promise((resolve) => child.on('close', resolve));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return async (expression) => {
      if (child.exitCode !== null) throw new Error(`prometheus ended: ${said}`);
      const answer = await fetch(`http://${address}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = (await answer.json()) as { data: { result: Result[] } };
      return data.result;
    };
  }
});
