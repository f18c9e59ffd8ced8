import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { readAnswers } from '../support/fuzz/answers.js';
import { listening } from '../support/http.js';
import { rawBytes } from '../support/raw.js';

/** A server whose process information takes a moment: what is pipelined behind it waits its turn. */
function slowFirst(): Promise<string> {
  const { metaState, processInfo } = memoryCluster({
    nodes: ['127.0.0.1:34801'],
    apps: [
      { appName: 'small' },
      { appName: 'larger', partitionCount: 200 },
      { appName: 'largest', partitionCount: 8_000 },
    ],
  });
  const version = async () => {
    await sleep(20);
    return { version: '1', gitCommit: 'x' };
  };
  return listening(
    createServer(createPegasusHandler({ metaState, processInfo: { ...processInfo, version } })),
  );
}

// Found by the fuzzer: Node 20 puts the head of a body of bytes before the `100 Continue` that it has queued for a pipelined request.
describe('100 Continue to a pipelined request comes before the answer, not in it', () => {
  it.each([
    ['an error', 'GET', '/meta/app?name=none', 404],
    ['a method that is none of its', 'PUT', '/meta/apps', 405],
    ['a short answer', 'GET', '/meta/app?name=small', 200],
    ['an answer of bytes', 'GET', '/meta/app?name=larger&detail', 200],
    ['an answer in several pieces', 'GET', '/meta/app?name=largest&detail', 200],
    ['no body', 'HEAD', '/meta/app?name=larger&detail', 200],
  ])('%s', async (_, method, target, status) => {
    const first = 'GET /version HTTP/1.1\r\nHost: a\r\n\r\n';
    const second = `${method} ${target} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;
    const bytes = await rawBytes(await slowFirst(), first + second);
    expect(bytes.toString('latin1').match(/HTTP\/1\.1 \d+/g)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 100',
      `HTTP/1.1 ${status}`,
    ]);
    const answers = readAnswers(bytes, ['GET', method]);
    expect(answers.map((answer) => answer.status)).toEqual([200, status]);
    if (method !== 'HEAD') expect(() => JSON.parse(String(answers[1]?.body))).not.toThrow();
  });
});
