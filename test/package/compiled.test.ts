import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileAll } from '../../lib/compiled/build.js';
import { ROOT } from '../support/child.js';

const compiled = await compileAll();

it.each(Object.keys(compiled))('lib/compiled/%s is what the compilers make of the schemas', (name) => {
  expect(readFileSync(`${ROOT}lib/compiled/${name}`, 'utf8'), 'npm run build:compiled').toBe(compiled[name]);
});
