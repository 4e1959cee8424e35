//! Who it is that answers `INFO`.

use crate::collect::redis::info::sections::Info;
use crate::model::sample::Sample;

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

/// The sample that says who it is; none if it does not.
pub(crate) fn instance(info: &Info<'_>) -> Option<Sample> {
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
