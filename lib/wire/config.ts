import { type DocumentOf, mapOf, named, row } from './schema.js';

/** `GET /config`. */
export const configFlag = named(
  'ConfigFlag',
  row('name', 'section', 'type', 'tags', 'description', 'value'),
  {
    name: 'abnormal_write_trace_latency_threshold',
    section: 'replication',
    type: 'FV_UINT64',
    tags: 'flag_tag::FT_MUTABLE',
    description: 'latency trace will be logged when write latency exceed the threshold',
    value: '1000000000',
  },
);

/** The document of `GET /config`. */
export type ConfigFlagDocument = DocumentOf<typeof configFlag>;

/** `GET /configs`. Flags by name. */
export const configs = named('ConfigFlags', mapOf(configFlag));

/** The document of `GET /configs`: flags by name. */
export type ConfigFlagsDocument = DocumentOf<typeof configs>;

/** `GET` and `POST /updateConfig`. */
export const updateConfig = named('ConfigUpdate', row('update_status'), { update_status: 'ERR_OK' });

/** The document of `/updateConfig`. */
export type ConfigUpdateDocument = DocumentOf<typeof updateConfig>;
