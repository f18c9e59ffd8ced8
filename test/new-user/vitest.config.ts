import { defineConfig } from 'vitest/config';
import { KindsReporter } from './kinds-reporter.js';

// One file for each kind of project. It installs packages, and takes minutes.
export default defineConfig({
  test: {
    include: ['test/new-user/*.test.ts'],
    globalSetup: ['test/support/pack.ts'],
    pool: 'forks',
    // By default one core is left idle. Most of the time is spent waiting for package registries and child processes.
    maxWorkers: 2,
    reporters: ['default', new KindsReporter(), ['json', { outputFile: 'coverage/new-user.json' }]],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
