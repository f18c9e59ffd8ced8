import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { OperationResult } from '../../model/operations.js';
import { jsonText } from '../../render/format.js';
import { rowWriter } from '../../render/json.js';
import * as wire from '../../wire/operations.js';

const writeResult = rowWriter(wire.operationResult);

/** Renders the outcome of an operation. As on a real server a refusal has status 200, too: `error` says what happened. */
export function renderOperationResult({ error, hint }: OperationResult): ResponseBody {
  return uncachedJson(writeResult({ error: jsonText(error, 'error'), hint_message: jsonText(hint, 'hint') }));
}
