import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type App, memoryCluster } from '../../lib/index.js';
import { appFinder } from '../../lib/sources/apps-by-name.js';

const [template] = memoryCluster({ apps: [{ appName: 'a' }] }).metaState.cluster().apps as [App];
const NAMES = ['a', 'b', 'c'];

/** Changes of a list of tables: few names, so that tables in use and dropped ones share one. */
const change = fc.record({
  at: fc.nat(),
  appName: fc.constantFrom(...NAMES),
  status: fc.constantFrom('AVAILABLE' as const, 'DROPPED' as const),
  envCount: fc.nat(),
  kind: fc.constantFrom('add', 'remove', 'rename', 'same name and status'),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(apps: readonly App[], { at, kind, appName, status, envCount }: Change) {
  const index = apps.length === 0 ? 0 : at % apps.length;
  const old = apps[index];
  if (kind === 'add' || old === undefined) return [...apps, { ...template, appName, status }];
  if (kind === 'remove') return apps.toSpliced(index, 1);
  const app = kind === 'rename' ? { ...old, appName, status } : { ...old, envCount };
  return apps.with(index, app);
}

it('finds in each list what a new index finds', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), (changes) => {
      const find = appFinder();
      let apps: readonly App[] = [];
      for (const one of changes) {
        apps = changed(apps, one);
        for (const name of NAMES) expect(find(apps, name)).toBe(appFinder()(apps, name));
      }
    }),
  );
});

it('finds the table in use before a dropped one, and the last of the dropped ones', () => {
  const first = { ...template, status: 'DROPPED' as const };
  const last = { ...template, status: 'DROPPED' as const };
  const find = appFinder();
  expect(find([first, last], 'a')).toBe(last);
  expect(find([first, template, last], 'a')).toBe(template);
  expect(find([first], 'b')).toBeUndefined();
});
