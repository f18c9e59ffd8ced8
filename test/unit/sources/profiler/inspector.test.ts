import { describe, expect, it, onTestFinished } from 'vitest';
import { PegasusError } from '../../../../lib/index.js';
import { readSamples } from '../../../../lib/sources/profiler/heap-sampler.js';
import { callInspector, openSession } from '../../../../lib/sources/profiler/inspector.js';
import { run } from '../../../support/child.js';

describe('the inspector', () => {
  /** V8 drops an answer that is longer than the longest string. Making one takes gigabytes. */
  const silent = { post: () => {} } as unknown as Parameters<typeof callInspector>[0];

  it('that gives no answer is an error, and no profiler that was stopped', () => {
    expect(() => callInspector(silent, 'Profiler.stop')).toThrow(
      new PegasusError(
        'ERR_INVALID_DATA',
        'Profiler.stop gave no answer: the profile is larger than a string can be',
      ),
    );
    expect(() => readSamples(silent)).toThrow(PegasusError);
  });

  it('responds immediately, also if the sampler does not run', () => {
    const session = openSession();
    onTestFinished(() => session.disconnect());
    expect(callInspector(session, 'Profiler.enable')).toEqual({});
    expect(() => callInspector(session, 'Profiler.stop')).toThrow(/No recording profiles found/);
    expect(readSamples(session)).toBeUndefined();
  });
});

describe('a process under the permission model', () => {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const flag = major >= 24 ? '--permission' : '--experimental-permission';

  it.each(['', '524288'])(
    'starts with TCMALLOC_SAMPLE_PARAMETER=%j, and says what is not permitted',
    async (value) => {
      const program = `import { processProfiler } from 'pegasus-http/profiler';
      const profiler = processProfiler();
      const context = { signal: new AbortController().signal };
      const outcomes = {};
      for (const name of ['cpu', 'heap', 'growth', 'symbolCount', 'mappedLibraries', 'commandLine']) {
        const args = name === 'cpu' ? [1] : name === 'heap' ? [undefined] : [];
        try { outcomes[name] = typeof (await profiler[name](...args, context)); }
        catch (error) { outcomes[name] = error.code; }
      }
      profiler.close();
      console.log(JSON.stringify(outcomes));`;
      const args = [flag, '--no-warnings', '--allow-fs-read=*', '--input-type=module', '--eval', program];
      const { code, stdout, stderr } = await run(args, { env: { TCMALLOC_SAMPLE_PARAMETER: value } });
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toEqual({
        cpu: 'ERR_INVALID_STATE',
        heap: value === '' ? 'string' : 'ERR_INVALID_STATE',
        growth: value === '' ? 'string' : 'ERR_INVALID_STATE',
        symbolCount: 'number',
        mappedLibraries: 'object',
        commandLine: 'object',
      });
    },
  );
});
