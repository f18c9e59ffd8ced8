/**
 * The checks that every meta-state source must pass, for authors of sources. They need no test runner of a certain kind: each
 * check has a name and a function that rejects when it fails.
 *
 * @packageDocumentation
 */
export { type ContractCheck, type MetaStateSubject, metaStateContract } from './meta-state.js';
