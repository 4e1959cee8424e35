//! Each collector: when it asked last, how long that took, and what went wrong.

use std::collections::BTreeMap;

use crate::model::facts::collector_health::CollectorHealth;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// A collector as shown.
#[derive(Clone, Debug)]
pub(crate) struct CollectorRow {
    /// Its name in the settings.
    pub(crate) name: String,
    /// How it fares.
    pub(crate) sign: Sign,
    /// When it asked last; `None` before the first time.
    pub(crate) at: Option<OperatorTime>,
    /// How long that took.
    pub(crate) took: String,
    /// How many samples it brought.
    pub(crate) samples: usize,
    /// Since when it fails.
    pub(crate) failing: Option<OperatorTime>,
    /// Why.
    pub(crate) reason: String,
}

/// All collectors, those that fail first.
pub(crate) fn rows(
    known: &BTreeMap<String, Option<CollectorHealth>>,
    view: &View<'_>,
) -> Vec<CollectorRow> {
    let rows = known.iter().map(|(name, state)| match state {
        Some(state) => row(state, view),
        None => CollectorRow {
            name: name.clone(),
            sign: Sign::Unknown,
            at: None,
            took: String::new(),
            samples: 0,
            failing: None,
            reason: String::new(),
        },
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.sign));
    rows
}

fn row(state: &CollectorHealth, view: &View<'_>) -> CollectorRow {
    let (since, reason) = state.failing.clone().unzip();
    CollectorRow {
        name: state.name.clone(),
        sign: if since.is_some() {
            Sign::Down
        } else {
            Sign::Ok
        },
        at: Some(OperatorTime::new(state.at, view)),
        took: milliseconds(state.took.as_secs_f64() * 1000.0),
        samples: state.samples,
        failing: since.map(|at| OperatorTime::new(at, view)),
        reason: reason.unwrap_or_default(),
    }
}

/// A short time in words.
fn milliseconds(time: f64) -> String {
    if time < 10.0 {
        format!("{time:.1} ms")
    } else if time < 10_000.0 {
        format!("{time:.0} ms")
    } else {
        format!("{:.0} s", time / 1000.0)
    }
}
