//! What is told of an incident, once for all notifiers.

use jiff::Timestamp;

use crate::model::component::Severity;
use crate::model::incident::WholeDays;
use crate::model::incident::{Incident, IncidentId};

/// Why something is told at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The incident is new.
    Opened,
    /// It is graver than was told.
    Worse,
    /// It was told to be over and is not, or no longer.
    Recurred,
    /// It is over.
    Resolved,
}

impl Occasion {
    /// The word used in logs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Worse => "worse",
            Self::Recurred => "recurred",
            Self::Resolved => "resolved",
        }
    }
}

/// One message, without the manner of any notifier.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Announcement {
    /// The incident that it tells of.
    pub incident: IncidentId,
    /// Why it is told.
    pub occasion: Occasion,
    /// How bad the incident is, or was.
    pub severity: Severity,
    /// The incident's title.
    pub title: String,
    /// The newest update, as plain text.
    pub text: String,
    /// Whether it was a false alarm.
    pub withdrawn: bool,
    /// Names of the components concerned.
    pub affected: Vec<String>,
    /// First bad sample.
    pub began: Option<Timestamp>,
    /// When it was well again.
    pub ended: Option<Timestamp>,
    /// The days alone, where no times are known.
    pub days: WholeDays,
    /// The incident's page; `None` if the site has no public address.
    pub url: Option<String>,
}

impl Announcement {
    /// Tells of an incident; `site` is the public address of the page.
    pub(crate) fn new(incident: &Incident, occasion: Occasion, site: Option<&str>) -> Self {
        let newest = incident.updates.first().map(|update| update.text.clone());
        Self {
            incident: incident.id.clone(),
            occasion,
            severity: incident.severity.unwrap_or(Severity::Notice),
            title: incident.title.clone(),
            text: newest.unwrap_or_else(|| first_paragraph(&incident.body)),
            withdrawn: incident.managed.withdrawn,
            affected: incident.affected.clone(),
            began: incident.date,
            ended: incident.resolved_when,
            days: incident.days,
            url: site.map(|site| format!("{}/issues/{}/", site.trim_end_matches('/'), incident.id)),
        }
    }

    /// One line that says it all: `Down: Rolls are failing`.
    pub(crate) fn headline(&self) -> String {
        let word = match (self.occasion, self.severity) {
            (Occasion::Resolved, _) if self.withdrawn => "Withdrawn",
            (Occasion::Resolved, _) => "Resolved",
            (_, Severity::Down) => "Down",
            (_, Severity::Disrupted) => "Disrupted",
            (_, Severity::Notice) => "Notice",
        };
        let again = match self.occasion {
            Occasion::Recurred => " again",
            Occasion::Opened | Occasion::Worse | Occasion::Resolved => "",
        };
        format!("{word}{again}: {}", self.title)
    }
}

/// The first paragraph of a hand-written body.
fn first_paragraph(body: &str) -> String {
    let lines = body
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty());
    lines
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
