// The tables of `npm run bench` that measure servers: which hosts, and what the clients ask.
import { GATEWAY_KINDS } from './gateway.js';

const SMALL = '/meta/app?name=table0&detail';

/** @type {readonly (readonly [title: string, hosts: import('./hosts.js').Host[]])[]} */
export const SCENARIOS = [
  [
    'cached, 8 partitions',
    scenario(SMALL, 1, 8, 'bare', 'bare, same headers', 'pegasus', 'fastify', 'express'),
  ],
  [
    'cached, 1,024 partitions',
    scenario(SMALL, 1, 1_024, 'bare', 'bare, same headers', 'pegasus', 'fastify', 'express'),
  ],
  ['cached, /version', scenario('/version', 1, 8, 'bare', 'bare, same headers', 'pegasus')],
  [
    'cached, /meta/apps?detail of 100 tables',
    scenario('/meta/apps?detail', 100, 8, 'bare', 'bare, same headers', 'pegasus'),
  ],
  [
    'one partition changed, 1,024 partitions',
    scenario(SMALL, 1, 1_024, 'fastify, changing', 'pegasus, changing'),
  ],
  [
    'mutable source, 8 partitions',
    scenario(
      SMALL,
      1,
      8,
      'fastify',
      'fastify, same headers',
      'pegasus, mutable source',
      'pegasus, mutable source, changing',
    ),
  ],
  ['cached, 8 partitions, against the same headers alone', polling({})],
  ['cached, 8 partitions, conditional requests (304)', polling({ headers: { 'if-none-match': '{etag}' } })],
  ['cached, 8 partitions, gzip', polling({ headers: { 'accept-encoding': 'gzip' } })],
  ['cached, 8 partitions, brotli', polling({ headers: { 'accept-encoding': 'gzip, deflate, br' } })],
  ['cached, 8 partitions, 1,000 connections', polling({ connections: 1_000 })],
  ['cached, 8 partitions, HTTP/2 with 100 streams', polling({ http2: true })],
  [
    'errors and redirects',
    [
      ...scenario(SMALL, 1, 8, 'pegasus'),
      ...scenario('/meta/app?name=nope', 1, 8, 'pegasus'),
      ...scenario('/meta/app?nmae=table0', 1, 8, 'pegasus'),
      ...scenario(SMALL, 1, 8, 'pegasus, backup'),
    ],
  ],
  ['in front of a meta server, one table of 8 partitions', scenario(SMALL, 300, 8, ...GATEWAY_KINDS)],
  [
    'in front of a meta server, /meta/apps?detail of 300 tables',
    scenario('/meta/apps?detail', 300, 8, ...GATEWAY_KINDS),
  ],
];

/**
 * @param {string} target
 * @param {number} tables
 * @param {number} partitions
 * @param {...string} kinds
 */
function scenario(target, tables, partitions, ...kinds) {
  return kinds.map((kind) => ({ kind, target, tables, partitions }));
}

/**
 * A small table, as clients poll it, beside a bare host with the same response.
 *
 * @param {import('./load.js').Load} load
 */
function polling(load) {
  return scenario(SMALL, 1, 8, 'bare, same headers', 'pegasus').map((host) => ({ ...host, load }));
}
