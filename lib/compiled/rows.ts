// Written by `npm run build:compiled`. Change the schemas in lib/wire, or build.js.
import type { RowWriter } from '../render/json.js';

function asUnsafeString (str: string): string {
    return '"' + str + '"'
  }

export const writeCluster: RowWriter<'meta_servers' | 'primary_meta_server' | 'zookeeper_hosts' | 'zookeeper_root' | 'meta_function_level' | 'balance_operation_count' | 'primary_replica_count_stddev' | 'total_replica_count_stddev'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_meta_servers_1=obj.meta_servers;if(value_meta_servers_1!==void 0)json+='{"meta_servers":',json+=asUnsafeString(value_meta_servers_1);else throw new Error('"meta_servers" is required!');
  const value_primary_meta_server_2=obj.primary_meta_server;if(value_primary_meta_server_2!==void 0)json+=',"primary_meta_server":',json+=asUnsafeString(value_primary_meta_server_2);else throw new Error('"primary_meta_server" is required!');
  const value_zookeeper_hosts_3=obj.zookeeper_hosts;if(value_zookeeper_hosts_3!==void 0)json+=',"zookeeper_hosts":',json+=asUnsafeString(value_zookeeper_hosts_3);else throw new Error('"zookeeper_hosts" is required!');
  const value_zookeeper_root_4=obj.zookeeper_root;if(value_zookeeper_root_4!==void 0)json+=',"zookeeper_root":',json+=asUnsafeString(value_zookeeper_root_4);else throw new Error('"zookeeper_root" is required!');
  const value_meta_function_level_5=obj.meta_function_level;if(value_meta_function_level_5!==void 0)json+=',"meta_function_level":',json+=asUnsafeString(value_meta_function_level_5);else throw new Error('"meta_function_level" is required!');
  const value_balance_operation_count_6=obj.balance_operation_count;if(value_balance_operation_count_6!==void 0)json+=',"balance_operation_count":',json+=asUnsafeString(value_balance_operation_count_6);else throw new Error('"balance_operation_count" is required!');
  const value_primary_replica_count_stddev_7=obj.primary_replica_count_stddev;if(value_primary_replica_count_stddev_7!==void 0)json+=',"primary_replica_count_stddev":',json+=asUnsafeString(value_primary_replica_count_stddev_7);else throw new Error('"primary_replica_count_stddev" is required!');
  const value_total_replica_count_stddev_8=obj.total_replica_count_stddev;if(value_total_replica_count_stddev_8!==void 0)json+=',"total_replica_count_stddev":',json+=asUnsafeString(value_total_replica_count_stddev_8);else throw new Error('"total_replica_count_stddev" is required!');return json+"}"};

export const writeNode: RowWriter<'address' | 'status'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_address_1=obj.address;if(value_address_1!==void 0)json+='{"address":',json+=asUnsafeString(value_address_1);else throw new Error('"address" is required!');
  const value_status_2=obj.status;if(value_status_2!==void 0)json+=',"status":',json+=asUnsafeString(value_status_2);else throw new Error('"status" is required!');return json+"}"};

export const writeNodeInDetail: RowWriter<'address' | 'status' | 'replica_count' | 'primary_count' | 'secondary_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_address_1=obj.address;if(value_address_1!==void 0)json+='{"address":',json+=asUnsafeString(value_address_1);else throw new Error('"address" is required!');
  const value_status_2=obj.status;if(value_status_2!==void 0)json+=',"status":',json+=asUnsafeString(value_status_2);else throw new Error('"status" is required!');
  const value_replica_count_3=obj.replica_count;if(value_replica_count_3!==void 0)json+=',"replica_count":',json+=asUnsafeString(value_replica_count_3);else throw new Error('"replica_count" is required!');
  const value_primary_count_4=obj.primary_count;if(value_primary_count_4!==void 0)json+=',"primary_count":',json+=asUnsafeString(value_primary_count_4);else throw new Error('"primary_count" is required!');
  const value_secondary_count_5=obj.secondary_count;if(value_secondary_count_5!==void 0)json+=',"secondary_count":',json+=asUnsafeString(value_secondary_count_5);else throw new Error('"secondary_count" is required!');return json+"}"};

