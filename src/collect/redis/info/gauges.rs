//! The figures of an `INFO` that are one number each.

use crate::collect::redis::info::identity;
use crate::collect::redis::info::sections::Info;
use crate::model::sample::Sample;

/// Fields that become a sample whose metric is `redis_` and the name of the field, in
/// the order of `INFO`.
const FIGURES: [&str; 71] = [
    "uptime_in_seconds",
    "process_id",
    "io_threads_active",
    "connected_clients",
    "cluster_connections",
    "blocked_clients",
    "tracking_clients",
    "pubsub_clients",
    "watching_clients",
    "clients_in_timeout_table",
    "total_watched_keys",
    "total_blocking_keys",
    "total_blocking_keys_on_nokey",
    "client_longest_output_list",
    "client_biggest_input_buf",
    "number_of_cached_scripts",
    "number_of_functions",
    "number_of_libraries",
    "allocator_frag_ratio",
    "allocator_frag_bytes",
    "allocator_rss_ratio",
    "allocator_rss_bytes",
    "mem_fragmentation_ratio",
    "mem_fragmentation_bytes",
    "mem_clients_slaves",
    "mem_clients_normal",
    "lazyfree_pending_objects",
    "lazyfreed_objects",
    "active_defrag_running",
    "async_loading",
    "rdb_changes_since_last_save",
    "rdb_bgsave_in_progress",
    "rdb_last_bgsave_status",
    "aof_enabled",
    "aof_rewrite_in_progress",
    "aof_rewrite_scheduled",
    "aof_last_bgrewrite_status",
    "aof_last_write_status",
    "aof_pending_rewrite",
    "aof_buffer_length",
    "aof_rewrite_buffer_length",
    "aof_pending_bio_fsync",
    "aof_delayed_fsync",
    "module_fork_in_progress",
    "module_fork_last_cow_size",
    "instantaneous_ops_per_sec",
    "pubsub_channels",
    "pubsub_patterns",
    "pubsubshard_channels",
    "slave_expires_tracked_keys",
    "tracking_total_keys",
    "tracking_total_items",
    "tracking_total_prefixes",
    "unexpected_error_replies",
    "total_error_replies",
    "dump_payload_sanitizations",
    "total_reads_processed",
    "total_writes_processed",
    "io_threaded_reads_processed",
    "io_threaded_writes_processed",
    "connected_slaves",
    "slave_priority",
    "master_repl_offset",
    "second_repl_offset",
    "repl_backlog_first_byte_offset",
    "cluster_enabled",
    "sentinel_masters",
    "sentinel_tilt",
    "sentinel_running_scripts",
    "sentinel_scripts_queue_length",
    "sentinel_simulate_failure_flags",
];

