// The program that bench/profiling.js profiles: many functions that all run, or a heap of some size. It records each stall of the event loop.
import { Script } from 'node:vm';

/** Functions of a script. They call each other in chains, so that a stack has up to CHAIN of them. */
const PER_SCRIPT = 100;
const CHAIN = 10;

/** How long the program works before it lets the event loop go on. */
const BURST_MS = 2;

/**
 * Creates functions of distinct names in scripts of 100. Each works for some microseconds, then calls the next one of its chain.
 *
 * @param {number} count
 * @param {string} [body] - What each does first.
 * @returns {(() => number)[]} The first function of each chain.
 */
export function createFunctions(count, body = 'for (let i = 0; i < 500; i += 1) sum += Math.sqrt(i);') {
  /** @type {(() => number)[]} */
  const chains = [];
  for (let first = 0; first < count; first += PER_SCRIPT) {
    const functions = Array.from({ length: PER_SCRIPT }, (_, i) => {
      const next = (i + 1) % CHAIN === 0 ? '0' : `work${first + i + 1}()`;
      return `function work${first + i}() {
  let sum = 0;
  ${body}
  return sum + ${next};
}`;
    });
    const names = Array.from({ length: PER_SCRIPT / CHAIN }, (_, i) => `work${first + i * CHAIN}`);
    const script = new Script(`(() => {\n${functions.join('\n')}\nreturn [${names.join(', ')}];\n})()`, {
      filename: `/program/module${first / PER_SCRIPT}.js`,
    });
    chains.push(...script.runInThisContext());
  }
  return chains;
}

/**
 * Calls the functions in turn from now on, in short bursts. Everything has run once when it returns.
 *
 * @param {(() => number)[]} chains
 */
export function keepCalling(chains) {
  let at = 0;
  for (const chain of chains) chain();
  function burst() {
    const end = performance.now() + BURST_MS;
    while (performance.now() < end) {
      chains[at]?.();
      at = (at + 1) % chains.length;
    }
    setImmediate(burst);
  }
  burst();
}

/**
 * Allocates rows of four objects by many functions until so many bytes are live.
 *
 * @param {number} bytes
 */
export function fillHeap(bytes) {
  /** @type {object[][]} */
  const pages = [];
  const keep = (/** @type {object[]} */ page) => void pages.push(page);
  const chains = createFunctions(
    1_000,
    'globalThis.keep(Array.from({ length: 1_000 }, (_, i) => ({ key: i + 0.5, value: [i, -i], next: { key: -i } })));',
  );
  Object.assign(globalThis, { keep });
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; process.memoryUsage().heapUsed - before < bytes; at = (at + 1) % chains.length)
    chains[at]?.();
  return pages;
}

/** Records how long the event loop was held each time, by a timer of one millisecond. */
export function recordStalls() {
  /** @type {{ began: number, ms: number }[]} */
  const stalls = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    stalls.push({ began: last, ms: now - last });
    last = now;
  }, 1);
  return {
    /**
     * Returns the longest stall that began in a time, in milliseconds, 0 if there was none.
     *
     * @param {number} from
     * @param {number} [to]
     */
    longest: (from, to = Number.POSITIVE_INFINITY) =>
      stalls.reduce((most, { began, ms }) => (began >= from && began < to ? Math.max(most, ms) : most), 0),
    /**
     * Returns the sum of all stalls of some length.
     *
     * @param {number} atLeast
     * @param {number} from
     */
    sumOver: (atLeast, from) =>
      stalls.reduce((sum, { began, ms }) => (began >= from && ms >= atLeast ? sum + ms : sum), 0),
    stop: () => clearInterval(timer),
  };
}
