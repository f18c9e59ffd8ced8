import { anyOf, type DocumentOf, literal, mapOf, named, rowOf, string } from './schema.js';
import { fixed2, time } from './text.js';

/** `GET /version`. */
export const version = named('Version', rowOf({ Version: string, GitCommit: string }), {
  Version: '1.12.SNAPSHOT',
  GitCommit: 'cf428dc0ef995b961809df860e783417de7757fc',
});

/** The document of `GET /version`. */
export type VersionDocument = DocumentOf<typeof version>;

/** `GET /recentStartTime`. */
export const recentStartTime = named('RecentStartTime', rowOf({ RecentStartTime: time }), {
  RecentStartTime: '2019-08-14 00:22:00',
});

/** The document of `GET /recentStartTime`. */
export type RecentStartTimeDocument = DocumentOf<typeof recentStartTime>;

export const numberCounter = rowOf({
  name: string,
  value: fixed2,
  type: literal(['NUMBER', 'VOLATILE_NUMBER', 'RATE']),
  description: string,
});
export const percentileCounter = rowOf({
  name: string,
  p99: fixed2,
  p999: fixed2,
  type: literal(['PERCENTILE']),
  description: string,
});

/** `GET /perfCounter`. */
export const perfCounter = named('PerfCounter', anyOf(numberCounter, percentileCounter), {
  name: 'collector*app.pegasus*app.stat.read_qps#_all_',
  value: '0.00',
  type: 'NUMBER',
  description: 'statistic the read_qps of app _all_',
});

/** The document of `GET /perfCounter`. */
export type PerfCounterDocument = DocumentOf<typeof perfCounter>;

/** `GET /`. Help texts by path. */
export const help = named('Endpoints', mapOf(string));

/** The document of `GET /`: help texts by path. */
export type EndpointsDocument = DocumentOf<typeof help>;
