/** Where a function begins: line and column from 1, 0 for native code. */
export interface SourcePosition {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Resolves a position of a running script to the position in the source file that its author wrote.
 *
 * @param start - Where the function begins in the script.
 * @param executedLine - A line of the script within the function. When given, the result is that line in the function's source
 *   file; the result's `column` then has no meaning.
 */
export type ResolvePosition = (start: SourcePosition, executedLine?: number) => SourcePosition;

/** Keeps the positions of the scripts as they run. */
export const identity: ResolvePosition = (start, executedLine) =>
  executedLine === undefined ? start : { ...start, line: executedLine };

/** Converts a call frame of the inspector, which counts from 0. */
export function toPosition(frame: {
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}): SourcePosition {
  return { url: frame.url, line: frame.lineNumber + 1, column: frame.columnNumber + 1 };
}
