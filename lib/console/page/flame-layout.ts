import type { Frame } from './profile-model.js';

export const ROW_HEIGHT = 20;

/** Narrower frames are not drawn. */
const MIN_WIDTH = 0.7;

/** Where a frame is drawn. */
export interface FrameBox {
  readonly frame: Frame;
  readonly x: number;
  readonly width: number;
  readonly row: number;
}

/** Lays out the frames: those above the zoomed one over the whole width, those below it by their values. */
export function layoutFrames(zoomed: Frame, width: number): readonly FrameBox[] {
  const above: Frame[] = [];
  for (let one = zoomed.parent; one !== undefined; one = one.parent) above.unshift(one);
  const boxes: FrameBox[] = above.map((frame, row) => ({ frame, x: 0, width, row }));
  const scale = zoomed.value > 0 ? width / zoomed.value : 0;
  const left: FrameBox[] = [{ frame: zoomed, x: 0, width, row: above.length }];
  for (let box = left.pop(); box !== undefined; box = left.pop()) {
    boxes.push(box);
    let { x } = box;
    for (const child of box.frame.children) {
      const childWidth = child.value * scale;
      if (childWidth >= MIN_WIDTH) left.push({ frame: child, x, width: childWidth, row: box.row + 1 });
      x += childWidth;
    }
  }
  return boxes;
}

/** Returns the number of rows. */
export function rowsOf(boxes: readonly FrameBox[]): number {
  return boxes.reduce((most, { row }) => Math.max(most, row + 1), 0);
}

/** Returns the frame at a point. */
export function frameAt(boxes: readonly FrameBox[], x: number, y: number): Frame | undefined {
  const wanted = Math.floor(y / ROW_HEIGHT);
  return boxes.find(({ row, x: left, width }) => row === wanted && x >= left && x < left + width)?.frame;
}

/** Returns the frame that an arrow key moves to; the same one where there is no other. */
export function neighbourOf(frame: Frame, key: string): Frame {
  const siblings = frame.parent?.children ?? [frame];
  const index = siblings.indexOf(frame);
  switch (key) {
    case 'ArrowUp':
      return frame.parent ?? frame;
    case 'ArrowDown':
      return frame.children[0] ?? frame;
    case 'ArrowLeft':
      return siblings[index - 1] ?? frame;
    case 'ArrowRight':
      return siblings[index + 1] ?? frame;
    default:
      return frame;
  }
}
