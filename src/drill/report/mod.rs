//! The report of a drill: for a terminal, as Markdown, and as HTML with a chart.

pub(crate) mod chart;
pub(crate) mod facts;
pub(crate) mod html;
pub(crate) mod markdown;
pub(crate) mod terminal;
#[cfg(test)]
mod tests;
