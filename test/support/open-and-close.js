// Opens a source and an election, and closes both after a while. The process ends when nothing of them is left:
// node open-and-close.js SERVERS ROOT MILLISECONDS
import { setTimeout as sleep } from 'node:timers/promises';
import { electPrimary, zookeeperCluster } from 'pegasus-http/zookeeper';

const [servers = '', clusterRoot = '', milliseconds] = process.argv.slice(2);
const cluster = zookeeperCluster({ servers, clusterRoot });
const election = electPrimary({ servers, lockRoot: `${clusterRoot}/elect`, address: '127.0.0.1:1' });
const waiting = Promise.allSettled([cluster.ready(), election.ready()]);
await sleep(Number(milliseconds));
await Promise.all([cluster.close(), election.close(), cluster.close(), election.close()]);
await waiting;
