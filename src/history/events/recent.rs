//! Recent events: those in the database, and those that we saw. Pure.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::language::speech::Speech;
use crate::model::component::{Component, ComponentId};
use crate::model::event::{Event, EventKind, EventSource, MAX_TEXT, SeenChange};
use crate::model::facts::provider_status::Related;
use crate::model::request::samples::event_feed::{MAX_EVENTS, RECENT_HOURS};
use crate::model::sample::CollectorId;
use crate::model::text::language::Language;

/// A notice without a beginning that is back within this time is the same one.
const SAME_NOTICE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Notices of providers that are remembered; of more the stalest are forgotten.
const NOTICES: usize = 1000;

/// Whom the events of a collector concern; who is not in it concerns everybody.
pub type Subjects = BTreeMap<CollectorId, Vec<ComponentId>>;

/// Events of late, from the database and from our own eyes.
#[derive(Debug)]
pub struct RecentEvents {
    /// What the database has.
    noted: watch::Receiver<Arc<Vec<Event>>>,
    /// What we saw, until the database has it.
    own: Vec<Event>,
    /// Events that the writer does not have yet, in order.
    pub(crate) due: VecDeque<Event>,
    /// When each notice of a provider was reported last, by its text.
    notices: BTreeMap<String, Timestamp>,
    subjects: Subjects,
    language: Language,
    /// Both together, in the order in which they happened.
    events: Vec<Event>,
}

impl Default for RecentEvents {
    fn default() -> Self {
        let (_, noted) = watch::channel(Arc::default());
        Self::new(noted, [], Subjects::new())
    }
}

/// The ids of the components that each collector is there for.
pub fn ids(subjects: &BTreeMap<CollectorId, Vec<Component>>) -> Subjects {
    let ids = |all: &Vec<Component>| all.iter().map(|one| one.id.clone()).collect();
    let subjects = subjects.iter();
    subjects.map(|(id, all)| (id.clone(), ids(all))).collect()
}

/// What a provider reports, as the text of an event.
fn quote(notice: &Related, language: Language) -> String {
    let slots = [
        ("name", notice.provider.as_str().into()),
        ("text", notice.title.as_str().into()),
    ];
    let text = Speech::of(language).tell("provider-reports", slots);
    text.chars().take(MAX_TEXT).collect()
}

impl RecentEvents {
    /// Tells of whom each collector's events are from now on, and in which language
    /// providers are quoted.
    pub fn concern(
        &mut self,
        subjects: &BTreeMap<CollectorId, Vec<Component>>,
        language: Language,
    ) {
        self.subjects = ids(subjects);
        self.language = language;
    }

    /// Starts with the events of the database and the notices of earlier runs.
    pub fn new(
        noted: watch::Receiver<Arc<Vec<Event>>>,
        notices: impl IntoIterator<Item = Event>,
        subjects: Subjects,
    ) -> Self {
        let notices = notices.into_iter().map(|event| (event.text, event.noted));
        let mut recent = Self {
            noted,
            own: Vec::new(),
            due: VecDeque::new(),
            notices: notices.collect(),
            subjects,
            language: Language::default(),
            events: Vec::new(),
        };
        recent.merge();
        recent
    }

    /// Recent events, in the order in which they happened.
    pub fn events(&mut self, now: Timestamp) -> &[Event] {
        // Who noted may be gone; what was noted stays.
        if self.noted.has_changed().unwrap_or(false) {
            self.merge();
        }
        let oldest = now
            .checked_sub(SignedDuration::from_hours(RECENT_HOURS))
            .unwrap_or(Timestamp::MIN);
        self.own.retain(|event| event.noted >= oldest);
        self.events.retain(|event| event.noted >= oldest);
        &self.events
    }

    /// Takes in a change that samples show, unless an earlier run recorded it.
    ///
    /// A crash may have kept the event and lost the samples: then the change is
    /// seen again, though it was noted after the last look that is known.
    pub fn saw(&mut self, SeenChange { event, since }: SeenChange) {
        let is_same = |earlier: &Event| {
            earlier.source == event.source
                && earlier.kind == event.kind
                && earlier.text == event.text
                && earlier.noted > since
        };
        if !self.events.iter().any(is_same) {
            self.add(event);
        }
    }

