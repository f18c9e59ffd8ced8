import type { CallNode } from '../../model/profiler.js';

/** Where V8 says that a function begins, counted from 1; 0 where it is no JavaScript. */
export interface SourcePosition {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Tells where a function begins in the eyes of its author. */
export type ResolvePosition = (place: SourcePosition) => Pick<CallNode, 'url' | 'line'>;

/** The scripts as they run. */
export const identity: ResolvePosition = ({ url, line }) => ({ url, line });

/** A place as the inspector has it, which counts from 0. */
export function toPosition(frame: {
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}): SourcePosition {
  return { url: frame.url, line: frame.lineNumber + 1, column: frame.columnNumber + 1 };
}
