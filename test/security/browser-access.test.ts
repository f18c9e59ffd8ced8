import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parseHost } from '../../lib/http/host.js';
import { createPegasusHandler, type MetaStateSource, memoryCluster } from '../../lib/index.js';
import { clientOf, listening, serve } from '../support/http.js';

const HOSTS = ['localhost', '127.0.0.1', '::1', 'Pegasus.example.'];

describe('a handler with allowedHosts', () => {
  it.each([
    ['localhost', 200],
    ['LOCALHOST:34601', 200],
    ['localhost.', 200],
    ['127.0.0.1:80', 200],
    ['[::1]:34601', 200],
    ['[::ffff:127.0.0.1]', 200],
    ['[::ffff:7f00:1]:80', 200],
    ['pegasus.example', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['localhost@evil.example', 403],
    ['evil.example#localhost', 403],
    ['127.0.0.1.evil.example', 403],
    ['10.0.0.1', 403],
    ['a b', 403],
    ['[::1', 403],
  ])('responds to Host %j with %d', async (host, status) => {
    const { send } = await serve(memoryCluster(), { allowedHosts: HOSTS });
    const answer = await send('GET', '/version', { host });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.json()).toMatchObject({ error: 'ERR_ACL_DENY' });
  });

  it.each([
    ['localhost', '"localhost"'],
    [['localhost:80'], '"localhost:80"'],
    [['a b'], '"a b"'],
    [[1], '1'],
  ])('refuses the option %j', (allowedHosts, given) => {
    expect(() => createPegasusHandler(memoryCluster(), { allowedHosts } as never)).toThrow(
      `allowedHosts must be an array of host names and addresses without ports, such as ["localhost", "127.0.0.1"], not ${given}`,
    );
  });
});

describe('a page of another site', () => {
  const counter = { name: 'a*b*c', type: 'VOLATILE_NUMBER', value: 5, description: '' } as const;
  it.each([
    ['reads a counter', '/perfCounter?name=a*b*c', 'cross-site', 'no-cors', 403],
    ['follows a link to a counter', '/perfCounter?name=a*b*c', 'cross-site', 'navigate', 200],
    ['of the same site reads a counter', '/perfCounter?name=a*b*c', 'same-site', 'no-cors', 200],
    ['of the same origin reads a counter', '/perfCounter?name=a*b*c', 'same-origin', 'cors', 200],
    ['reads what has no effects', '/version', 'cross-site', 'no-cors', 200],
  ])('%s', async (_, target, site, mode, status) => {
    const { get, send } = await serve(memoryCluster({ perfCounters: [counter] }));
    const answer = await send('GET', target, { 'sec-fetch-site': site, 'sec-fetch-mode': mode });
    expect(answer.status).toBe(status);
    if (status === 403)
      expect((await get('/perfCounter?name=a*b*c')).json()).toMatchObject({ value: '5.00' });
  });
});

describe('a backup whose primary is itself', () => {
  it.each([
    ['its address', (port: string) => `http://127.0.0.1:${port}`],
    ['localhost', (port: string) => `http://localhost:${port}`],
    ['a name below localhost', (port: string) => `http://a.localhost:${port}`],
    ['an IPv4 address in IPv6', (port: string) => `http://[::ffff:127.0.0.1]:${port}`],
    ['another spelling of its address', (port: string) => `http://127.1:${port}`],
    ['a trailing dot', (port: string) => `http://localhost.:${port}`],
  ])('does not redirect to itself: %s', async (_, urlOf) => {
    const { metaState } = memoryCluster();
    let port = '';
    const role: MetaStateSource['role'] = () => ({ role: 'backup', primaryUrl: urlOf(port) });
    const server = createServer(createPegasusHandler({ metaState: { ...metaState, role } }));
    const origin = await listening(server);
    port = new URL(origin).port;
    const answer = await clientOf(origin).send('GET', '/meta/apps', { host: 'gateway.example' });
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({ error: 'ERR_FORWARD_TO_OTHERS' });
  });
});

it.each([
  ['a:80', { hostname: 'a', port: '80' }],
  ['a:0080', { hostname: 'a', port: '80' }],
  ['A.', { hostname: 'a', port: '' }],
  ['[2001:DB8::1]:1', { hostname: '2001:db8::1', port: '1' }],
  ['[::ffff:a00:1]', { hostname: '10.0.0.1', port: '' }],
  ['a/b', undefined],
  ['u@a', undefined],
  ['a:99999', undefined],
  [undefined, undefined],
])('parseHost(%j)', (header, expected) => {
  expect(parseHost(header)).toEqual(expected);
});
