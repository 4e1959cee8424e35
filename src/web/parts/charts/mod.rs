//! Published series as charts, lines and values.

pub(crate) mod chart_view;
pub(crate) mod felt_chart;
pub(crate) mod measured;
pub(crate) mod newest_value;
pub(crate) mod sparkline;
