//! *Explore*: any expression over the recent samples, as a table and as a chart.

pub(crate) mod page;
pub(crate) mod plot;
pub(crate) mod values;
