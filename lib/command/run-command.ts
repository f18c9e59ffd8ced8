import { PACKAGE_VERSION } from '../openapi/version.js';
import { closestKey } from '../validate/unknown-key.js';
import { StartError, UsageError } from './failure.js';
import { runGateway } from './gateway/run-gateway.js';
import { runOnebox } from './onebox/run-onebox.js';

const HELP = `Usage: pegasus-http COMMAND [options]

Commands:
  gateway  serve running Pegasus clusters over HTTP
  onebox   serve a fake Pegasus cluster from memory

Options:
  -h, --help     show this help; pegasus-http COMMAND --help shows that of a command
  -v, --version  show the version

https://pegasus.apache.org describes Pegasus; the guides of this package are in its folder docs.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  gateway: runGateway,
  onebox: runOnebox,
};

/**
 * Runs the command `pegasus-http`. A server goes on after that.
 *
 * @param args - The arguments behind the name of the program.
 * @returns The exit code: 0, 1 if a program cannot start, 2 if an argument is wrong.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  try {
    if (name === '--version' || name === '-v') print(PACKAGE_VERSION);
    else if (name === '--help' || name === '-h') process.stdout.write(HELP);
    else if (Object.hasOwn(COMMANDS, name)) await COMMANDS[name]?.(rest);
    else throw new UsageError(unknownCommand(name));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StartError)) throw error;
    process.stderr.write(`${Object.hasOwn(COMMANDS, name) ? name : 'pegasus-http'}: ${error.message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function unknownCommand(name: string): string {
  const known = [...Object.keys(COMMANDS), '--help', '--version'];
  if (name === '') return `a command is missing: ${known.join(', ')}`;
  const closest = closestKey(name, known);
  const advice = closest === undefined ? `known are ${known.join(', ')}` : `did you mean "${closest}"?`;
  return `unknown command "${name.slice(0, 60)}", ${advice}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
