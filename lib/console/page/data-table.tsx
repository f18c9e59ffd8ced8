import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ScrollFrame } from './frame.js';

/** A column of a {@link DataTable}. */
export interface Column<Item> {
  readonly key: string;
  readonly title: string;
  readonly isNumber?: boolean;
  /** Whether narrow screens leave the column out. */
  readonly isMinor?: boolean;
  /** Whether the column takes the width that the others leave, and cuts what does not fit. */
  readonly isRest?: boolean;
  /** The value to sort by; without it the column cannot be sorted. */
  sortBy?(item: Item): number | string;
  cell(item: Item): ComponentChildren;
}

/** How a table is sorted: the key of a column, with `-` in front for descending. */
export type Sort = string;

interface Props<Item> {
  readonly label: string;
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string | number;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  /** Whether the table scrolls in a frame of its own and renders only what is visible. */
  readonly isLong?: boolean;
  readonly empty?: string;
}

const ROW_HEIGHT = 41;
const MARGIN_ROWS = 12;
const MIN_WINDOWED = 100;

/** Sorts items by a column. */
export function sorted<Item>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  sort: Sort,
): readonly Item[] {
  const isDescending = sort.startsWith('-');
  const by = columns.find(({ key }) => key === sort.replace('-', ''))?.sortBy;
  if (by === undefined) return items;
  const keyed = items.map((item) => ({ item, key: by(item) }));
  const sign = isDescending ? -1 : 1;
  keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : 0));
  return keyed.map(({ item }) => item);
}

/** Shows rows that can be sorted. Of many rows it renders only the visible ones. */
export function DataTable<Item>({ label, columns, items, keyOf, sort, onSort, isLong, empty }: Props<Item>) {
  const frame = useRef<HTMLElement>(null);
  const [view, setView] = useState({ first: 0, count: 40 });
  const isWindowed = isLong === true && items.length > MIN_WINDOWED;
  useEffect(() => {
    const element = frame.current;
    if (!isWindowed || element === null) return undefined;
    const update = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / ROW_HEIGHT) - MARGIN_ROWS);
      const count = Math.ceil(element.clientHeight / ROW_HEIGHT) + 2 * MARGIN_ROWS;
      setView((before) => (before.first === first && before.count === count ? before : { first, count }));
    };
    update();
    element.addEventListener('scroll', update, { passive: true });
    window.addEventListener('resize', update);
    return () => {
      element.removeEventListener('scroll', update);
      window.removeEventListener('resize', update);
    };
  }, [isWindowed]);

  const all = sorted(items, columns, sort);
  const from = isWindowed ? Math.min(view.first, Math.max(0, all.length - view.count)) : 0;
  const shown = isWindowed ? all.slice(from, from + view.count) : all;
  const after = all.length - from - shown.length;
  return (
    <ScrollFrame class={isWindowed ? 'table-frame windowed' : 'table-frame'} frame={frame} label={label}>
      <table aria-rowcount={all.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Spacer rows={from} columns={columns.length} />}
          {shown.map((item, i) => (
            <tr key={keyOf(item)} aria-rowindex={from + i + 2}>
              {columns.map((column) => (
                <td key={column.key} class={classOf(column)}>
                  {column.cell(item)}
                </td>
              ))}
            </tr>
          ))}
          {after > 0 && <Spacer rows={after} columns={columns.length} />}
        </tbody>
      </table>
      {all.length === 0 && empty !== undefined && <p class="empty">{empty}</p>}
    </ScrollFrame>
  );
}

function classOf<Item>({ isNumber, isMinor, isRest }: Column<Item>): string {
  return `${isNumber ? 'number' : ''}${isMinor ? ' minor' : ''}${isRest ? ' rest' : ''}`;
}

function Heading<Item>(props: { column: Column<Item>; sort: Sort; onSort: (sort: Sort) => void }) {
  const { column, sort, onSort } = props;
  const { key, title, sortBy } = column;
  const direction = sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : undefined;
  return (
    <th scope="col" class={classOf(column)} aria-sort={direction ?? 'none'}>
      {sortBy === undefined ? (
        title
      ) : (
        <button
          type="button"
          class="sort"
          onClick={() => onSort(direction === 'ascending' ? `-${key}` : key)}
        >
          {title}
          <span class="arrow" aria-hidden="true">
            {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
          </span>
        </button>
      )}
    </th>
  );
}

/** Takes the place of rows that are not rendered. */
function Spacer({ rows, columns }: { rows: number; columns: number }) {
  return (
    <tr class="spacer">
      <td
        colSpan={columns}
        ref={(element) => {
          if (element) element.style.height = `${rows * ROW_HEIGHT}px`;
        }}
      />
    </tr>
  );
}
