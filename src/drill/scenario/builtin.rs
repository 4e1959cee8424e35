//! The scenarios that come with the program.

/// A scenario and the settings of its monitor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BuiltIn {
    /// What the command calls it.
    pub(crate) name: &'static str,
    /// The scenario file.
    pub(crate) scenario: &'static str,
    /// The settings beside it.
    pub(crate) settings: &'static str,
}

/// Every scenario that comes with the program.
pub(crate) const BUILT_IN: [BuiltIn; 3] = [
    BuiltIn {
        name: "cache-outage",
        scenario: include_str!("files/cache-outage.toml"),
        settings: include_str!("files/alerts.toml"),
    },
    BuiltIn {
        name: "database-outage",
        scenario: include_str!("files/database-outage.toml"),
        settings: include_str!("files/alerts.toml"),
    },
    BuiltIn {
        name: "upstream",
        scenario: include_str!("files/upstream.toml"),
        settings: include_str!("files/alerts.toml"),
    },
];

impl BuiltIn {
    /// The one of that name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        BUILT_IN.iter().find(|one| one.name == name)
    }
}
