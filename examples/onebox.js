// Runs a whole Pegasus cluster in one process, for `npm start`: the command `pegasus-http onebox`, with the same options.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const manifest = require.resolve('pegasus-http/package.json');
const { bin } = require(manifest);

process.argv.splice(2, 0, 'onebox');
await import(new URL(bin['pegasus-http'], pathToFileURL(manifest)).href);
