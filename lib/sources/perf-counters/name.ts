import { describeValue } from '../../validate/describe-value.js';

/** Well above any name of Pegasus. Escaped byte by byte, it still fits into the handler's default `maxUrlLength`. */
const MAX_NAME_LENGTH = 512;

/** Control characters, and lone surrogates, which no request can carry. */
const INVALID_CHARACTERS = /[\p{Cc}\p{Cs}]/u;

/**
 * Checks the name of a perf counter: `app*section*name`, none of the three empty. The last part may contain more `*` and any
 * character that a request can carry.
 *
 * @throws TypeError that says what is wrong.
 */
export function checkCounterName(name: string): void {
  if (typeof name !== 'string')
    throw new TypeError(`perf counter name must be a string, not ${describeValue(name)}`);
  const [app, section, ...rest] = name.split('*');
  if (!app || !section || rest.join('') === '') {
    throw new TypeError(
      `perf counter name must be app*section*name, such as "replica*app.pegasus*get_qps@1.0", not ${describeValue(name)}`,
    );
  }
  if (name.length > MAX_NAME_LENGTH) {
    throw new TypeError(
      `perf counter name must have at most ${MAX_NAME_LENGTH} characters, but ${describeValue(name)} has ${name.length}`,
    );
  }
  if (INVALID_CHARACTERS.test(name)) {
    throw new TypeError(
      `perf counter name must have no control characters and no lone surrogates: ${describeValue(name)}`,
    );
  }
}
