import { useEffect, useState } from 'preact/hooks';
import { type Polled, pollerOf, usedPollers, watchPollers } from './poller.js';
import type { Problem } from './request.js';

/** What a view knows of a path. */
export interface Poll<Data> extends Polled {
  readonly data: Data | undefined;
}

const NOTHING: Polled = { data: undefined, problem: undefined, ageSeconds: 0 };

/** Polls a path while the view is shown; `undefined` polls nothing. */
export function usePoll<Data>(path: string | undefined): Poll<Data> {
  const [, render] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    return pollerOf(path).subscribe(() => render((count) => count + 1));
  }, [path]);
  return (path === undefined ? NOTHING : pollerOf(path).state) as Poll<Data>;
}

/** The state of the connection as a whole. */
export interface Connection {
  readonly problem: Problem | undefined;
  readonly ageSeconds: number;
  readonly isLoading: boolean;
}

/** Returns the worst state of all polled paths of this handler. The list of clusters shows the state of the others. */
export function useConnection(): Connection {
  const [connection, setConnection] = useState<Connection>({
    problem: undefined,
    ageSeconds: 0,
    isLoading: true,
  });
  useEffect(() => {
    const update = () => {
      const own = usedPollers().filter(
        ({ path, state }) => !URL.canParse(path) || state.problem?.kind === 'offline',
      );
      const problems = own.flatMap(({ state }) => state.problem ?? []);
      setConnection({
        problem:
          problems.find(({ kind }) => kind === 'offline') ?? problems.find(({ kind }) => kind !== 'missing'),
        ageSeconds: Math.max(0, ...own.map(({ state }) => state.ageSeconds)),
        isLoading: own.every(({ state: { data, problem } }) => data === undefined && problem === undefined),
      });
    };
    update();
    return watchPollers(update);
  }, []);
  return connection;
}
