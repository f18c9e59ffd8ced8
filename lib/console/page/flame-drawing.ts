import { type FrameBox, ROW_HEIGHT, rowsOf } from './flame-layout.js';
import { cssColor } from './preferences.js';
import type { Frame } from './profile-model.js';

const MIN_LABEL_WIDTH = 26;
const PADDING = 5;

/** Draws the boxes of a flame graph. */
export function drawFlames(
  canvas: HTMLCanvasElement,
  boxes: readonly FrameBox[],
  width: number,
  state: { readonly pointed: Frame | undefined; readonly search: string; readonly rootName: string },
): void {
  const height = rowsOf(boxes) * ROW_HEIGHT;
  const ratio = Math.min(2, devicePixelRatio);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  const text = cssColor('--flame-text');
  const found = cssColor('--flame-found');
  const wanted = state.search.toLowerCase();
  for (const { frame, x, width: boxWidth, row } of boxes) {
    const y = row * ROW_HEIGHT;
    const isFound = wanted !== '' && frame.name.toLowerCase().includes(wanted);
    context.globalAlpha = wanted === '' || isFound ? 1 : 0.45;
    context.fillStyle = isFound ? found : colorOf(frame);
    context.fillRect(x, y, Math.max(0.5, boxWidth - 0.5), ROW_HEIGHT - 1);
    if (frame === state.pointed) {
      context.globalAlpha = 1;
      context.strokeStyle = text;
      context.strokeRect(x + 0.5, y + 0.5, Math.max(0, boxWidth - 1.5), ROW_HEIGHT - 2);
    }
    if (boxWidth < MIN_LABEL_WIDTH) continue;
    context.fillStyle = text;
    const label = fit(context, frame.parent === undefined ? state.rootName : frame.name, boxWidth);
    context.fillText(label, x + PADDING, y + ROW_HEIGHT / 2);
  }
}

function fit(context: CanvasRenderingContext2D, text: string, width: number): string {
  const most = Math.floor((width - 2 * PADDING) / 4);
  let shown = text.length > most ? text.slice(0, most) : text;
  while (shown.length > 1 && context.measureText(`${shown}…`).width > width - 2 * PADDING) {
    if (shown === text && context.measureText(text).width <= width - 2 * PADDING) return text;
    shown = shown.slice(0, -Math.max(1, Math.floor(shown.length / 12)));
  }
  return shown === text ? text : `${shown}…`;
}

/** Colours a frame by where its code comes from: the program, its packages, Node, or the engine. */
function colorOf({ file, name, parent }: Frame): string {
  if (parent === undefined) return cssColor('--flame-root');
  const shade = (hash(name) % 5) * 3;
  if (file === '') return `hsl(215 12% ${68 + shade / 2}%)`;
  if (/^node:/.test(file)) return `hsl(200 45% ${66 + shade}%)`;
  if (file.includes('node_modules/')) return `hsl(46 80% ${60 + shade}%)`;
  return `hsl(${14 + shade} 85% ${62 + shade / 1.5}%)`;
}

function hash(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) | 0;
  return Math.abs(sum);
}
