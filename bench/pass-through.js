// Runs a proxy that passes each request on, over kept connections, as http-proxy does: `pass-through.js PORT`. It sends its port to the parent.
import { Agent, createServer, request } from 'node:http';

const [port = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

const server = createServer((req, res) => {
  const { url: path, method, headers } = req;
  const upstream = request(
    { host: '127.0.0.1', port: Number(port), path, method, headers, agent },
    (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    },
  );
  upstream.on('error', () => res.destroy());
  req.pipe(upstream);
});
server.listen(0, '127.0.0.1', () => {
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port: actual });
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
