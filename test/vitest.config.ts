import { defineConfig } from 'vitest/config';

// The recorded answers are in UTC; tests of other zones set their own.
process.env['TZ'] = 'UTC';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What installs packages: `npm run compat` and `npm run new-user`.
    exclude: ['test/compat/**', 'test/new-user/**'],
    pool: 'forks',
    // By default one core is left idle. Many tests wait for child processes and sockets.
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: process.env['TEST_RESULTS'] ?? 'coverage/results.json' }]],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Real servers on a busy machine can be late once. A test that needed its second attempt is shown as such.
    retry: 1,
    coverage: {
      include: ['lib/**/*.ts'],
      // These run in a browser and in processes of their own: test/console and test/command drive them there.
      exclude: ['lib/console/page/**', 'lib/command/**'],
      reporter: ['text', 'json-summary'],
      thresholds: { lines: 98.5 },
    },
  },
});
