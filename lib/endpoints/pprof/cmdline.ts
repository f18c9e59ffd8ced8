import { PLAIN_TEXT, uncachedBody } from '../../http/body.js';
import { defineRoute } from '../../routing/route.js';
import { requireProfiler } from './profile-route.js';
import { oneLine } from './symbol-lines.js';

/** `GET /pprof/cmdline`. */
export const cmdlineRoute = defineRoute({
  path: '/pprof/cmdline',
  group: 'pprof',
  access: 'read',
  summary: 'Command line of this process, one argument per line.',
  params: {},
  source: {
    part: 'processInfo',
    method: 'profiler.commandLine',
    call: (processInfo, _, context) => requireProfiler(processInfo).commandLine(context),
  },
  response: { [PLAIN_TEXT]: undefined },
  render: (commandLine) =>
    uncachedBody(PLAIN_TEXT, commandLine.map((argument) => `${oneLine(argument)}\n`).join('')),
});
