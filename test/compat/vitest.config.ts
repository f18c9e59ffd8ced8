import { defineConfig } from 'vitest/config';

// Other versions than those that the suite runs with. It installs packages, and takes minutes.
export default defineConfig({
  test: {
    include: ['test/compat/*.test.ts'],
    globalSetup: ['test/support/pack.ts'],
    pool: 'forks',
    // By default one core is left idle. Most of the time is spent waiting for package registries and child processes.
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: 'coverage/compat.json' }]],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
