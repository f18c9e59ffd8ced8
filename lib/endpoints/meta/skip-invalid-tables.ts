import type { App } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import { memoizeBlocks } from '../../render/block-cache.js';
import { assertArray, assertAscending, count, oneOf } from '../../render/format.js';
import type { TableReporter } from '../../routing/route.js';
import { isDeepFrozenApp } from '../../stats/app-stats.js';
import { describeValue } from '../../validate/describe-value.js';

/** The rows of a list of tables, and the tables that it omits. */
export interface TableRows<Row> {
  readonly rows: readonly Row[];
  /**
   * Reports the omitted tables. Call it when the response is rendered.
   *
   * @returns Whether the response may be cached: an omitted table that is not frozen may be repaired.
   */
  reportSkipped(reporter: TableReporter): boolean;
}

interface SkippedTable {
  readonly index: number;
  readonly app: App;
  readonly cause: unknown;
}

/** A block of the list. */
interface Block<Row> {
  readonly length: number;
  readonly firstId: number | undefined;
  readonly lastId: number;
  readonly rows: readonly Row[];
  readonly skipped: readonly SkippedTable[];
}

/**
 * Creates a function that computes the rows of all AVAILABLE tables. A table whose row cannot be computed is skipped, so that one invalid
 * table does not hide all others. If no valid AVAILABLE table is left, the first error is thrown, because an empty cluster would be a lie.
 * Blocks of frozen tables are cached.
 *
 * @param createRow - Computes the row of one table. It throws if the table cannot be printed.
 * @param isFrozen - Whether a table, and all that `createRow` reads of it, is frozen.
 */
export function tableLister<Row>(
  createRow: (app: App) => Row,
  isFrozen: (app: App) => boolean,
): (apps: readonly App[]) => TableRows<Row> {
  const blocks = memoizeBlocks(
    (apps: readonly App[]) => computeBlock(apps, createRow),
    (app) => typeof app === 'object' && app !== null && isFrozen(app),
  );

  return function listTables(apps) {
    const rows: Row[] = [];
    const skipped: SkippedTable[] = [];
    let lastId = -1;
    let offset = 0;
    for (const block of blocks(assertArray(apps, 'apps'), undefined)) {
      if (block.firstId !== undefined) {
        assertAscending(lastId, block.firstId, 'appId');
        lastId = block.lastId;
      }
      rows.push(...block.rows);
      for (const one of block.skipped) skipped.push({ ...one, index: offset + one.index });
      offset += block.length;
    }
    const [first] = skipped;
    if (first !== undefined && rows.length === 0) throw first.cause;
    return {
      rows,
      reportSkipped(reporter) {
        for (const { index, app, cause } of skipped) {
          reporter.reportSkippedTable(`apps[${index}]${nameOf(app)}`, cause);
        }
        return skipped.every(({ app }) => isDeepFrozenApp(app));
      },
    };
  };
}

function computeBlock<Row>(apps: readonly App[], createRow: (app: App) => Row): Block<Row> {
  const ids: number[] = [];
  const rows: Row[] = [];
  const skipped: SkippedTable[] = [];
  for (const [index, app] of apps.entries()) {
    try {
      count(app.appId, 'appId');
      if (oneOf(app.status, APP_STATUSES, 'status') === 'AVAILABLE') rows.push(createRow(app));
    } catch (cause) {
      skipped.push({ index, app, cause });
      continue;
    }
    // Outside the try: a list out of order is no mistake of one table.
    ids.push(assertAscending(ids.at(-1) ?? -1, app.appId, 'appId'));
  }
  return { length: apps.length, firstId: ids[0], lastId: ids.at(-1) ?? -1, rows, skipped };
}

function nameOf(app: App): string {
  try {
    return ` ${describeValue(app.appName)}`;
  } catch {
    return '';
  }
}
