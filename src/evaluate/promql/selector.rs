//! Which series and which moments an expression reads.

use std::sync::Arc;

use regex::Regex;

use crate::evaluate::labels::Labels;
use crate::evaluate::window::{Series, Window};

/// Tests one label of a series.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    /// The label's name.
    pub(crate) label: Arc<str>,
    /// What its value must be.
    pub(crate) test: Test,
}

/// What the value of a label must be; a missing label is an empty text.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// Exactly this text.
    Is(Arc<str>),
    /// Any other text.
    IsNot(Arc<str>),
    /// A text that the anchored pattern matches as a whole.
    Like(Regex),
    /// A text that it does not match.
    Unlike(Regex),
}

impl Matcher {
    fn accepts(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.label);
        match &self.test {
            Test::Is(text) => value == &**text,
            Test::IsNot(text) => value != &**text,
            Test::Like(pattern) => pattern.is_match(value),
            Test::Unlike(pattern) => !pattern.is_match(value),
        }
    }
}

/// The moments of one evaluation, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// The moment evaluated at; a subquery moves it step by step.
    pub(crate) now: i64,
    /// The moment asked for from outside: `@ start()` and `@ end()`.
    pub(crate) asked: i64,
}

/// What `@` and `offset` do to the moment of evaluation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shift {
    /// The moment that `@` names, if it does.
    pub(crate) pin: Option<Pin>,
    /// Milliseconds to go back; forward where negative.
    pub(crate) offset: i64,
}

/// The moment that an `@` modifier names.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pin {
    /// Milliseconds since the epoch.
    At(i64),
    /// `start()` or `end()`, one moment in an instant evaluation.
    Asked,
}

impl Shift {
    /// Gives the moment that is read when the clock stands as told.
    pub(crate) fn moment(self, clock: Clock) -> i64 {
        let moment = match self.pin {
            None => clock.now,
            Some(Pin::At(at)) => at,
            Some(Pin::Asked) => clock.asked,
        };
        moment - self.offset
    }
}

/// Selects series by name and labels, read at a possibly shifted moment.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    /// The metric's name where it is fixed: then only its series are visited.
    pub(crate) name: Option<Arc<str>>,
    /// All other tests.
    pub(crate) matchers: Vec<Matcher>,
    /// Its `@` and `offset`.
    pub(crate) shift: Shift,
}

impl Selector {
    /// Walks over the series that match, sorted.
    pub(crate) fn series<'w>(&'w self, window: &'w Window) -> impl Iterator<Item = &'w Series> {
        let accepts = |series: &&Series| {
            self.matchers
                .iter()
                .all(|matcher| matcher.accepts(series.labels()))
        };
        window.select(self.name.as_deref()).filter(accepts)
    }

    /// Gives the labels that `absent()` names: those with one fixed value,
    /// as Prometheus' `createLabelsForAbsentFunction`.
    pub(crate) fn fixed_labels(&self) -> Labels {
        let mut fixed = Labels::default();
        let mut seen: Vec<&str> = Vec::new();
        for matcher in self
            .matchers
            .iter()
            .filter(|matcher| &*matcher.label != "__name__")
        {
            let first = !seen.contains(&&*matcher.label);
            fixed = match &matcher.test {
                Test::Is(value) if first => {
                    seen.push(&matcher.label);
                    fixed.with(&matcher.label, value)
                }
                _ => fixed.with(&matcher.label, ""),
            };
        }
        fixed
    }
}
