import { anyOf, mapOf, row, string } from './schema.js';

/** `GET /version`. */
export const version = row('Version', 'GitCommit');

/** `GET /recentStartTime`. */
export const recentStartTime = row('RecentStartTime');

export const numberCounter = row('name', 'value', 'type', 'description');
export const percentileCounter = row('name', 'p99', 'p999', 'type', 'description');

/** `GET /perfCounter`. */
export const perfCounter = anyOf(numberCounter, percentileCounter);

/** `GET /`. Help texts by path. */
export const help = mapOf(string);
