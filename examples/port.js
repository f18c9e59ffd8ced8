// The port of the examples: PORT in the environment, by default 34601. Explains an invalid or taken port.
const { PORT = '34601' } = process.env;

export const port = Number(PORT);

if (!/^\d+$/.test(PORT) || port > 65_535) {
  process.stderr.write(`PORT must be a number from 0 to 65535, not ${JSON.stringify(PORT)}\n`);
  process.exit(1);
}

process.once('uncaughtException', (error) => {
  if (!('code' in error) || error.code !== 'EADDRINUSE') throw error;
  process.stderr.write(
    `port ${port} is taken: stop what listens there, or choose another, as in PORT=34610\n`,
  );
  process.exit(1);
});
