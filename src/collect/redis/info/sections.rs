//! Reads the answer of Redis' `INFO` and names its figures as `redis_exporter` does.

use std::collections::BTreeMap;
use std::ops::Bound;

/// No label that a server makes up is longer; such a one names nothing.
const LABEL: usize = 128;

/// An `INFO` answer: fields and their values, as texts.
///
/// What is not known is passed over, and what is missing gives no sample, never
/// a zero: each version has fields of its own.
#[derive(Debug)]
pub struct Info<'t> {
    fields: BTreeMap<&'t str, &'t str>,
}

impl<'t> Info<'t> {
    /// Reads the text.
    pub fn read(text: &'t str) -> Self {
        let fields = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.trim_end().split_once(':'))
            .collect();
        Self { fields }
    }

    /// The text of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&'t str> {
        self.fields.get(name).copied()
    }

    /// The number of a field.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        number(self.text(name)?)
    }

    /// Fields whose name begins so, with the rest of the name, if it is usable as
    /// a label.
    pub(crate) fn family<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'t str, &'t str)> + use<'a, 't> {
        self.fields
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .map_while(move |(name, value)| Some((name.strip_prefix(prefix)?, *value)))
            .filter(|(rest, _)| !rest.is_empty() && rest.len() <= LABEL)
    }

    /// The role as the server tells it: `master` or `slave`.
    pub(crate) fn role(&self) -> Option<&'t str> {
        self.text("role")
    }

    /// Whether the data set is being read from disk, or from a master out of reach.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.text("loading").is_some_and(|value| value != "0")
            || self
                .text("master_link_status")
                .is_some_and(|value| value != "up")
    }

    /// The server's clock in microseconds, from 7.0 on.
    pub(crate) fn clock(&self) -> Option<i64> {
        self.text("server_time_usec")?.parse().ok()
    }
}

/// A number of a field like `keys=1,expires=0`.
pub(crate) fn part(value: &str, name: &str) -> Option<f64> {
    number(text_part(value, name)?)
}

/// A text of a field like `ip=127.0.0.1,port=6379`.
pub(crate) fn text_part<'t>(value: &'t str, name: &str) -> Option<&'t str> {
    let mut parts = value.split(',').filter_map(|part| part.split_once('='));
    parts.find(|(key, _)| *key == name).map(|(_, text)| text)
}

/// A number; what a server cannot mean (`inf`, `nan`) is none.
pub(crate) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
