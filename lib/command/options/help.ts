import { flagOf, isIn, type Option, variableOf } from './option.js';

const WIDTH = 100;

/** Renders the options that have a flag. */
export function renderFlags(options: readonly Option[]): string {
  const rows = options
    .filter((option) => isIn(option, 'flag'))
    .map((option) => ({ left: leftOf(option), right: `${helpOf(option)}${defaultOf(option)}` }));
  return renderRows(rows);
}

/** Renders the options that have no flag, by their environment variables. */
export function renderSecrets(options: readonly Option[]): string {
  const rows = options
    .filter((option) => !isIn(option, 'flag'))
    .map((option) => ({ left: `  ${variableOf(option)}`, right: `${option.help}${defaultOf(option)}` }));
  return renderRows(rows);
}

function helpOf({ default: byDefault, help }: Option): string {
  return byDefault === true ? `Turn off ${help}` : help;
}

function leftOf(option: Option): string {
  const short = option.short === undefined ? '  ' : `  -${option.short}, `;
  const value = option.kind === 'boolean' ? '' : ` ${option.value ?? option.choices?.join('|') ?? 'VALUE'}`;
  return `${short}${flagOf(option)}${value}`;
}

function defaultOf({ kind, default: byDefault, defaultText }: Option): string {
  if (defaultText !== undefined) return ` (default: ${defaultText})`;
  return byDefault === undefined || kind === 'boolean' ? '' : ` (default: ${byDefault})`;
}

function renderRows(rows: readonly { readonly left: string; readonly right: string }[]): string {
  const column = Math.max(...rows.map(({ left }) => left.length)) + 2;
  return rows
    .map(({ left, right }) => {
      const [first = '', ...others] = wrap(right, Math.max(WIDTH - column, 40));
      return [left.padEnd(column) + first, ...others.map((line) => ' '.repeat(column) + line)].join('\n');
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
