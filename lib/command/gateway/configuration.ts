import { dirname, resolve } from 'node:path';
import { objectWithKeys } from '../../validate/checks.js';
import { StartError, UsageError } from '../failure.js';
import { flagOf, isIn, type Values } from '../options/option.js';
import type { Flags } from '../options/parse-flags.js';
import { readJsonFile } from '../options/read-json-file.js';
import { named, type ParsedFile, type Resolved, resolveOptions } from '../options/resolve-options.js';
import {
  type ClusterOptions,
  parseClusters,
  parseRoot,
  parseServers,
  parseTimeZone,
} from './cluster-options.js';
import type { Credentials } from './credentials.js';
import { GATEWAY_OPTIONS } from './options.js';
import { readCredentials } from './read-credentials.js';

type Options = typeof GATEWAY_OPTIONS;

/** What a gateway is to do. */
export interface Configuration {
  readonly options: Values<Options>;
  readonly clusters: readonly ClusterOptions[];
  readonly credentials: Credentials;
}

/** The options that describe a single cluster. */
const SINGLE = ['servers', 'zookeeper', 'zookeeperRoot', 'zookeeperLockRoot'] as const;

/**
 * Reads the configuration of a gateway from flags, file and environment.
 *
 * @throws UsageError for a wrong flag, StartError for any other mistake. Each says where it is, what is wrong and what would be right.
 */
export async function readConfiguration(
  flags: Flags,
  environment: NodeJS.ProcessEnv,
): Promise<Configuration> {
  const { config } = resolveOptions(GATEWAY_OPTIONS, flags, undefined, environment).values;
  const file = config === undefined ? undefined : await readFileOptions(config);
  const resolved = resolveOptions(GATEWAY_OPTIONS, flags, file, environment);
  const folder = file === undefined ? '.' : dirname(file.name);
  const credentials = await readCredentials(resolved, (name, place) =>
    place === 'file' ? resolve(folder, name) : name,
  );
  resolved.check('timeZone', parseTimeZone);
  return { options: resolved.values, clusters: clustersOf(resolved, file), credentials };
}

async function readFileOptions(name: string): Promise<ParsedFile> {
  const content = await readJsonFile(name);
  const keys = GATEWAY_OPTIONS.filter((option) => isIn(option, 'file')).map((option) => option.name);
  const checked = { ...content };
  const wanted = SINGLE.find((key) => content[key] !== undefined);
  if (wanted !== undefined) {
    throw new StartError(
      `${name}: "${wanted}" is an option of a cluster: { "clusters": [{ "name": "c1", "servers": "10.0.0.1:34601" }] }`,
    );
  }
  named(StartError, () => objectWithKeys(checked, 'the file', [...keys, 'clusters']), `${name}: `);
  return { name, content };
}

function clustersOf(resolved: Resolved<Options>, file: ParsedFile | undefined): readonly ClusterOptions[] {
  const listed = file?.content['clusters'];
  if (file !== undefined && listed !== undefined) {
    const flag = SINGLE.find((name) => resolved.placeOf(name) === 'flag');
    if (flag !== undefined)
      throw new UsageError(
        `${flagOf({ name: flag })} and "clusters" of ${file.name} exclude each other: leave out one`,
      );
    return named(StartError, () => parseClusters(listed, file.name, resolved.values), `${file.name}: `);
  }
  return [singleCluster(resolved)];
}

function singleCluster({ values, mistake, check }: Resolved<Options>): ClusterOptions {
  const { servers, zookeeper, zookeeperRoot } = values;
  if (servers === undefined && zookeeper === undefined) {
    throw new UsageError(
      'no cluster is given: --servers HOST:PORT,... names its meta servers, --zookeeper its ZooKeeper, --config a file with many clusters',
    );
  }
  const lonely = (['zookeeperRoot', 'zookeeperLockRoot'] as const).find((name) => values[name] !== undefined);
  if (zookeeper === undefined && lonely !== undefined)
    throw mistake(lonely, 'needs --zookeeper HOST:PORT,... beside it');
  if (zookeeper !== undefined && zookeeperRoot === undefined) {
    throw mistake('zookeeper', 'needs --zookeeper-root PATH beside it, such as --zookeeper-root /pegasus/c1');
  }
  return {
    name: undefined,
    path: servers === undefined ? '--zookeeper' : '--servers',
    servers: check('servers', parseServers),
    zookeeper:
      zookeeper === undefined
        ? undefined
        : {
            servers: check('zookeeper', parseServers) ?? [],
            root: check('zookeeperRoot', parseRoot) ?? '',
            lockRoot: check('zookeeperLockRoot', parseRoot),
          },
    compatibility: values.compatibility,
    maxAgeMs: values.maxAgeMs,
    maxStaleMs: values.maxStaleMs,
    timeZone: values.timeZone,
  };
}
