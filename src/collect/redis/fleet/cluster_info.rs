//! Reads the answer of `CLUSTER INFO`: how a node sees the state of its cluster.

use crate::collect::redis::info::sections::Info;
use crate::model::sample::Sample;

/// Fields that become a sample: field and metric.
const FIGURES: [(&str, &str); 10] = [
    ("cluster_slots_assigned", "redis_cluster_slots_assigned"),
    ("cluster_slots_ok", "redis_cluster_slots_ok"),
    ("cluster_slots_pfail", "redis_cluster_slots_pfail"),
    ("cluster_slots_fail", "redis_cluster_slots_fail"),
    ("cluster_known_nodes", "redis_cluster_known_nodes"),
    ("cluster_size", "redis_cluster_size"),
    ("cluster_current_epoch", "redis_cluster_current_epoch"),
    ("cluster_my_epoch", "redis_cluster_my_epoch"),
    (
        "cluster_stats_messages_sent",
        "redis_cluster_messages_sent_total",
    ),
    (
        "cluster_stats_messages_received",
        "redis_cluster_messages_received_total",
    ),
];

/// All samples of the answer.
pub(crate) fn samples(text: &str) -> Vec<Sample> {
    let info = Info::read(text);
    let state = info.text("cluster_state").map(|state| {
        let ok = f64::from(u8::from(state == "ok"));
        Sample::new("redis_cluster_state", [], ok)
    });
    let metrics = FIGURES
        .iter()
        .filter_map(|(field, metric)| Some(Sample::new(*metric, [], info.number(field)?)));
    state.into_iter().chain(metrics).collect()
}

/// How recent the node's view is: of two, the higher one knows more.
pub(crate) fn epoch(text: &str) -> u64 {
    let field = Info::read(text).text("cluster_current_epoch");
    field.and_then(|epoch| epoch.parse().ok()).unwrap_or(0)
}
