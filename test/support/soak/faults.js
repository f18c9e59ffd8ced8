// A source that fails now and then, in every way that the contract forbids or allows.
import { PegasusError } from 'pegasus-http';

/** What no client may ever see. */
export const SECRET = 'postgres://admin:hunter2@10.0.0.7/pegasus';

/** @typedef {(value: unknown) => unknown} Fault - Takes the reading of the right value, and gives what comes instead. */

/** @type {Readonly<Record<string, (read: () => unknown) => unknown>>} */
const FAULTS = {
  throws: () => {
    throw new Error(SECRET);
  },
  rejects: () => Promise.reject(new Error(SECRET)),
  'rejects later': () => later(5).then(() => Promise.reject(SECRET)),
  'chooses its code': () => {
    throw new PegasusError('ERR_NETWORK_FAILURE', SECRET);
  },
  'is not ready': () => Promise.reject(new PegasusError('ERR_SERVICE_NOT_ACTIVE', SECRET)),
  hangs: () => new Promise(() => {}),
  'gives another shape': () => ({ apps: 7, nodes: {}, status: SECRET, role: SECRET }),
  'gives a text': () => SECRET,
  'gives an endless list': () => ({
    apps: { length: Number.POSITIVE_INFINITY, *[Symbol.iterator]() {} },
    nodes: [],
  }),
};

/** @type {Readonly<Record<string, (read: () => unknown) => unknown>>} */
const ODDITIES = {
  'is slow': (read) => later(2 + Math.random() * 30).then(read),
  'gives what it spoils a moment later': async (read) => {
    const copy = structuredClone(read());
    setImmediate(() => spoil(copy));
    return copy;
  },
};

/**
 * @template {object} Part
 * @param {Part} part
 * @param {number} share - Of the calls that fail. As many are right, but odd.
 * @param {(fault: string) => void} onFault
 * @returns {Part}
 */
export function faulty(part, share, onFault) {
  const faults = Object.entries(FAULTS);
  const oddities = Object.entries(ODDITIES);
  const wrapped = Object.entries(part).map(([name, value]) => {
    if (typeof value !== 'function') return [name, value];
    return [
      name,
      (/** @type {unknown[]} */ ...args) => {
        const read = () => value.apply(part, args);
        const chance = Math.random();
        const [kind, make] =
          (chance < share ? pick(faults) : chance < 2 * share ? pick(oddities) : undefined) ?? [];
        if (kind === undefined || make === undefined) return read();
        if (chance < share) onFault(kind);
        return make(read);
      },
    ];
  });
  return Object.fromEntries(wrapped);
}

/**
 * @template T
 * @param {readonly T[]} list
 */
export function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/** @param {number} ms */
function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @param {any} copy */
function spoil(copy) {
  if (typeof copy !== 'object' || copy === null) return;
  for (const key of Object.keys(copy)) copy[key] = SECRET;
}
