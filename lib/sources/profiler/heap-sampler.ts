import { type Runtime, Session } from 'node:inspector';
import type { AllocationNode, HeapAddon } from './heap-addon.js';

/** Frames of a stack that are kept; V8's own limit for CPU profiles is in this region. */
const STACK_DEPTH = 64;

/** V8's heap sampler. An isolate has but one, for all code that uses it. */
export interface HeapSampler {
  /** What it holds now; `restarted` when other code had stopped it. */
  read(): HeapReading | 'restarted';
  /** Ends it, for whoever else uses it as well. */
  stop(): void;
}

/** A node of the sampler's tree, as the inspector has it. (The types of Node 20 don't know all of it.) */
export interface SampledNode {
  readonly id: number;
  readonly callFrame: Runtime.CallFrame;
  readonly children: readonly SampledNode[];
}

/** Stands for `size` bytes. A later one has a higher `ordinal`; what is collected has no sample any more. */
export interface HeapSample {
  readonly nodeId: number;
  readonly size: number;
  readonly ordinal: number;
}

interface SamplingProfile {
  readonly head: SampledNode;
  readonly samples: readonly HeapSample[];
}

/** What the sampler held at one moment. */
export interface HeapReading extends SamplingProfile {
  /** How large an object of a node is on average, by the node's id. Empty without the addon, which alone knows. */
  readonly objectBytes: ReadonlyMap<number, number>;
}

/**
 * Starts the sampler.
 *
 * With the addon, for reading a sampler that the inspector has started collects all garbage first: a pause of hundreds of
 * milliseconds on a large heap. It is read through the inspector all the same: that tells when each sample was taken, and says
 * so when other code has stopped the sampler, where the addon brings the process down.
 */
export function createHeapSampler(sampleBytes: number, addon: HeapAddon | undefined): HeapSampler {
  // What a session has started ends with it: without the addon it stays open.
  const ownSession = addon === undefined ? new Session() : undefined;
  ownSession?.connect();

  let stopped = false;

  function start(): void {
    if (stopped) return;
    if (addon !== undefined) startUntilExit(addon, sampleBytes);
    else ownSession?.post('HeapProfiler.startSampling', { samplingInterval: sampleBytes });
  }

  start();
  return {
    read() {
      const session = ownSession ?? new Session();
      if (ownSession === undefined) session.connect();
      try {
        const profile = samplingProfile(session);
        if (profile === undefined) {
          start();
          return 'restarted';
        }
        // Nothing else ran since the line above: the sampler is there.
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
 * V8 frees the sampler after the heap that it refers to: Node 24 crashes at its end when it still runs.
 * (What a session of the inspector has started is stopped with the session.)
 */
function startUntilExit(addon: HeapAddon, sampleBytes: number): void {
  addon.startSamplingHeapProfiler(sampleBytes, STACK_DEPTH);
  if (stopsAtExit) return;
  stopsAtExit = true;
  process.once('exit', () => addon.stopSamplingHeapProfiler());
}

/** @returns `undefined` when the sampler does not run. In-process sessions answer before `post` returns. */
function samplingProfile(session: Session): SamplingProfile | undefined {
  let profile: unknown;
  session.post('HeapProfiler.getSamplingProfile', (error, answer) => {
    if (error === null) profile = answer.profile;
  });
  return profile as SamplingProfile | undefined;
}

/** Goes down two pictures of the same tree, one with ids and one with sizes. */
function measureObjects(node: SampledNode, sized: AllocationNode, objectBytes: Map<number, number>): void {
  let objects = 0;
  let bytes = 0;
  for (const { count, sizeBytes } of sized.allocations) {
    objects += count;
    bytes += count * sizeBytes;
  }
  if (objects > 0) objectBytes.set(node.id, bytes / objects);
  const byPlace = new Map(
    sized.children.map((child) => [
      `${child.scriptId} ${child.lineNumber} ${child.columnNumber} ${child.name}`,
      child,
    ]),
  );
  for (const child of node.children) {
    const { scriptId, lineNumber, columnNumber, functionName } = child.callFrame;
    const same = byPlace.get(`${scriptId} ${lineNumber + 1} ${columnNumber + 1} ${functionName}`);
    if (same !== undefined) measureObjects(child, same, objectBytes);
  }
}
