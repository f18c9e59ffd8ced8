import { describe, expect, it } from 'vitest';
import { HOSTS } from '../compat/versions.js';
import { checkHostExample } from '../support/host-example.js';

describe('a service on fastify, with middie and alone', () => {
  it.each(HOSTS.filter(({ host }) => host.startsWith('fastify')))(
    '$host: $newest',
    async ({ example, newest }) => {
      await expect(checkHostExample(example, newest)).resolves.toBeUndefined();
    },
  );
});
