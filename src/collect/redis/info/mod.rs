//! The answer of `INFO`, section by section.

pub mod commands;
pub mod gauges;
pub mod identity;
pub mod keyspace;
pub mod replication;
pub mod sections;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::collect::redis::info::sections::Info;
use crate::model::sample::Sample;

/// All samples. `clock` is the server's own in milliseconds; `databases` are
/// those ever seen, so that one which was emptied counts zero.
pub fn samples(info: &Info<'_>, clock: Option<i64>, databases: &mut BTreeSet<u32>) -> Vec<Sample> {
    let mut samples = gauges::samples(info, clock);
    samples.extend(commands::samples(info));
    samples.extend(replication::samples(info));
    samples.extend(keyspace::samples(info, databases));
    samples
}
