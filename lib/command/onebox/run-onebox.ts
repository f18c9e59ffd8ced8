import { PegasusError } from '../../index.js';
import { listenError, StartError, UsageError } from '../failure.js';
import { renderFlags } from '../options/help.js';
import { parseFlags } from '../options/parse-flags.js';
import { readJsonFile } from '../options/read-json-file.js';
import { resolveOptions } from '../options/resolve-options.js';
import { DEFAULT_CLUSTER } from './default-cluster.js';
import { ONEBOX_OPTIONS } from './options.js';
import { type OneboxDescription, startOnebox } from './start-onebox.js';

function oneboxHelp(): string {
  return `Usage: pegasus-http onebox [options] [CLUSTER.json]
       npm start [-- options] [CLUSTER.json]      in a clone

Serves a fake Pegasus cluster from memory. Each meta server and each living replica server of CLUSTER.json
listens on its own address, which must be one of this machine, or with --free-ports on a free port.
In a file without addresses, "metaServers": 3 and "nodes": 3 are numbers or lists of names.
The default cluster has three meta servers, three replica servers, two tables, and a collector.

Options:
${renderFlags(ONEBOX_OPTIONS)}

Exit codes: 0, 1 if it cannot start, 2 if an argument is wrong.
`;
}

/**
 * Runs `pegasus-http onebox` until a signal stops it.
 *
 * @throws UsageError or StartError.
 */
export async function runOnebox(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args, ONEBOX_OPTIONS, 1);
  if (flags.given.get('help') === true) return void process.stdout.write(oneboxHelp());
  const { values } = resolveOptions(ONEBOX_OPTIONS, flags, undefined, {});
  const { allowWrites, collector, delay, freePorts, printAddresses, workload } = values;
  const [file] = flags.positionals;
  const description =
    file === undefined ? defaultCluster(freePorts) : ((await readJsonFile(file)) as OneboxDescription);
  const usesFreePorts = freePorts || !hasAddresses(description);
  const byDefault = file === undefined && !usesFreePorts ? '127.0.0.1:34101' : undefined;
  try {
    await startOnebox(description, {
      allowWrites,
      collector: checkAddress(collector ?? byDefault, '--collector'),
      control: checkAddress(values.control, '--control'),
      delayMs: delay,
      hasWorkload: workload,
      ports: usesFreePorts ? 'free' : 'described',
      printsAddresses: printAddresses,
    });
  } catch (error) {
    throw explained(error);
  }
}

/** Returns the default cluster. Servers on free ports are called meta1, node1 and so on, because their addresses do not matter. */
function defaultCluster(freePorts: boolean): OneboxDescription {
  return freePorts ? { ...DEFAULT_CLUSTER, metaServers: 3, nodes: 3 } : DEFAULT_CLUSTER;
}

/** Whether a description names its servers by addresses. What is no description has no names either; the check comes later. */
function hasAddresses({ metaServers = [], nodes = [] }: OneboxDescription): boolean {
  if (typeof metaServers === 'number' || typeof nodes === 'number') return false;
  if (!Array.isArray(metaServers) || !Array.isArray(nodes)) return true;
  return [...metaServers, ...nodes].every((server) => typeof server !== 'string' || /:\d+$/.test(server));
}

/** Checks an address. A port alone is one of 127.0.0.1. */
function checkAddress(value: string | undefined, flag: string): string | undefined {
  if (value === undefined) return undefined;
  const address = /^\d+$/.test(value) ? `127.0.0.1:${value}` : value;
  if (/^(?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i.test(address) && URL.canParse(`http://${address}`))
    return address;
  throw new UsageError(`${flag} takes an address such as 127.0.0.1:34101, not ${value}`);
}

function explained(error: unknown): unknown {
  const { code, address, port, message } = error as Error & {
    readonly code?: string;
    readonly address?: string;
    readonly port?: number;
  };
  if (code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL' || code === 'EACCES')
    return listenError(error, `${address}:${port}`, 'take free ports with --free-ports');
  if (error instanceof PegasusError || code === 'ERR_INVALID_PARAMETERS')
    return new StartError(`the description is wrong: ${message.replace(/^(?:\w+: )+/, '')}`);
  return error;
}
