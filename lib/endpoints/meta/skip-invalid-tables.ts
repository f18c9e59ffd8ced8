import type { BodyBlock, ResponseBody } from '../../http/body.js';
import type { App, Cluster } from '../../model/cluster.js';
import { APP_STATUSES } from '../../model/enums.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import { chain } from '../../model/maybe-promise.js';
import { keptBody, type Making } from '../../render/body-cache.js';
import { assertArray, count, jsonText, oneOf } from '../../render/format.js';
import { type Rendering, UNFROZEN } from '../../render/time-slicing.js';
import type { ReportTable } from '../../routing/route.js';
import { isFrozenPartition } from '../../stats/app-stats.js';
import { describeValue } from '../../validate/describe-value.js';

/**
 * The body of an answer that is made of many tables, kept as all bodies are. A rendering that was begun anew, for something turned out
 * not to be frozen, has found what cannot be printed twice: the host is told when the body is there, and once.
 *
 * @param render - Begins the rendering; it notes the tables that it leaves out.
 */
export function listingBody(
  cluster: Cluster,
  variant: string,
  reportTable: ReportTable,
  render: (note: ReportTable) => Rendering,
): MaybePromise<ResponseBody> {
  let left: Parameters<ReportTable>[] = [];
  const body = keptBody(cluster, variant, () => {
    left = [];
    return render((table, cause) => left.push([table, cause]));
  });
  return chain(body, (made) => {
    for (const [table, cause] of left) reportTable(table, cause);
    return made;
  });
}

/** Goes through what an answer needs of one table, and throws where there is something that cannot be printed. A part of renderings. */
export type CheckTable = (app: App) => Making<unknown>;

/**
 * Renders an answer that is made of many tables. Where it throws, the tables are gone through one by one, and it is rendered once more
 * without those that cannot be printed: one of them must not hide all the others. Where it is not a table's fault, or not one table
 * in use could be shown, the error stays what it was: an empty cluster would be a lie.
 *
 * @param render - Renders the answer with these tables.
 * @param note - Told of each table that is left out, when the rendering is complete.
 */
export function* withSoundTables(
  apps: readonly App[],
  render: (apps: readonly App[]) => Rendering,
  check: CheckTable,
  note: ReportTable,
): Rendering {
  const pieces: (string | BodyBlock)[] = [];
  try {
    for (const piece of render(apps)) {
      if (piece === '' || piece === UNFROZEN) yield piece;
      else pieces.push(piece);
    }
  } catch (error) {
    return yield* withoutUnsound(assertArray(apps, 'apps'), render, check, note, error);
  }
  yield* pieces;
}

function* withoutUnsound(
  apps: readonly App[],
  render: (apps: readonly App[]) => Rendering,
  check: CheckTable,
  note: ReportTable,
  error: unknown,
): Rendering {
  const sound: App[] = [];
  const unsound: { table: string; cause: unknown }[] = [];
  for (const [i, app] of apps.entries()) {
    yield '';
    try {
      count(app.appId, 'appId');
      jsonText(app.appName, 'appName');
      if (oneOf(app.status, APP_STATUSES, 'status') === 'AVAILABLE') yield* check(app);
      sound.push(app);
    } catch (cause) {
      unsound.push({ table: `apps[${i}]${nameOf(app)}`, cause });
      if (!isFrozen(app)) yield UNFROZEN;
    }
  }
  if (unsound.length === 0 || !sound.some(({ status }) => status === 'AVAILABLE')) throw error;
  yield* render(sound);
  for (const { table, cause } of unsound) note(table, cause);
}

function nameOf(app: App): string {
  try {
    return ` ${describeValue(app.appName)}`;
  } catch {
    return '';
  }
}

/** Whether a table that cannot be printed will stay so. */
function isFrozen(app: App): boolean {
  try {
    const { envs, partitions } = app;
    return [app, envs, partitions].every(Object.isFrozen) && partitions.every(isFrozenPartition);
  } catch {
    return false;
  }
}
