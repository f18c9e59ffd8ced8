export async function runOnebox(_: readonly string[]): Promise<void> {}
