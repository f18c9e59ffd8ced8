import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine, parseCommandLine } from '../../../../lib/sources/profiler/command-line.js';
import { countSymbols, loadSymbols } from '../../../../lib/sources/profiler/native/elf.js';
import { mappedFileLines } from '../../../../lib/sources/profiler/native/memory-maps.js';
import { temporaryDirectory } from '../../../support/commands.js';
import { profilerHere, serveProfiler, WORKLOAD_FILE } from '../../../support/profiled.js';

const CALL = { signal: new AbortController().signal };

describe('native code', () => {
  /** The native stack in Node's diagnostic report. */
  const report = process.report?.getReport() as unknown as { nativeStack: { pc: string; symbol: string }[] };

  it('has the names that Node itself reports', async () => {
    const named = report.nativeStack.flatMap(({ pc, symbol }) => {
      const [, name] = /(\w+)\(.*\[.*node\]/.exec(symbol) ?? [];
      return name === undefined ? [] : [{ address: Number.parseInt(pc, 16), name }];
    });
    // Their number depends on how that Node was built and stripped.
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
    ['a device', '/dev/zero'],
  ])('%s has none', async (_, path) => {
    expect(await countSymbols(path)).toBe(0);
    expect((await loadSymbols(path)).nameAt(4096)).toBeUndefined();
  });

  it('answers every address, mapped or not', async () => {
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

it('does not wait for a FIFO in the place of a library', async () => {
  const path = join(temporaryDirectory(), 'lib.so');
  execFileSync('mkfifo', [path]);
  expect(await countSymbols(path)).toBe(0);
});

it('reads no more of a broken ELF file than it has', async () => {
  const path = join(temporaryDirectory(), 'lib.so');
  const head = Buffer.alloc(64);
  head.write('\x7fELF\x02\x01', 'latin1');
  // 65,535 sections and segments at the end of the file.
  head.writeUInt16LE(65_535, 56);
  head.writeUInt16LE(65_535, 60);
  writeFileSync(path, head);
  expect(await countSymbols(path)).toBe(0);
  expect((await loadSymbols(path)).nameAt(0)).toBeUndefined();
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
