import type { App } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import { assertArray, assertAscending, count, oneOf } from '../../render/format.js';
import type { TableReporter } from '../../routing/route.js';
import { type AppBlock, appBlocks } from '../../stats/app-blocks.js';
import { isDeepFrozenApp } from '../../stats/app-stats.js';
import { describeValue } from '../../validate/describe-value.js';

/** The rows of a list of tables, and the tables that it omits. */
export interface TableRows<Row> {
  /** The rows in blocks of one or more. The block of frozen tables is the same object as long as they are. */
  readonly blocks: readonly (readonly Row[])[];
  readonly rowCount: number;
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

/** What the tables of a block give. */
interface BlockRows<Row> {
  readonly firstId: number | undefined;
  readonly lastId: number;
  readonly rows: readonly Row[];
  readonly skipped: readonly SkippedTable[];
}

/**
 * Creates a function that computes the rows of all AVAILABLE tables. A table whose row cannot be computed is skipped, so that one invalid
 * table does not hide all others. If no valid AVAILABLE table is left, the first error is thrown, because an empty cluster would be a lie.
 * The rows of frozen tables are cached.
 *
 * @param createRow - Computes the row of one table. It throws if the table cannot be printed.
 * @param isFrozen - Whether a table, and all that `createRow` reads of it, is frozen.
 */
export function tableLister<Row>(
  createRow: (app: App) => Row,
  isFrozen: (app: App) => boolean,
): (apps: readonly App[]) => TableRows<Row> {
  const rowsByBlock = new WeakMap<AppBlock, BlockRows<Row>>();
  const rowsByApp = new WeakMap<App, Row>();

  function rowOf(app: App): Row {
    const cached = rowsByApp.get(app);
    if (cached !== undefined) return cached;
    const row = createRow(app);
    if (isFrozen(app)) rowsByApp.set(app, row);
    return row;
  }

  function rowsOf(block: AppBlock): BlockRows<Row> {
    const cached = rowsByBlock.get(block);
    if (cached !== undefined) return cached;
    const computed = computeRows(block, rowOf);
    if (block.every((app) => typeof app === 'object' && app !== null && isFrozen(app)))
      rowsByBlock.set(block, computed);
    return computed;
  }

  return function listTables(apps) {
    const blocks: (readonly Row[])[] = [];
    const skipped: SkippedTable[] = [];
    let rowCount = 0;
    let lastId = -1;
    let offset = 0;
    for (const block of appBlocks(assertArray(apps, 'apps'))) {
      const found = rowsOf(block);
      if (found.firstId !== undefined) {
        assertAscending(lastId, found.firstId, 'appId');
        lastId = found.lastId;
      }
      if (found.rows.length > 0) blocks.push(found.rows);
      rowCount += found.rows.length;
      for (const one of found.skipped) skipped.push({ ...one, index: offset + one.index });
      offset += block.length;
    }
    const [first] = skipped;
    if (first !== undefined && rowCount === 0) throw first.cause;
    return {
      blocks,
      rowCount,
      reportSkipped(reporter) {
        for (const { index, app, cause } of skipped) {
          reporter.reportSkippedTable(`apps[${index}]${nameOf(app)}`, cause);
        }
        return skipped.every(({ app }) => isDeepFrozenApp(app));
      },
    };
  };
}

function computeRows<Row>(apps: AppBlock, createRow: (app: App) => Row): BlockRows<Row> {
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
  return { firstId: ids[0], lastId: ids.at(-1) ?? -1, rows, skipped };
}

function nameOf(app: App): string {
  try {
    return ` ${describeValue(app.appName)}`;
  } catch {
    return '';
  }
}
