import { describe, expect, it } from 'vitest';
import { HOSTS } from '../compat/versions.js';
import { checkHostExample } from '../support/host-example.js';

describe('a service on koa 2 and 3', () => {
  it.each(HOSTS.filter(({ host }) => host.startsWith('koa')))(
    '$host: $newest',
    async ({ example, newest }) => {
      await expect(checkHostExample(example, newest)).resolves.toBeUndefined();
    },
  );
});
