import type { Runtime } from 'node:inspector';
import { PegasusError } from '../../model/errors.js';
import type { AllocationNode, HeapAddon } from './heap-addon.js';
import { callInspector, openSession } from './inspector.js';

/** Maximum number of frames per stack; V8's own default is of this order. */
const STACK_DEPTH = 64;

/** V8's heap sampler. An isolate has one, which all code in it shares. */
export interface HeapSampler {
  /**
   * Reads what the sampler holds now.
   *
   * @returns `restarted` when other code had stopped the sampler.
   * @throws PegasusError when V8 cannot answer.
   */
  read(): HeapReading | 'restarted';
  /** Stops the sampler, also for other code that uses it. */
  stop(): void;
}

/** A node of the sampler's tree in the inspector's form, which the types of Node 20 do not describe completely. */
export interface SampledNode {
  readonly id: number;
  readonly callFrame: Runtime.CallFrame;
  readonly children: readonly SampledNode[];
}

/** A sample of live memory that stands for `size` bytes. Later samples have higher ordinals. */
export interface HeapSample {
  readonly nodeId: number;
  readonly size: number;
  readonly ordinal: number;
}

interface SamplingProfile {
  readonly head: SampledNode;
  readonly samples: readonly HeapSample[];
}

/** The content of the sampler at one moment. */
export interface HeapReading extends SamplingProfile {
  /** Average size of an object at each node, by the node's id. Only the addon knows it; empty without the addon. */
  readonly objectBytes: ReadonlyMap<number, number>;
}

/**
 * Starts the sampler, by the addon where there is one: when the inspector has started it, each reading first collects all garbage,
 * a pause of hundreds of milliseconds on a large heap.
 *
 * Reading always goes through the inspector. It has the order of the samples, and it reports a sampler that other code has stopped,
 * where the addon would crash the process.
 */
export function createHeapSampler(sampleBytes: number, addon: HeapAddon | undefined): HeapSampler {
  // A sampler that a session has started stops with the session. Without the addon the session stays open.
  const ownSession = addon === undefined ? openSession() : undefined;
  let stopped = false;

  function start(): void {
    if (stopped) return;
    if (addon !== undefined) startUntilExit(addon, sampleBytes);
    else if (ownSession !== undefined) {
      callInspector(ownSession, 'HeapProfiler.startSampling', { samplingInterval: sampleBytes });
    }
  }

  start();
  return {
    read() {
      const session = ownSession ?? openSession();
      try {
        const profile = readSamples(session);
        if (profile === undefined) {
          start();
          return 'restarted';
        }
        // No other code has run since, so that the sampler still runs and the addon may read it.
        const objectBytes = new Map<number, number>();
        if (addon !== undefined) measureObjects(profile.head, addon.getAllocationProfile(), objectBytes);
        return { ...profile, objectBytes };
      } finally {
        if (ownSession === undefined) session.disconnect();
      }
    },
    stop() {
      stopped = true;
      addon?.stopSamplingHeapProfiler();
      ownSession?.disconnect();
    },
  };
}

let stopsAtExit = false;

/**
 * Starts the addon's sampler and stops it when the process exits. V8 frees a running sampler after the heap that it refers to, and
 * Node 24 crashes. (A sampler that a session has started stops with the session.)
 */
function startUntilExit(addon: HeapAddon, sampleBytes: number): void {
  addon.startSamplingHeapProfiler(sampleBytes, STACK_DEPTH);
  if (stopsAtExit) return;
  stopsAtExit = true;
  process.once('exit', () => addon.stopSamplingHeapProfiler());
}

/**
 * Reads the samples.
 *
 * @returns `undefined` when the sampler does not run.
 * @throws PegasusError when the answer is too large.
 */
export function readSamples(session: Parameters<typeof callInspector>[0]): SamplingProfile | undefined {
  try {
    return callInspector<{ profile: SamplingProfile }>(session, 'HeapProfiler.getSamplingProfile').profile;
  } catch (error) {
    if (error instanceof PegasusError) throw error;
    return undefined;
  }
}

/** Goes down two trees of the same stacks: the inspector's with ids, and the addon's with sizes. */
function measureObjects(node: SampledNode, sized: AllocationNode, objectBytes: Map<number, number>): void {
  let objects = 0;
  let bytes = 0;
  for (const { count, sizeBytes } of sized.allocations) {
    objects += count;
    bytes += count * sizeBytes;
  }
  if (objects > 0) objectBytes.set(node.id, bytes / objects);
  const byPosition = new Map(
    sized.children.map((child) => [
      `${child.scriptId} ${child.lineNumber} ${child.columnNumber} ${child.name}`,
      child,
    ]),
  );
  for (const child of node.children) {
    const { scriptId, lineNumber, columnNumber, functionName } = child.callFrame;
    const same = byPosition.get(`${scriptId} ${lineNumber + 1} ${columnNumber + 1} ${functionName}`);
    if (same !== undefined) measureObjects(child, same, objectBytes);
  }
}
