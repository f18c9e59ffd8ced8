import { describe, expect, it } from 'vitest';
import { commandLine, parseCommandLine } from '../../../../lib/sources/profiler/command-line.js';
import { countSymbols, loadSymbols } from '../../../../lib/sources/profiler/native/elf.js';
import { mappedFileLines } from '../../../../lib/sources/profiler/native/memory-maps.js';
import { profilerHere, serveProfiler, WORKLOAD_FILE } from '../../../support/profiled.js';

const CALL = { signal: new AbortController().signal };

describe('native code', () => {
  /** Node's own view of its stack. */
  const report = process.report?.getReport() as unknown as { nativeStack: { pc: string; symbol: string }[] };

  it('has the names that node itself tells', async () => {
    const named = report.nativeStack.flatMap(({ pc, symbol }) => {
      const [, name] = /(\w+)\(.*\[.*node\]/.exec(symbol) ?? [];
      return name === undefined ? [] : [{ address: Number.parseInt(pc, 16), name }];
    });
    // How many there are depends on how that Node was built and stripped.
    expect(named.length).toBeGreaterThan(0);
    const { send, get } = await serveProfiler(profilerHere());
    const body = named.map(({ address }) => address.toString(16)).join('+');
    const lines = (await send('POST', '/pprof/symbol', {}, body)).body.trimEnd().split('\n');
    named.forEach(({ name }, i) => {
      expect(lines[i]).toContain(name);
    });
    expect(Number((await get('/pprof/symbol')).body.replace('num_symbols: ', ''))).toBeGreaterThan(1000);
  });

  it.each([
    ['no file', '/nowhere/libnothing.so'],
    ['no ELF file', WORKLOAD_FILE],
    ['a directory', '/'],
  ])('%s has none', async (_, path) => {
    expect(await countSymbols(path)).toBe(0);
    expect((await loadSymbols(path)).nameAt(4096)).toBeUndefined();
  });

  it('answers every address, whatever lies there', async () => {
    const profiler = profilerHere();
    const maps = await profiler.mappedLibraries(CALL);
    const edges = maps
      .flatMap((line) => (line.split(' ')[0] ?? '').split('-'))
      .map((hex) => Number.parseInt(hex, 16));
    const addresses = [0, 1, ...edges, ...edges.map((edge) => edge - 1), 2 ** 48];
    expect((await profiler.symbols(addresses, CALL)).length).toBe(addresses.length);
    expect(maps.every((line) => / \/.+$/.test(line))).toBe(true);
  });
});

describe('the command line', () => {
  it.each([
    ['node\0app.js\0', ['node', 'app.js']],
    ['node\0\0app.js\0', ['node', '', 'app.js']],
    ['my-title\0\0\0\0\0\0\0\0\0', ['my-title']],
    ['my-title', ['my-title']],
  ])('%j', (text, expected) => {
    expect(parseCommandLine(text)).toEqual(expected);
  });

  it('is what node knows of it, and no libraries, on a system without /proc', async () => {
    expect((await commandLine('/nowhere/cmdline')).slice(0, 1)).toEqual([process.execPath]);
    expect(await mappedFileLines('/nowhere/maps')).toEqual([]);
  });

  it('of this process', async () => {
    const [program] = await profilerHere().commandLine(CALL);
    expect(program).toMatch(/node/);
  });
});
