//! The figures of an `INFO` that are one number each, and who it is that tells them.

use crate::collect::redis::info::sections::Info;
use crate::model::sample::Sample;

/// Fields that become a sample: field and metric, in the order of `INFO`.
///
/// The names are those of `redis_exporter`; where the unit differs from the
/// field's, [`value`] converts.
const FIGURES: [(&str, &str); 159] = [
    ("uptime_in_seconds", "redis_uptime_in_seconds"),
    ("process_id", "redis_process_id"),
    ("io_threads_active", "redis_io_threads_active"),
    ("connected_clients", "redis_connected_clients"),
    ("cluster_connections", "redis_cluster_connections"),
    ("maxclients", "redis_max_clients"),
    ("maxclients", "redis_config_maxclients"),
    ("blocked_clients", "redis_blocked_clients"),
    ("tracking_clients", "redis_tracking_clients"),
    ("pubsub_clients", "redis_pubsub_clients"),
    ("watching_clients", "redis_watching_clients"),
    ("clients_in_timeout_table", "redis_clients_in_timeout_table"),
    ("total_watched_keys", "redis_total_watched_keys"),
    ("total_blocking_keys", "redis_total_blocking_keys"),
    (
        "total_blocking_keys_on_nokey",
        "redis_total_blocking_keys_on_nokey",
    ),
    (
        "client_longest_output_list",
        "redis_client_longest_output_list",
    ),
    ("client_biggest_input_buf", "redis_client_biggest_input_buf"),
    (
        "client_recent_max_input_buffer",
        "redis_client_recent_max_input_buffer_bytes",
    ),
    (
        "client_recent_max_output_buffer",
        "redis_client_recent_max_output_buffer_bytes",
    ),
    ("used_memory", "redis_memory_used_bytes"),
    ("used_memory_rss", "redis_memory_used_rss_bytes"),
    ("used_memory_peak", "redis_memory_used_peak_bytes"),
    ("used_memory_lua", "redis_memory_used_lua_bytes"),
    ("used_memory_vm_eval", "redis_memory_used_vm_eval_bytes"),
    (
        "used_memory_scripts_eval",
        "redis_memory_used_scripts_eval_bytes",
    ),
    (
        "used_memory_vm_functions",
        "redis_memory_used_vm_functions_bytes",
    ),
    ("used_memory_vm_total", "redis_memory_used_vm_total_bytes"),
    ("used_memory_functions", "redis_memory_used_functions_bytes"),
    ("used_memory_scripts", "redis_memory_used_scripts_bytes"),
    ("used_memory_overhead", "redis_memory_used_overhead_bytes"),
    ("used_memory_startup", "redis_memory_used_startup_bytes"),
    ("used_memory_dataset", "redis_memory_used_dataset_bytes"),
    ("maxmemory", "redis_memory_max_bytes"),
    ("maxmemory", "redis_config_maxmemory"),
    ("total_system_memory", "redis_total_system_memory_bytes"),
    ("number_of_cached_scripts", "redis_number_of_cached_scripts"),
    ("number_of_functions", "redis_number_of_functions"),
    ("number_of_libraries", "redis_number_of_libraries"),
    ("allocator_active", "redis_allocator_active_bytes"),
    ("allocator_allocated", "redis_allocator_allocated_bytes"),
    ("allocator_resident", "redis_allocator_resident_bytes"),
    ("allocator_frag_ratio", "redis_allocator_frag_ratio"),
    ("allocator_frag_bytes", "redis_allocator_frag_bytes"),
    ("allocator_rss_ratio", "redis_allocator_rss_ratio"),
    ("allocator_rss_bytes", "redis_allocator_rss_bytes"),
    ("mem_fragmentation_ratio", "redis_mem_fragmentation_ratio"),
    ("mem_fragmentation_bytes", "redis_mem_fragmentation_bytes"),
    ("mem_clients_slaves", "redis_mem_clients_slaves"),
    ("mem_clients_normal", "redis_mem_clients_normal"),
    ("mem_cluster_links", "redis_mem_cluster_links_bytes"),
    ("mem_aof_buffer", "redis_mem_aof_buffer_bytes"),
    (
        "mem_replication_backlog",
        "redis_mem_replication_backlog_bytes",
    ),
    (
        "mem_total_replication_buffers",
        "redis_mem_total_replication_buffers_bytes",
    ),
    (
        "mem_not_counted_for_evict",
        "redis_mem_not_counted_for_eviction_bytes",
    ),
    (
        "mem_overhead_db_hashtable_rehashing",
        "redis_mem_overhead_db_hashtable_rehashing_bytes",
    ),
    ("lazyfree_pending_objects", "redis_lazyfree_pending_objects"),
    ("lazyfreed_objects", "redis_lazyfreed_objects"),
    ("active_defrag_running", "redis_active_defrag_running"),
    ("active_defrag_hits", "redis_defrag_hits"),
    ("active_defrag_misses", "redis_defrag_misses"),
    ("active_defrag_key_hits", "redis_defrag_key_hits"),
    ("active_defrag_key_misses", "redis_defrag_key_misses"),
    ("loading", "redis_loading_dump_file"),
    ("async_loading", "redis_async_loading"),
    (
        "rdb_changes_since_last_save",
        "redis_rdb_changes_since_last_save",
    ),
    ("rdb_bgsave_in_progress", "redis_rdb_bgsave_in_progress"),
    (
        "rdb_last_save_time",
        "redis_rdb_last_save_timestamp_seconds",
    ),
    ("rdb_last_bgsave_status", "redis_rdb_last_bgsave_status"),
    (
        "rdb_last_bgsave_time_sec",
        "redis_rdb_last_bgsave_duration_sec",
    ),
    (
        "rdb_current_bgsave_time_sec",
        "redis_rdb_current_bgsave_duration_sec",
    ),
    ("rdb_saves", "redis_rdb_saves_total"),
    ("rdb_last_cow_size", "redis_rdb_last_cow_size_bytes"),
    (
        "rdb_last_load_keys_expired",
        "redis_rdb_last_load_expired_keys",
    ),
    (
        "rdb_last_load_keys_loaded",
        "redis_rdb_last_load_loaded_keys",
    ),
    ("aof_enabled", "redis_aof_enabled"),
    ("aof_rewrite_in_progress", "redis_aof_rewrite_in_progress"),
    ("aof_rewrite_scheduled", "redis_aof_rewrite_scheduled"),
    (
        "aof_last_rewrite_time_sec",
        "redis_aof_last_rewrite_duration_sec",
    ),
    (
        "aof_current_rewrite_time_sec",
        "redis_aof_current_rewrite_duration_sec",
    ),
    (
        "aof_last_bgrewrite_status",
        "redis_aof_last_bgrewrite_status",
    ),
    ("aof_last_write_status", "redis_aof_last_write_status"),
    ("aof_last_cow_size", "redis_aof_last_cow_size_bytes"),
    ("aof_current_size", "redis_aof_current_size_bytes"),
    ("aof_base_size", "redis_aof_base_size_bytes"),
    ("aof_pending_rewrite", "redis_aof_pending_rewrite"),
    ("aof_buffer_length", "redis_aof_buffer_length"),
    (
        "aof_rewrite_buffer_length",
        "redis_aof_rewrite_buffer_length",
    ),
    ("aof_pending_bio_fsync", "redis_aof_pending_bio_fsync"),
    ("aof_delayed_fsync", "redis_aof_delayed_fsync"),
    ("module_fork_in_progress", "redis_module_fork_in_progress"),
    (
        "module_fork_last_cow_size",
        "redis_module_fork_last_cow_size",
    ),
    (
        "total_connections_received",
        "redis_connections_received_total",
    ),
    ("total_commands_processed", "redis_commands_processed_total"),
    (
        "instantaneous_ops_per_sec",
        "redis_instantaneous_ops_per_sec",
    ),
    ("total_net_input_bytes", "redis_net_input_bytes_total"),
    ("total_net_output_bytes", "redis_net_output_bytes_total"),
    (
        "total_net_repl_input_bytes",
        "redis_net_repl_input_bytes_total",
    ),
    (
        "total_net_repl_output_bytes",
        "redis_net_repl_output_bytes_total",
    ),
    ("rejected_connections", "redis_rejected_connections_total"),
    ("sync_full", "redis_replica_resyncs_full"),
    ("sync_partial_ok", "redis_replica_partial_resync_accepted"),
    ("sync_partial_err", "redis_replica_partial_resync_denied"),
    ("expired_keys", "redis_expired_keys_total"),
    ("expired_subkeys", "redis_expired_subkeys_total"),
    ("expired_stale_perc", "redis_expired_stale_percentage"),
    (
        "expired_time_cap_reached_count",
        "redis_expired_time_cap_reached_total",
    ),
    (
        "expire_cycle_cpu_milliseconds",
        "redis_expire_cycle_cpu_time_ms_total",
    ),
    ("evicted_keys", "redis_evicted_keys_total"),
    ("evicted_clients", "redis_evicted_clients_total"),
    ("evicted_scripts", "redis_evicted_scripts_total"),
    (
        "current_eviction_exceeded_time",
        "redis_current_eviction_exceeded_time_ms",
    ),
    (
        "total_eviction_exceeded_time",
        "redis_eviction_exceeded_time_ms_total",
    ),
    ("keyspace_hits", "redis_keyspace_hits_total"),
    ("keyspace_misses", "redis_keyspace_misses_total"),
    ("pubsub_channels", "redis_pubsub_channels"),
    ("pubsub_patterns", "redis_pubsub_patterns"),
    ("pubsubshard_channels", "redis_pubsubshard_channels"),
    ("latest_fork_usec", "redis_latest_fork_seconds"),
    ("total_forks", "redis_forks_total"),
    (
        "migrate_cached_sockets",
        "redis_migrate_cached_sockets_total",
    ),
    (
        "slave_expires_tracked_keys",
        "redis_slave_expires_tracked_keys",
    ),
    ("tracking_total_keys", "redis_tracking_total_keys"),
    ("tracking_total_items", "redis_tracking_total_items"),
    ("tracking_total_prefixes", "redis_tracking_total_prefixes"),
    ("unexpected_error_replies", "redis_unexpected_error_replies"),
    ("total_error_replies", "redis_total_error_replies"),
    (
        "dump_payload_sanitizations",
        "redis_dump_payload_sanitizations",
    ),
    ("total_reads_processed", "redis_total_reads_processed"),
    ("total_writes_processed", "redis_total_writes_processed"),
    (
        "io_threaded_reads_processed",
        "redis_io_threaded_reads_processed",
    ),
    (
        "io_threaded_writes_processed",
        "redis_io_threaded_writes_processed",
    ),
    (
        "acl_access_denied_auth",
        "redis_acl_access_denied_auth_total",
    ),
    ("acl_access_denied_cmd", "redis_acl_access_denied_cmd_total"),
    ("acl_access_denied_key", "redis_acl_access_denied_key_total"),
    (
        "acl_access_denied_channel",
        "redis_acl_access_denied_channel_total",
    ),
    (
        "client_query_buffer_limit_disconnections",
        "redis_client_query_buffer_limit_disconnections_total",
    ),
    (
        "client_output_buffer_limit_disconnections",
        "redis_client_output_buffer_limit_disconnections_total",
    ),
    ("eventloop_cycles", "redis_eventloop_cycles_total"),
    (
        "eventloop_duration_sum",
        "redis_eventloop_duration_microseconds_total",
    ),
    ("connected_slaves", "redis_connected_slaves"),
    ("slave_priority", "redis_slave_priority"),
    ("master_repl_offset", "redis_master_repl_offset"),
    ("second_repl_offset", "redis_second_repl_offset"),
    ("repl_backlog_active", "redis_repl_backlog_is_active"),
    ("repl_backlog_size", "redis_replication_backlog_bytes"),
    (
        "repl_backlog_first_byte_offset",
        "redis_repl_backlog_first_byte_offset",
    ),
    ("repl_backlog_histlen", "redis_repl_backlog_history_bytes"),
    ("used_cpu_sys", "redis_cpu_sys_seconds_total"),
    ("used_cpu_user", "redis_cpu_user_seconds_total"),
    (
        "used_cpu_sys_children",
        "redis_cpu_sys_children_seconds_total",
    ),
    (
        "used_cpu_user_children",
        "redis_cpu_user_children_seconds_total",
    ),
    (
        "used_cpu_sys_main_thread",
        "redis_cpu_sys_main_thread_seconds_total",
    ),
    (
        "used_cpu_user_main_thread",
        "redis_cpu_user_main_thread_seconds_total",
    ),
    ("cluster_enabled", "redis_cluster_enabled"),
    ("sentinel_masters", "redis_sentinel_masters"),
    ("sentinel_tilt", "redis_sentinel_tilt"),
    ("sentinel_running_scripts", "redis_sentinel_running_scripts"),
    (
        "sentinel_scripts_queue_length",
        "redis_sentinel_scripts_queue_length",
    ),
    (
        "sentinel_simulate_failure_flags",
        "redis_sentinel_simulate_failure_flags",
    ),
];

