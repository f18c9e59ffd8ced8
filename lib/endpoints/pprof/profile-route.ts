import { PLAIN_TEXT, type ResponseBody, uncachedBody } from '../../http/body.js';
import type { QueryParams } from '../../http/query.js';
import { clientError } from '../../model/errors.js';
import type { HeapProfileUnavailable, Profile, Profiler } from '../../model/profiler.js';
import { PPROF_FORMATS, type PprofFormat, type PprofSettings } from '../../pprof/formats.js';
import { encodeCpuProfile } from '../../pprof/gperftools-cpu.js';
import { encodeHeapProfile } from '../../pprof/gperftools-heap.js';
import { encodeProfileProto, type ProfileKind } from '../../pprof/profile-proto.js';
import { BUSY, lockFor } from '../../pprof/profiler-lock.js';
import { GET, type Route } from '../../routing/route.js';
import type { Question } from '../../routing/source-operation.js';
import { addressesIn, commandLineText, namesOf, symbolCountLine, symbolLines } from './symbol.js';

/** What `google-pprof` asks for by itself; Go's `pprof` gives up after 60 when it is not told how long. */
const DEFAULT_SECONDS = 30;

/** 4 MiB: the addresses of any profile, several times. */
const SYMBOL_BODY_LIMIT = 4 * 1024 * 1024;

interface ProfileArguments {
  readonly format: PprofFormat;
  readonly seconds: number | undefined;
}

/** What distinguishes one row from the next. */
interface Row<Arguments, Value>
  extends Pick<Route<Arguments, Value>, 'parameters' | 'help' | 'bodyLimit' | 'read' | 'answer'>,
    Pick<Question<Arguments, Value>, 'name' | 'ask' | 'takesMs'> {
  readonly path: string;
  readonly methods?: readonly string[];
}

/** A profile, or why there is none, with what the formats need beside it. */
interface Taken {
  readonly profile: Profile | HeapProfileUnavailable | typeof BUSY;
  readonly program: string;
  readonly mappedLibraries: readonly string[];
}

/** The rows of `/pprof/*` over one profiler. */
export function pprofRoutes(profiler: Profiler, settings: PprofSettings): Route[] {
  const { maxDurationSeconds } = settings;
  const lock = lockFor(profiler);

  /** One of the three that answer a profile: what they differ in, and all that they share. */
  function profileRoute(
    kind: ProfileKind,
    row: Pick<Row<ProfileArguments, Taken>, 'path' | 'parameters' | 'help' | 'name' | 'read'> & {
      take: Question<ProfileArguments, Taken['profile']>['ask'];
    },
  ): Route {
    const { path, parameters, help, name, read } = row;
    return route<ProfileArguments, Taken>({
      path,
      parameters,
      help,
      name,
      read,
      takesMs: ({ seconds = 0 }) => seconds * 1000,
      ask: async (source, args, call) => ({
        program: (await profiler.commandLine(call))[0] ?? '',
        mappedLibraries: args.format === 'proto' ? [] : await profiler.mappedLibraries(call),
        profile: await lock.runExclusive(kind, () => row.take(source, args, call)),
      }),
      answer({ profile, program, mappedLibraries }, { format }) {
        const taken = existing(profile, kind);
        if (format === 'proto') return binary(encodeProfileProto(taken, kind, program));
        if (kind === 'cpu') return binary(encodeCpuProfile(taken, lock.symbols, mappedLibraries));
        return text(
          encodeHeapProfile(taken, kind === 'heap' ? 'heapprofile' : 'growth', lock.symbols, mappedLibraries),
        );
      },
    });
  }

  return [
    route({
      path: '/pprof/cmdline',
      parameters: [],
      help: 'The command line of this process, an argument a line.',
      name: 'profiler.commandLine',
      read: () => undefined,
      ask: (_, __, call) => profiler.commandLine(call),
      answer: (commandLine) => text(commandLineText(commandLine)),
    }),
    profileRoute('growth', {
      path: '/pprof/growth',
      parameters: ['format'],
      help: '[format=gperftools|proto]. What made the heap grow, for pprof.',
      name: 'profiler.growth',
      read: (parameters) => ({ format: formatIn(parameters, settings, 'gperftools'), seconds: undefined }),
      take: (_, __, call) => profiler.growth(call),
    }),
    profileRoute('heap', {
      path: '/pprof/heap',
      parameters: ['seconds', 'format'],
      help: '[seconds=<n>][&format=gperftools|proto]. What lives on the heap (and was allocated in so many seconds), for pprof.',
      name: 'profiler.heap',
      read: (parameters) => ({
        format: formatIn(parameters, settings, 'gperftools'),
        seconds: secondsIn(parameters, maxDurationSeconds),
      }),
      take: (_, { seconds }, call) => profiler.heap(seconds, call),
    }),
    profileRoute('cpu', {
      path: '/pprof/profile',
      parameters: ['seconds', 'format'],
      help: `[seconds=<n>, else ${Math.min(DEFAULT_SECONDS, maxDurationSeconds)}][&format=proto|gperftools]. Where this process spends its time, for pprof.`,
      name: 'profiler.cpu',
      read: (parameters) => ({
        format: formatIn(parameters, settings, 'proto'),
        seconds: secondsIn(parameters, maxDurationSeconds) ?? Math.min(DEFAULT_SECONDS, maxDurationSeconds),
      }),
      take: (_, { seconds = DEFAULT_SECONDS }, call) => profiler.cpu(seconds, call),
    }),
    route({
      path: '/pprof/symbol',
      methods: [...GET, 'POST'],
      parameters: [],
      help: 'How many symbols there are; POST <address>+<address>...: the functions that they lie in.',
      name: 'profiler.symbols',
      bodyLimit: SYMBOL_BODY_LIMIT,
      read: (_, body) => (body === undefined ? undefined : addressesIn(body)),
      ask: async (_, addresses, call) =>
        addresses === undefined
          ? (await profiler.symbolCount(call)) + lock.symbols.size
          : namesOf(addresses, lock.symbols, profiler, call),
      answer: (found, addresses = []) =>
        text(typeof found === 'number' ? symbolCountLine(found) : symbolLines(addresses, found)),
    }),
  ];
}

