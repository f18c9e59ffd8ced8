// Starts real ZooKeeper servers for tests and trials: the jar of Debian's `zookeeper` package on a free port of loopback. Their data
// lies in a temporary folder, which is removed at the end. The gateway's example, the tests and the bench use it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const JAR = '/usr/share/java/zookeeper.jar';

const JAVA = [
  // A short start counts here, and not speed over hours.
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xmx512m',
  '-Dzookeeper.admin.enableServer=false',
  '-Dzookeeper.jmx.log4j.disable=true',
  // The data must survive the process (see `kill`), but not the machine.
  '-Dzookeeper.forceSync=no',
  '-Dzookeeper.preAllocSize=1024',
];

/**
 * @typedef {object} ZookeeperServer
 * @property {string} address `127.0.0.1:port`; a restart keeps it.
 * @property {() => Promise<void>} start Starts the server again after `kill`, with its data.
 * @property {() => Promise<void>} kill Ends the process with SIGKILL and keeps the data.
 * @property {(signal: NodeJS.Signals) => void} signal Sends a signal to the process, for example `SIGSTOP`.
 * @property {() => Promise<void>} stop Ends the process and removes the data.
 */

/**
 * Starts one server.
 *
 * @param {{ tickTimeMs?: number }} [options] A session lives for 2 to 20 ticks, depending on what its client asks for.
 * @returns {Promise<ZookeeperServer>}
 */
export async function startZookeeper({ tickTimeMs = 500 } = {}) {
  return startServer(await freePort(), tickTimeMs, '', '');
}

/**
 * Starts several servers that elect a leader. They serve as long as more than half of them are alive.
 *
 * @param {number} size
 * @param {{ tickTimeMs?: number }} [options]
 * @returns {Promise<ZookeeperServer[]>}
 */
export async function startEnsemble(size, { tickTimeMs = 500 } = {}) {
  const ports = await Promise.all(Array.from({ length: size * 3 }, freePort));
  const ids = Array.from({ length: size }, (_, i) => i + 1);
  const peers = ids.map((id, i) => `server.${id}=127.0.0.1:${ports[size + i]}:${ports[2 * size + i]}\n`);
  const config = `initLimit=20\nsyncLimit=5\n${peers.join('')}`;
  return Promise.all(ids.map((id, i) => startServer(Number(ports[i]), tickTimeMs, config, String(id))));
}

/**
 * @param {number} port
 * @param {number} tickTimeMs
 * @param {string} ensemble The configuration of the ensemble; empty for a single server.
 * @param {string} id This server's id in the ensemble.
 * @returns {Promise<ZookeeperServer>}
 */
async function startServer(port, tickTimeMs, ensemble, id) {
  await access(JAR).catch(() => {
    throw new Error(`there is no ${JAR}: install ZooKeeper (apt-get install zookeeper)`);
  });
  const folder = await mkdtemp(join(tmpdir(), 'zookeeper-'));
  const config = join(folder, 'zoo.cfg');
  await mkdir(join(folder, 'data'));
  if (id !== '') await writeFile(join(folder, 'data', 'myid'), id);
  await writeFile(
    config,
    `dataDir=${folder}/data
clientPort=${port}
clientPortAddress=127.0.0.1
tickTime=${tickTimeMs}
maxClientCnxns=0
4lw.commands.whitelist=srvr
${ensemble}`,
  );

  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;

  async function start() {
    const started = spawn(
      'java',
      [...JAVA, '-cp', JAR, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', config],
      { stdio: 'ignore' },
    );
    child = started;
    endWithUs(started, folder);
    for (let waited = 0; !(await isServing(port)); waited += 50) {
      if (started.exitCode !== null || waited > 30_000) throw new Error('ZooKeeper does not start');
      await sleep(50);
    }
  }

  async function kill() {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    address: `127.0.0.1:${port}`,
    start,
    kill,
    signal: (signal) => void child?.kill(signal),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Ends a ZooKeeper together with this process, even after SIGKILL: a shell waits for the end of a pipe that only this process
 * holds open.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} folder
 */
function endWithUs(child, folder) {
  const script = 'cat >/dev/null; kill -9 "$0"; rm -rf "$1"';
  const watchdog = spawn('sh', ['-c', script, String(child.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  /** @type {import('node:net').Socket} */ (watchdog.stdin).unref();
  child.once('exit', () => watchdog.kill('SIGKILL'));
}

/**
 * Finds a free port.
 *
 * @returns {Promise<number>}
 */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Asks a server whether it serves. It answers the command `srvr` with its mode then.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isServing(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('srvr'));
    let answer = '';
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer.includes('Mode: ')));
  });
}
