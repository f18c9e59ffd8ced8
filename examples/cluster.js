// The cluster that the examples serve. Your application would use a source of its own (see custom-source.js).
import { readFileSync } from 'node:fs';
import { memoryCluster } from 'pegasus-http';

export const cluster = memoryCluster(
  JSON.parse(readFileSync(new URL('onebox.json', import.meta.url), 'utf8')),
);
