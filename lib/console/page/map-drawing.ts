import { cssColor } from './preferences.js';
import type { Partition } from './tables.js';

/** Where the bands of a large map lie. A band has one row for each node and one column for each of its partitions. */
export interface MapLayout {
  readonly columns: number;
  readonly bands: number;
  readonly bandHeight: number;
  readonly width: number;
  readonly height: number;
}

const CELL = 9;
const LABEL = 44;
const BAND_GAP = 8;
const HEAD = 4;

/** Fits the partitions into a width. */
export function mapLayout(width: number, partitions: number, nodes: number): MapLayout {
  const fitting = Math.max(8, Math.floor((width - LABEL) / CELL));
  const columns = fitting - (fitting % 8);
  const bands = Math.ceil(partitions / columns);
  const bandHeight = HEAD + nodes * CELL + BAND_GAP;
  return { columns, bands, bandHeight, width, height: bands * bandHeight };
}

/** Returns the position of the partition below a point; -1 for none. */
export function partitionAt({ columns, bandHeight }: MapLayout, x: number, y: number): number {
  const column = Math.floor((x - LABEL) / CELL);
  if (column < 0 || column >= columns) return -1;
  return Math.floor(y / bandHeight) * columns + column;
}

/** Draws the map. */
export function drawMap(
  canvas: HTMLCanvasElement,
  layout: MapLayout,
  partitions: readonly Partition[],
  nodes: readonly string[],
): void {
  const ratio = Math.min(2, devicePixelRatio);
  canvas.width = layout.width * ratio;
  canvas.height = layout.height * ratio;
  canvas.style.width = `${layout.width}px`;
  canvas.style.height = `${layout.height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  context.font = '10px system-ui, sans-serif';
  context.textBaseline = 'middle';
  const rows = new Map(nodes.map((node, i) => [node, i]));
  const colors = {
    primary: cssColor('--primary'),
    secondary: cssColor('--secondary'),
    none: cssColor('--cell'),
    text: cssColor('--muted'),
    degraded: cssColor('--degraded'),
    unwritable: cssColor('--unwritable'),
    unreadable: cssColor('--unreadable'),
  };
  const fill = (position: number, row: number, color: string) => {
    const x = LABEL + (position % layout.columns) * CELL;
    const y = Math.floor(position / layout.columns) * layout.bandHeight + HEAD + row * CELL;
    context.fillStyle = color;
    context.fillRect(x, y, CELL - 1, CELL - 1);
  };
  for (let band = 0; band < layout.bands; band += 1) {
    context.fillStyle = colors.text;
    const first = partitions[band * layout.columns];
    context.fillText(String(first?.index ?? ''), 0, band * layout.bandHeight + HEAD + CELL / 2);
  }
  for (const [position, partition] of partitions.entries()) {
    for (let row = 0; row < nodes.length; row += 1) fill(position, row, colors.none);
    for (const node of partition.secondaries) fill(position, rows.get(node) ?? 0, colors.secondary);
    if (partition.primary !== undefined) fill(position, rows.get(partition.primary) ?? 0, colors.primary);
    if (partition.health === 'ok' || partition.health === 'inactive') continue;
    // A bar above the column marks what needs attention.
    context.fillStyle = colors[partition.health];
    const x = LABEL + (position % layout.columns) * CELL;
    context.fillRect(x, Math.floor(position / layout.columns) * layout.bandHeight, CELL - 1, HEAD - 1);
  }
}
