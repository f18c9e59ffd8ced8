import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessInfoSource } from '../../model/source.js';
import { describeValue } from '../../validate/describe-value.js';
import { checkOptionKeys } from '../../validate/unknown-key.js';
import { processStartSecond } from '../start-time.js';

/** Options of {@link processInfo}: what the host knows better. */
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
   * @defaultValue the first of the environment variables that is set, then `gitHead` of its own package.json
   */
  readonly gitCommit?: string | undefined;
}

/**
 * What builders and platforms call the commit. The first is everyone's own, the others are set by those whose name they
 * bear.
 */
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
 * What this process says of itself: `/version` and `/recentStartTime`. Everything is found once, when this is called, and
 * never looked for again.
 *
 * - *version*: what the host passes; else `version` of the package.json that lies nearest above the main script; else `unknown`.
 * - *git commit*: what the host passes; else the first of these environment variables that is set and not empty: `GIT_COMMIT`, `SOURCE_COMMIT`,
 *   `HEROKU_SLUG_COMMIT`, `RENDER_GIT_COMMIT`, `RAILWAY_GIT_COMMIT_SHA`, `VERCEL_GIT_COMMIT_SHA`, `CI_COMMIT_SHA`, `GITHUB_SHA`; else `gitHead` of that
 *   package.json, which `npm publish` writes into it; else `unknown`. A `.git` folder is not looked for: what is deployed has none, and
 *   where there is one it says what was checked out last, not what is running.
 * - *start time*: when the operating system's process started, whenever this is called and in whichever thread.
 *
 * @throws TypeError when an option is not a string.
 *
 * @example
 * ```ts
 * // GIT_COMMIT is set where the image is built: docker build --build-arg GIT_COMMIT=$(git rev-parse HEAD) .
 * import { createServer } from 'node:http';
 * import { createPegasusHandler, processInfo } from 'pegasus-http';
 *
 * createServer(createPegasusHandler({ processInfo: processInfo() })).listen(34801);
 * // curl http://127.0.0.1:34801/version
 * ```
 */
export function processInfo(options: ProcessInfoOptions = {}): ProcessInfoSource {
  checkOptionKeys(options, ['version', 'gitCommit'], 'processInfo');
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || typeof value === 'string') continue;
    throw new TypeError(`processInfo: ${name} must be a string, not ${describeValue(value)}`);
  }
  const own = options.version === undefined || options.gitCommit === undefined ? ownPackage() : {};
  const version = Object.freeze({
    version: options.version ?? own.version ?? 'unknown',
    gitCommit: options.gitCommit ?? commitOfEnvironment() ?? own.gitHead ?? 'unknown',
  });
  const startSecond = processStartSecond();
  return { version: () => version, startSecond: () => startSecond };
}

function commitOfEnvironment(): string | undefined {
  return COMMIT_VARIABLES.map((name) => process.env[name]).find(
    (value) => value !== undefined && value !== '',
  );
}

/** What the nearest package.json above the main script says; nothing when there is none that can be read. */
function ownPackage(): { readonly version?: string | undefined; readonly gitHead?: string | undefined } {
  let folder = mainFolder();
  for (;;) {
    try {
      const { version, gitHead } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      // A package.json that only says `"type": "module"` lies in many a build output; the package's own is further up.
      if (typeof version === 'string') {
        return { version, gitHead: typeof gitHead === 'string' ? gitHead : undefined };
      }
    } catch {
      // None here, or none that can be read: further up.
    }
    const above = dirname(folder);
    if (above === folder) return {};
    folder = above;
  }
}

/** Where the main script lies, through symbolic links: npm starts commands by one. */
function mainFolder(): string {
  const [, main] = process.argv;
  try {
    return main === undefined ? process.cwd() : dirname(realpathSync(main));
  } catch {
    return process.cwd();
  }
}
