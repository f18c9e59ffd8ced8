type EnvType = 'bool' | 'string' | 'unsigned int32' | 'unsigned int64';

/** An environment variable of tables. */
type KnownEnv = readonly [name: string, type: EnvType, sample: string, limitation: string];

/** The environment variables that Pegasus knows, with its own types and samples. */
export const KNOWN_ENVS: readonly KnownEnv[] = [
  ['business.info', 'string', '', 'any text'],
  ['default_ttl', 'unsigned int32', '86400', '0 or more seconds; 0 for no limit'],
  ['duplication.follower_app_status', 'string', '', 'set by duplication'],
  ['duplication.master_app_name', 'string', '', 'set by duplication'],
  ['duplication.master_cluster', 'string', '', 'set by duplication'],
  ['duplication.master_metas', 'string', '', 'set by duplication'],
  ['manual_compact.disabled', 'bool', 'true', 'true or false'],
  [
    'manual_compact.max_concurrent_running_count',
    'unsigned int32',
    '8',
    '0 or more; how many replicas of a server compact at the same time',
  ],
  ['manual_compact.once.bottommost_level_compaction', 'string', 'skip', 'skip or force'],
  ['manual_compact.once.target_level', 'unsigned int64', '6', '-1 or a level from 1'],
  ['manual_compact.once.trigger_time', 'unsigned int64', '1700000000', 'Unix time in seconds'],
  ['manual_compact.periodic.bottommost_level_compaction', 'string', 'skip', 'skip or force'],
  ['manual_compact.periodic.target_level', 'unsigned int64', '6', '-1 or a level from 1'],
  ['manual_compact.periodic.trigger_time', 'string', '', 'times of day, such as 3:00,21:00'],
  [
    'replica.backup_request_throttling',
    'string',
    '10000*delay*100,20000*reject*100',
    'COUNT*delay*MS and COUNT*reject*MS, separated by a comma',
  ],
  [
    'replica.deny_client_request',
    'string',
    'timeout*all',
    'reject*read, reject*write, reject*all, timeout*read, timeout*write or timeout*all',
  ],
  [
    'replica.read_throttling',
    'string',
    '10000*delay*100,20000*reject*100',
    'COUNT*delay*MS and COUNT*reject*MS, separated by a comma',
  ],
  [
    'replica.read_throttling_by_size',
    'string',
    '20000*delay*100,20000*reject*100',
    'COUNT*delay*MS and COUNT*reject*MS, separated by a comma',
  ],
  ['replica.rocksdb_block_cache_enabled', 'bool', 'true', 'true or false'],
  [
    'replica.rocksdb_iteration_threshold_time_ms',
    'unsigned int64',
    '1000',
    '0 or more milliseconds; 0 for no limit',
  ],
  ['replica.slow_query_threshold', 'unsigned int64', '1000', '20 or more milliseconds'],
  ['replica.split.validate_partition_hash', 'bool', 'true', 'true or false'],
  [
    'replica.write_throttling',
    'string',
    '10000*delay*100,20000*reject*100',
    'COUNT*delay*MS and COUNT*reject*MS, separated by a comma',
  ],
  [
    'replica.write_throttling_by_size',
    'string',
    '10000*delay*100,20000*reject*100',
    'COUNT*delay*MS and COUNT*reject*MS, separated by a comma',
  ],
  ['replica_access_controller.allowed_users', 'string', '', 'user names, separated by semicolons'],
  ['replica_access_controller.ranger_policies', 'string', '', 'policies of Apache Ranger'],
  ['rocksdb.allow_ingest_behind', 'bool', 'true', 'true or false'],
  ['rocksdb.checkpoint.reserve_min_count', 'unsigned int32', '2', '1 or more'],
  ['rocksdb.checkpoint.reserve_time_seconds', 'unsigned int32', '3600', '0 or more seconds'],
  ['rocksdb.num_levels', 'unsigned int64', '6', 'an integer from 1 to 10'],
  ['rocksdb.usage_scenario', 'string', 'normal', 'normal, prefer_write or bulk_load'],
  ['rocksdb.write_buffer_size', 'unsigned int64', '16777216', 'bytes, from 16777216 to 536870912'],
  ['user_specified_compaction', 'string', '', 'rules as JSON'],
];
