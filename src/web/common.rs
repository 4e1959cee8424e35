//! What many pages of one view have in common, kept while all of them are made.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::incidents::list::Incidents;

/// How many bytes of texts are kept; the others are rendered again.
const MOST: usize = 16 * 1024 * 1024;

/// Kept for the view whose pages are made, by whoever makes all of them.
///
/// One page alone is made without it: then nothing is kept beyond that page.
#[derive(Debug, Default)]
#[expect(
    clippy::disallowed_types,
    reason = "the threads of one export fill it, and none waits for another"
)]
pub struct Common {
    days: OnceLock<Arc<IncidentDays>>,
    texts: std::sync::Mutex<Texts>,
    /// The same in the other languages of the site.
    languages: BTreeMap<Box<str>, Self>,
}

/// The days of all public incidents: every page of the history counts them.
#[derive(Debug, PartialEq, Eq)]
pub struct IncidentDays {
    /// Their places in the list, with the day on which each began.
    days: Vec<(usize, Option<Date>)>,
    /// Where those of each month of each year stand in that.
    months: Months,
}

/// Places by year and month.
pub type Months = BTreeMap<i16, BTreeMap<i8, Vec<usize>>>;

/// The place of an incident in the list, with the day on which it began.
pub type DatedPlace = (usize, Option<Date>);

impl IncidentDays {
    /// Looks at all of them; their days are in that zone.
    pub fn new(incidents: &Incidents, zone: &TimeZone) -> Self {
        let public = incidents.iter().enumerate();
        let public = public.filter(|(_, incident)| incident.is_public());
        let days = public.map(|(at, incident)| (at, incident.began_on(zone)));
        let days: Vec<_> = days.collect();
        let mut months = Months::new();
        for (at, (_, date)) in days.iter().enumerate() {
            if let Some(date) = date {
                let year = months.entry(date.year()).or_default();
                year.entry(date.month()).or_default().push(at);
            }
        }
        Self { days, months }
    }

    /// All of them, newest first.
    pub fn all(&self) -> &[DatedPlace] {
        &self.days
    }

    /// The places of all of them in [`IncidentDays::all`], by year and month.
    pub fn months(&self) -> &Months {
        &self.months
    }

    /// Those of a year, or of a month of it, newest first.
    pub fn within(&self, year: i16, month: Option<i8>) -> Vec<&DatedPlace> {
        let months = self.months.get(&year).into_iter().flatten();
        let months = months.filter(|(of, _)| month.is_none_or(|month| month == **of));
        let mut places: Vec<_> = months.flat_map(|(_, places)| places).collect();
        // Weighted files stand out of order.
        places.sort_unstable();
        places.into_iter().map(|at| &self.days[*at]).collect()
    }
}

/// What an incident says, as machines are given it.
#[derive(Debug, PartialEq, Eq)]
pub struct IncidentText {
    /// All of it, as HTML.
    pub html: String,
    /// The same in short, once somebody asked for it.
    pub summary: OnceLock<String>,
}

/// Texts by the files that they are of.
#[derive(Debug, Default)]
struct Texts {
    known: HashMap<Box<str>, Arc<IncidentText>>,
    bytes: usize,
}

impl Common {
    /// For the pages of a site that has these other languages.
    pub fn of<'a>(languages: impl Iterator<Item = &'a str>) -> Self {
        Self {
            languages: languages
                .map(|code| (code.into(), Self::default()))
                .collect(),
            ..Self::default()
        }
    }

    /// What pages in another language have in common.
    pub fn in_language(&self, code: &str) -> Option<&Self> {
        self.languages.get(code)
    }

    /// The days of all incidents, made once.
    pub fn days(&self, make: impl FnOnce() -> Arc<IncidentDays>) -> Arc<IncidentDays> {
        Arc::clone(self.days.get_or_init(make))
    }

    /// The text of a file, made once as long as there is room.
    pub fn text(&self, file: &str, make: impl FnOnce() -> Arc<IncidentText>) -> Arc<IncidentText> {
        let texts = || self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let known = texts().known.get(file).cloned();
        known.unwrap_or_else(|| {
            let text = make();
            texts().keep(file, &text);
            text
        })
    }
}

impl IncidentText {
    /// A text whose summary nobody asked for yet.
    pub fn new(html: String) -> Self {
        Self {
            html,
            summary: OnceLock::new(),
        }
    }
}

impl Texts {
    fn keep(&mut self, file: &str, text: &Arc<IncidentText>) {
        if self.bytes + text.html.len() <= MOST {
            self.bytes += text.html.len();
            self.known.insert(file.into(), Arc::clone(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_texts_are_kept_than_there_is_room_for() {
        let text = |bytes| {
            Arc::new(IncidentText {
                html: "x".repeat(bytes),
                summary: OnceLock::new(),
            })
        };
        let mut texts = Texts::default();
        for (file, bytes) in [("a", MOST - 1), ("b", 2), ("c", 1), ("d", 1)] {
            texts.keep(file, &text(bytes));
        }
        let mut kept: Vec<_> = texts.known.keys().map(|file| &**file).collect();
        kept.sort_unstable();
        assert_eq!((kept, texts.bytes), (vec!["a", "c"], MOST));
    }
}
