import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startZookeeper, type ZookeeperServer } from '../../examples/zookeeper/server.js';
import { writeZookeeper, type ZookeeperWriter } from '../../examples/zookeeper/writer.js';
import { type FakeCluster, serveCluster } from '../../lib/testing/index.js';
import { ROOT } from '../support/child.js';
import { installed } from '../support/commands.js';
import { golden } from '../support/fixtures.js';
import { type GuideRunner, guideRunner, type Output, typeErrors } from '../support/guide-runner.js';
import { type Block, blocksOf, exampleBlocks, GUIDES, TRANSLATIONS } from '../support/markdown.js';

/** Every address of ZooKeeper that the guides and the examples name. */
const ZOOKEEPERS = ['10.0.0.1:2181', '10.0.0.2:2181', '10.0.0.3:2181'];

/** The meta servers that the guides of programs name. */
const METAS = ['10.0.0.1:34601', '10.0.0.2:34601'] as const;

const hasGo = installed('go', 'golang-go');
const hasPerl = installed('google-pprof', 'google-perftools');
const hasPython = installed('python3', 'python3');

const EXAMPLES = exampleBlocks();
const ALL = [...GUIDES.flatMap(blocksOf), ...EXAMPLES];

it('type-checks every TypeScript block', () => {
  const blocks = ALL.filter(({ language }) => language === 'ts');
  expect(blocks.length).toBeGreaterThan(10);
  expect(typeErrors(blocks)).toEqual([]);
}, 60_000);

it('sees a type error where there is one', () => {
  const code = "import { memoryCluster } from 'pegasus-http';\nmemoryCluster({ nodes: 17 });\n";
  expect(typeErrors([{ place: 'here:1', code }])[0]).toMatch(/^here:1 line 2 of the block: Type 'number'/);
}, 60_000);

/** A real ZooKeeper with a recorded cluster in it, where the guides say that there is one. */
function withZookeeper(blocks: readonly Block[], runner: () => GuideRunner): void {
  if (!blocks.some(({ code }) => code.includes('10.0.0.1:2181'))) return;
  let server: ZookeeperServer | undefined;
  let writer: ZookeeperWriter | undefined;
  beforeAll(async () => {
    server = await startZookeeper({ tickTimeMs: 100 });
    writer = await writeZookeeper(server.address);
    const { znodes } = golden('healthy');
    const moved = Object.entries(znodes).map(([path, znode]) => [
      path.replace('/onebox/127.0.0.1', '/c1'),
      znode,
    ]);
    await writer.load(Object.fromEntries(moved));
    for (const address of ZOOKEEPERS) runner().lead(address, server.address);
  }, 60_000);
  afterAll(async () => {
    await writer?.close();
    await server?.stop();
  });
}

/** A fake cluster where the guides say that the meta servers of a running one are. */
function withCluster(blocks: readonly Block[], runner: () => GuideRunner): void {
  if (!blocks.some(({ language, code }) => language === 'sh' && code.includes(METAS[0]))) return;
  let fake: FakeCluster | undefined;
  beforeAll(async () => {
    fake = await serveCluster({ metaServers: METAS.length, apps: [{ appName: 'temp', partitionCount: 8 }] });
    for (const [i, address] of METAS.entries()) runner().lead(address, fake.metas[i]?.address ?? '');
  });
  afterAll(() => fake?.close());
}

function runnerOf(blocks: readonly Block[]): () => GuideRunner {
  let runner: GuideRunner | undefined;
  const current = () => {
    if (runner === undefined) throw new Error('the runner is there only while a test runs');
    return runner;
  };
  beforeAll(() => {
    runner = guideRunner();
  });
  afterAll(() => runner?.close());
  withZookeeper(blocks, current);
  withCluster(blocks, current);
  return current;
}

