import { text } from './schema.js';

/** A number, printed as Pegasus prints it. */
export const decimal = text('^\\d+$', 'A non-negative integer in decimal.');

export const decimalOrUnknown = text(
  '^(\\d+|unknown)$',
  'A non-negative integer in decimal; "unknown" where the source cannot know.',
);

export const fixed2 = text(
  '^(-?\\d+\\.\\d\\d|-?nan|-?inf)$',
  'A number with two decimals, or "nan", "inf" or "-inf".',
);

export const ratio = text('^\\d+/\\d+$', 'A part and the whole, such as "2/3".');

export const ballot = text('^(\\d+|-1)$', 'A ballot; -1 for a partition that a split is creating.');

export const flag = text('^(true|false)$', '"true" or "false".');

export const list = text('^\\[[\\s\\S]*\\]$', 'Addresses in brackets, separated by commas.');

export const time = text(
  '^\\d{4,}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$',
  'A time as YYYY-MM-DD HH:MM:SS in the time zone of the server.',
);

export const timeOrDash = text(
  '^(\\d{4,}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+|-)$',
  'A time as YYYY-MM-DD HH:MM:SS.mmm in the time zone of the server; "-" for none.',
);
