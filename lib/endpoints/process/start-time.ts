import { writeRecentStartTime } from '../../compiled/rows.js';
import { jsonBody } from '../../http/body.js';
import { localTime } from '../../render/format.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/process.js';

/** `GET /recentStartTime`. */
export const recentStartTimeRoute = defineRoute({
  path: '/recentStartTime',
  group: 'process',
  access: 'read',
  summary: 'Returns the start time of this process.',
  params: {},
  source: {
    part: 'processInfo',
    method: 'startSecond',
    key: () => '',
    call: (processInfo, _, context) => processInfo.startSecond(context),
  },
  response: { 'application/json': wire.recentStartTime },
  render: (startSecond) =>
    jsonBody(`${writeRecentStartTime({ RecentStartTime: localTime(startSecond, 'startSecond') })}\n`),
});