export const writeNodesSummary: RowWriter<'total_node_count' | 'alive_node_count' | 'unalive_node_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_total_node_count_1=obj.total_node_count;if(value_total_node_count_1!==void 0)json+='{"total_node_count":',json+=asUnsafeString(value_total_node_count_1);else throw new Error('"total_node_count" is required!');
  const value_alive_node_count_2=obj.alive_node_count;if(value_alive_node_count_2!==void 0)json+=',"alive_node_count":',json+=asUnsafeString(value_alive_node_count_2);else throw new Error('"alive_node_count" is required!');
  const value_unalive_node_count_3=obj.unalive_node_count;if(value_unalive_node_count_3!==void 0)json+=',"unalive_node_count":',json+=asUnsafeString(value_unalive_node_count_3);else throw new Error('"unalive_node_count" is required!');return json+"}"};

export const writeConfigFlag: RowWriter<'name' | 'section' | 'type' | 'tags' | 'description' | 'value'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_name_1=obj.name;if(value_name_1!==void 0)json+='{"name":',json+=asUnsafeString(value_name_1);else throw new Error('"name" is required!');
  const value_section_2=obj.section;if(value_section_2!==void 0)json+=',"section":',json+=asUnsafeString(value_section_2);else throw new Error('"section" is required!');
  const value_type_3=obj.type;if(value_type_3!==void 0)json+=',"type":',json+=asUnsafeString(value_type_3);else throw new Error('"type" is required!');
  const value_tags_4=obj.tags;if(value_tags_4!==void 0)json+=',"tags":',json+=asUnsafeString(value_tags_4);else throw new Error('"tags" is required!');
  const value_description_5=obj.description;if(value_description_5!==void 0)json+=',"description":',json+=asUnsafeString(value_description_5);else throw new Error('"description" is required!');
  const value_value_6=obj.value;if(value_value_6!==void 0)json+=',"value":',json+=asUnsafeString(value_value_6);else throw new Error('"value" is required!');return json+"}"};

export const writeUpdateConfig: RowWriter<'update_status'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_update_status_1=obj.update_status;if(value_update_status_1!==void 0)json+='{"update_status":',json+=asUnsafeString(value_update_status_1);else throw new Error('"update_status" is required!');return json+"}"};

export const writeError: RowWriter<'error' | 'message'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_error_1=obj.error;if(value_error_1!==void 0)json+='{"error":',json+=asUnsafeString(value_error_1);else throw new Error('"error" is required!');
  const value_message_2=obj.message;if(value_message_2!==void 0)json+=',"message":',json+=asUnsafeString(value_message_2);else throw new Error('"message" is required!');return json+"}"};

export const writeAppGeneral: RowWriter<'app_name' | 'app_id' | 'partition_count' | 'max_replica_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_app_name_1=obj.app_name;if(value_app_name_1!==void 0)json+='{"app_name":',json+=asUnsafeString(value_app_name_1);else throw new Error('"app_name" is required!');
  const value_app_id_2=obj.app_id;if(value_app_id_2!==void 0)json+=',"app_id":',json+=asUnsafeString(value_app_id_2);else throw new Error('"app_id" is required!');
  const value_partition_count_3=obj.partition_count;if(value_partition_count_3!==void 0)json+=',"partition_count":',json+=asUnsafeString(value_partition_count_3);else throw new Error('"partition_count" is required!');
  const value_max_replica_count_4=obj.max_replica_count;if(value_max_replica_count_4!==void 0)json+=',"max_replica_count":',json+=asUnsafeString(value_max_replica_count_4);else throw new Error('"max_replica_count" is required!');return json+"}"};