/// Fields that `redis_exporter` gives another name, with that name after `redis_`, in
/// the order of `INFO`; where the unit differs from the field's, [`value`] converts.
const RENAMED: [(&str, &str); 88] = [
    ("maxclients", "max_clients"),
    ("maxclients", "config_maxclients"),
    (
        "client_recent_max_input_buffer",
        "client_recent_max_input_buffer_bytes",
    ),
    (
        "client_recent_max_output_buffer",
        "client_recent_max_output_buffer_bytes",
    ),
    ("used_memory", "memory_used_bytes"),
    ("used_memory_rss", "memory_used_rss_bytes"),
    ("used_memory_peak", "memory_used_peak_bytes"),
    ("used_memory_lua", "memory_used_lua_bytes"),
    ("used_memory_vm_eval", "memory_used_vm_eval_bytes"),
    ("used_memory_scripts_eval", "memory_used_scripts_eval_bytes"),
    ("used_memory_vm_functions", "memory_used_vm_functions_bytes"),
    ("used_memory_vm_total", "memory_used_vm_total_bytes"),
    ("used_memory_functions", "memory_used_functions_bytes"),
    ("used_memory_scripts", "memory_used_scripts_bytes"),
    ("used_memory_overhead", "memory_used_overhead_bytes"),
    ("used_memory_startup", "memory_used_startup_bytes"),
    ("used_memory_dataset", "memory_used_dataset_bytes"),
    ("maxmemory", "memory_max_bytes"),
    ("maxmemory", "config_maxmemory"),
    ("total_system_memory", "total_system_memory_bytes"),
    ("allocator_active", "allocator_active_bytes"),
    ("allocator_allocated", "allocator_allocated_bytes"),
    ("allocator_resident", "allocator_resident_bytes"),
    ("mem_cluster_links", "mem_cluster_links_bytes"),
    ("mem_aof_buffer", "mem_aof_buffer_bytes"),
    ("mem_replication_backlog", "mem_replication_backlog_bytes"),
    (
        "mem_total_replication_buffers",
        "mem_total_replication_buffers_bytes",
    ),
    (
        "mem_not_counted_for_evict",
        "mem_not_counted_for_eviction_bytes",
    ),
    (
        "mem_overhead_db_hashtable_rehashing",
        "mem_overhead_db_hashtable_rehashing_bytes",
    ),
    ("active_defrag_hits", "defrag_hits"),
    ("active_defrag_misses", "defrag_misses"),
    ("active_defrag_key_hits", "defrag_key_hits"),
    ("active_defrag_key_misses", "defrag_key_misses"),
    ("loading", "loading_dump_file"),
    ("rdb_last_save_time", "rdb_last_save_timestamp_seconds"),
    ("rdb_last_bgsave_time_sec", "rdb_last_bgsave_duration_sec"),
    (
        "rdb_current_bgsave_time_sec",
        "rdb_current_bgsave_duration_sec",
    ),
    ("rdb_saves", "rdb_saves_total"),
    ("rdb_last_cow_size", "rdb_last_cow_size_bytes"),
    ("rdb_last_load_keys_expired", "rdb_last_load_expired_keys"),
    ("rdb_last_load_keys_loaded", "rdb_last_load_loaded_keys"),
    ("aof_last_rewrite_time_sec", "aof_last_rewrite_duration_sec"),
    (
        "aof_current_rewrite_time_sec",
        "aof_current_rewrite_duration_sec",
    ),
    ("aof_last_cow_size", "aof_last_cow_size_bytes"),
    ("aof_current_size", "aof_current_size_bytes"),
    ("aof_base_size", "aof_base_size_bytes"),
    ("total_connections_received", "connections_received_total"),
    ("total_commands_processed", "commands_processed_total"),
    ("total_net_input_bytes", "net_input_bytes_total"),
    ("total_net_output_bytes", "net_output_bytes_total"),
    ("total_net_repl_input_bytes", "net_repl_input_bytes_total"),
    ("total_net_repl_output_bytes", "net_repl_output_bytes_total"),
    ("rejected_connections", "rejected_connections_total"),
    ("sync_full", "replica_resyncs_full"),
    ("sync_partial_ok", "replica_partial_resync_accepted"),
    ("sync_partial_err", "replica_partial_resync_denied"),
    ("expired_keys", "expired_keys_total"),
    ("expired_subkeys", "expired_subkeys_total"),
    ("expired_stale_perc", "expired_stale_percentage"),
    (
        "expired_time_cap_reached_count",
        "expired_time_cap_reached_total",
    ),
    (
        "expire_cycle_cpu_milliseconds",
        "expire_cycle_cpu_time_ms_total",
    ),
    ("evicted_keys", "evicted_keys_total"),
    ("evicted_clients", "evicted_clients_total"),
    ("evicted_scripts", "evicted_scripts_total"),
    (
        "current_eviction_exceeded_time",
        "current_eviction_exceeded_time_ms",
    ),
    (
        "total_eviction_exceeded_time",
        "eviction_exceeded_time_ms_total",
    ),
    ("keyspace_hits", "keyspace_hits_total"),
    ("keyspace_misses", "keyspace_misses_total"),
    ("latest_fork_usec", "latest_fork_seconds"),
    ("total_forks", "forks_total"),
    ("migrate_cached_sockets", "migrate_cached_sockets_total"),
    ("acl_access_denied_auth", "acl_access_denied_auth_total"),
    ("acl_access_denied_cmd", "acl_access_denied_cmd_total"),
    ("acl_access_denied_key", "acl_access_denied_key_total"),
    (
        "acl_access_denied_channel",
        "acl_access_denied_channel_total",
    ),
    (
        "client_query_buffer_limit_disconnections",
        "client_query_buffer_limit_disconnections_total",
    ),
    (
        "client_output_buffer_limit_disconnections",
        "client_output_buffer_limit_disconnections_total",
    ),
    ("eventloop_cycles", "eventloop_cycles_total"),
    (
        "eventloop_duration_sum",
        "eventloop_duration_microseconds_total",
    ),
    ("repl_backlog_active", "repl_backlog_is_active"),
    ("repl_backlog_size", "replication_backlog_bytes"),
    ("repl_backlog_histlen", "repl_backlog_history_bytes"),
    ("used_cpu_sys", "cpu_sys_seconds_total"),
    ("used_cpu_user", "cpu_user_seconds_total"),
    ("used_cpu_sys_children", "cpu_sys_children_seconds_total"),
    ("used_cpu_user_children", "cpu_user_children_seconds_total"),
    (
        "used_cpu_sys_main_thread",
        "cpu_sys_main_thread_seconds_total",
    ),
    (
        "used_cpu_user_main_thread",
        "cpu_user_main_thread_seconds_total",
    ),
];

/// Fields of which the value is a word; each must say `ok` to be 1.
const STATUS: [&str; 3] = [
    "rdb_last_bgsave_status",
    "aof_last_bgrewrite_status",
    "aof_last_write_status",
];

/// Samples of all fields that are there; `clock` is the server's own, in ms.
pub fn samples(info: &Info<'_>, clock: Option<i64>) -> Vec<Sample> {
    let fields = FIGURES.iter().map(|field| (field, field));
    let fields = fields.chain(RENAMED.iter().map(|(field, name)| (field, name)));
    let mut samples: Vec<_> = fields
        .filter_map(|(field, name)| {
            let value = value(info, field)?;
            Some(Sample::new(format!("redis_{name}"), [], value))
        })
        .collect();
    samples.extend(identity::instance(info));
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

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "whole seconds stay far below 2^53"
)]
fn seconds(millis: i64) -> f64 {
    (millis / 1000) as f64
}
