import { describeValue } from '../../validate/describe-value.js';

/**
 * A number that your application keeps: a {@link PerfCounterRegistry.number} or a {@link PerfCounterRegistry.volatileNumber}.
 * Its functions need no `this`.
 */
export interface NumberCounter {
  /**
   * Adds to the value.
   *
   * @param amount - May be negative.
   * @throws TypeError when it is not a number.
   * @defaultValue 1
   */
  inc(amount?: number): void;
  /**
   * Subtracts from the value.
   *
   * @param amount - May be negative.
   * @throws TypeError when it is not a number.
   * @defaultValue 1
   */
  dec(amount?: number): void;
  /**
   * Sets the value.
   *
   * @throws TypeError when it is not a number.
   */
  set(value: number): void;
}

/** A {@link NumberCounter} and the two ways to read it. */
export interface NumberState {
  readonly counter: NumberCounter;
  /** Returns the value. */
  read(): number;
  /** Returns the value and sets it to 0. */
  readAndReset(): number;
}

/** Creates a number that is 0. */
export function createNumber(): NumberState {
  // A field of an object stores a double in place. A captured variable would allocate a heap number for every fraction.
  const state = { value: 0 };
  return {
    counter: {
      inc(amount = 1) {
        state.value += assertNumber(amount);
      },
      dec(amount = 1) {
        state.value -= assertNumber(amount);
      },
      set(value) {
        state.value = assertNumber(value);
      },
    },
    read: () => state.value,
    readAndReset() {
      const { value } = state;
      state.value = 0;
      return value;
    },
  };
}

/** Refuses text such as `'5'`, which `+=` would append to the value. */
function assertNumber(value: number): number {
  if (typeof value === 'number') return value;
  throw new TypeError(`the value of a perf counter must be a number, not ${describeValue(value)}`);
}
