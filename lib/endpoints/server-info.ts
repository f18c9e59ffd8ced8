import { type Body, bodyOfText } from '../body.js';
import type { MaybePromise, ProcessVersion } from '../contracts.js';
import { keptBody } from '../kept.js';
import { type Rendering, UNFROZEN } from '../render.js';
import { localTime, text } from '../text/format.js';
import { rowWriter } from '../text/json.js';

const writeVersion = rowWriter('Version', 'GitCommit');
const writeStartTime = rowWriter('RecentStartTime');

/** `/version` */
export function versionAnswer(version: ProcessVersion): MaybePromise<Body> {
  return keptBody(version, 'version', () => renderVersion(version));
}

function* renderVersion(process: ProcessVersion): Rendering {
  if (!Object.isFrozen(process)) yield UNFROZEN;
  const version = text(process.version, 'version');
  const gitCommit = text(process.gitCommit, 'gitCommit');
  yield `${writeVersion({ Version: version, GitCommit: gitCommit })}\n`;
}

/** `/recentStartTime` */
export function recentStartTimeAnswer(startSecond: number): Body {
  return bodyOfText(`${writeStartTime({ RecentStartTime: localTime(startSecond, 'startSecond') })}\n`);
}
