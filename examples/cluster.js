// The cluster that the examples show. In a service of yours it would be a source of your own (see custom-source.js).
import { readFileSync } from 'node:fs';
import { memoryCluster } from 'pegasus-http';

export const cluster = memoryCluster(
  JSON.parse(readFileSync(new URL('onebox.json', import.meta.url), 'utf8')),
);
