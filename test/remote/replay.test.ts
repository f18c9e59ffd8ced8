import { describe, expect, it, onTestFinished } from 'vitest';
import { type RemoteClusterOptions, remoteCluster } from '../../lib/sources/remote/index.js';
import { serve } from '../support/http.js';
import { type Recorded, recorded, startReplayCluster, statesOf, VERSIONS } from '../support/replay-server.js';

const STATES = VERSIONS.flatMap((version) =>
  statesOf(version).map((state) => [version, state] as const),
).filter(([, state]) => !/^(builtin|backup_crash|redirects|posts|manual)/.test(state));

function sourceOf(options: RemoteClusterOptions) {
  const source = remoteCluster(options);
  onTestFinished(() => source.close());
  return source;
}

/** The paths whose bodies follow from values. */
const PATHS =
  /^\/meta\/(apps(\?detail)?|nodes(\?detail)?|cluster|app\?name=[^&]*(&detail)?|app_envs\?name=[^&]*)$/;

/** What the primary answered at the end. */
function answersOf(exchanges: readonly Recorded[]): readonly Recorded[] {
  const leader = exchanges.findLast(
    ({ target, body }) => target === '/meta/nodes' && /ALIVE/.test(body),
  )?.server;
  return exchanges.filter(
    ({ server, target, method, afterSeconds }) =>
      server === leader && method === undefined && afterSeconds === undefined && PATHS.test(target),
  );
}

/** Pegasus 2.5 prints a time without its milliseconds, and a list that an application joins has no blanks. */
function normalized(body: string): string {
  return body.replace(/(\d\d:\d\d:\d\d)\.0"/g, '$1.000"');
}

describe.each(STATES)('a gateway to Pegasus %s, %s', (version, state) => {
  it('answers what the primary answered, byte for byte, with backups first', async () => {
    const answers = answersOf(recorded(version, state));
    expect(answers.length).toBeGreaterThan(2);
    const { servers, backups } = await startReplayCluster(version, state);
    const { get } = await serve(sourceOf({ servers }), { compatibility: version === '2.6' ? '2.6' : '2.5' });
    for (const { target, status, body } of answers) {
      const answer = await get(target);
      if (status === 200 && (body !== '{}\n' || answer.status !== 404)) {
        expect(answer.body, target).toBe(normalized(body));
      } else if (status === 200) {
        // A real server answers an empty object for a table that does not exist.
        expect(answer.status, target).toBe(404);
        expect(target).toContain('/meta/app_envs');
      } else {
        expect(answer.status, target).toBe(status);
      }
    }
    for (const { faults, requests } of backups) {
      expect(faults).toEqual([]);
      expect(requests.join()).not.toContain('/meta/cluster');
    }
  });
});
