//! Incidents and firings that would have been, as a replay tells them.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::model::verdict::RuleId;

/// An incident that would have been.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Past {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// First bad sample.
    pub since: Timestamp,
    /// First sample of the good run that ended it; `None` at the record's end.
    pub until: Option<Timestamp>,
    /// How bad it was.
    pub severity: Option<Severity>,
    /// Names of the components concerned.
    pub components: Vec<String>,
    /// Whether it waits for people to publish it.
    pub draft: bool,
    /// Its rules, each with the worst value.
    pub rules: Vec<Cause>,
}

/// A rule of an incident.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Cause {
    /// Its id.
    pub rule: String,
    /// The worst value that it saw.
    pub worst: Option<f64>,
}

/// A time in which a rule fired.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PastFiring {
    /// The rule.
    pub rule: RuleId,
    /// First bad sample.
    pub since: Timestamp,
    /// First good one; `None` at the record's end.
    pub until: Option<Timestamp>,
    /// How bad it is by the settings.
    pub severity: Severity,
    /// The worst value.
    pub worst: Option<f64>,
    /// Whether the smallest value is the worst.
    #[serde(skip)]
    pub smallest: bool,
}

/// What became of an incident, with the rules that fired meanwhile.
pub(crate) fn past(incident: &Incident, firings: &[PastFiring]) -> Option<Past> {
    let since = incident.date?;
    let until = incident.resolved_when;
    // A file's moments have no parts of a second.
    let margin = Duration::from_secs(1);
    let during = |firing: &&PastFiring| {
        until.is_none_or(|until| firing.since <= until + margin)
            && firing.until.is_none_or(|end| end + margin >= since)
    };
    let rules = incident.managed.rules.iter().map(|rule| {
        let own = firings.iter().filter(|firing| firing.rule == *rule);
        let own: Vec<_> = own.filter(during).collect();
        let smallest = own.first().is_some_and(|firing| firing.smallest);
        Cause {
            rule: rule.0.clone(),
            worst: worst(own.iter().filter_map(|firing| firing.worst), smallest),
        }
    });
    Some(Past {
        id: incident.id.0.clone(),
        title: incident.title.clone(),
        since,
        until,
        severity: incident.severity,
        components: incident.affected.clone(),
        draft: incident.draft,
        rules: rules.collect(),
    })
}

/// The worst of some values; what is no number is none.
pub(crate) fn worst(values: impl Iterator<Item = f64>, smallest: bool) -> Option<f64> {
    values
        .filter(|value| !value.is_nan())
        .reduce(if smallest { f64::min } else { f64::max })
}
