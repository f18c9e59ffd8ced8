import { type Body, bodyOfText } from '../body.js';
import type { ProcessVersion } from '../contracts.js';
import { localTime, text } from '../text/format.js';
import { rowWriter } from '../text/json.js';

const writeVersion = rowWriter('Version', 'GitCommit');
const writeStartTime = rowWriter('RecentStartTime');

/** `/version` */
export function versionAnswer({ version, gitCommit }: ProcessVersion): Body {
  return bodyOfText(
    writeVersion({ Version: text(version, 'version'), GitCommit: text(gitCommit, 'gitCommit') }),
  );
}

/** `/recentStartTime` */
export function recentStartTimeAnswer(startSecond: number): Body {
  return bodyOfText(writeStartTime({ RecentStartTime: localTime(startSecond, 'startSecond') }));
}
