// Packs the READMEs without relative links: a registry's page resolves them only with the address of a repository, which there is none of yet.
// npm runs `packed-readme.js prepack` before it packs and `packed-readme.js postpack` after it.

import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const READMES = ['README.md', 'README.zh-CN.md'];

const ROOT = new URL('..', import.meta.url);
const BACKUP = new URL('coverage/readme/', ROOT);

/** An image, or a link to what is no address. */
const IMAGE = /^!\[[^\]]*\]\((?!https?:)[^)]+\)\n+/gm;
const LINK = /\[([^\]]+)\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g;

/**
 * Replaces relative links by the names of the files, most of which are in the package, and omits pictures.
 *
 * @param {string} markdown
 * @returns {string}
 */
export function withoutRelativeLinks(markdown) {
  return markdown
    .replace(IMAGE, '')
    .replace(LINK, (_, text, path) =>
      text.replaceAll('`', '') === path ? `\`${path}\`` : `${text} (\`${path}\`)`,
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of READMES) {
    const [readme, backup] = [new URL(name, ROOT), new URL(name, BACKUP)];
    if (process.argv[2] === 'postpack') renameSync(backup, readme);
    else {
      mkdirSync(BACKUP, { recursive: true });
      copyFileSync(readme, backup);
      writeFileSync(readme, withoutRelativeLinks(readFileSync(readme, 'utf8')));
    }
  }
}
