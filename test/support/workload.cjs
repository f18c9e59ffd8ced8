'use strict';
// A workload of known proportions for profiles. vitest must not transform it, because the tools must show these lines. The hot
// functions call themselves, because V8 inlines any other into its caller.

exports.spin = spin;
exports.retain = retain;
exports.churn = churn;

/** Works for some milliseconds: 70% below `renderPage` and 30% below `compactLog`, in turns, so that both are preempted alike. */
function spin() {
  for (let i = 0; i < 30; i += 1) {
    repeat(renderPage, 7);
    repeat(compactLog, 3);
  }
}

/**
 * @param {(depth: number) => number} work
 * @param {number} times
 */
function repeat(work, times) {
  if (times === 0) return;
  work(17);
  repeat(work, times - 1);
}

/** @param {number} depth @returns {number} */
function renderPage(depth) {
  return depth < 2 ? depth : renderPage(depth - 1) + renderPage(depth - 2);
}

/** @param {number} depth @returns {number} */
function compactLog(depth) {
  return depth < 2 ? depth : compactLog(depth - 1) + compactLog(depth - 2);
}

/** Allocates 20 MB and returns it: 70% in `cachePages`, 30% in `bufferLogs`. */
function retain() {
  return [cachePages(14_000, 3), bufferLogs(6_000, 3)];
}

/** @param {number} kilobytes @param {number} depth @returns {number[][]} */
function cachePages(kilobytes, depth) {
  if (depth > 0) return cachePages(kilobytes, depth - 1);
  const pages = [];
  for (let i = 0; i < kilobytes; i += 1) pages.push(new Array(126).fill(i + 0.5));
  return pages;
}

/** @param {number} kilobytes @param {number} depth @returns {number[][]} */
function bufferLogs(kilobytes, depth) {
  if (depth > 0) return bufferLogs(kilobytes, depth - 1);
  const logs = [];
  for (let i = 0; i < kilobytes; i += 1) logs.push(new Array(126).fill(i + 0.5));
  return logs;
}

/** Allocates kilobytes and keeps none. @param {number} kilobytes */
function churn(kilobytes) {
  let last;
  for (let i = 0; i < kilobytes; i += 1) last = new Array(126).fill(i + 0.5);
  return last;
}
