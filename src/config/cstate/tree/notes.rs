//! Gathers what is found in a site's settings.

use crate::config::cstate::tree::node::TreePlace;
use crate::model::finding::{Finding, Weight};

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct SiteNotes {
    /// The findings in the order in which they were made.
    pub(crate) findings: Vec<Finding>,
}

impl SiteNotes {
    /// Notes what makes the settings useless.
    pub(crate) fn fault(
        &mut self,
        kind: &'static str,
        place: &TreePlace,
        message: impl Into<String>,
    ) {
        self.note(Weight::Fault, kind, place, message.into());
    }

    /// Notes what its author probably did not mean.
    pub(crate) fn warn(
        &mut self,
        kind: &'static str,
        place: &TreePlace,
        message: impl Into<String>,
    ) {
        self.note(Weight::Warning, kind, place, message.into());
    }

    /// Notes what could be better or is not supported.
    pub(crate) fn hint(
        &mut self,
        kind: &'static str,
        place: &TreePlace,
        message: impl Into<String>,
    ) {
        self.note(Weight::Hint, kind, place, message.into());
    }

    fn note(&mut self, weight: Weight, kind: &'static str, place: &TreePlace, message: String) {
        self.findings.push(Finding {
            weight,
            kind,
            file: place.file.to_string(),
            line: place.line,
            column: place.column,
            message,
            fix: None,
        });
    }
}
