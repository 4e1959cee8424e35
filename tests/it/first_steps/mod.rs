//! From nothing, or from another program, to a page: `init`, `import`, `query` and
//! `check --live`.

mod asking;
mod init;
mod live;
mod rule_files;
mod services;
mod terminal;
