//! Sentences that the monitor writes into files by itself, in the site's language.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::speech::{Slot, Speech};
use crate::language::waits::obstacle;
use crate::language::{backlog, moments, spans};
use crate::model::board::{Backlog, Wait};
use crate::model::component::Severity;
use crate::model::event::{Event, EventKind};
use crate::model::text::language::Language;
use crate::model::time::duration::elapsed;
use crate::model::time::moment;

/// The language and the zone in which files are written.
#[derive(Clone, Debug)]
pub struct Wording {
    speech: Arc<Speech>,
    zone: TimeZone,
}

impl Wording {
    /// Writes in a language, with the times of a zone.
    pub fn new(language: Language, zone: TimeZone) -> Self {
        Self {
            speech: Speech::of(language),
            zone,
        }
    }

    /// The zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The language.
    pub fn speech(&self) -> &Speech {
        &self.speech
    }

    /// A message with its slots filled in. People edit files: every blank is one that
    /// they see.
    pub fn tell<const N: usize>(&self, name: &str, slots: [(&str, Slot<'_>); N]) -> String {
        blanks(&self.speech.tell(name, slots))
    }

    /// A message without slots.
    pub fn say(&self, name: &str) -> String {
        self.tell(name, [])
    }

    /// A duration that has passed.
    pub fn passed(&self, from: Timestamp, to: Timestamp) -> String {
        blanks(&spans::passed(&self.speech, elapsed(from, to)))
    }

    /// A moment, with its day if that is not clear to who knows another moment.
    fn moment(&self, at: Timestamp, known: Timestamp) -> Slot<'static> {
        moments::written(at, known, &self.zone).into()
    }

    /// Sentences that follow each other.
    pub fn sentences<const N: usize>(&self, all: [String; N]) -> String {
        self.speech.sentences(all)
    }

    /// Says that an incident seems well, until when it is watched at least, and what
    /// else is waited for.
    pub fn watching(
        &self,
        good_since: Timestamp,
        until: Timestamp,
        waits: &[Wait],
        now: Timestamp,
    ) -> String {
        let others = self.obstacles(waits);
        let since = self.tell("banner-watched", [("since", self.moment(good_since, now))]);
        let name = if others.is_empty() {
            "banner-watched-more"
        } else {
            "banner-watched-held"
        };
        let until = self.moment(moment::next_minute(until), now);
        let until = self.tell(name, [("until", until)]);
        self.sentences([since, until, others])
    }

    /// What else than time keeps an incident open, in sentences.
    fn obstacles(&self, waits: &[Wait]) -> String {
        let found = waits
            .iter()
            .filter_map(|wait| obstacle(&self.speech, wait, str::to_owned));
        blanks(&self.speech.sentences(found))
    }

    /// Says that nothing fails since a change, though not everything can be seen.
    pub fn quiet_but_unseen(&self, at: Timestamp, waits: &[Wait], now: Timestamp) -> String {
        let quiet = self.tell("wrote-unseen", [("at", self.moment(at, now))]);
        self.sentences([quiet, self.obstacles(waits)])
    }

    /// Says that nothing has changed, with fresh values.
    pub fn still_failing(&self, text: &str) -> String {
        self.sentences([self.say("wrote-ongoing"), text.to_owned()])
    }

    /// Says what is waited for where nothing can be said of its end; nothing where
    /// only a person can say it.
    pub fn still_waiting(&self, waits: &[Wait]) -> Option<String> {
        if waits == [Wait::Person] {
            return None;
        }
        Some(self.sentences([self.say("wrote-waiting"), self.obstacles(waits)]))
    }

    /// Says that a limit was changed and what it concerns works since.
    pub fn partly_cured(
        &self,
        names: &[String],
        at: Timestamp,
        firing: &str,
        now: Timestamp,
    ) -> String {
        let row = match names {
            [] => self.say("our-systems"),
            names => self.speech.row(names),
        };
        let slots = [
            ("at", self.moment(at, now)),
            ("n", names.len().into()),
            ("names", row.into()),
        ];
        self.sentences([self.tell("wrote-cured", slots), firing.to_owned()])
    }

    /// Says that an incident is no longer as bad as it was, and why.
    pub fn eased(&self, from: Severity, quiet_for: Duration, text: &str) -> String {
        let severity = self.say(&format!("state-{}", from.word()));
        let slots = [
            ("severity", severity.into()),
            ("span", spans::span(&self.speech, quiet_for).into()),
        ];
        self.sentences([self.tell("wrote-eased", slots), text.to_owned()])
    }

    /// Names a component with the state that a person holds it in.
    pub fn held(&self, name: &str, severity: Severity) -> String {
        format!(
            "{name}: {}",
            self.say(&format!("state-{}", severity.word()))
        )
    }

    /// Says that what was being watched, or was over, fails again.
    pub fn failing_again(&self, text: &str) -> String {
        self.sentences([self.say("wrote-again"), text.to_owned()])
    }

    /// Says when an incident was over and how long it lasted.
    pub fn over(&self, date: Timestamp, end: Timestamp, now: Timestamp) -> String {
        let slots = [
            ("since", self.moment(end, now)),
            ("span", self.passed(date, end).into()),
        ];
        self.tell("wrote-over", slots)
    }

    /// What a backlog means for users; nothing while it is calm.
    pub fn impact(&self, backlog: &Backlog) -> Option<String> {
        let sentence = backlog::impact(&self.speech, backlog)?;
        Some(blanks(&sentence))
    }

    /// Says from when until when planned work goes on.
    pub fn planned(&self, date: Timestamp, end: Timestamp, now: Timestamp) -> String {
        let slots = [
            ("from", self.moment(date, now)),
            ("until", self.moment(end, date)),
        ];
        self.tell("wrote-planned", slots)
    }

    /// Says that planned work has begun, and until when it goes on.
    pub fn begun(&self, end: Option<Timestamp>, now: Timestamp) -> String {
        match end {
            Some(end) => self.tell("wrote-begun-until", [("until", self.moment(end, now))]),
            None => self.say("wrote-begun"),
        }
    }

    /// Says that planned work lasts longer or shorter than planned.
    pub fn extended(&self, end: Timestamp, now: Timestamp) -> String {
        self.tell("wrote-extended", [("until", self.moment(end, now))])
    }

    /// Says that planned work is done.
    pub fn done(&self) -> String {
        self.say("wrote-done")
    }

    /// Says that planned work does not take place, or was broken off.
    pub fn called_off(&self, date: Option<Timestamp>, now: Timestamp) -> String {
        self.say(if date.is_some_and(|date| date > now) {
            "wrote-cancelled"
        } else {
            "wrote-stopped"
        })
    }

    /// Says what was done and when, as one line of a timeline; with its day if it
    /// was noted long after. What users report is told as theirs.
    pub fn event(&self, event: &Event, is_first: bool) -> String {
        let text = event_text(event);
        let text = match event.kind {
            EventKind::Report if is_first => {
                self.tell("wrote-first-report", [("text", text.into())])
            }
            EventKind::Report => self.tell("wrote-report", [("text", text.into())]),
            EventKind::Release
            | EventKind::Restart
            | EventKind::Flush
            | EventKind::Limit
            | EventKind::Change
            | EventKind::Note
            | EventKind::Provider => text,
        };
        let at = self.moment(event.at, event.noted);
        self.tell("wrote-event", [("at", at), ("text", text.into())])
    }
}

impl Default for Wording {
    fn default() -> Self {
        Self::new(Language::default(), TimeZone::UTC)
    }
}

/// A text in which every blank is one that people see.
fn blanks(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// What an event is, as a sentence that ends each of its lines in every language.
pub fn event_text(event: &Event) -> String {
    let end = if event.text.ends_with(['.', '!', '?', '…', '。']) {
        ""
    } else {
        "."
    };
    format!("{}{end}", plain(&event.text))
}

/// What older versions wrote before the first report of a user.
const OLD_FIRST_REPORT: &str = "first report by a user: ";

/// Whether the text of an update says what a user reported first, in any language.
pub fn is_first_report(text: &str) -> bool {
    let says = |language: &Language| {
        let words = Speech::of(*language).with("wrote-first-report", "text", "");
        text.contains(blanks(&words).trim_end())
    };
    text.contains(OLD_FIRST_REPORT) || Language::ALL.iter().any(says)
}

/// A text whose signs mean nothing in markdown, and nothing to Hugo.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut before = None;
    for sign in text.chars() {
        let opens = sign == '{' && before == Some('{');
        if opens || r"\`*_[]<>#|~&".contains(sign) {
            plain.push('\\');
        }
        plain.push(sign);
        before = Some(sign);
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::incident::manual::amend;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn in_new_york(language: Language) -> Wording {
        Wording::new(language, TimeZone::get("America/New_York").unwrap())
    }

    fn worded(at: &str, noted: &str, text: &str) -> String {
        let event = Event::new(self::at(at), text, self::at(noted)).unwrap();
        in_new_york(Language::En).event(&event, false)
    }

    #[test]
    fn what_seems_well_is_told_with_its_likely_end_or_what_else_it_waits_for() {
        let (since, until) = (at("2026-03-01T08:30:39Z"), at("2026-03-01T08:45:39Z"));
        let english = Wording::default();
        let worded = |waits: &[Wait]| english.watching(since, until, waits, until);
        assert_eq!(
            worded(&[Wait::Hold]),
            "Working again since 08:30 UTC. We are monitoring and will mark this resolved at \
            about 08:46 UTC if it stays healthy."
        );
        let backlog = Wait::Backlog {
            what: "rolls".to_owned(),
            count: 1_240,
        };
        assert_eq!(
            worded(&[backlog, Wait::Person, Wait::Hold]),
            "Working again since 08:30 UTC. We will not mark this resolved before 08:46 UTC. \
            The backlog of 1,240 rolls must shrink. Our team must confirm that it is resolved."
        );
        let unseen = [Wait::Unseen(vec!["API".to_owned(), "Cache".to_owned()])];
        assert_eq!(
            english.quiet_but_unseen(since, &unseen, until),
            "There have been no failures since the change at 08:30 UTC, but we cannot mark this \
            resolved yet. We must receive data for API and Cache again."
        );
        let (date, end) = (at("2026-03-01T13:53:00Z"), at("2026-03-01T14:05:00Z"));
        assert_eq!(
            english.over(date, end, end),
            "Working since 14:05 UTC. The incident lasted 12 min."
        );
        // Who reads it days later needs the day.
        assert_eq!(
            english.over(date, end, at("2026-03-03T00:00:00Z")),
            "Working since 2026-03-01 14:05 UTC. The incident lasted 12 min."
        );
    }

    #[test]
    fn every_language_has_its_own_sentences_with_the_same_moments() {
        let (since, until) = (at("2026-03-01T08:30:39Z"), at("2026-03-01T08:45:39Z"));
        let unseen = [Wait::Unseen(vec!["API".to_owned()])];
        let mut all = std::collections::BTreeSet::new();
        for language in Language::ALL {
            let wording = in_new_york(language);
            let sentences = [
                wording.watching(since, until, &unseen, until),
                wording.quiet_but_unseen(since, &unseen, until),
                wording.partly_cured(&["API".to_owned()], since, "It fails.", until),
                wording.over(since, until, until),
                wording.planned(since, until, until),
                wording.begun(Some(until), since),
                wording.extended(until, since),
            ];
            for sentence in sentences {
                let found = moments::find(&sentence, Some(until), wording.zone());
                assert!(!found.is_empty(), "{language}: {sentence}");
                for moment in found {
                    let at = moment.at.to_string();
                    let known = [
                        "2026-03-01T08:30:00Z",
                        "2026-03-01T08:45:00Z",
                        "2026-03-01T08:46:00Z",
                    ];
                    assert!(known.contains(&&*at), "{language}: {sentence}");
                }
                assert!(amend::text(&sentence).is_ok() && !sentence.contains('\u{a0}'));
                assert!(all.insert(sentence.clone()), "{language}: {sentence}");
            }
        }
    }

    #[test]
    fn the_first_report_of_a_user_is_known_in_every_language() {
        let moment = at("2026-03-01T08:30:00Z");
        let event = Event {
            kind: EventKind::Report,
            ..Event::new(moment, "API fails", moment).unwrap()
        };
        for language in Language::ALL {
            let wording = in_new_york(language);
            let first = wording.event(&event, true);
            assert!(is_first_report(&first), "{first}");
            let later = wording.event(&event, false);
            assert!(!is_first_report(&later), "{later}");
            let text = event_text(&event);
            assert!(first.ends_with(&text) && later.ends_with(&text), "{first}");
        }
        assert!(is_first_report(
            "At 08:30 UTC: first report by a user: API fails."
        ));
    }

    #[test]
    fn planned_work_is_told_with_its_times() {
        let english = Wording::default();
        let before = at("2026-02-20T09:00:00Z");
        let (from, until) = (at("2026-03-01T22:00:00Z"), at("2026-03-01T23:30:00Z"));
        let late = at("2026-03-03T01:00:00Z");
        for (text, expected) in [
            (
                english.planned(from, until, before),
                "Maintenance window: 2026-03-01 22:00 UTC to 23:30 UTC.",
            ),
            (
                english.planned(from, late, from),
                "Maintenance window: 22:00 UTC to 2026-03-03 01:00 UTC.",
            ),
            (
                english.begun(Some(until), from),
                "Maintenance has started. It is scheduled to end at 23:30 UTC.",
            ),
            (
                english.extended(late, from),
                "The schedule has changed. Maintenance is now scheduled to end at 2026-03-03 \
                01:00 UTC.",
            ),
        ] {
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn an_event_is_one_line_with_its_time_in_the_zone_of_the_site() {
        let noted = "2023-01-19T12:24:00Z";
        for (at, text, expected) in [
            (
                "2023-01-19T12:23:40Z",
                "Release v0.9.9-255 started",
                "At 07:23 EST: Release v0.9.9-255 started.",
            ),
            (
                "2023-01-19T12:23:40Z",
                "Cache was restarted.",
                "At 07:23 EST: Cache was restarted.",
            ),
            (
                "2023-01-19T12:23:40Z",
                "Is it resolved?",
                "At 07:23 EST: Is it resolved?",
            ),
            // Noted long after.
            (
                "2023-01-19T00:50:00Z",
                "Release 254",
                "At 2023-01-18 19:50 EST: Release 254.",
            ),
            (
                "2022-07-19T12:00:00Z",
                "Release 1",
                "At 2022-07-19 08:00 EDT: Release 1.",
            ),
            // What a provider writes is text, whatever its signs mean elsewhere.
            (
                "2023-01-19T12:23:40Z",
                "A reports: *down* [here](http://x) {{< track >}} <b>",
                r"At 07:23 EST: A reports: \*down\* \[here\](http://x) {\{\< track \>}} \<b\>.",
            ),
        ] {
            assert_eq!(worded(at, noted, text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_of_an_event_can_stop_hugo_or_begin_a_line(text in "[{<%}>* `\\\\a/0-]{1,40}") {
            let at = "2023-01-19T12:23:40Z";
            if Event::new(at.parse().unwrap(), &text, at.parse().unwrap()).is_ok() {
                let line = worded(at, at, &text);
                prop_assert!(!line.contains('\n') && amend::text(&line).is_ok(), "{line}");
            }
        }
    }
}
