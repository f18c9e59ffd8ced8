import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { node, ROOT } from '../support/child.js';
import { exampleChecks } from '../support/conformance.js';
import { consumer } from '../support/consumer.js';
import { clientOf } from '../support/http.js';
import { blocksOf } from '../support/markdown.js';
import { below } from '../support/mounts.js';
import { freePort } from '../support/ports.js';
import { toolsOf } from '../support/tools.js';

const PAGE = 'the service itself';

/** Frameworks that build a project before they serve it. The route file is the one of docs/mounting.md. */
const FRAMEWORKS = [
  {
    framework: 'Next.js 16',
    packages: [
      'next@16.4.6',
      'react@19',
      'react-dom@19',
      'typescript@5.9',
      '@types/node@20',
      '@types/react@19',
    ],
    traits: { keepsLength: false, keepsUrl: false },
    route: 'app/pegasus/[[...path]]/route.ts',
    marker: 'force-dynamic',
    files: {
      'next.config.mjs': 'export default { skipTrailingSlashRedirect: true };\n',
      'app/layout.jsx':
        'export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n',
      'app/page.jsx': `export default function Page() { return <p>${PAGE}</p>; }\n`,
    },
    build: ['next/dist/bin/next', 'build'],
    start: (port: number) => [
      'node_modules/next/dist/bin/next',
      'start',
      '-H',
      '127.0.0.1',
      '-p',
      String(port),
    ],
  },
  {
    framework: 'SvelteKit 2',
    packages: [
      '@sveltejs/kit@2.70.4',
      '@sveltejs/adapter-node@5',
      '@sveltejs/vite-plugin-svelte@6',
      'svelte@5',
      'vite@7',
    ],
    traits: { keepsLength: true, keepsUrl: true },
    route: 'src/routes/pegasus/[...path]/+server.ts',
    marker: 'getClientAddress',
    files: {
      'svelte.config.js':
        "import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter() } };\n",
      'vite.config.js':
        "import { sveltekit } from '@sveltejs/kit/vite';\nexport default { plugins: [sveltekit()] };\n",
      'src/app.html':
        '<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n',
      'src/routes/+page.svelte': `<p>${PAGE}</p>\n`,
    },
    build: ['vite/bin/vite.js', 'build'],
    start: () => ['build'],
  },
];

describe('a service on Next.js and SvelteKit', () => {
  it.each(FRAMEWORKS)(
    '$framework: builds, and serves the interface below a page of its own',
    async ({ packages, traits, route, marker, files, build: [program = '', ...args], start }) => {
      const folder = await consumer(packages, { optional: true });
      const { write, tool } = toolsOf(folder);
      for (const [file, content] of Object.entries(files)) await write(file, content);
      const cluster = await readFile(join(ROOT, 'examples/onebox.json'), 'utf8');
      const [block] = blocksOf('docs/mounting.md').filter(({ code }) => code.includes(marker));
      await write(route, block?.code.replace('memoryCluster()', `memoryCluster(${cluster})`) ?? '');
      await tool(program, args, { NEXT_TELEMETRY_DISABLED: '1' });

      const port = await freePort();
      node(start(port), {
        cwd: folder,
        env: { PORT: String(port), HOST: '127.0.0.1', NEXT_TELEMETRY_DISABLED: '1' },
      });
      const client = clientOf(`http://127.0.0.1:${port}`);
      await vi.waitFor(() => client.get('/pegasus/version'), { timeout: 60_000, interval: 200 });
      for (const { run: check } of exampleChecks(traits)) await check(below(client, '/pegasus'));
      expect((await client.get('/')).body).toContain(PAGE);
    },
  );
});
