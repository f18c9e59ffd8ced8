import { describeValue } from '../../validate/describe-value.js';

/** Far above any name of Pegasus's, far below what a request target may hold when every byte is escaped. */
const LONGEST_NAME = 512;

/** Controls, and halves of a character: no request can carry the latter. */
const UNSPEAKABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Checks the name of a perf counter when it is registered: `app*section*name`, none of the three empty. The name's own part
 * may have more `*` in it, and any character that a request can carry.
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
  if (name.length > LONGEST_NAME) {
    throw new TypeError(
      `perf counter name must have at most ${LONGEST_NAME} characters, but ${describeValue(name)} has ${name.length}`,
    );
  }
  if (UNSPEAKABLE.test(name)) {
    throw new TypeError(
      `perf counter name must have no control characters and no lone surrogates: ${describeValue(name)}`,
    );
  }
}
