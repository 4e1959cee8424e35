//! The history: the newest incidents, a year, a month, and search results.

use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;
use jiff::civil::Date;

use crate::model::incident::Incident;
use crate::web::pages::archive_months::{Dated, Month, Year, months, years};
use crate::web::parts::context::Present;
use crate::web::parts::incident::incident_days::IncidentDays;
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::parts::look::style;
use crate::web::parts::times;
use crate::web::site::View;

/// Incidents on one page. Who has more of them in a month looks for words.
const MAX_INCIDENTS: usize = 200;

/// Incidents on the first page of the history.
const NEWEST: usize = 50;

/// The search of a visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Search {
    /// Words that must all occur in the title or the text.
    pub words: String,
    /// The name of a component that must be affected; empty for any.
    pub component: String,
}

impl Search {
    /// Longest question that is read.
    const LONGEST: usize = 200;

    /// Reads the part of an address behind `?`.
    pub(crate) fn from_query(query: &str) -> Self {
        let mut search = Self::default();
        let Ok(url) = reqwest::Url::parse(&format!("http://localhost/?{query}")) else {
            return search;
        };
        for (name, value) in url.query_pairs() {
            let value: String = value.trim().chars().take(Self::LONGEST).collect();
            match &*name {
                "q" => search.words = value,
                "component" => search.component = value,
                _ => {}
            }
        }
        search
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.component.is_empty()
    }

    fn finds(&self, incident: &Incident, words: &[String]) -> bool {
        if !self.component.is_empty() && !incident.affected.contains(&self.component) {
            return false;
        }
        let (title, body) = (incident.title.to_lowercase(), incident.body.to_lowercase());
        words
            .iter()
            .all(|word| title.contains(word) || body.contains(word))
    }
}

/// The days of all incidents of a view.
fn days(view: &View<'_>) -> Arc<IncidentDays> {
    let compute = || {
        Arc::new(IncidentDays::new(
            &view.board.facts.incidents,
            &view.names.zone,
        ))
    };
    view.memo.map_or_else(compute, |memo| memo.days(compute))
}

/// The incidents at these places of the view's list.
fn dated<'a>(view: &View<'a>, (at, date): &(usize, Option<Date>)) -> Option<Dated<'a>> {
    let incident = view.board.facts.incidents.get(*at)?;
    Some((incident.as_ref(), *date))
}

/// The part of the history that a page shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ArchivePart {
    /// The newest incidents, or search results.
    Newest(Search),
    /// A year.
    Year(i16),
    /// A month of a year.
    Month(i16, i8),
}

impl ArchivePart {
    /// The end of its address; `None` for the newest, which has none.
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Newest(_) => None,
            Self::Year(year) => Some(format!("{year:04}")),
            Self::Month(year, month) => Some(format!("{year:04}/{month:02}")),
        }
    }

    /// The year that it shows or is a part of.
    fn year(&self) -> Option<i16> {
        match self {
            Self::Newest(_) => None,
            Self::Year(year) | Self::Month(year, _) => Some(*year),
        }
    }

    /// Reads the end of an address: `2026`, `2026/11`.
    pub fn from_path(path: &str) -> Option<Self> {
        let (year, month) = path.split_once('/').unwrap_or((path, ""));
        let digits = |text: &str, length| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let year = year.parse().ok().filter(|_| digits(year, 4))?;
        if month.is_empty() && !path.contains('/') {
            return Some(Self::Year(year));
        }
        let number: i8 = month.parse().ok().filter(|_| digits(month, 2))?;
        (1..=12)
            .contains(&number)
            .then_some(Self::Month(year, number))
    }
}

struct ArchiveChoice<'a> {
    name: &'a str,
    label: &'a str,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "archive.html")]
struct ArchivePage<'a> {
    frame: Frame<'a>,
    heading: String,
    /// The script that searches where no server does.
    script: String,
    search: Option<Search>,
    found: Option<String>,
    choices: Vec<ArchiveChoice<'a>>,
    months: Vec<Month>,
    cut: Option<String>,
    years: Vec<Year>,
}

