import { writeUpdateConfig } from '../../compiled/rows.js';
import { uncachedJson } from '../../http/body.js';
import { PegasusError } from '../../model/errors.js';
import { isPromiseLike, type MaybePromise } from '../../model/maybe-promise.js';
import type { ConfigSource } from '../../model/source.js';
import type { SourceContext } from '../../model/source-context.js';
import { jsonText } from '../../render/format.js';
import { param } from '../../routing/params.js';
import type { RequestBody } from '../../routing/request-body.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/config.js';

/** The body of a POST. As in Pegasus only the query counts. */
const ignoredBody: RequestBody<undefined> = {
  contentType: 'application/x-www-form-urlencoded',
  maxBytes: 8 * 1024,
  isRequired: false,
  parse: () => undefined,
};

/** `GET` and `POST /updateConfig`. */
export const updateConfigRoute = defineRoute({
  path: '/updateConfig',
  methods: ['GET', 'POST'],
  group: 'config',
  access: 'write',
  summary: 'Changes one mutable configuration flag of this process until it restarts.',
  params: { changes: param.rest('flag_name') },
  body: ignoredBody,
  source: {
    part: 'config',
    method: 'update',
    call: (config, { changes }, context) => updateFlag(config, changes, context),
  },
  response: { 'application/json': wire.updateConfig },
  render: (status) => uncachedJson(writeUpdateConfig({ update_status: jsonText(status, 'update_status') })),
});

/** The refusals of a source that the client reads in `update_status`, in a response of status 200 as in Pegasus. */
const REFUSALS: readonly string[] = ['ERR_OBJECT_NOT_FOUND', 'ERR_INVALID_PARAMETERS'];

/** @returns What `update_status` says. */
function updateFlag(
  config: ConfigSource,
  changes: ReadonlyMap<string, string>,
  context: SourceContext,
): MaybePromise<string> {
  const [change, ...others] = changes;
  if (change === undefined || others.length > 0)
    return 'ERR_INVALID_PARAMETERS: there should be exactly one config to be updated once';
  if (config.update === undefined) throw new TypeError('source.config.update must be a function');
  const [name, value] = change;
  try {
    const result = config.update(name, value, context);
    if (!isPromiseLike(result)) return 'ERR_OK';
    return Promise.resolve(result).then(() => 'ERR_OK', describeRefusal);
  } catch (error) {
    return describeRefusal(error);
  }
}

function describeRefusal(error: unknown): string {
  if (error instanceof PegasusError && REFUSALS.includes(error.code))
    return `${error.code}: ${error.message}`;
  throw error;
}
