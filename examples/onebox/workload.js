// Gives the profiles of the onebox something to show, such as a service beside a Pegasus cluster does: it renders pages, caches
// them, and compacts a log once in a while. It takes about a tenth of one core.

const MAX_CACHED_PAGES = 400;

/** Starts the workload. It does not keep the process alive. */
export function startWorkload() {
  /** @type {Map<number, string[]>} */
  const cache = new Map();
  /** @type {{ key: string, value: string }[]} */
  let log = [];
  let next = 0;

  function serveRequest() {
    const id = next++ % (MAX_CACHED_PAGES * 2);
    const page = cache.get(id) ?? renderPage(id);
    cache.delete(id);
    cache.set(id, page);
    const [oldest = id] = cache.keys();
    if (cache.size > MAX_CACHED_PAGES) cache.delete(oldest);
    log.push({ key: `page-${id}`, value: page[0] ?? '' });
    if (log.length >= 2_000) log = compactLog(log);
  }

  setInterval(() => {
    for (let i = 0; i < 5; i += 1) serveRequest();
  }, 20).unref();
}

/** @param {number} id */
function renderPage(id) {
  /** @type {string[]} */
  const page = [];
  renderSection(id, 6, page);
  return page;
}

/**
 * Renders a section: its heading and two smaller sections.
 *
 * @param {number} id
 * @param {number} depth
 * @param {string[]} page
 */
function renderSection(id, depth, page) {
  page.push(`<h${7 - depth} id="${checksum(`${id}/${depth}`.repeat(12), 4)}">Section ${id}</h${7 - depth}>`);
  if (depth === 0) return;
  renderSection(2 * id, depth - 1, page);
  renderSection(2 * id + 1, depth - 1, page);
}

/**
 * @param {string} text
 * @param {number} rounds
 * @returns {number}
 */
function checksum(text, rounds) {
  let sum = rounds === 0 ? 7 : checksum(text, rounds - 1);
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) % 1_000_003;
  return sum;
}

/**
 * Returns the newest row of every key, sorted.
 *
 * @param {{ key: string, value: string }[]} log
 */
function compactLog(log) {
  const newest = new Map(log.map((row) => [row.key, row]));
  return mergeSort([...newest.values()]).slice(0, 1_000);
}

/**
 * @param {{ key: string, value: string }[]} rows
 * @returns {{ key: string, value: string }[]}
 */
function mergeSort(rows) {
  if (rows.length < 2) return rows;
  const middle = rows.length >> 1;
  const left = mergeSort(rows.slice(0, middle));
  const right = mergeSort(rows.slice(middle));
  const merged = [];
  let [l, r] = [0, 0];
  for (let a = left[l], b = right[r]; a && b; a = left[l], b = right[r]) {
    if (a.key <= b.key) {
      merged.push(a);
      l += 1;
    } else {
      merged.push(b);
      r += 1;
    }
  }
  return [...merged, ...left.slice(l), ...right.slice(r)];
}