/// A page of the history; `None` if there is nothing of that time.
pub fn page(view: &View<'_>, part: &ArchivePart) -> Option<askama::Result<String>> {
    let present = Present::new(view);
    let days = days(view);
    let all = || days.all().iter().filter_map(|day| dated(view, day));
    let of = |year, month| -> Vec<Dated<'_>> {
        let places = days.within(year, month).into_iter();
        places.filter_map(|day| dated(view, day)).collect()
    };
    let speech = &present.speech;
    let (shown, heading, most) = match part {
        ArchivePart::Newest(search) if search.is_empty() => {
            (all().collect(), speech.say("history"), NEWEST)
        }
        ArchivePart::Newest(search) => {
            let found = find(all(), search);
            (found, speech.say("history"), MAX_INCIDENTS)
        }
        ArchivePart::Year(year) => (of(*year, None), year.to_string(), MAX_INCIDENTS),
        ArchivePart::Month(year, month) => (
            of(*year, Some(*month)),
            times::month(speech, *year, *month),
            MAX_INCIDENTS,
        ),
    };
    let (search, looked) = match part {
        ArchivePart::Newest(search) => (Some(search.clone()), !search.is_empty()),
        ArchivePart::Year(_) | ArchivePart::Month(..) => (None, false),
    };
    if search.is_none() && shown.is_empty() {
        return None;
    }
    let chosen = search.as_ref().map_or("", |search| &search.component);
    let page = ArchivePage {
        frame: Frame::new(&present, Here::History),
        heading,
        script: style::asked(view, "search.js", &style::tag(style::SEARCH.as_bytes())),
        found: looked.then(|| speech.count("found", shown.len())),
        choices: choices(view, chosen),
        cut: (shown.len() > most).then(|| speech.count("cut", most)),
        months: months(&present, &shown, most),
        years: years(&present, days.months(), part.year()),
        search,
    };
    Some(page.render())
}

fn find<'a>(all: impl Iterator<Item = Dated<'a>>, search: &Search) -> Vec<Dated<'a>> {
    let words = search.words.to_lowercase();
    let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
    let found = all.filter(|(incident, _)| search.finds(incident, &words));
    found.collect()
}

fn choices<'a>(view: &View<'a>, chosen: &str) -> Vec<ArchiveChoice<'a>> {
    let components = view.board.components.iter();
    components
        .map(|state| {
            let name = &state.component.name;
            ArchiveChoice {
                name,
                label: view.names.labels.get(name).unwrap_or(name),
                chosen: name == chosen,
            }
        })
        .collect()
}

/// The times that have a page: every year and month in which something began.
pub fn parts(view: &View<'_>) -> Vec<ArchivePart> {
    let days = days(view);
    let dates = days.all().iter().filter_map(|(_, date)| *date);
    let parts = dates.flat_map(|date| {
        let year = date.year();
        [
            ArchivePart::Year(year),
            ArchivePart::Month(year, date.month()),
        ]
    });
    let mut seen = HashSet::new();
    parts.filter(|part| seen.insert(part.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_times_are_read() {
        for (path, part) in [
            ("2026", Some(ArchivePart::Year(2026))),
            ("2026/11", Some(ArchivePart::Month(2026, 11))),
            ("2026/1", None),
            ("2026/13", None),
            ("2026/", None),
            ("26", None),
            ("+026", None),
            ("2026/11/3", None),
            ("", None),
        ] {
            assert_eq!(ArchivePart::from_path(path), part, "{path}");
        }
    }

    #[test]
    fn a_question_is_read_and_never_longer_than_it_may_be() {
        let search = Search::from_query("q=full+cache&component=Caf%C3%A9&x=1");
        assert_eq!((&*search.words, &*search.component), ("full cache", "Café"));
        assert!(Search::from_query("").is_empty());
        assert!(Search::from_query("q=%20").is_empty());
        let long = Search::from_query(&format!("q={}", "a".repeat(1000)));
        assert_eq!(long.words.len(), 200);
    }
}
