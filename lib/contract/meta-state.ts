import { strict as assert } from 'node:assert';
import type { MaybePromise } from '../model/maybe-promise.js';
import { CHECKS, type MetaStateSubject } from './checks.js';

export type { MetaStateSubject };

/** One check of the contract. */
export interface ContractCheck {
  /** A sentence about the source, usable as the name of a test. */
  readonly name: string;
  /** Rejects, usually with an `AssertionError`, if the source fails the check. */
  run(): Promise<void>;
}

/** The time limit of one check, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Creates the checks of the contract of `MetaStateSource`.
 *
 * @param create - Creates a fresh source. Called once for every check; the check closes what it returns.
 *
 * @example With node:test. Other test runners work alike.
 * ```ts
 * import { test } from 'node:test';
 * import { memoryCluster } from 'pegasus-http';
 * import { metaStateContract } from 'pegasus-http/contract';
 *
 * const checks = metaStateContract(() => {
 *   const cluster = memoryCluster({
 *     nodes: ['127.0.0.1:34801', '127.0.0.1:34802'],
 *     apps: [{ appName: 'stat' }, { appName: 'temp' }],
 *   });
 *   const lost = { primary: null };
 *   return {
 *     source: cluster.metaState,
 *     appName: 'stat',
 *     otherAppName: 'temp',
 *     changePartition: () => cluster.setPartition('stat', 0, lost),
 *   };
 * });
 * for (const { name, run } of checks) test(name, run);
 * ```
 */
export function metaStateContract(create: () => MaybePromise<MetaStateSubject>): readonly ContractCheck[] {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    async run() {
      const subject = await create();
      try {
        checkSubject(subject);
        await withTimeout(check(subject));
      } finally {
        await subject.close?.();
      }
    },
  }));
}

/** Rejects a subject that is not one, such as the source itself. That is a misuse and not a failed check. */
function checkSubject({ source, appName, otherAppName }: MetaStateSubject): void {
  const isSource = (['role', 'app', 'cluster'] as const).every(
    (name) => typeof source?.[name] === 'function',
  );
  if (!isSource)
    throw new TypeError('metaStateContract: the subject must have a source with role, app and cluster');
  if (typeof appName === 'string' && typeof otherAppName === 'string' && appName !== otherAppName) return;
  throw new TypeError('metaStateContract: appName and otherAppName must be the names of two tables');
}

async function withTimeout(check: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `no answer in ${TIMEOUT_MS} ms` })),
      TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}
