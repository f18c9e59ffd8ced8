import { readdirSync, readFileSync } from 'node:fs';
import { ROOT } from './child.js';

/** A fenced block of a guide. */
export interface Block {
  /** Where it begins, as `docs/mounting.md:12`. */
  readonly place: string;
  readonly language: string;
  /** The second word of its info string, which no reader sees: the file that it is saved as. */
  readonly file: string | undefined;
  readonly code: string;
  /** Whether nothing but blank lines lies between it and the block before. */
  readonly followsDirectly: boolean;
}

const DOCS: readonly string[] = readdirSync(`${ROOT}docs`)
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);

const isTranslation = (file: string) => file.endsWith('.zh-CN.md');

/** The guides in Chinese. Their blocks are those of the English guides, and need not be run again. */
export const TRANSLATIONS: readonly string[] = DOCS.filter(isTranslation);

/** The Markdown files whose blocks are run. */
export const GUIDES: readonly string[] = [
  'README.md',
  'README.zh-CN.md',
  ...DOCS.filter((file) => !isTranslation(file)),
];

/** Takes the fenced blocks out of a Markdown file. */
export function blocksOf(guide: string): Block[] {
  const blocks: Block[] = [];
  let fence: { indent: string; language: string; file: string | undefined; place: string } | undefined;
  let code: string[] = [];
  let followsDirectly = false;
  readFileSync(ROOT + guide, 'utf8')
    .split('\n')
    .forEach((line, i) => {
      if (fence === undefined) {
        const [, indent = '', info] = /^( *)```(.*)$/.exec(line) ?? [];
        if (info === undefined) {
          if (line.trim() !== '') followsDirectly = false;
          return;
        }
        const [language = '', file] = info.trim().split(/\s+/);
        fence = { indent, language, file, place: `${guide}:${i + 1}` };
        code = [];
      } else if (line.trim() === '```') {
        const { language, file, place } = fence;
        blocks.push({ place, language, file, code: `${code.join('\n')}\n`, followsDirectly });
        followsDirectly = true;
        fence = undefined;
      } else {
        code.push(line.startsWith(fence.indent) ? line.slice(fence.indent.length) : line);
      }
    });
  return blocks;
}

/** Takes the `@example` blocks out of the doc comments of `lib`. */
export function exampleBlocks(): Block[] {
  const blocks: Block[] = [];
  for (const file of readdirSync(`${ROOT}lib`, { recursive: true, encoding: 'utf8' }) as string[]) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(`${ROOT}lib/${file}`, 'utf8');
    for (const match of text.matchAll(/^ *\* ```(\w+)\n([\s\S]*?)^ *\* ```$/gm)) {
      const line = text.slice(0, match.index).split('\n').length;
      const code = (match[2] ?? '').replace(/^ *\* ?/gm, '');
      const place = `lib/${file.replaceAll('\\', '/')}:${line}`;
      blocks.push({ place, language: match[1] ?? '', file: undefined, code, followsDirectly: false });
    }
  }
  return blocks;
}