/// Fields of which the value is a word; each must say `ok` to be 1.
const STATUS: [&str; 3] = [
    "rdb_last_bgsave_status",
    "aof_last_bgrewrite_status",
    "aof_last_write_status",
];

/// What identifies a server, as labels of `redis_instance_info`.
const IDENTITY: [&str; 9] = [
    "maxmemory_policy",
    "os",
    "process_id",
    "redis_build_id",
    "redis_mode",
    "redis_version",
    "role",
    "run_id",
    "tcp_port",
];

/// Samples of all fields that are there; `clock` is the server's own, in ms.
pub fn samples(info: &Info<'_>, clock: Option<i64>) -> Vec<Sample> {
    let mut samples: Vec<_> = FIGURES
        .iter()
        .filter_map(|(field, metric)| Some(Sample::new(*metric, [], value(info, field)?)))
        .collect();
    samples.extend(instance(info));
    if let (Some(clock), Some(uptime)) = (clock, info.number("uptime_in_seconds")) {
        let start = seconds(clock) - uptime;
        samples.push(Sample::new("redis_start_time_seconds", [], start));
    }
    samples
}

/// The value of a field in the unit of its metric.
fn value(info: &Info<'_>, field: &str) -> Option<f64> {
    if STATUS.contains(&field) {
        return Some(f64::from(u8::from(info.text(field)? == "ok")));
    }
    let number = info.number(field)?;
    Some(if field == "latest_fork_usec" {
        number * 1e-6
    } else {
        number
    })
}

fn instance(info: &Info<'_>) -> Option<Sample> {
    info.text("redis_version")?;
    let mut sample = Sample::new("redis_instance_info", [], 1.0);
    let mut label = |name: &str, value: &str| {
        sample
            .metric
            .labels
            .insert(name.to_owned(), value.to_owned());
    };
    for name in IDENTITY {
        // To Prometheus a label without a value is none: sentinels have no role.
        if let Some(value) = info.text(name).filter(|value| !value.is_empty()) {
            label(name, value);
        }
    }
    // Valkey says what it is beside the version of Redis that it stands in for.
    if let Some(version) = info.text("valkey_version") {
        label("valkey_version", version);
        if let Some(mode) = info.text("server_mode") {
            label("redis_mode", mode);
        }
    }
    Some(sample)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "whole seconds stay far below 2^53"
)]
fn seconds(millis: i64) -> f64 {
    (millis / 1000) as f64
}
