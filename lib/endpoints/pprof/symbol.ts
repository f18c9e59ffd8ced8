import { PLAIN_TEXT, streamedBody, uncachedBody } from '../../http/body.js';
import type { Profiler } from '../../model/profiler.js';
import type { SourceContext } from '../../model/source-context.js';
import { lockFor } from '../../pprof/profiler-lock.js';
import { findNames } from '../../pprof/shared-names.js';
import { isSynthetic } from '../../pprof/symbol-table.js';
import { defineRoute } from '../../routing/route.js';
import { requireProfiler } from './profile-route.js';
import { type Address, addressList, SymbolLines } from './symbol-lines.js';

/** `GET` and `POST /pprof/symbol`. */
export const symbolRoute = defineRoute({
  path: '/pprof/symbol',
  methods: ['GET', 'POST'],
  group: 'pprof',
  access: 'read',
  summary: 'Number of symbols; POST <address>+<address>... resolves addresses to function names.',
  params: {},
  body: addressList,
  source: {
    part: 'processInfo',
    method: 'profiler.symbols',
    async call(processInfo, { body: addresses }, context): Promise<number | SymbolLines> {
      const profiler = requireProfiler(processInfo);
      if (addresses === undefined) return countSymbols(profiler, context);
      return symbolize(addresses, profiler, context);
    },
  },
  response: { [PLAIN_TEXT]: undefined },
  render: (result) =>
    typeof result === 'number'
      ? uncachedBody(PLAIN_TEXT, `num_symbols: ${result}\n`)
      : streamedBody(PLAIN_TEXT, result.byteLength, result),
});

/** Counts the symbols. At least one, because the tools give up at none, and every process has a name. */
async function countSymbols(profiler: Profiler, context: SourceContext): Promise<number> {
  const count = (await profiler.symbolCount(context)) + lockFor(profiler).symbols.size;
  return Math.max(1, Math.round(count));
}

/** Resolves addresses: those of JavaScript functions by the symbol table, all others by the profiler. Each is looked up once. */
async function symbolize(
  addresses: readonly Address[],
  profiler: Profiler,
  context: SourceContext,
): Promise<SymbolLines> {
  const { symbols } = lockFor(profiler);
  const unique = [...new Set(addresses)];
  const native = unique.filter(({ value }) => !isSynthetic(value));
  const found =
    native.length === 0
      ? []
      : await profiler.symbols(
          native.map(({ value }) => value),
          context,
        );
  const names = new Map<Address, string | undefined>(native.map((address, i) => [address, found[i]]));
  const synthetic = unique.filter(({ value }) => isSynthetic(value));
  const ofFunctions = await findNames(
    synthetic.map(({ value }) => value),
    symbols,
    profiler.sharedSymbols,
    context,
  );
  for (const address of synthetic) names.set(address, ofFunctions.get(address.value));
  return new SymbolLines(addresses, names);
}
