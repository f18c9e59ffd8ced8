// A node:cluster whose workers serve profiles on one port. It prints `listening PORT` and, for each request, `WORKER METHOD PATH`.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createPegasusHandler, processInfo } from 'pegasus-http';
import { processProfiler } from 'pegasus-http/profiler';

const WORKERS = Number(process.argv[2] ?? 2);

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', (_, { port }) => {
    listening += 1;
    if (listening === WORKERS) console.log(`listening ${port}`);
  });
  for (let i = 0; i < WORKERS; i += 1) cluster.fork();
} else {
  const workload = createRequire(import.meta.url)('./workload.cjs');
  const profiler = processProfiler({ heapSampleBytes: 16_384, cpuIntervalMicros: 250 });
  /** @type {{ kept?: unknown }} */ (globalThis).kept = workload.retain();
  setInterval(() => workload.spin(), 50);
  const handler = createPegasusHandler(
    { processInfo: { ...processInfo(), profiler } },
    { pprof: process.argv[3] === 'gperftools' ? { defaultFormat: 'gperftools' } : {} },
  );
  createServer(async (req, res) => {
    console.log(`${cluster.worker?.id} ${req.method} ${req.url}`);
    // The Perl tool asks for a profile, sends HEAD, and then asks for the names. The request of another client comes between, so that
    // two workers in turn do not answer both.
    if (req.method === 'HEAD') await fetch(`http://127.0.0.1:${req.socket.localPort}/version`);
    res.setHeader('Connection', 'close');
    handler(req, res);
  }).listen(0, '127.0.0.1');
}
