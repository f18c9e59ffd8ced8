import { describe } from 'vitest';
import { examplesOf } from '../support/host-example.js';

describe('a service on fastify, with middie and alone', () => {
  examplesOf('fastify');
});
