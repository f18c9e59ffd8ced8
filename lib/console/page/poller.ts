import { type Problem, request } from './request.js';

const INTERVAL_MS = 2000;
const SLOW_INTERVAL_MS = 30_000;

/** Paths whose answers change only when the server restarts. */
const SLOW: ReadonlySet<string> = new Set(['', 'version', 'recentStartTime']);

/** What a poller knows. The last data stays when a request fails. */
export interface Polled {
  readonly data: unknown;
  readonly problem: Problem | undefined;
  /** The age of the data in seconds, as the server states it. */
  readonly ageSeconds: number;
}

/** Polls one path while a view uses it and the page is visible. A request that carries the ETag costs the server no rendering. */
export class Poller {
  readonly path: string;
  state: Polled = { data: undefined, problem: undefined, ageSeconds: 0 };
  readonly #listeners = new Set<() => void>();
  #etag: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(path: string) {
    this.path = path;
  }

  /** Calls a function on every change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    void this.poll();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
      announce();
    };
  }

  /** Whether a view uses the path. */
  get isUsed(): boolean {
    return this.#listeners.size > 0;
  }

  /** Requests the path now, and again every two seconds. */
  async poll(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#running || !this.isUsed || document.hidden) return;
    this.#running = true;
    const answer = await request(this.path, this.#etag);
    this.#running = false;
    if (answer.kind === 'answer') this.#store(answer.text, answer.etag, answer.age);
    else if (answer.kind === 'unchanged')
      this.#change({ ...this.state, problem: undefined, ageSeconds: answer.age });
    else this.#change({ ...this.state, problem: answer });
    // Asking again would make the browser ask for credentials again.
    if (!this.isUsed || (answer.kind === 'unauthorized' && answer.isAsked)) return;
    const isSlow = SLOW.has(this.path) && this.state.problem === undefined;
    this.#timer = setTimeout(() => void this.poll(), isSlow ? SLOW_INTERVAL_MS : INTERVAL_MS);
  }

  #store(text: string, etag: string | null, ageSeconds: number): void {
    try {
      this.#change({ data: JSON.parse(text), problem: undefined, ageSeconds });
      this.#etag = etag;
    } catch {
      this.#change({ ...this.state, problem: { kind: 'failed', status: 200, message: text.slice(0, 200) } });
    }
  }

  #change(next: Polled): void {
    const { data, problem, ageSeconds } = this.state;
    const isSame =
      next.data === data && next.problem?.kind === problem?.kind && next.ageSeconds === ageSeconds;
    this.state = next;
    if (isSame) return;
    for (const listener of this.#listeners) listener();
    announce();
  }
}

const pollers = new Map<string, Poller>();
const watchers = new Set<() => void>();

/** Returns the poller of a path; views share it. */
export function pollerOf(path: string): Poller {
  const found = pollers.get(path) ?? new Poller(path);
  pollers.set(path, found);
  return found;
}

/** Returns what the pollers in use know, the worst first. */
export function usedPollers(): Poller[] {
  return [...pollers.values()].filter((poller) => poller.isUsed);
}

/** Calls a function when any poller changes. */
export function watchPollers(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function announce(): void {
  for (const watcher of watchers) watcher();
}

function pollAll(): void {
  for (const poller of usedPollers()) void poller.poll();
}

document.addEventListener('visibilitychange', pollAll);
window.addEventListener('online', pollAll);
