//! The incidents of the history by month, and the links to its years.

use jiff::civil::Date;

use crate::model::incident::Incident;
use crate::web::pages::incidents::{self, IncidentLine};
use crate::web::parts::context::{NamedLink, Present};
use crate::web::parts::incident::incident_days::Months;
use crate::web::parts::times;

/// The incidents of a month.
pub(crate) struct Month {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) href: Option<String>,
    pub(crate) lines: Vec<IncidentLine>,
}

/// A year with its months.
pub(crate) struct Year {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) count: String,
    pub(crate) here: bool,
    pub(crate) months: Vec<NamedLink>,
}

/// An incident, with the day on which it began.
pub(crate) type Dated<'a> = (&'a Incident, Option<Date>);

pub(crate) fn months(present: &Present<'_>, shown: &[Dated<'_>], most: usize) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for (incident, date) in shown.iter().take(most) {
        let (id, name, href) = match date {
            Some(date) => (
                format!("archive-{}-{}", date.year(), date.month()),
                times::month(&present.speech, date.year(), date.month()),
                Some(present.to(&address(*date))),
            ),
            None => (
                "archive-undated".to_owned(),
                present.speech.say("undated"),
                None,
            ),
        };
        if months.last().is_none_or(|month| month.name != name) {
            // Weighted files stand out of order: an id may occur once only.
            let repeated = months.iter().any(|month| month.id == id);
            let id = if repeated {
                format!("{id}-{}", months.len())
            } else {
                id
            };
            months.push(Month {
                id,
                name,
                href,
                lines: Vec::new(),
            });
        }
        if let Some(month) = months.last_mut() {
            month.lines.push(incidents::line(present, incident));
        }
    }
    months
}

fn address(date: Date) -> String {
    format!("/history/{:04}/{:02}/", date.year(), date.month())
}

pub(crate) fn years(present: &Present<'_>, months: &Months, shown: Option<i16>) -> Vec<Year> {
    let speech = &present.speech;
    let years = months.iter().rev().map(|(year, months)| Year {
        id: format!("archive-{year}"),
        name: year.to_string(),
        href: present.to(&format!("/history/{year:04}/")),
        count: speech.count("incidents", months.values().map(Vec::len).sum()),
        here: shown == Some(*year),
        months: months
            .keys()
            .rev()
            .map(|month| NamedLink {
                name: speech.say(&format!("month-{month}")),
                href: present.to(&format!("/history/{year:04}/{month:02}/")),
            })
            .collect(),
    });
    years.collect()
}
