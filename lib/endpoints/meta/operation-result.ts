import { writeOperationResult } from '../../compiled/rows.js';
import { type ResponseBody, uncachedJson } from '../../http/body.js';
import type { OperationResult } from '../../model/operations.js';
import { jsonText } from '../../render/format.js';

/** Renders the outcome of an operation. As on a real server a refusal has status 200, too: `error` says what happened. */
export function renderOperationResult({ error, hint }: OperationResult): ResponseBody {
  return uncachedJson(
    writeOperationResult({ error: jsonText(error, 'error'), hint_message: jsonText(hint, 'hint') }),
  );
}
