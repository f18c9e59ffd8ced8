import { createServer } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { createPegasusHandler, memoryCluster, PegasusError } from '../../../lib/index.js';
import { clientOf, listening } from '../../support/http.js';

/** The class of another installed copy of this package. */
async function otherCopy(): Promise<typeof PegasusError> {
  vi.resetModules();
  const { PegasusError: Other } = await import('../../../lib/index.js');
  expect(Other).not.toBe(PegasusError);
  return Other;
}

describe('PegasusError of two installed copies', () => {
  it('is an instance of both classes', async () => {
    const Other = await otherCopy();
    const [own, other] = [new PegasusError('ERR_BUSY', 'own'), new Other('ERR_BUSY', 'other')];
    for (const error of [own, other]) {
      expect(error instanceof PegasusError).toBe(true);
      expect(error instanceof Other).toBe(true);
      expect(error instanceof Error).toBe(true);
    }
  });

  it('chooses the code of the response', async () => {
    const Other = await otherCopy();
    const { metaState } = memoryCluster();
    const source = {
      metaState: {
        ...metaState,
        cluster() {
          throw new Other('ERR_SERVICE_NOT_ACTIVE', 'still loading');
        },
      },
    };
    const { get } = clientOf(await listening(createServer(createPegasusHandler(source))));
    const { status, body } = await get('/meta/apps');
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ error: 'ERR_SERVICE_NOT_ACTIVE' });
  });

  it('has a brand that no key of an instance shows', () => {
    const error = new PegasusError('ERR_BUSY', 'busy');
    const brand = Symbol.for('pegasus-http.PegasusError');
    expect((error as unknown as Record<symbol, unknown>)[brand]).toBe(true);
    expect(Reflect.ownKeys(error)).not.toContain(brand);
    expect(Object.keys(error).sort()).toEqual(['code', 'name']);
  });
});

describe('instanceof PegasusError', () => {
  class MyError extends PegasusError {}

  it('knows subclasses, and a subclass knows only its own', () => {
    const mine = new MyError('ERR_BUSY', 'mine');
    expect(mine instanceof PegasusError).toBe(true);
    expect(mine instanceof MyError).toBe(true);
    expect(new PegasusError('ERR_BUSY', 'other') instanceof MyError).toBe(false);
  });

  it.each<[value: unknown]>([
    [undefined],
    [null],
    ['ERR_BUSY'],
    [new Error('ERR_BUSY')],
    [{ name: 'PegasusError', code: 'ERR_BUSY' }],
    [Object.create(null)],
    [() => {}],
  ])('is false for %o', (value) => {
    expect(value instanceof PegasusError).toBe(false);
  });
});

it.each(['ERR_NOT_THERE', '', 'toString', '__proto__', undefined, null])(
  'an unknown code %o becomes ERR_UNKNOWN',
  (code) => {
    expect(new PegasusError(code as never, 'x').code).toBe('ERR_UNKNOWN');
  },
);
