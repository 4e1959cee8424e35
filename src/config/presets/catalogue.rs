//! The presets that there are, each with its rules.

const QUEUE: &str = include_str!("queue.toml");
const WORKERS: &str = include_str!("workers.toml");
const PROBES: &[&str] = &["http", "steps", "tcp", "websocket"];

/// Rules for one kind of target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Preset {
    /// What `use` calls it.
    pub(crate) name: &'static str,
    /// The types of collectors that bring what it judges.
    pub(crate) kinds: &'static [&'static str],
    /// Whether it is about the queues of the system of its name.
    pub(crate) has_queues: bool,
    /// Its rules: tables `[[rule]]` without components.
    pub(crate) rules: &'static [&'static str],
}

/// Every preset, in the order of the documentation.
pub(crate) const PRESETS: &[Preset] = &[
    Preset {
        name: "redis",
        kinds: &["redis"],
        has_queues: false,
        rules: &[include_str!("redis.toml")],
    },
    queue("rq", &[QUEUE, WORKERS]),
    queue("sidekiq", &[QUEUE, WORKERS]),
    queue("horizon", &[QUEUE, WORKERS]),
    queue("resque", &[QUEUE, WORKERS]),
    queue("laravel", &[QUEUE]),
    queue("celery", &[QUEUE]),
    queue("bullmq", &[QUEUE]),
    queue("dramatiq", &[QUEUE]),
    queue("arq", &[QUEUE]),
    Preset {
        name: "website",
        kinds: PROBES,
        has_queues: false,
        rules: &[include_str!("website.toml")],
    },
    Preset {
        name: "host",
        kinds: &["host"],
        has_queues: false,
        rules: &[include_str!("host.toml")],
    },
    Preset {
        name: "prometheus",
        kinds: &["prometheus"],
        has_queues: false,
        rules: &[include_str!("prometheus.toml")],
    },
];

/// Rules for the queues of one system.
const fn queue(name: &'static str, rules: &'static [&'static str]) -> Preset {
    Preset {
        name,
        kinds: &["redis"],
        has_queues: true,
        rules,
    }
}

impl Preset {
    /// The preset of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// The ids of its rules.
    pub(crate) fn ids(&self) -> Vec<String> {
        let lines = self.rules.iter().flat_map(|text| text.lines());
        let ids = lines.filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
        ids.map(|id| id.replace("SYSTEM", self.name)).collect()
    }

    /// What brings its samples, for people.
    pub(crate) fn needs(&self) -> String {
        let kinds: Vec<_> = self.kinds.iter().map(|kind| format!("`{kind}`")).collect();
        let kinds = kinds.join(", ");
        if self.has_queues {
            format!("a `[[collector.queue]]` with `system = \"{}\"`", self.name)
        } else {
            format!("a `[[collector]]` of type {kinds}")
        }
    }
}
