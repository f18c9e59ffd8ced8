import type { ProcessVersion } from '../contracts.js';
import { localTime, text } from '../text/format.js';
import { rowWriter } from '../text/json.js';

const writeVersion = rowWriter('Version', 'GitCommit');
const writeStartTime = rowWriter('RecentStartTime');

/** `/version` */
export function versionAnswer({ version, gitCommit }: ProcessVersion): string {
  return writeVersion({ Version: text(version, 'version'), GitCommit: text(gitCommit, 'gitCommit') });
}

/** `/recentStartTime` */
export function recentStartTimeAnswer(startSecond: number): string {
  return writeStartTime({ RecentStartTime: localTime(startSecond, 'startSecond') });
}
