import { expect, it } from 'vitest';
import { checkHostExample } from '../support/host-example.js';
import { HOSTS } from './versions.js';

it.each(HOSTS)('$host: $lowest', async ({ example, lowest }) => {
  await expect(checkHostExample(example, lowest)).resolves.toBeUndefined();
});
