//! Which series and which moments an expression reads.

use std::sync::Arc;

use crate::evaluate::promql::plan::pattern::Pattern;
use crate::evaluate::window::Window;
use crate::evaluate::window::labels::{Labels, METRIC_NAME};
use crate::evaluate::window::series::Series;
use crate::model::sample::{Brings, CollectorId};

/// Tests one label of a series.
#[derive(Clone, Debug)]
pub(crate) struct LabelTest {
    /// The label's name.
    pub(crate) label: Arc<str>,
    /// What its value must be.
    pub(crate) test: ValueTest,
}

/// What the value of a label must be; a missing label is an empty text.
#[derive(Clone, Debug)]
pub(crate) enum ValueTest {
    /// Exactly this text.
    Is(Arc<str>),
    /// Any other text.
    IsNot(Arc<str>),
    /// A text that the pattern matches as a whole.
    Like(Pattern),
    /// A text that it does not match.
    Unlike(Pattern),
}

impl ValueTest {
    fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Is(text) => value == &**text,
            Self::IsNot(text) => value != &**text,
            Self::Like(pattern) => pattern.matches(value),
            Self::Unlike(pattern) => !pattern.matches(value),
        }
    }
}

impl LabelTest {
    fn accepts(&self, labels: &Labels) -> bool {
        self.test.accepts(labels.get(&self.label))
    }

    /// Gives the label and value that a series must have to be accepted.
    fn fixed(&self) -> Option<(&str, &str)> {
        let label = &*self.label;
        let value = match &self.test {
            ValueTest::Is(value) => value,
            ValueTest::Like(Pattern::OneOf(texts)) => match texts.as_slice() {
                [value] => value,
                _ => return None,
            },
            ValueTest::IsNot(_) | ValueTest::Like(_) | ValueTest::Unlike(_) => return None,
        };
        (!value.is_empty() && label != METRIC_NAME).then_some((label, &**value))
    }
}

/// The moments of one evaluation, in milliseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// The moment evaluated at; a subquery moves it step by step.
    pub(crate) now: i64,
    /// The first moment of the whole evaluation: `@ start()`.
    pub(crate) start: i64,
    /// The last one: `@ end()`.
    pub(crate) end: i64,
}

impl Clock {
    /// The clock of an evaluation at one moment.
    pub(crate) fn at(now: i64) -> Self {
        Self {
            now,
            start: now,
            end: now,
        }
    }
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
    /// `start()`: an evaluation at one moment starts and ends there.
    Start,
    /// `end()`
    End,
}

impl Shift {
    /// Says whether it leaves the moment as it is.
    pub(crate) fn is_none(self) -> bool {
        self.pin.is_none() && self.offset == 0
    }

    /// Gives the moment that is read when the clock stands as told.
    pub(crate) fn moment(self, clock: Clock) -> i64 {
        let moment = match self.pin {
            None => clock.now,
            Some(Pin::At(at)) => at,
            Some(Pin::Start) => clock.start,
            Some(Pin::End) => clock.end,
        };
        moment - self.offset
    }
}

/// Selects series by name and labels, read at a possibly shifted moment.
#[derive(Clone, Debug)]
pub(crate) struct ShiftedSelector {
    /// The names that a series may have, sorted: only their series are
    /// visited. None stands for any.
    pub(crate) names: Vec<Arc<str>>,
    /// All other tests.
    pub(crate) matchers: Vec<LabelTest>,
    /// Its `@` and `offset`.
    pub(crate) shift: Shift,
}

impl ShiftedSelector {
    /// How many of its tests are patterns that had to be compiled.
    pub(crate) fn patterns(&self) -> usize {
        let compiled = |one: &&LabelTest| {
            matches!(
                one.test,
                ValueTest::Like(Pattern::Regex(_)) | ValueTest::Unlike(Pattern::Regex(_))
            )
        };
        self.matchers.iter().filter(compiled).count()
    }

    /// Walks over the series that match, sorted; tells first how many series
    /// it looks at.
    pub(crate) fn series<'w>(
        &'w self,
        window: &'w Window,
    ) -> (usize, impl Iterator<Item = &'w Series>) {
        let accepts = |series: &&Series| {
            self.matchers
                .iter()
                .all(|matcher| matcher.accepts(series.labels()))
        };
        let fixed: Vec<_> = self.matchers.iter().filter_map(LabelTest::fixed).collect();
        let (count, series) = window.select(&self.names, &fixed);
        (count, series.filter(accepts))
    }

    /// Says whether it may select something of a collector that has not
    /// answered yet: of its labels only the job is known.
    pub(crate) fn may_select(&self, collector: &CollectorId, brings: Brings) -> bool {
        let mut matchers = self.matchers.iter();
        let named = self.names.is_empty() || self.names.iter().any(|name| brings.may_be(name));
        named && matchers.all(|one| &*one.label != "job" || one.test.accepts(&collector.0))
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
                ValueTest::Is(value) if first => {
                    seen.push(&matcher.label);
                    fixed.with(&matcher.label, value)
                }
                ValueTest::Is(_)
                | ValueTest::IsNot(_)
                | ValueTest::Like(_)
                | ValueTest::Unlike(_) => fixed.with(&matcher.label, ""),
            };
        }
        fixed
    }
}
