export async function runOnebox(_: readonly string[]): Promise<void> {
  process.stdout.write('Usage: pegasus-http onebox\n');
}