/**
 * No two share an answer, as other requests do: a profile is of the seconds from when it was asked for, and so the same words at another
 * moment ask for something else. The lock sees to it that profiles do not pile up; the rest of this group is answered at once.
 */
function route<Arguments, Value>({ path, name, ask, takesMs, ...row }: Row<Arguments, Value>): Route {
  const typed: Route<Arguments, Value> = {
    methods: GET,
    ...row,
    endpoint: Object.freeze({ path, group: 'pprof' }),
    strict: false,
    question: { part: 'processInfo', name, ask, ...(takesMs && { takesMs }) },
  };
  return typed as Route;
}

function formatIn(
  parameters: QueryParams,
  { defaultFormat }: PprofSettings,
  standard: PprofFormat,
): PprofFormat {
  const asked = parameters.get('format');
  if (asked === undefined) return defaultFormat ?? standard;
  const format = PPROF_FORMATS.find((known) => known === asked);
  if (format === undefined) {
    throw clientError(
      'ERR_INVALID_PARAMETERS',
      `format must be ${PPROF_FORMATS.join(' or ')}, not "${asked}"`,
    );
  }
  return format;
}

function secondsIn(parameters: QueryParams, maxDurationSeconds: number): number | undefined {
  const asked = parameters.get('seconds');
  if (asked === undefined) return undefined;
  const seconds = /^\d+$/.test(asked) ? Number(asked) : 0;
  if (seconds < 1 || seconds > maxDurationSeconds) {
    throw clientError(
      'ERR_INVALID_PARAMETERS',
      `seconds must be an integer from 1 to ${maxDurationSeconds}, not "${asked}"`,
    );
  }
  return seconds;
}

function existing(profile: Taken['profile'], kind: ProfileKind): Profile {
  switch (profile) {
    case BUSY:
      throw clientError(
        'ERR_BUSY',
        `a ${kind === 'cpu' ? 'CPU' : kind} profile is being taken already, and only one can be at a time`,
      );
    case 'disabled':
      throw clientError(
        'ERR_INVALID_STATE',
        `the heap of this process is not sampled: start it with TCMALLOC_SAMPLE_PARAMETER=524288 in its environment`,
      );
    case 'restarted':
      throw clientError(
        'ERR_SERVICE_NOT_ACTIVE',
        'other code of this process had stopped the heap sampler; it runs again now, ask later',
      );
    default:
      return profile;
  }
}

function text(content: string): ResponseBody {
  return uncachedBody(PLAIN_TEXT, content);
}

function binary(content: Buffer): ResponseBody {
  return uncachedBody('application/octet-stream', content);
}
