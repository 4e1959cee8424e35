//! Everything that is tested through the public doors, as one program.

#![expect(
    clippy::print_stderr,
    reason = "a test that checks nothing must say so"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests are their own clock and environment"
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod afterwards;
mod announce;
mod bare_links;
mod blind;
mod book;
mod browser;
mod channels;
mod collectors;
mod command_line;
mod console;
mod console_changes;
mod corpus;
mod crawl;
#[cfg(feature = "dice")]
mod damaged;
mod demo;
#[cfg(feature = "dice")]
mod dice;
#[cfg(feature = "dice")]
mod drill;
mod events;
mod export;
mod failover;
mod false_alarm;
mod figures;
mod findings;
mod first_steps;
mod folder;
mod gallery;
mod git;
mod golden;
mod hostile;
mod house;
mod hugo;
mod image;
mod keeping;
mod kept;
mod machine;
mod machines;
mod mails;
mod maintenance;
mod metrics;
mod no_data;
mod notify;
mod observed;
mod ops_api;
mod oracle;
mod outage;
mod own_metrics;
mod pace;
mod packaging;
mod page_addresses;
mod pages;
mod peer;
mod place;
mod planned;
mod presets;
mod probes;
mod promql;
mod providers;
mod push;
mod queues;
mod redis;
mod reload;
mod reports;
mod rules;
mod schema;
mod secrets;
mod service_manager;
mod serving;
mod settings;
mod settings_errors;
mod siege;
mod silences;
mod status;
mod subscriptions;
mod tongues;
mod traces;
mod trouble;
mod truth;
mod try_once;
mod uptime;
mod verbs;
mod world;
