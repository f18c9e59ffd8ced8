import { jsonBody, type ResponseBody } from '../../http/body.js';
import type { ProcessVersion } from '../../model/cluster.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { keptBody } from '../../render/body-cache.js';
import { jsonText, localTime } from '../../render/format.js';
import { rowWriter } from '../../render/json.js';
import { type Rendering, UNFROZEN } from '../../render/time-slicing.js';

const writeVersion = rowWriter('Version', 'GitCommit');
const writeStartTime = rowWriter('RecentStartTime');

/** `/version` */
export function versionAnswer(version: ProcessVersion): MaybePromise<ResponseBody> {
  return keptBody(version, 'version', () => renderVersion(version));
}

function* renderVersion(process: ProcessVersion): Rendering {
  if (!Object.isFrozen(process)) yield UNFROZEN;
  const version = jsonText(process.version, 'version');
  const gitCommit = jsonText(process.gitCommit, 'gitCommit');
  yield `${writeVersion({ Version: version, GitCommit: gitCommit })}\n`;
}

/** `/recentStartTime` */
export function recentStartTimeAnswer(startSecond: number): ResponseBody {
  return jsonBody(`${writeStartTime({ RecentStartTime: localTime(startSecond, 'startSecond') })}\n`);
}
