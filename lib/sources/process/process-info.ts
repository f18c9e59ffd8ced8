import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { ownRequire } from '../../commonjs/own-require.js';
import type { ProcessInfoSource } from '../../model/source.js';
import * as check from '../../validate/checks.js';
import { readOptions } from '../../validate/options.js';
import { startTimeSeconds } from '../start-time.js';

/** Options of {@link processInfo}. */
export interface ProcessInfoOptions {
  /**
   * The version of this service.
   *
   * @defaultValue `version` of its own package.json
   */
  readonly version?: string | undefined;
  /**
   * The commit that it was built from.
   *
   * @defaultValue the first environment variable that is set, then `gitHead` of its own package.json
   */
  readonly gitCommit?: string | undefined;
}

/** The options by which Node runs a text instead of a script. */
const EVAL = /^(-e|-p|-pe|--eval|--print)(=|$)/;

/** Names under which builders and platforms pass the commit. The first belongs to none of them, so it takes precedence. */
const COMMIT_VARIABLES = [
  'GIT_COMMIT',
  'SOURCE_COMMIT',
  'HEROKU_SLUG_COMMIT',
  'RENDER_GIT_COMMIT',
  'RAILWAY_GIT_COMMIT_SHA',
  'VERCEL_GIT_COMMIT_SHA',
  'CI_COMMIT_SHA',
  'GITHUB_SHA',
] as const;

/**
 * Creates the source of `/version` and `/recentStartTime` for this process. Everything is looked up once, in this call.
 *
 * - *version*: the option; else `version` of the nearest package.json above the main script; else `unknown`.
 * - *git commit*: the option; else the first of these environment variables that is set and not empty: `GIT_COMMIT`, `SOURCE_COMMIT`,
 *   `HEROKU_SLUG_COMMIT`, `RENDER_GIT_COMMIT`, `RAILWAY_GIT_COMMIT_SHA`, `VERCEL_GIT_COMMIT_SHA`, `CI_COMMIT_SHA`, `GITHUB_SHA`; else `gitHead` of that
 *   package.json, which `npm publish` writes into it; else `unknown`. A `.git` folder is ignored: a deployment has none, and where
 *   there is one, it names the commit that was checked out last, not the one that is running.
 * - *start time*: when the operating system's process started, in every thread.
 *
 * @throws TypeError when an option is unknown or not a string.
 *
 * @example
 * ```ts
 * // GIT_COMMIT is set where the image is built: docker build --build-arg GIT_COMMIT=$(git rev-parse HEAD) .
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, processInfo } from 'pegasus-http';
 *
 * createServer(createPegasusHandler({ processInfo: processInfo() })).listen(34801, '127.0.0.1');
 * // curl http://127.0.0.1:34801/version
 * ```
 */
export function processInfo(options: ProcessInfoOptions = {}): ProcessInfoSource {
  readOptions('processInfo', options, ['version', 'gitCommit'], (given) => {
    for (const [name, value] of Object.entries(given)) if (value !== undefined) check.string(value, name);
  });
  const own = options.version === undefined || options.gitCommit === undefined ? ownPackage() : {};
  const version = Object.freeze({
    version: options.version ?? own.version ?? 'unknown',
    gitCommit: options.gitCommit ?? commitOfEnvironment() ?? own.gitHead ?? 'unknown',
  });
  const startSecond = startTimeSeconds();
  return { version: () => version, startSecond: () => startSecond };
}

function commitOfEnvironment(): string | undefined {
  return COMMIT_VARIABLES.map((name) => process.env[name]).find(
    (value) => value !== undefined && value !== '',
  );
}

/** Reads the nearest package.json above the main script; returns an empty object when there is none. */
function ownPackage(): { readonly version?: string | undefined; readonly gitHead?: string | undefined } {
  let folder = mainFolder();
  for (;;) {
    try {
      const { version, gitHead } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      // Build outputs often have a package.json with only `"type": "module"`. The package's own is further up.
      if (typeof version === 'string') {
        return { version, gitHead: typeof gitHead === 'string' ? gitHead : undefined };
      }
    } catch {
      // It is missing or not readable: look further up.
    }
    const above = dirname(folder);
    if (above === folder) return {};
    folder = above;
  }
}

/**
 * Returns the folder of the main script, or one above it in the same package.
 *
 * Node makes the path in `process.argv` absolute, but does not resolve it: it is a folder for `node .` and has no extension for
 * `node dist/server`. Symbolic links are followed, because npm starts commands by one.
 */
function mainFolder(): string {
  const [, main] = process.argv;
  // Without a main script, as with --eval, the first argument of the program stands there.
  const hasMain = main !== undefined && isAbsolute(main) && !process.execArgv.some((arg) => EVAL.test(arg));
  if (!hasMain) return process.cwd();
  try {
    return dirname(ownRequire.resolve(main));
  } catch {
    // A loader has resolved it by rules of its own, such as server for server.ts.
    return main;
  }
}
