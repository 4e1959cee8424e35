//! What is known of an incident that is over.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::event::Event;
use crate::model::incident::Incident;
use crate::model::request::ask::FoundHistory;
use crate::model::series::measure::Decisive;
use crate::model::series::minute::MinuteSeries;

/// An incident with what was recorded of it.
#[derive(Clone, Debug)]
pub struct IncidentFacts<'a> {
    /// The incident.
    pub incident: &'a Incident,
    /// When it was over.
    pub end: Timestamp,
    /// What is looked at: some time before and after, too.
    pub range: (Timestamp, Timestamp),
    /// What decides its rules, in the order in which they joined.
    pub decisive: Vec<&'a Decisive>,
    /// What was written down meanwhile.
    pub found: &'a FoundHistory,
    /// What of that was done to the service, and concerns the incident.
    pub events: Vec<Event>,
    /// The site's time zone.
    pub zone: &'a TimeZone,
    /// Whether there is a picture beside the file.
    pub pictured: bool,
}

impl<'a> IncidentFacts<'a> {
    /// What was measured of a rule.
    pub fn series(&self, decisive: &Decisive) -> Option<&'a MinuteSeries> {
        let metric = Decisive::metric(&decisive.rule);
        self.found
            .series
            .iter()
            .find(|series| series.metric == metric)
    }
}