    /// Takes in the status of a provider; each notice is an event once.
    pub fn reported(&mut self, collector: &CollectorId, related: &[Related], now: Timestamp) {
        for one in related {
            // In another language it is the same notice.
            let known = Language::ALL.map(|language| quote(one, language));
            let known = known.iter().filter_map(|text| self.notices.get(text));
            let last = known.max().copied();
            let text = quote(one, self.language);
            self.notices.insert(text.clone(), now);
            let same = last.is_some_and(|last| match one.since {
                Some(since) => since <= last,
                None => now.duration_since(last) <= SAME_NOTICE,
            });
            let at = one.since.filter(|since| *since <= now).unwrap_or(now);
            if let Ok(event) = Event::new(at, &text, now)
                && !same
            {
                let components = self.subjects.get(collector);
                self.add(Event {
                    kind: EventKind::Provider,
                    components: components.cloned().unwrap_or_default(),
                    source: EventSource::Collector(collector.clone()),
                    ..event
                });
            }
        }
        while self.notices.len() > NOTICES {
            let stalest = self.notices.iter().min_by_key(|(_, last)| **last);
            let Some(text) = stalest.map(|(text, _)| text.clone()) else {
                break;
            };
            self.notices.remove(&text);
        }
    }

    fn add(&mut self, event: Event) {
        self.due.push_back(event.clone());
        self.own.push(event);
        self.merge();
    }

