let isWanted = false;

/** Asks for the focus to be moved to the heading of the next view, so that a screen reader reads it. */
export function wantHeadingFocus(): void {
  isWanted = true;
}

/** Moves the focus to the heading of a view that has just been shown, if that was asked for. */
export function focusHeading(heading: HTMLElement | null): void {
  if (!isWanted || heading === null) return;
  isWanted = false;
  heading.focus({ preventScroll: true });
}
