//! The state at a view's moment, computed once for all parts of a page.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::language::speech::Speech;
use crate::model::component::Severity;
use crate::model::facts::planned::{Planned, WorkStage};
use crate::model::facts::weight;
use crate::model::incident::Incident;
use crate::model::time::date;
use crate::model::time::duration::elapsed;
use crate::web::parts::days::monitor_gaps::{self, GapDay};
use crate::web::parts::times::{self, When};
use crate::web::site::View;
use crate::web::text::html;
use crate::web::text::links;

/// How far back days are drawn, with some hours to spare.
const DAYS: Duration = Duration::from_hours(91 * 24);

/// The data that a page is rendered from.
#[derive(Debug)]
pub(crate) struct Present<'a> {
    /// The view itself.
    pub(crate) view: View<'a>,
    /// The words of its language.
    pub(crate) speech: Arc<Speech>,
    /// What is open and neither planned nor a mere post, the gravest first, and of
    /// equally grave ones the newest.
    pub(crate) troubles: Vec<&'a Incident>,
    /// Picked when days are drawn, which most pages do not.
    recent: OnceCell<Vec<&'a Incident>>,
    by_part: OnceCell<BTreeMap<&'a str, Vec<&'a Incident>>>,
    /// The monitor's own gaps, which every component's days leave out.
    gaps: OnceCell<Vec<GapDay>>,
}

/// A component or an incident as a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedLink {
    /// What it says.
    pub(crate) name: String,
    /// Where it leads.
    pub(crate) href: String,
}

impl<'a> Present<'a> {
    /// Picks it out of a view.
    pub(crate) fn new(view: &View<'a>) -> Self {
        let board = view.board;
        let mut troubles: Vec<_> = board.troubles().collect();
        troubles.sort_by_key(|incident| Reverse(weight::weight(incident)));
        Self {
            view: *view,
            speech: Speech::of(view.language),
            troubles,
            recent: OnceCell::new(),
            by_part: OnceCell::new(),
            gaps: OnceCell::new(),
        }
    }

    /// Public incidents within the days that are drawn, newest first.
    pub(crate) fn recent(&self) -> &[&'a Incident] {
        self.recent.get_or_init(|| {
            let since = self.view.now.checked_sub(DAYS).unwrap_or(Timestamp::MIN);
            let all = self.view.board.facts.incidents.iter().map(Arc::as_ref);
            let recent = all.filter(|incident| {
                let ended = incident.resolved_when.or(incident.date);
                let touches = incident.is_active() || ended.is_some_and(|end| end >= since);
                touches && incident.is_public()
            });
            recent.collect()
        })
    }

    /// The same of one component, by its name.
    pub(crate) fn recent_of(&self, name: &str) -> &[&'a Incident] {
        let by_part = self.by_part.get_or_init(|| {
            let mut by_part: BTreeMap<&str, Vec<&Incident>> = BTreeMap::new();
            for incident in self.recent() {
                for name in &incident.affected {
                    by_part.entry(name).or_default().push(incident);
                }
            }
            by_part
        });
        by_part.get(name).map_or(&[], Vec::as_slice)
    }

    /// The days on which no component has data for some time.
    pub(crate) fn gaps(&self) -> &[GapDay] {
        self.gaps
            .get_or_init(|| monitor_gaps::gaps(self.view.board, &self.view.names.zone))
    }

    /// The planned work of a file.
    pub(crate) fn work(&self, incident: &Incident) -> Option<&'a Planned> {
        let mut open = self
            .view
            .board
            .facts
            .maintenance
            .iter()
            .filter(|work| work.stage.is_open());
        open.find(|work| work.id == incident.id)
    }

    /// Planned work in progress.
    pub(crate) fn running(&self) -> impl Iterator<Item = &'a Planned> {
        self.view.board.running()
    }

    /// Planned work that is still to come.
    pub(crate) fn coming(&self) -> impl Iterator<Item = &'a Planned> {
        let open = self.view.board.facts.planned().into_iter();
        open.filter(|work| work.stage == WorkStage::Scheduled)
    }

    /// Components of these names, as links to their pages where they have one.
    pub(crate) fn links(&self, names: &[String]) -> Vec<NamedLink> {
        let links = names.iter().map(|name| NamedLink {
            name: self.label(name).to_owned(),
            href: self.address_of(name),
        });
        links.collect()
    }

    /// One of our addresses, as a link needs it.
    pub(crate) fn to(&self, path: &str) -> String {
        links::own(self.view.names, path)
    }

    /// The address of the page of a component, or of what incidents name as one;
    /// empty for a name of signs alone, which has none.
    pub(crate) fn address_of(&self, name: &str) -> String {
        let slug = links::slug_of(self.view.board, name);
        slug.map_or_else(String::new, |slug| self.to(&links::affected_path(&slug)))
    }

    /// The name of a component on the page.
    pub(crate) fn label<'n>(&'n self, name: &'n str) -> &'n str {
        self.view.names.labels.get(name).map_or(name, |label| label)
    }

    /// A moment as said now.
    pub(crate) fn when(&self, at: Timestamp) -> When {
        times::when(&self.speech, at, self.view.now, &self.view.names.zone)
    }

    /// What a file says of a moment; a day without a time is told as that day.
    pub(crate) fn dated(&self, at: Option<Timestamp>, day: Option<Date>) -> Option<When> {
        let today = || date::day_of(self.view.now, &self.view.names.zone);
        let day = day.map(|day| times::day_alone(&self.speech, day, today()));
        day.or_else(|| at.map(|at| self.when(at)))
    }

    /// When the last of works is to end, if that is still to come.
    pub(crate) fn until<'w>(&self, works: impl Iterator<Item = &'w Planned>) -> Option<When> {
        let last = works.max_by_key(|work| work.until)?;
        let until = last.until.filter(|until| *until > self.view.now);
        self.dated(Some(until?), last.days.ended)
    }

    /// Since when an incident lasts, ticking; nobody counts hours from a day.
    pub(crate) fn lasting(&self, incident: &Incident) -> Option<String> {
        let date = incident.date.filter(|_| incident.days.began.is_none())?;
        Some(self.ticking("lasting", date))
    }

    /// Since when something is measured: `since 10:17 today`, or with its day.
    pub(crate) fn measured_since(&self, at: Timestamp) -> String {
        let (speech, zone) = (&self.speech, &self.view.names.zone);
        let (day, today) = (date::day_of(at, zone), date::day_of(self.view.now, zone));
        if day == today {
            let clock = times::clock(at, zone, false).text;
            return speech.with("since-today", "clock", clock);
        }
        speech.with("since-day", "day", times::day(speech, day, today))
    }

    /// How long it is since a moment, in a message with the slot `span`, as
    /// HTML that the script keeps true.
    pub(crate) fn ticking(&self, name: &str, since: Timestamp) -> String {
        let span = times::span(&self.speech, elapsed(since, self.view.now));
        let text = html::escape(&self.speech.with(name, "span", span));
        let say = html::escape(&self.speech.with(name, "span", "{}"));
        let iso = since.strftime("%Y-%m-%dT%H:%M:%SZ");
        format!("<span data-since=\"{iso}\" data-say=\"{say}\">{text}</span>")
    }
}

/// Whether a notice announced planned work when it was written.
pub(crate) fn was_planned(incident: &Incident) -> bool {
    let mut words = incident.updates.iter().map(|update| &update.word);
    incident.severity == Some(Severity::Notice)
        && incident.managed.rules.is_empty()
        && words.any(|word| word.eq_ignore_ascii_case("scheduled"))
}