    fn merge(&mut self) {
        let noted = self.noted.borrow_and_update().clone();
        self.own.retain(|event| !noted.contains(event));
        self.events = noted.iter().chain(&self.own).cloned().collect();
        if self.events.len() > MAX_EVENTS {
            self.events.sort_by_key(|event| event.noted);
            self.events.drain(..self.events.len() - MAX_EVENTS);
        }
        self.events.sort_by_key(|event| event.at);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::component::Health;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn event(second: i64, text: &str) -> Event {
        Event {
            kind: EventKind::Restart,
            source: EventSource::Collector(CollectorId("redis".into())),
            ..Event::new(at(second), text, at(second)).unwrap()
        }
    }

    fn seen(second: i64, text: &str, since: i64) -> SeenChange {
        SeenChange {
            event: event(second, text),
            since: at(since),
        }
    }

    fn texts(recent: &mut RecentEvents, second: i64) -> Vec<String> {
        let events = recent.events(at(second)).iter();
        events.map(|event| event.text.clone()).collect()
    }

    fn recent(noted: &[Event]) -> (watch::Sender<Arc<Vec<Event>>>, RecentEvents) {
        let events = noted.to_vec().into();
        let (sender, noted) = watch::channel(events);
        let subjects = [(
            CollectorId("cloud".into()),
            vec![ComponentId("cache".into())],
        )];
        (sender, RecentEvents::new(noted, [], subjects.into()))
    }

    #[test]
    fn what_is_seen_is_known_at_once_and_only_once_when_the_database_has_it() {
        let (sender, mut recent) = recent(&[event(1, "noted")]);
        recent.saw(seen(3, "seen", 2));
        assert_eq!(recent.due, [event(3, "seen")]);
        assert_eq!(texts(&mut recent, 4), ["noted", "seen"]);
        let events = [event(1, "noted"), event(2, "between"), event(3, "seen")];
        sender.send_replace(events.to_vec().into());
        assert_eq!(texts(&mut recent, 4), ["noted", "between", "seen"]);
        // What a person deletes is gone.
        sender.send_replace(Arc::default());
        assert!(texts(&mut recent, 4).is_empty());
    }

    #[test]
    fn what_an_earlier_run_told_is_not_told_again() {
        let (_sender, mut recent) = recent(&[event(5, "restarted")]);
        // The samples of second 5 were lost, those of second 4 are the last.
        recent.saw(seen(9, "restarted", 4));
        assert!(recent.due.is_empty());
        recent.saw(seen(20, "restarted", 19));
        assert_eq!(recent.due, [event(20, "restarted")]);
    }

    #[test]
    fn only_what_was_noted_within_a_day_is_of_late() {
        let (_sender, mut recent) = recent(&[event(0, "old")]);
        recent.saw(seen(60, "young", 59));
        assert_eq!(texts(&mut recent, 86_400), ["old", "young"]);
        assert_eq!(texts(&mut recent, 86_401), ["young"]);
        assert!(texts(&mut recent, 86_461).is_empty());
    }

    #[test]
    fn of_too_many_the_oldest_are_left_out() {
        let (_sender, mut recent) = recent(&[]);
        for second in 0..510 {
            recent.saw(seen(second, &format!("e{second}"), second - 1));
        }
        let texts = texts(&mut recent, 510);
        assert_eq!((texts.len(), &*texts[0]), (MAX_EVENTS, "e10"));
    }

    fn notice(title: &str, since: Option<i64>) -> Related {
        Related {
            provider: "Redis Cloud".to_owned(),
            health: Health::Disrupted,
            title: title.to_owned(),
            since: since.map(at),
            link: None,
        }
    }

    /// What is told of these reports, each at its second.
    fn reported(
        recent: &mut RecentEvents,
        reports: &[(i64, Option<i64>)],
    ) -> Vec<(i64, Timestamp)> {
        let collector = CollectorId("cloud".into());
        let mut events = Vec::new();
        for (second, since) in reports {
            recent.reported(&collector, &[notice("slow", *since)], at(*second));
            events.extend(recent.due.drain(..).map(|event| (*second, event.at)));
        }
        events
    }

    #[test]
    fn a_notice_of_a_provider_is_an_event_once() {
        let hour = 3600;
        for (reports, expected) in [
            // It goes on.
            (
                vec![(10, Some(5)), (11, Some(5)), (99, Some(5))],
                vec![(10, 5)],
            ),
            (
                vec![(10, None), (11, None), (9 * hour, None)],
                vec![(10, 10)],
            ),
            // The provider dates it anew, to before we last saw it.
            (vec![(10, Some(5)), (11, Some(7))], vec![(10, 5)]),
            // The same trouble again, later.
            (
                vec![(10, Some(5)), (900, Some(800))],
                vec![(10, 5), (900, 800)],
            ),
            (
                vec![(10, None), (200 * hour, None)],
                vec![(10, 10), (200 * hour, 200 * hour)],
            ),
            // A beginning that is still to come is not believed.
            (vec![(10, Some(500))], vec![(10, 10)]),
        ] {
            let (_sender, mut recent) = recent(&[]);
            let expected: Vec<_> = expected.iter().map(|(on, from)| (*on, at(*from))).collect();
            assert_eq!(reported(&mut recent, &reports), expected, "{reports:?}");
        }
    }

    #[test]
    fn a_notice_names_its_provider_and_whom_it_concerns() {
        let (_sender, mut recent) = recent(&[]);
        let cloud = CollectorId("cloud".into());
        recent.reported(&cloud, &[notice("Slow queries", Some(5))], at(10));
        let event = recent.due.pop_front().unwrap();
        assert_eq!(event.text, "Redis Cloud reports: Slow queries");
        assert_eq!(event.kind, EventKind::Provider);
        assert_eq!(event.components, [ComponentId("cache".into())]);
        assert!(!event.kind.is_change());
    }

    #[test]
    fn after_a_restart_a_notice_that_was_told_is_known() {
        let (_sender, noted) = watch::channel(Arc::default());
        let before = Event::new(at(5), "Redis Cloud reports: slow", at(10)).unwrap();
        let mut recent = RecentEvents::new(noted, [before], Subjects::new());
        assert!(reported(&mut recent, &[(90_000, Some(5)), (90_001, None)]).is_empty());
    }

    #[test]
    fn notices_without_end_cost_no_memory() {
        let (_sender, mut recent) = recent(&[]);
        let cloud = CollectorId("cloud".into());
        for second in 0..2000 {
            let one = notice(&format!("n{second}"), None);
            recent.reported(&cloud, &[one], at(second));
        }
        assert_eq!(recent.notices.len(), NOTICES);
    }
}
