import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderApp } from '../../../lib/endpoints/meta/app.js';
import { renderCluster } from '../../../lib/endpoints/meta/cluster.js';
import { renderNodes } from '../../../lib/endpoints/meta/nodes.js';
import type { ResponseBody } from '../../../lib/http/body.js';
import { memoryCluster, PegasusError } from '../../../lib/index.js';
import type { MaybePromise } from '../../../lib/model/maybe-promise.js';
import { arbitraryCluster } from '../../support/arbitrary.js';

const skip = (table: string) => expect.fail(`${table} is omitted`);

async function textOf(pending: MaybePromise<ResponseBody | PegasusError>): Promise<string> {
  const body = await pending;
  if (body instanceof PegasusError) throw body;
  return [...body.chunks].join('');
}

/** The order of 2.6 word by word: the host as text, then the port as a number. */
function inOrderOf26(addresses: readonly string[]): string[] {
  const split = (address: string): [string, number] => [
    address.replace(/:\d+$/, ''),
    Number(/\d+$/.exec(address)),
  ];
  return [...addresses].sort((a, b) => {
    const [[hostA, portA], [hostB, portB]] = [split(a), split(b)];
    if (hostA === hostB) return portA - portB;
    return hostA < hostB ? -1 : 1;
  });
}

const count = fc.nat(1_000_000);
const balance = fc.record({ movePrimary: count, copyPrimary: count, copySecondary: count });

describe('for any cluster the generations differ in the order of nodes and in the balance count alone', () => {
  it('/meta/nodes and /meta/app', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCluster, fc.boolean(), async (description, detail) => {
        const cluster = memoryCluster(description).metaState.cluster();
        const texts = (compatibility: '2.5' | '2.6') =>
          Promise.all([
            textOf(renderNodes(cluster, detail, skip, compatibility)),
            ...cluster.apps
              .filter(({ status }) => status === 'AVAILABLE')
              .map((app) => textOf(renderApp(app, app.appName, detail, compatibility))),
          ]);
        const [older, newer] = [await texts('2.5'), await texts('2.6')];
        for (const [i, text] of newer.entries()) {
          expect(JSON.parse(text)).toEqual(JSON.parse(older[i] as string));
          const { details, nodes } = JSON.parse(text);
          const addresses = Object.keys(details ?? nodes ?? {}).filter((address) => address !== 'total');
          expect(addresses).toEqual(inOrderOf26(addresses));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('/meta/cluster', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCluster, balance, async (description, balanceOperations) => {
        const cluster = memoryCluster({ ...description, balanceOperations }).metaState.cluster();
        const [older, newer] = await Promise.all(
          (['2.5', '2.6'] as const).map((compatibility) =>
            textOf(renderCluster(cluster, skip, compatibility)),
          ),
        );
        const { balance_operation_count: text, ...others } = JSON.parse(older as string);
        const { balance_operation_count: json, ...same } = JSON.parse(newer as string);
        expect(same).toEqual(others);
        const { move_pri, copy_pri, copy_sec, total } = JSON.parse(json);
        expect(text).toBe(`move_pri=${move_pri},copy_pri=${copy_pri},copy_sec=${copy_sec},total=${total}`);
        expect(JSON.stringify(JSON.parse(json), null, 2)).toBe(json);
      }),
      { numRuns: 100 },
    );
  });
});