export const writeAppHealthy: RowWriter<'fully_healthy_partition_count' | 'unhealthy_partition_count' | 'write_unhealthy_partition_count' | 'read_unhealthy_partition_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_fully_healthy_partition_count_1=obj.fully_healthy_partition_count;if(value_fully_healthy_partition_count_1!==void 0)json+='{"fully_healthy_partition_count":',json+=asUnsafeString(value_fully_healthy_partition_count_1);else throw new Error('"fully_healthy_partition_count" is required!');
  const value_unhealthy_partition_count_2=obj.unhealthy_partition_count;if(value_unhealthy_partition_count_2!==void 0)json+=',"unhealthy_partition_count":',json+=asUnsafeString(value_unhealthy_partition_count_2);else throw new Error('"unhealthy_partition_count" is required!');
  const value_write_unhealthy_partition_count_3=obj.write_unhealthy_partition_count;if(value_write_unhealthy_partition_count_3!==void 0)json+=',"write_unhealthy_partition_count":',json+=asUnsafeString(value_write_unhealthy_partition_count_3);else throw new Error('"write_unhealthy_partition_count" is required!');
  const value_read_unhealthy_partition_count_4=obj.read_unhealthy_partition_count;if(value_read_unhealthy_partition_count_4!==void 0)json+=',"read_unhealthy_partition_count":',json+=asUnsafeString(value_read_unhealthy_partition_count_4);else throw new Error('"read_unhealthy_partition_count" is required!');return json+"}"};

export const writeAppNode: RowWriter<'node' | 'primary' | 'secondary' | 'total'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_node_1=obj.node;if(value_node_1!==void 0)json+='{"node":',json+=asUnsafeString(value_node_1);else throw new Error('"node" is required!');
  const value_primary_2=obj.primary;if(value_primary_2!==void 0)json+=',"primary":',json+=asUnsafeString(value_primary_2);else throw new Error('"primary" is required!');
  const value_secondary_3=obj.secondary;if(value_secondary_3!==void 0)json+=',"secondary":',json+=asUnsafeString(value_secondary_3);else throw new Error('"secondary" is required!');
  const value_total_4=obj.total;if(value_total_4!==void 0)json+=',"total":',json+=asUnsafeString(value_total_4);else throw new Error('"total" is required!');return json+"}"};

export const writeAppReplica: RowWriter<'pidx' | 'ballot' | 'replica_count' | 'primary' | 'secondaries'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_pidx_1=obj.pidx;if(value_pidx_1!==void 0)json+='{"pidx":',json+=asUnsafeString(value_pidx_1);else throw new Error('"pidx" is required!');
  const value_ballot_2=obj.ballot;if(value_ballot_2!==void 0)json+=',"ballot":',json+=asUnsafeString(value_ballot_2);else throw new Error('"ballot" is required!');
  const value_replica_count_3=obj.replica_count;if(value_replica_count_3!==void 0)json+=',"replica_count":',json+=asUnsafeString(value_replica_count_3);else throw new Error('"replica_count" is required!');
  const value_primary_4=obj.primary;if(value_primary_4!==void 0)json+=',"primary":',json+=asUnsafeString(value_primary_4);else throw new Error('"primary" is required!');
  const value_secondaries_5=obj.secondaries;if(value_secondaries_5!==void 0)json+=',"secondaries":',json+=asUnsafeString(value_secondaries_5);else throw new Error('"secondaries" is required!');return json+"}"};

