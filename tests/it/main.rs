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

mod afterwards;
mod agree;
mod bare_links;
mod blind;
mod browser;
mod collectors;
mod corpus;
mod crawl;
mod cstate;
mod demo;
mod dice;
mod dice_world;
mod events;
mod export;
mod figures;
mod findings;
mod gallery;
mod golden;
mod golden_pages;
mod honesty;
mod hostile;
mod house;
mod hugo;
mod image;
mod keeping;
mod kept;
mod machine;
mod machine_files;
mod machines;
mod maintenance;
mod metrics;
mod oracle;
mod outage;
mod own_metrics;
mod page_addresses;
mod pages;
mod pages_wire;
mod peer;
mod place;
mod planned;
mod probes;
mod promql;
mod promql_grammar;
mod promql_prometheus;
mod promql_random;
mod promql_rows;
mod promql_series;
mod promql_world;
mod providers;
mod providers_forms;
mod push;
mod push_peers;
mod queues;
mod queues_jobs;
mod queues_libraries;
mod queues_living;
mod queues_rough;
mod queues_settings;
mod queues_world;
mod redis_access;
mod redis_canary;
mod redis_figures;
mod redis_many;
mod redis_reasons;
mod redis_sentinel;
mod redis_wire;
mod redis_world;
mod reload;
mod reports;
mod rules;
mod rules_alerts;
mod rules_levels;
mod rules_replay;
mod rules_unseen;
mod secrets;
mod serving;
mod settings;
mod siege;
mod silences;
mod story;
mod tongues;
mod trouble;
mod truth;
mod uptime;
mod verbs;
mod world;
