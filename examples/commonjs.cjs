// Mounts the handler from CommonJS. From Node 20.19 on, require() loads an ES module.
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { createPegasusHandler, memoryCluster } = require('pegasus-http');
const { port } = require('./port.js');

const cluster = memoryCluster(JSON.parse(readFileSync(join(__dirname, 'onebox.json'), 'utf8')));
const server = createServer(createPegasusHandler(cluster));

server.listen(port, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`open http://127.0.0.1:${actual}/`);
});
