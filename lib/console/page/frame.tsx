import type { ComponentChildren, RefObject } from 'preact';

/** Frames what may be larger than the screen. It scrolls by itself, and can be reached by keyboard. */
export function ScrollFrame(props: {
  class: string;
  label: string;
  frame?: RefObject<HTMLElement | null>;
  children: ComponentChildren;
}) {
  return (
    <section
      class={props.class}
      {...(props.frame && { ref: props.frame })}
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard cannot scroll the frame
      tabIndex={0}
    >
      {props.children}
    </section>
  );
}
