import * as check from '../validate/checks.js';
import { checkArguments } from '../validate/options.js';
import type { Answer } from './answer.js';
import type { AskServer } from './ask-server.js';
import type { CallRunner } from './call.js';
import { checkAppId, checkText } from './check-arguments.js';
import type { ResolvedClientOptions } from './options.js';
import { metricsTarget, parseMetrics } from './parse-metrics.js';
import { parseUpdateStatus } from './parse-operations.js';
import {
  parseFlag,
  parseFlags,
  parsePaths,
  parsePerfCounter,
  parseStartSecond,
  parseVersion,
} from './parse-process.js';
import { parseCompactionProgress, parseDataVersions, parseReplicaDuplications } from './parse-replicas.js';
import type { PprofPath, ServerClient } from './server-types.js';

const PPROF_PATHS: readonly PprofPath[] = ['profile', 'heap', 'growth', 'cmdline', 'symbol'];

/** The longest profile. */
const MAX_SECONDS = 3_600;

/** Makes the {@link ServerClient} of one server. */
export function createServerClient(
  call: CallRunner,
  ask: AskServer,
  { timeoutMs, requestTimeoutMs }: ResolvedClientOptions,
): ServerClient {
  const named = (path: string, name: string) => `${path}?name=${encodeURIComponent(checkText(name, 'name'))}`;

  return {
    paths: (options) => call(options, (signal) => ask.read('/', signal, parsePaths)),
    version: (options) => call(options, (signal) => ask.read('/version', signal, parseVersion)),
    startSecond: (options) =>
      call(options, (signal) => ask.read('/recentStartTime', signal, parseStartSecond)),
    perfCounter: (name, options) =>
      call(options, async (signal) => ask.readOnce(named('/perfCounter', name), signal, parsePerfCounter)),
    metrics: (filter = {}, options) =>
      call(options, (signal) => ask.read(metricsTarget(filter), signal, parseMetrics)),
    flag: (name, options) =>
      call(options, async (signal) => ask.read(named('/config', name), signal, parseFlag)),
    flags: (options) => call(options, (signal) => ask.read('/configs', signal, parseFlags)),
    updateFlag: (name, value, options) =>
      call(options, async (signal) => {
        const [flag, text] = [
          checkText(name, 'name'),
          checkArguments('PegasusClient', () => check.string(value, 'value')),
        ];
        const target = `/updateConfig?${encodeURIComponent(flag)}=${encodeURIComponent(text)}`;
        return ask.once({ method: 'GET', target }, signal, parseUpdateStatus);
      }),
    duplications: (appId, options) =>
      call(options, async (signal) =>
        ask.read(`/replica/duplication?appid=${checkAppId(appId)}`, signal, parseReplicaDuplications),
      ),
    dataVersions: (appId, options) =>
      call(options, async (signal) =>
        ask.read(`/replica/data_version?app_id=${checkAppId(appId)}`, signal, parseDataVersions),
      ),
    compactionProgress: (appId, options) =>
      call(options, async (signal) =>
        ask.read(`/replica/manual_compaction?app_id=${checkAppId(appId)}`, signal, parseCompactionProgress),
      ),
    async pprof(path, seconds, options) {
      const [word, length] = checkArguments('PegasusClient', () => [
        check.oneOf(path, 'path', PPROF_PATHS),
        check.integer(seconds ?? 0, 'seconds', 0, MAX_SECONDS),
      ]);
      const target = `/pprof/${word}${seconds === undefined ? '' : `?seconds=${length}`}`;
      // Without seconds, a profile of the CPU takes 60 s and one of the heap 10 s.
      const extraMs = (seconds ?? { profile: 60, heap: 10 }[word as string] ?? 0) * 1_000;
      return call({ timeoutMs: timeoutMs + extraMs, ...options }, (signal) =>
        ask.once({ method: 'GET', target, timeoutMs: requestTimeoutMs + extraMs }, signal, okBytes),
      );
    },
    symbols: (addresses, options) =>
      call(options, (signal) => {
        const body = addresses.map((address) => `0x${address.toString(16)}`).join('+');
        return ask.once({ method: 'POST', target: '/pprof/symbol', body }, signal, parseSymbols);
      }),
  };
}

function okBytes(answer: Answer): Buffer {
  if (answer.status !== 200) throw answer.error();
  return answer.bytes;
}

/** Parses lines such as `0x1234<TAB>main`. */
function parseSymbols(answer: Answer): ReadonlyMap<bigint, string> {
  const lines = okBytes(answer)
    .toString('utf8')
    .matchAll(/^(0x[\da-f]{1,16})\t(.*)$/gim);
  return new Map(Array.from(lines, ([, address = '0', name = '']) => [BigInt(address), name]));
}
