import { describe } from 'vitest';
import { examplesOf } from '../support/host-example.js';

describe('a service on koa 2 and 3', () => {
  examplesOf('koa');
});
