// Tells what a server responds: the bare hosts of a benchmark send the same.
import { request } from 'node:http';

/**
 * A response as it is sent, fit for JSON.
 *
 * @typedef {object} FixedResponse
 * @property {number} status
 * @property {Record<string, string>} headers - Without those that Node adds.
 * @property {string} base64 - The body.
 */

/**
 * @param {number} port
 * @param {string} target
 * @param {Record<string, string>} headers - `{etag}` stands for the ETag of the response.
 * @returns {Promise<FixedResponse>}
 */
export async function responseOf(port, target, headers) {
  const needsEtag = headers['if-none-match'] === '{etag}';
  const etag = needsEtag ? (await responseOf(port, target, {})).headers['etag'] : '';
  const sent = filledHeaders(headers, etag ?? '');
  /** @type {import('node:http').IncomingMessage} */
  const response = await new Promise((resolve, reject) => {
    request({ port, path: target, headers: sent, agent: false }, resolve).on('error', reject).end();
  });
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const own = /** @type {Record<string, string>} */ ({ ...response.headers });
  for (const added of ['connection', 'date', 'keep-alive']) delete own[added];
  return { status: response.statusCode ?? 0, headers: own, base64: Buffer.concat(chunks).toString('base64') };
}

/**
 * Puts the ETag into the headers of a request.
 *
 * @param {Record<string, string>} headers - `{etag}` stands for the ETag of the response.
 * @param {string} etag
 * @returns {Record<string, string>}
 */
export function filledHeaders(headers, etag) {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replace('{etag}', etag)]));
}
