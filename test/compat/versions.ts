// What this package is known to work with: the lowest version of each that it is tested with, and the newest.
// A newer one is entered here, by hand, when it is out. docs and README say the same ranges.

/** The lowest of each line that `engines` in package.json takes with `require(esm)`, and the newest of the newer lines. */
export const NODES = ['20.19.0', '22.13.0', '24.21.0', '26.10.0'] as const;

/** Each with what a service of its time would have beside it. `npm run new-user` installs the newest. */
export const HOSTS = [
  {
    host: 'express 4',
    example: 'express4.js',
    lowest: 'express4@npm:express@4.12.4',
    newest: 'express4@npm:express@4.22.3',
  },
  { host: 'express 5', example: 'express.js', lowest: 'express@5.0.0', newest: 'express@5.3.0' },
  {
    host: 'fastify 5',
    example: 'fastify.js',
    lowest: 'fastify@5.0.0 @fastify/middie@9.0.1',
    newest: 'fastify@5.12.8 @fastify/middie@9.3.6',
  },
  { host: 'fastify 5 alone', example: 'fastify-alone.js', lowest: 'fastify@5.0.0', newest: 'fastify@5.12.8' },
  {
    host: 'hono 4',
    example: 'hono.js',
    lowest: 'hono@4.8.0 @hono/node-server@2.0.0',
    newest: 'hono@4.13.19 @hono/node-server@2.1.9',
  },
  { host: 'NestJS', example: 'nest.js', lowest: nest('11.0.0'), newest: nest('12.5.1') },
  {
    host: 'koa 2',
    example: 'koa.js',
    lowest: 'koa@2.13.4 koa-mount@4.0.0 koa-connect@2.1.0',
    newest: 'koa@2.16.4 koa-mount@4.2.0 koa-connect@2.1.1',
  },
  {
    host: 'koa 3',
    example: 'koa.js',
    lowest: 'koa@3.0.0 koa-mount@4.0.0 koa-connect@2.1.0',
    newest: 'koa@3.3.0 koa-mount@4.2.0 koa-connect@2.1.1',
  },
] as const;

function nest(version: string): string {
  const packages = ['core', 'common', 'platform-express'].map((name) => `@nestjs/${name}@${version}`);
  return [...packages, 'reflect-metadata', 'rxjs'].join(' ');
}

/** Runtimes that call a fetch handler, by the packages of their binaries on this platform, and how they run a file on a port. */
export const RUNTIMES = [
  {
    runtime: 'Bun',
    version: '1.4.5',
    packages: [`@oven/bun-${process.platform}-${process.arch}`],
    binary: 'bin/bun',
    args: (file: string) => [file],
  },
  {
    runtime: 'Deno',
    version: '2.9.6',
    packages: [`@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`],
    binary: 'deno',
    args: (file: string, port: string) => [
      'serve',
      '--allow-all',
      '--host',
      '127.0.0.1',
      '--port',
      port,
      file,
    ],
  },
] as const;

/** The peers, from the lowest that package.json takes to the newest. Of node-zookeeper-client that is one and the same. */
export const PEERS = {
  'prom-client': ['15.0.0', '15.1.3'],
  'node-zookeeper-client': ['1.1.3'],
} as const;

/** Compilers, by the types of Node beside them: the oldest that a user of a supported Node would have, and the newest. */
export const TYPESCRIPTS = {
  '20.19.43': ['5.4.5', '5.5.4', '5.6.3', '5.7.3', '5.8.3', '5.9.3', '6.0.3', '7.0.2'],
  '26.6.6': ['6.0.3', '7.0.2'],
} as const;