export const writeAppsGeneralInfo: RowWriter<'app_id' | 'status' | 'app_name' | 'app_type' | 'partition_count' | 'replica_count' | 'is_stateful' | 'create_time' | 'drop_time' | 'drop_expire' | 'envs_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_app_id_1=obj.app_id;if(value_app_id_1!==void 0)json+='{"app_id":',json+=asUnsafeString(value_app_id_1);else throw new Error('"app_id" is required!');
  const value_status_2=obj.status;if(value_status_2!==void 0)json+=',"status":',json+=asUnsafeString(value_status_2);else throw new Error('"status" is required!');
  const value_app_name_3=obj.app_name;if(value_app_name_3!==void 0)json+=',"app_name":',json+=asUnsafeString(value_app_name_3);else throw new Error('"app_name" is required!');
  const value_app_type_4=obj.app_type;if(value_app_type_4!==void 0)json+=',"app_type":',json+=asUnsafeString(value_app_type_4);else throw new Error('"app_type" is required!');
  const value_partition_count_5=obj.partition_count;if(value_partition_count_5!==void 0)json+=',"partition_count":',json+=asUnsafeString(value_partition_count_5);else throw new Error('"partition_count" is required!');
  const value_replica_count_6=obj.replica_count;if(value_replica_count_6!==void 0)json+=',"replica_count":',json+=asUnsafeString(value_replica_count_6);else throw new Error('"replica_count" is required!');
  const value_is_stateful_7=obj.is_stateful;if(value_is_stateful_7!==void 0)json+=',"is_stateful":',json+=asUnsafeString(value_is_stateful_7);else throw new Error('"is_stateful" is required!');
  const value_create_time_8=obj.create_time;if(value_create_time_8!==void 0)json+=',"create_time":',json+=asUnsafeString(value_create_time_8);else throw new Error('"create_time" is required!');
  const value_drop_time_9=obj.drop_time;if(value_drop_time_9!==void 0)json+=',"drop_time":',json+=asUnsafeString(value_drop_time_9);else throw new Error('"drop_time" is required!');
  const value_drop_expire_10=obj.drop_expire;if(value_drop_expire_10!==void 0)json+=',"drop_expire":',json+=asUnsafeString(value_drop_expire_10);else throw new Error('"drop_expire" is required!');
  const value_envs_count_11=obj.envs_count;if(value_envs_count_11!==void 0)json+=',"envs_count":',json+=asUnsafeString(value_envs_count_11);else throw new Error('"envs_count" is required!');return json+"}"};

export const writeAppsHealthyInfo: RowWriter<'app_id' | 'app_name' | 'partition_count' | 'fully_healthy' | 'unhealthy' | 'write_unhealthy' | 'read_unhealthy'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_app_id_1=obj.app_id;if(value_app_id_1!==void 0)json+='{"app_id":',json+=asUnsafeString(value_app_id_1);else throw new Error('"app_id" is required!');
  const value_app_name_2=obj.app_name;if(value_app_name_2!==void 0)json+=',"app_name":',json+=asUnsafeString(value_app_name_2);else throw new Error('"app_name" is required!');
  const value_partition_count_3=obj.partition_count;if(value_partition_count_3!==void 0)json+=',"partition_count":',json+=asUnsafeString(value_partition_count_3);else throw new Error('"partition_count" is required!');
  const value_fully_healthy_4=obj.fully_healthy;if(value_fully_healthy_4!==void 0)json+=',"fully_healthy":',json+=asUnsafeString(value_fully_healthy_4);else throw new Error('"fully_healthy" is required!');
  const value_unhealthy_5=obj.unhealthy;if(value_unhealthy_5!==void 0)json+=',"unhealthy":',json+=asUnsafeString(value_unhealthy_5);else throw new Error('"unhealthy" is required!');
  const value_write_unhealthy_6=obj.write_unhealthy;if(value_write_unhealthy_6!==void 0)json+=',"write_unhealthy":',json+=asUnsafeString(value_write_unhealthy_6);else throw new Error('"write_unhealthy" is required!');
  const value_read_unhealthy_7=obj.read_unhealthy;if(value_read_unhealthy_7!==void 0)json+=',"read_unhealthy":',json+=asUnsafeString(value_read_unhealthy_7);else throw new Error('"read_unhealthy" is required!');return json+"}"};

