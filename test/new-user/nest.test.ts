import { describe } from 'vitest';
import { examplesOf } from '../support/host-example.js';

describe('a service on NestJS', () => {
  examplesOf('NestJS');
});
