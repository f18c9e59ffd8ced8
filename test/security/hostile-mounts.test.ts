import { describe, expect, it, onTestFinished } from 'vitest';
import { createPegasusHandler, memoryCluster } from '../../lib/index.js';
import { ONEBOX } from '../support/fixtures.js';
import { HOSTILE, HOSTILE_BYTES, type Hostile } from '../support/hostile.js';
import { MOUNTS, type Mount } from '../support/mounts.js';
import { rawRequest, sendRaw } from '../support/raw.js';

interface Heard {
  /** 0: the connection or the stream was closed without a word. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A host of a meta server until the test is over, and how to ask it. */
async function mounted(mount: Mount, prefix: string, address: string) {
  const errors: unknown[] = [];
  const source = memoryCluster(ONEBOX).metaServer(address);
  const options = { onError: (error: unknown) => void errors.push(error) };
  const { client, origin, close } = await mount.start(
    (basePath) => createPegasusHandler(source, { ...options, basePath: basePath || '/' }),
    prefix,
  );
  onTestFinished(async () => void (await close()));

  /** Byte by byte where that can be, else as far as an HTTP/2 client lets it out. */
  async function ask({ method = 'GET', target, headers = {}, body = '' }: Hostile): Promise<Heard> {
    const whole = typeof target === 'string' ? prefix + target : target(prefix);
    if (origin !== undefined) {
      const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return sendRaw(origin, rawRequest(method, whole, lines.join('') + length) + body);
    }
    const bare = whole.startsWith(prefix) ? whole.slice(prefix.length) : whole;
    const answer = await client.send(method, bare, headers, body || undefined).catch(() => undefined);
    if (answer === undefined) return { status: 0, head: '', body: '' };
    const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
    return { status: answer.status, head: lines.join('\r\n'), body: answer.body };
  }

  return { client, origin, errors, ask };
}

/** What holds of every answer, even of one that the host has made instead of the handler. */
function expectDecent(name: string, { head, body }: Heard): void {
  expect(head, name).not.toMatch(/^(set-cookie|x):/m);
  expect(head.split('\r\n').filter((line) => line.startsWith('content-length'))).toHaveLength(
    head.includes('content-length') ? 1 : 0,
  );
  expect(body, name).not.toMatch(/node_modules|node:internal|\n\s+at /);
  expect(body, name).not.toMatch(/^HTTP\/1\.1 /m);
}

describe.each(MOUNTS)('mounted under $name', (mount) => {
  describe.each([
    ['at the root', ''],
    ['under a prefix', '/ops/pegasus'],
  ])('%s', (_, prefix) => {
    it('a primary answers every hostile request as it must, and goes on', async () => {
      const { client, ask, errors } = await mounted(mount, prefix, '127.0.0.1:34601');
      const version = (await client.get('/version')).body;
      for (const hostile of HOSTILE) {
        const heard = await ask(hostile);
        expect(hostile.status, hostile.name).toContain(heard.status);
        expectDecent(hostile.name, heard);
      }
      expect((await client.get('/version')).body).toBe(version);
      expect(errors).toEqual([]);
    });

    it('a backup lets nothing into its Location but the query as it came', async () => {
      const { ask, errors } = await mounted(mount, prefix, '127.0.0.1:34602');
      for (const hostile of HOSTILE.filter(({ redirected }) => redirected !== undefined)) {
        const heard = await ask(hostile);
        expect(heard.status, hostile.name).toBe(307);
        const [, location] = /^location: (.*)$/im.exec(heard.head) ?? [];
        const expected = `http://127.0.0.1:34601/meta/app${hostile.redirected}`;
        // The head was read in lower case, for the names of headers may have any.
        expect(location?.toLowerCase().trim(), hostile.name).toBe(expected.toLowerCase());
        expectDecent(hostile.name, heard);
      }
      expect(errors).toEqual([]);
    });

    it('bytes that are no request get none of its answers, and the next connection does', async () => {
      const { client, origin, errors } = await mounted(mount, prefix, '127.0.0.1:34601');
      const version = (await client.get('/version')).body;
      for (const { name, bytes, status } of HOSTILE_BYTES) {
        // HTTP/2 has no such bytes: test/hostile-fuzz.test.ts sends it frames of its own kind.
        if (origin === undefined) break;
        const heard = await sendRaw(origin, bytes.replace('TARGET', `${prefix}/version`));
        expect(status, name).toContain(heard.status);
        expectDecent(name, heard);
      }
      expect((await client.get('/version')).body).toBe(version);
      expect(errors).toEqual([]);
    });
  });
});
