// Asks a handler for profiles, and measures what is in them, for bench/profiling.js.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Module } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';

/**
 * Serves a handler with a profiler.
 *
 * @param {string[]} hidden - Packages that look as if they were not installed.
 * @param {import('pegasus-http/profiler').ProcessProfilerOptions} options
 * @returns A function that asks it.
 */
export async function mount(hidden, options) {
  const loader = /** @type {any} */ (Module);
  const load = loader._load;
  loader._load = (/** @type {string} */ id, /** @type {unknown[]} */ ...rest) => {
    if (hidden.some((name) => id.startsWith(`${name}/`))) throw new Error('hidden');
    return load(id, ...rest);
  };
  const { createPegasusHandler, memoryCluster } = await import('pegasus-http');
  const { processProfiler } = await import('pegasus-http/profiler');
  const handler = createPegasusHandler(memoryCluster({ apps: [] }, { profiler: processProfiler(options) }));
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const read = async (/** @type {string} */ path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!response.ok) throw new Error(await response.text());
    return Buffer.from(await response.arrayBuffer());
  };
  await read('/pprof/cmdline');
  return read;
}

/**
 * Measures a profile: a gzipped profile.proto, or V8's own as a .cpuprofile.
 *
 * @param {any} profile
 * @returns {Record<string, number>}
 */
export function contentOf(profile) {
  if (profile === undefined) return {};
  if (!Buffer.isBuffer(profile)) {
    const names = profile.nodes.map((/** @type {any} */ node) => node.callFrame.functionName);
    return { bytes: JSON.stringify(profile).length, functions: countWork(names), truncated: 0 };
  }
  const { sample, location, function: functions, stringTable } = Profile.decode(gunzipSync(profile));
  const names = functions.map(
    ({ systemName, name }) => stringTable.strings[Number(systemName || name)] ?? '',
  );
  // The identifiers count from 1.
  const truncated = new Set(
    location
      .filter(({ line: [at] }) => names[Number(at?.functionId) - 1] === '(truncated)')
      .map(({ id }) => id),
  );
  const sum = (/** @type {typeof sample} */ rows) =>
    rows.reduce((all, { value }) => all + Number(value[1]), 0);
  const cut = sample.filter(({ locationId }) => locationId.some((id) => truncated.has(id)));
  return { bytes: profile.length, functions: countWork(names), truncated: (100 * sum(cut)) / sum(sample) };
}

/** @param {string[]} names */
function countWork(names) {
  return new Set(names.filter((name) => name.startsWith('work'))).size;
}
