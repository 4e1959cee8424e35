//! Samples in, verdicts out: no clock, no input, no output.

pub mod labels;
pub mod promql;
pub mod rule;
pub mod sight;
pub mod window;

use jiff::Timestamp;

use crate::evaluate::rule::Rule;
use crate::evaluate::sight::Lookout;
use crate::evaluate::window::{Limits, Window};
use crate::model::board::Sight;
use crate::model::sample::Scrape;
use crate::model::verdict::Verdict;

/// The rules and the recent samples that they are judged by.
#[derive(Debug)]
pub struct Evaluator {
    rules: Vec<Rule>,
    window: Window,
    lookout: Lookout,
}

impl Evaluator {
    /// Starts with an empty window; `watched` tells whether anything is collected.
    pub fn new(rules: Vec<Rule>, limits: Limits, started: Timestamp, watched: bool) -> Self {
        Self {
            rules,
            window: Window::new(limits),
            lookout: Lookout::new(started, watched),
        }
    }

    /// Remembers what a collector saw.
    pub fn ingest(&mut self, scrape: &Scrape) {
        self.lookout.note(scrape);
        self.window.ingest(scrape);
    }

    /// Says what is true at `now`, one verdict a rule, in the order of the settings.
    pub fn judge(&mut self, now: Timestamp) -> Vec<Verdict> {
        self.window.expire(now);
        self.rules
            .iter_mut()
            .map(|rule| rule.judge(&self.window, now))
            .collect()
    }

    /// What can be seen at `now`.
    pub fn sight(&self, now: Timestamp) -> Sight {
        self.lookout.sight(now)
    }

    /// Samples that were refused because the window is full.
    pub fn refused(&self) -> u64 {
        self.window.refused()
    }
}
