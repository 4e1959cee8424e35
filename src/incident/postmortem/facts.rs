//! The recorded facts of an incident that is over.

use jiff::Timestamp;

use crate::incident::reconcile::wording::Wording;
use crate::model::event::Event;
use crate::model::incident::Incident;
use crate::model::request::ask::FoundHistory;
use crate::model::series::measure::Decisive;
use crate::model::series::minute::MinuteSeries;

/// An incident with everything that was recorded of it.
#[derive(Clone, Debug)]
pub struct IncidentFacts<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// When it was over.
    pub end: Timestamp,
    /// The time range of the facts, with some time before and after the incident.
    pub range: (Timestamp, Timestamp),
    /// The decisive series of its rules, in the order in which they joined.
    pub decisive: Vec<&'a Decisive>,
    /// The samples and events of that time.
    pub found: &'a FoundHistory,
    /// The events that concern the incident.
    pub events: Vec<Event>,
    /// The site's language and zone.
    pub wording: &'a Wording,
    /// Whether there is a picture beside the file.
    pub pictured: bool,
}

impl<'a> IncidentFacts<'a> {
    /// The measured series of a rule.
    pub fn series(&self, decisive: &Decisive) -> Option<&'a MinuteSeries> {
        let metric = Decisive::metric(&decisive.rule);
        self.found
            .series
            .iter()
            .find(|series| series.metric == metric)
    }
}
