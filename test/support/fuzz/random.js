// Chance that can be had again: the same seed gives the same numbers on every machine.

/**
 * @typedef {object} Random
 * @property {() => number} next - From 0 to below 1.
 * @property {(below: number) => number} int - An integer from 0.
 * @property {(probability: number) => boolean} chance
 * @property {<T>(list: readonly T[]) => T} pick
 * @property {(length: number) => Buffer} bytes
 */

/**
 * mulberry32: 32 bits of state are enough where every conversation has a generator of its own.
 *
 * @param {...number} seeds
 * @returns {Random}
 */
export function randomOf(...seeds) {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491);
  function next() {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** @param {number} below */
  const int = (below) => Math.floor(next() * below);
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => /** @type {any} */ (list[int(list.length)]),
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(256))),
  };
}
