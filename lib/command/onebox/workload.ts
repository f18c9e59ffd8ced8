const MAX_CACHED_PAGES = 400;

interface Row {
  readonly key: string;
  readonly value: string;
}

/**
 * Starts a workload that gives profiles something to show, such as a service beside a Pegasus cluster does: it renders pages, caches them,
 * and compacts a log once in a while. It takes about a tenth of one core, and does not keep the process alive.
 */
export function startWorkload(): void {
  const cache = new Map<number, string[]>();
  let log: Row[] = [];
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

function renderPage(id: number): string[] {
  const page: string[] = [];
  renderSection(id, 6, page);
  return page;
}

/** Renders a section: its heading and two smaller sections. */
function renderSection(id: number, depth: number, page: string[]): void {
  page.push(`<h${7 - depth} id="${checksum(`${id}/${depth}`.repeat(12), 4)}">Section ${id}</h${7 - depth}>`);
  if (depth === 0) return;
  renderSection(2 * id, depth - 1, page);
  renderSection(2 * id + 1, depth - 1, page);
}

function checksum(text: string, rounds: number): number {
  let sum = rounds === 0 ? 7 : checksum(text, rounds - 1);
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) % 1_000_003;
  return sum;
}

/** Returns the newest row of every key, sorted. */
function compactLog(log: readonly Row[]): Row[] {
  const newest = new Map(log.map((row) => [row.key, row]));
  return mergeSort([...newest.values()]).slice(0, 1_000);
}

function mergeSort(rows: Row[]): Row[] {
  if (rows.length < 2) return rows;
  const middle = rows.length >> 1;
  const left = mergeSort(rows.slice(0, middle));
  const right = mergeSort(rows.slice(middle));
  const merged: Row[] = [];
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