export const writeAppsHealthySummary: RowWriter<'total_app_count' | 'fully_healthy_app_count' | 'unhealthy_app_count' | 'write_unhealthy_app_count' | 'read_unhealthy_app_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_total_app_count_1=obj.total_app_count;if(value_total_app_count_1!==void 0)json+='{"total_app_count":',json+=asUnsafeString(value_total_app_count_1);else throw new Error('"total_app_count" is required!');
  const value_fully_healthy_app_count_2=obj.fully_healthy_app_count;if(value_fully_healthy_app_count_2!==void 0)json+=',"fully_healthy_app_count":',json+=asUnsafeString(value_fully_healthy_app_count_2);else throw new Error('"fully_healthy_app_count" is required!');
  const value_unhealthy_app_count_3=obj.unhealthy_app_count;if(value_unhealthy_app_count_3!==void 0)json+=',"unhealthy_app_count":',json+=asUnsafeString(value_unhealthy_app_count_3);else throw new Error('"unhealthy_app_count" is required!');
  const value_write_unhealthy_app_count_4=obj.write_unhealthy_app_count;if(value_write_unhealthy_app_count_4!==void 0)json+=',"write_unhealthy_app_count":',json+=asUnsafeString(value_write_unhealthy_app_count_4);else throw new Error('"write_unhealthy_app_count" is required!');
  const value_read_unhealthy_app_count_5=obj.read_unhealthy_app_count;if(value_read_unhealthy_app_count_5!==void 0)json+=',"read_unhealthy_app_count":',json+=asUnsafeString(value_read_unhealthy_app_count_5);else throw new Error('"read_unhealthy_app_count" is required!');return json+"}"};

export const writeAppsSummary: RowWriter<'total_app_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_total_app_count_1=obj.total_app_count;if(value_total_app_count_1!==void 0)json+='{"total_app_count":',json+=asUnsafeString(value_total_app_count_1);else throw new Error('"total_app_count" is required!');return json+"}"};

export const writeBackupPolicy: RowWriter<'name' | 'backup_provider_type' | 'backup_interval' | 'app_ids' | 'start_time' | 'status' | 'backup_history_count'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_name_1=obj.name;if(value_name_1!==void 0)json+='{"name":',json+=asUnsafeString(value_name_1);else throw new Error('"name" is required!');
  const value_backup_provider_type_2=obj.backup_provider_type;if(value_backup_provider_type_2!==void 0)json+=',"backup_provider_type":',json+=asUnsafeString(value_backup_provider_type_2);else throw new Error('"backup_provider_type" is required!');
  const value_backup_interval_3=obj.backup_interval;if(value_backup_interval_3!==void 0)json+=',"backup_interval":',json+=asUnsafeString(value_backup_interval_3);else throw new Error('"backup_interval" is required!');
  const value_app_ids_4=obj.app_ids;if(value_app_ids_4!==void 0)json+=',"app_ids":',json+=asUnsafeString(value_app_ids_4);else throw new Error('"app_ids" is required!');
  const value_start_time_5=obj.start_time;if(value_start_time_5!==void 0)json+=',"start_time":',json+=asUnsafeString(value_start_time_5);else throw new Error('"start_time" is required!');
  const value_status_6=obj.status;if(value_status_6!==void 0)json+=',"status":',json+=asUnsafeString(value_status_6);else throw new Error('"status" is required!');
  const value_backup_history_count_7=obj.backup_history_count;if(value_backup_history_count_7!==void 0)json+=',"backup_history_count":',json+=asUnsafeString(value_backup_history_count_7);else throw new Error('"backup_history_count" is required!');return json+"}"};

export const writeBulkLoadResult: RowWriter<'error' | 'hint_msg'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_error_1=obj.error;if(value_error_1!==void 0)json+='{"error":',json+=asUnsafeString(value_error_1);else throw new Error('"error" is required!');
  const value_hint_msg_2=obj.hint_msg;if(value_hint_msg_2!==void 0)json+=',"hint_msg":',json+=asUnsafeString(value_hint_msg_2);else throw new Error('"hint_msg" is required!');return json+"}"};

export const writeBulkLoadState: RowWriter<'error' | 'app_status'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_error_1=obj.error;if(value_error_1!==void 0)json+='{"error":',json+=asUnsafeString(value_error_1);else throw new Error('"error" is required!');
  const value_app_status_2=obj.app_status;if(value_app_status_2!==void 0)json+=',"app_status":',json+=asUnsafeString(value_app_status_2);else throw new Error('"app_status" is required!');return json+"}"};

