import { describe, expect, it } from 'vitest';
import { memoryCluster, type PerfCounter } from '../../lib/index.js';
import { serve } from '../support/http.js';

const NAME = 'replica*app.pegasus*get_qps@1.0';
const base = { name: NAME, description: 'any' };
const TARGET = `/perfCounter?name=${NAME}`;

describe("the memory cluster's counters", () => {
  it.each<[PerfCounter, object, object]>([
    [{ ...base, type: 'NUMBER', value: -2.5 }, { value: '-2.50' }, { value: '-2.50' }],
    [{ ...base, type: 'RATE', value: 1e21 }, { value: '1000000000000000000000.00' }, {}],
    [{ ...base, type: 'RATE', value: Number.NaN }, { value: 'nan' }, { value: 'nan' }],
    [{ ...base, type: 'VOLATILE_NUMBER', value: 7 }, { value: '7.00' }, { value: '0.00' }],
    [{ ...base, type: 'PERCENTILE', p99: 1, p999: 1 / 0 }, { p99: '1.00', p999: 'inf' }, {}],
  ])('%o reads first %o and then %o', async (counter, first, second) => {
    const cluster = memoryCluster({ perfCounters: [counter] });
    const { get } = await serve(cluster);
    const { name, type, description } = counter;
    expect((await get(TARGET)).json()).toEqual({ name, type, description, ...first });
    expect((await get(TARGET)).json()).toMatchObject(second);
    cluster.setPerfCounter(counter);
    expect((await get(TARGET)).json()).toMatchObject(first);
  });

  it('may become another type', async () => {
    const cluster = memoryCluster({ perfCounters: [{ ...base, type: 'VOLATILE_NUMBER', value: 7 }] });
    cluster.setPerfCounter({ ...base, type: 'NUMBER', value: 8 });
    const { get } = await serve(cluster);
    for (let i = 0; i < 2; i++)
      expect((await get(TARGET)).json()).toMatchObject({ value: '8.00', type: 'NUMBER' });
  });
});
