import { expect, it } from 'vitest';
import { memoryCluster } from '../../lib/index.js';
import { processProfiler } from '../../lib/sources/profiler/index.js';
import { browserOfFile, serveConsole, shows } from '../support/browser.js';
import { workload } from '../support/profiled.js';

const open = browserOfFile();

it('shows profiles by the names of functions', { timeout: 90_000 }, async () => {
  const profiler = processProfiler({ heapSampleBytes: 16_384 });
  const kept: unknown[] = [];
  const timer = setInterval(() => {
    workload.spin();
    if (kept.length < 3) kept.push(workload.retain());
  }, 20);
  try {
    const url = await serveConsole(memoryCluster({}, { profiler }));
    const { page, problems } = await open(`${url}/console/#/profile?seconds=1`);
    const take = page.getByRole('button', { name: 'Take the profile' });
    for (const [kind, name] of [
      ['CPU', 'renderPage'],
      ['Heap', 'cachePages'],
      ['Growth', 'cachePages'],
    ] as const) {
      await page.getByRole('button', { name: kind }).click();
      await take.click();
      await shows(page, 'Flame graph');
      await expect.poll(() => page.locator('td .name').allInnerTexts()).toContain(name);
      // By keyboard, because where a frame is drawn depends on what else ran.
      await page.locator('canvas').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await shows(page, 'Show everything');
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').fill(name);
      await expect
        .poll(() => page.locator('td .name.mono').allInnerTexts())
        .toSatisfy((names: string[]) => names.length > 0 && names.every((one) => one.includes(name)));
      await page.getByRole('searchbox').fill('');
    }
    expect(problems).toEqual([]);
  } finally {
    clearInterval(timer);
  }
});
