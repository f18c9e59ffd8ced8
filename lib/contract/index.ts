/**
 * Checks that every meta-state source must pass, for authors of sources. They work with any test runner: each check has a name and a
 * function that rejects if the check fails.
 *
 * @packageDocumentation
 */
export { type ContractCheck, type MetaStateSubject, metaStateContract } from './meta-state.js';