describe.each(GUIDES.filter((guide) => blocksOf(guide).length > 0))('%s', (guide) => {
  const blocks = blocksOf(guide);
  const runner = runnerOf(blocks);
  let last: Output | undefined;

  for (const block of blocks) {
    const { place, language, file, code, followsDirectly } = block;
    const needs = neededBy(code);
    it.skipIf(!needs)(`${place} ${language}`, { timeout: 90_000 }, async () => {
      if (file !== undefined) return runner().save(file, code);
      switch (language) {
        case 'js':
        case 'ts':
        case 'cjs':
          last = await runner().program(code, language);
          return;
        case 'sh':
          last = await runner().shell(code);
          return;
        case 'console':
          for (const [, command = '', expected = ''] of code.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n?)*)/gm)) {
            expectText((await runner().shell(command)).stdout, expected);
          }
          return;
        case 'json':
          expect(followsDirectly, 'it shows what the block before prints').toBe(true);
          return expect(JSON.parse(last?.stdout ?? '')).toEqual(JSON.parse(code));
        case 'text':
          expect(followsDirectly, 'it shows what the block before prints').toBe(true);
          return expectText(last?.stdout ?? '', code);
        default:
          throw new Error(`no runner for ${language}: ${place}`);
      }
    });
  }
});

describe('examples in doc comments', () => {
  const programs = EXAMPLES.filter(({ language }) => language === 'ts');
  const runner = runnerOf(programs);

  it.each(programs.map(({ place, code }) => [place, code]))('%s', { timeout: 90_000 }, async (_, code) => {
    await runner().program(code, 'ts');
  });
});

describe.each([...GUIDES, ...TRANSLATIONS, 'ARCHITECTURE.md'])('%s', (guide) => {
  const text = readFileSync(ROOT + guide, 'utf8');

  it('links to what is there', () => {
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? ROOT + guide : join(ROOT, dirname(guide), path);
      expect(existsSync(file), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(file), link).toContain(anchor);
    }
  });

  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    for (const [, script = ''] of text.matchAll(/npm (?:run )?((?<=run )[\w-]+|start|test)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
  });
});

describe.each(TRANSLATIONS)('%s', (translation) => {
  const original = translation.replace('.zh-CN', '');
  const shapeOf = (guide: string) => {
    const text = readFileSync(ROOT + guide, 'utf8').replace(/^```.*?^```$/gms, '');
    const linesWith = (start: RegExp) => text.split('\n').flatMap((line) => start.exec(line)?.[0] ?? []);
    return { headings: linesWith(/^#+ /), rows: linesWith(/^\| /).length };
  };

  it('has the code of the English guide', () => {
    const codeOf = (guide: string) =>
      blocksOf(guide).map(({ language, file, code }) => ({ language, file, code }));
    expect(codeOf(translation)).toEqual(codeOf(original));
  });

  it('has its headings and as many rows of tables', () => {
    expect(shapeOf(translation)).toEqual(shapeOf(original));
  });
});

it('docs/performance.md says what bench/README.md says', () => {
  const measured = readFileSync(`${ROOT}bench/README.md`, 'utf8');
  const table = readFileSync(`${ROOT}docs/performance.md`, 'utf8')
    .split('\n\n')
    .find((part) => part.startsWith('| |'));
  const ratios = Array.from(table?.matchAll(/\| ([\d.]+) \|$/gm) ?? [], ([, ratio]) => ratio);
  expect(ratios.length).toBeGreaterThan(5);
  for (const ratio of ratios) expect(measured).toMatch(new RegExp(`(?<![\\d.])${ratio}(?!\\d)`));
});

/** The anchors of a file's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm);
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Whether the programs that a block needs are installed. */
function neededBy(code: string): boolean {
  if (/google-pprof/.test(code)) return hasPerl;
  if (/go tool pprof/.test(code)) return hasGo;
  return /^python3/m.test(code) ? hasPython : true;
}

/** `...` stands for anything. */
function expectText(actual: string, expected: string): void {
  const pattern = expected
    .trim()
    .split('...')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[\\s\\S]*');
  expect(actual.trim()).toMatch(new RegExp(`^${pattern}$`));
}
