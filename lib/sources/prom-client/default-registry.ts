import type { Registry } from 'prom-client';
import { loadPeer } from '../optional-peer.js';

/** Loads prom-client's own registry. `import` of the same package returns the same object. */
export function defaultRegistry(): Registry {
  return (loadPeer('prom-client', 'pegasus-http/prom-client') as typeof import('prom-client')).register;
}
