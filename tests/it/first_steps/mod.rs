//! From nothing, or from another program, to a page: `init`, `import`, `query` and
//! `check --live`.

mod asking;
mod init;
mod init_files;
mod init_queues;
mod init_targets;
mod live;
mod rule_files;
mod services;
mod terminal;
