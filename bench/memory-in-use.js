// Measures the memory of this process that a garbage collection leaves.

/** @returns {number} Bytes: the heap, and what its objects hold outside it, such as the content of a Buffer. */
export function memoryInUse() {
  if (globalThis.gc === undefined)
    throw new Error('the memory cannot be measured: run node with --expose-gc');
  // The second collection frees what finalizers of the first one let go.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
