import { renderFlags, renderSecrets } from '../options/help.js';
import { parseFlags } from '../options/parse-flags.js';
import { readConfiguration } from './configuration.js';
import { createLog } from './log.js';
import { GATEWAY_OPTIONS } from './options.js';
import { startGateway } from './start-gateway.js';
import { createUpstream } from './upstream.js';

/** Renders the help of the command. */
export function gatewayHelp(): string {
  return `Usage: pegasus-http gateway --servers HOST:PORT,... [options]
       pegasus-http gateway --config FILE [options]

Serves running Pegasus clusters over HTTP: one at /, or each of many at /<name>/, with a web console,
/prometheus, /healthz and /readyz. It only reads.

Options:
${renderFlags(GATEWAY_OPTIONS)}

Flags take precedence over the file, and the file over the environment: --max-age-ms is maxAgeMs in
the file and PEGASUS_HTTP_MAX_AGE_MS in the environment. Variables of what is on by default take
true or false: PEGASUS_HTTP_ACCESS_LOG=false.

Secrets are read from the environment or the file only, because arguments are visible to others:
${renderSecrets(GATEWAY_OPTIONS)}

Exit codes: 0, 1 if it cannot start, 2 if an argument is wrong.
`;
}

/**
 * Runs `pegasus-http gateway` until a signal stops it.
 *
 * @throws UsageError or StartError.
 */
export async function runGateway(args: readonly string[]): Promise<void> {
  const flags = parseFlags(args, GATEWAY_OPTIONS, 0);
  if (flags.given.get('help') === true) return void process.stdout.write(gatewayHelp());
  const configuration = await readConfiguration(flags, process.env);
  if (configuration.options.check) return check(configuration);
  await startGateway(configuration);
}

/** Creates what the configuration describes, and lets go of it. */
async function check({ clusters }: Awaited<ReturnType<typeof readConfiguration>>): Promise<void> {
  const log = createLog('silent');
  for (const options of clusters) await createUpstream(options, log).close();
  const names = clusters.map(({ name }) => (name === undefined ? 'at /' : `/${name}/`));
  const count = clusters.length === 1 ? '1 cluster' : `${clusters.length} clusters`;
  process.stdout.write(`the configuration is valid: ${count}, ${names.join(', ')}\n`);
}
