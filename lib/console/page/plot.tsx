import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useText } from './i18n.js';
import { cssColor, useThemeVersion } from './preferences.js';
import { readable, type Series } from './series.js';

const HEIGHT = 150;
const MIN_SECONDS = 120;
const COLORS = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5'];

/** Plots a series, live. */
export function Plot(props: { name: string; series: Series; lines: readonly string[]; points: number }) {
  const { name, series, lines, points } = props;
  const t = useText();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = useThemeVersion();
  const labels = lines.join(' ');
  // The theme changes the colours, the labels the lines.
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const created = new uPlot(optionsOf(lines, element.clientWidth), dataOf(series), element);
    plot.current = created;
    const observer = new ResizeObserver(() =>
      created.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
    };
  }, [series, labels, theme]);
  // The series is extended in place.
  useEffect(() => plot.current?.setData(dataOf(series)), [series, points]);
  return (
    <>
      {lines.length > 1 && (
        <ul class="legend">
          {lines.map((line, i) => (
            <li key={line}>
              <span class={`key line-${i + 1}`} /> {line}
            </li>
          ))}
        </ul>
      )}
      <div ref={host} class="plot" role="img" aria-label={t('plot.label', name)} />
    </>
  );
}

function dataOf({ times, lines }: Series): uPlot.AlignedData {
  return [times, ...lines] as uPlot.AlignedData;
}

function optionsOf(lines: readonly string[], width: number): uPlot.Options {
  const axis = {
    stroke: cssColor('--muted'),
    grid: { stroke: cssColor('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 8, 0, 0],
    scales: {
      x: { range: (_, min, max) => timesOf(min, max) },
      y: { range: (_, min, max) => rangeOf(min, max) },
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 80,
        values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toLocaleTimeString('en-GB')),
      },
      { ...axis, size: 62, values: (_, ticks) => ticks.map(readable) },
    ],
    series: [
      {},
      ...lines.map((label, i) => ({
        label,
        stroke: cssColor(COLORS[i % COLORS.length] as string),
        width: 1.75,
        // A line needs two values.
        points: { show: (plot: uPlot) => plot.data[0].length < 2 },
      })),
    ],
  };
}

/** Few values are shown at the right of a time that is long enough for more. */
function timesOf(min: number | null, max: number | null): [number, number] {
  const end = max ?? Date.now() / 1000;
  return [Math.min(min ?? end, end - MIN_SECONDS), end];
}

/** A flat line gets room above and below it. */
function rangeOf(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = (max - min) * 0.1 || Math.abs(max) * 0.1 || 1;
  return [min >= 0 ? Math.max(0, min - room) : min - room, max + room];
}
