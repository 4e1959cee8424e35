//! Messages that are about nothing: to try templates and receivers.

use jiff::Timestamp;

use crate::model::component::Severity;
use crate::model::incident::Phase;
use crate::model::text::language::Language;
use crate::notify::message::announcement::{Announcement, Entry, OwnWords, TimeOrDay};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;

/// The first bad sample of the sample: 2026-03-01 18:48 UTC.
const BEGAN: i64 = 1_772_390_880;

impl Announcement {
    /// A message that has everything that a message can have.
    pub(crate) fn sample(occasion: Occasion) -> Self {
        let (kind, stage) = match occasion {
            Occasion::Opened
            | Occasion::Worse
            | Occasion::Recurred
            | Occasion::Update
            | Occasion::Reminder
            | Occasion::Edited => (Kind::Incident, Stage::Open),
            Occasion::Resolved | Occasion::Missed | Occasion::Withdrawn => {
                (Kind::Incident, Stage::Over)
            }
            Occasion::Announced | Occasion::Upcoming | Occasion::Rescheduled => {
                (Kind::Maintenance, Stage::Scheduled)
            }
            Occasion::Begun | Occasion::Extended => (Kind::Maintenance, Stage::Begun),
            Occasion::Completed => (Kind::Maintenance, Stage::Completed),
            Occasion::Cancelled => (Kind::Maintenance, Stage::Cancelled),
        };
        let at = |minutes: i64| Timestamp::from_second(BEGAN + minutes * 60).unwrap_or_default();
        let moment = |minutes| TimeOrDay {
            at: at(minutes),
            day: None,
        };
        let entry = |minutes, phase: Phase, text: &str| Entry {
            at: Some(at(minutes)),
            day: None,
            phase: Some(phase),
            word: phase.word().to_owned(),
            text: text.to_owned(),
            by_team: true,
        };
        Self {
            kind,
            name: "2026-03-01-rolls-fail".to_owned(),
            occasion,
            stage,
            severity: Severity::Down,
            withdrawn: occasion == Occasion::Withdrawn,
            title: "Rolls (& more) \"fail\"".to_owned(),
            affected: ["API", "Cache"].map(str::to_owned).to_vec(),
            updates: vec![
                entry(4, Phase::Identified, "The cache is full."),
                entry(0, Phase::Investigating, "Rolls fail."),
            ],
            began: Some(moment(0)),
            ended: Some(moment(60)),
            url: Some("https://status.example.org/issues/2026-03-01-rolls-fail/".to_owned()),
            test: false,
            language: Language::default(),
            own: OwnWords::default(),
        }
    }

    /// The same without all that a message can lack.
    pub(crate) fn bare(self) -> Self {
        Self {
            affected: Vec::new(),
            updates: Vec::new(),
            began: None,
            ended: None,
            url: None,
            ..self
        }
    }

    /// A message that tests a receiver, and says so.
    pub(crate) fn test(notifier: &str, language: Language, now: Timestamp) -> Self {
        let message = Self::sample(Occasion::Opened).bare().spoken(language);
        let speech = message.speech();
        Self {
            name: format!("test-{}", now.as_second()),
            severity: Severity::Notice,
            title: speech.say("notify-test-title"),
            updates: vec![Entry {
                at: Some(now),
                day: None,
                phase: None,
                word: speech.say("notify-test"),
                text: speech.with("notify-test-text", "name", notifier),
                by_team: false,
            }],
            test: true,
            ..message
        }
    }

    /// The end of a test.
    pub(crate) fn closed(self) -> Self {
        Self {
            occasion: Occasion::Resolved,
            stage: Stage::Over,
            ..self
        }
    }
}