export const writeDataVersion: RowWriter<'data_version'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_data_version_1=obj.data_version;if(value_data_version_1!==void 0)json+='{"data_version":',json+=asUnsafeString(value_data_version_1);else throw new Error('"data_version" is required!');return json+"}"};

export const writeKnownEnv: RowWriter<'limitation' | 'sample' | 'type'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_limitation_1=obj.limitation;if(value_limitation_1!==void 0)json+='{"limitation":',json+=asUnsafeString(value_limitation_1);else throw new Error('"limitation" is required!');
  const value_sample_2=obj.sample;if(value_sample_2!==void 0)json+=',"sample":',json+=asUnsafeString(value_sample_2);else throw new Error('"sample" is required!');
  const value_type_3=obj.type;if(value_type_3!==void 0)json+=',"type":',json+=asUnsafeString(value_type_3);else throw new Error('"type" is required!');return json+"}"};

export const writeOperationResult: RowWriter<'error' | 'hint_message'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_error_1=obj.error;if(value_error_1!==void 0)json+='{"error":',json+=asUnsafeString(value_error_1);else throw new Error('"error" is required!');
  const value_hint_message_2=obj.hint_message;if(value_hint_message_2!==void 0)json+=',"hint_message":',json+=asUnsafeString(value_hint_message_2);else throw new Error('"hint_message" is required!');return json+"}"};

export const writeNumberCounter: RowWriter<'name' | 'value' | 'type' | 'description'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_name_1=obj.name;if(value_name_1!==void 0)json+='{"name":',json+=asUnsafeString(value_name_1);else throw new Error('"name" is required!');
  const value_value_2=obj.value;if(value_value_2!==void 0)json+=',"value":',json+=asUnsafeString(value_value_2);else throw new Error('"value" is required!');
  const value_type_3=obj.type;if(value_type_3!==void 0)json+=',"type":',json+=asUnsafeString(value_type_3);else throw new Error('"type" is required!');
  const value_description_4=obj.description;if(value_description_4!==void 0)json+=',"description":',json+=asUnsafeString(value_description_4);else throw new Error('"description" is required!');return json+"}"};

export const writePercentileCounter: RowWriter<'name' | 'p99' | 'p999' | 'type' | 'description'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_name_1=obj.name;if(value_name_1!==void 0)json+='{"name":',json+=asUnsafeString(value_name_1);else throw new Error('"name" is required!');
  const value_p99_2=obj.p99;if(value_p99_2!==void 0)json+=',"p99":',json+=asUnsafeString(value_p99_2);else throw new Error('"p99" is required!');
  const value_p999_3=obj.p999;if(value_p999_3!==void 0)json+=',"p999":',json+=asUnsafeString(value_p999_3);else throw new Error('"p999" is required!');
  const value_type_4=obj.type;if(value_type_4!==void 0)json+=',"type":',json+=asUnsafeString(value_type_4);else throw new Error('"type" is required!');
  const value_description_5=obj.description;if(value_description_5!==void 0)json+=',"description":',json+=asUnsafeString(value_description_5);else throw new Error('"description" is required!');return json+"}"};

export const writeRecentStartTime: RowWriter<'RecentStartTime'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_RecentStartTime_1=obj.RecentStartTime;if(value_RecentStartTime_1!==void 0)json+='{"RecentStartTime":',json+=asUnsafeString(value_RecentStartTime_1);else throw new Error('"RecentStartTime" is required!');return json+"}"};

export const writeVersion: RowWriter<'Version' | 'GitCommit'> = (input: any) => {const obj=input&&typeof input.toJSON=="function"?input.toJSON():input;if(obj===null)return"{}";let json="";
  const value_Version_1=obj.Version;if(value_Version_1!==void 0)json+='{"Version":',json+=asUnsafeString(value_Version_1);else throw new Error('"Version" is required!');
  const value_GitCommit_2=obj.GitCommit;if(value_GitCommit_2!==void 0)json+=',"GitCommit":',json+=asUnsafeString(value_GitCommit_2);else throw new Error('"GitCommit" is required!');return json+"}"};
