/**
 * The closed sets of Pegasus: as unions of literals for the source interfaces, and as lists to validate input.
 *
 * @module
 */

/** The state of a table's life cycle: Pegasus's `app_status` without its prefix. */
export type AppStatus =
  | 'AVAILABLE'
  | 'CREATING'
  | 'CREATE_FAILED'
  | 'DROPPING'
  | 'DROP_FAILED'
  | 'DROPPED'
  | 'RECALLING';

export const APP_STATUSES: readonly AppStatus[] = [
  'AVAILABLE',
  'CREATING',
  'CREATE_FAILED',
  'DROPPING',
  'DROP_FAILED',
  'DROPPED',
  'RECALLING',
];

/** Whether the meta server hears from a node; `UNKNOWN` if the source cannot tell. */
export type NodeStatus = 'ALIVE' | 'UNALIVE' | 'UNKNOWN';

export const NODE_STATUSES: readonly NodeStatus[] = ['ALIVE', 'UNALIVE', 'UNKNOWN'];

/**
 * Which changes of the cluster the meta server makes, from none (`stopped`) to balancing it (`lively`); `unknown` if the source
 * cannot tell.
 */
export type MetaFunctionLevel = 'stopped' | 'blind' | 'freezed' | 'steady' | 'lively' | 'unknown';

export const META_FUNCTION_LEVELS: readonly MetaFunctionLevel[] = [
  'stopped',
  'blind',
  'freezed',
  'steady',
  'lively',
  'unknown',
];

/**
 * The generation of Pegasus whose responses the handler gives: `2.5` stands for 1.12 to 2.5, `2.6` for 2.6 and newer. See
 * {@link HandlerOptions.compatibility}.
 */
export type Compatibility = '2.5' | '2.6';

export const COMPATIBILITIES: readonly Compatibility[] = ['2.5', '2.6'];

/**
 * The type of a perf counter. `NUMBER` is a gauge; `VOLATILE_NUMBER` is reset to 0 when it is read; `RATE` is
 * per second since it was last read; `PERCENTILE` is p99 and p999 of a recent window.
 */
export type PerfCounterType = 'NUMBER' | 'VOLATILE_NUMBER' | 'RATE' | 'PERCENTILE';

export const PERF_COUNTER_TYPES: readonly PerfCounterType[] = [
  'NUMBER',
  'VOLATILE_NUMBER',
  'RATE',
  'PERCENTILE',
];

/** The states of a duplication. Pegasus 2.3 and older have `DS_START` for `DS_LOG`. */
export type DuplicationStatus =
  | 'DS_INIT'
  | 'DS_START'
  | 'DS_PREPARE'
  | 'DS_APP'
  | 'DS_LOG'
  | 'DS_PAUSE'
  | 'DS_REMOVED';

export const DUPLICATION_STATUSES: readonly DuplicationStatus[] = [
  'DS_INIT',
  'DS_START',
  'DS_PREPARE',
  'DS_APP',
  'DS_LOG',
  'DS_PAUSE',
  'DS_REMOVED',
];

/** What a duplication does with a mutation that it cannot send: try again, or skip it. */
export type DuplicationFailMode = 'FAIL_SLOW' | 'FAIL_SKIP';

export const DUPLICATION_FAIL_MODES: readonly DuplicationFailMode[] = ['FAIL_SLOW', 'FAIL_SKIP'];

/** The states of a bulk load; `BLS_INVALID` if there is none. */
export type BulkLoadStatus =
  | 'BLS_INVALID'
  | 'BLS_DOWNLOADING'
  | 'BLS_DOWNLOADED'
  | 'BLS_INGESTING'
  | 'BLS_SUCCEED'
  | 'BLS_FAILED'
  | 'BLS_PAUSING'
  | 'BLS_PAUSED'
  | 'BLS_CANCELED';

export const BULK_LOAD_STATUSES: readonly BulkLoadStatus[] = [
  'BLS_INVALID',
  'BLS_DOWNLOADING',
  'BLS_DOWNLOADED',
  'BLS_INGESTING',
  'BLS_SUCCEED',
  'BLS_FAILED',
  'BLS_PAUSING',
  'BLS_PAUSED',
  'BLS_CANCELED',
];

/** The write pattern that RocksDB is tuned for. */
export type UsageScenario = 'normal' | 'bulk_load';

export const USAGE_SCENARIOS: readonly UsageScenario[] = ['normal', 'bulk_load'];
