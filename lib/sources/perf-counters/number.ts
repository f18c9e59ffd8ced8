/** A figure that its owner sets: a {@link PerfCounterRegistry.number} or a {@link PerfCounterRegistry.volatileNumber}. */
export interface NumberCounter {
  /** Makes it this. */
  set(value: number): void;
  /** Makes it this much more (less, when negative). Default: 1. */
  add(amount?: number): void;
}

/** What keeps a {@link NumberCounter}, as the registry sees it. */
export interface NumberFigure {
  readonly counter: NumberCounter;
  /** The value as it stands. */
  value(): number;
  /** The value as it stands, which is 0 from then on. */
  take(): number;
}

export function numberFigure(): NumberFigure {
  // A field of an object holds a double in place; a captured variable would be a new heap number for every fraction.
  const state = { value: 0 };
  return {
    counter: {
      set(value) {
        state.value = value;
      },
      add(amount = 1) {
        state.value += amount;
      },
    },
    value: () => state.value,
    take() {
      const { value } = state;
      state.value = 0;
      return value;
    },
  };
}
