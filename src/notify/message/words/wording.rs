//! The words of a message: ours in the site's language, or those of the operator's templates.

use std::sync::Arc;

use crate::language::phases;
use crate::language::speech::Speech;
use crate::model::component::Severity;
use crate::model::incident::EVENT;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::Kind;

impl Announcement {
    /// One line that says it all: `Down: Rolls are failing`.
    pub(crate) fn headline(&self) -> String {
        match &self.own.title {
            Some(title) => title.clone(),
            None => self.usual_headline(),
        }
    }

    /// What there is to say: the newest words.
    pub(crate) fn text(&self) -> &str {
        match &self.own.text {
            Some(text) => text,
            None => self.usual_text(),
        }
    }

    /// Our headline, whatever the operator's templates say.
    pub(crate) fn usual_headline(&self) -> String {
        let slots = [
            ("word", self.state().into()),
            ("title", self.title.clone().into()),
        ];
        self.speech().tell("notify-headline", slots)
    }

    /// Our text, whatever the operator's templates say.
    ///
    /// A reminder says how things stand; what was done to the service was told when it happened.
    pub(crate) fn usual_text(&self) -> &str {
        let is_reminder = self.occasion == Occasion::Reminder;
        let mut entries = self.updates.iter();
        let telling = entries.find(|entry| !is_reminder || entry.word != EVENT);
        let newest = telling.or(self.updates.first());
        newest.map_or("", |entry| &entry.text)
    }

    /// How things stand, in a word or a few: `Down`, `Maintenance has begun`.
    pub(crate) fn state(&self) -> String {
        let newest = self.updates.first().map_or("", |entry| &*entry.word);
        if self.occasion == Occasion::Update && !newest.is_empty() {
            return phases::phase(&self.speech(), newest);
        }
        self.speech().say(self.state_message())
    }

    /// The words of its language, for the labels that a channel adds.
    pub(crate) fn speech(&self) -> Arc<Speech> {
        Speech::of(self.language)
    }

    fn state_message(&self) -> &'static str {
        let is_operation = self.kind == Kind::Operation;
        let severity = match self.severity {
            Severity::Down => "notify-down",
            Severity::Disrupted => "notify-disrupted",
            Severity::Notice => "notify-notice",
        };
        match self.occasion {
            _ if self.test => "notify-test",
            Occasion::Opened | Occasion::Worse if is_operation => "notify-operators",
            Occasion::Opened | Occasion::Worse => severity,
            Occasion::Recurred => match self.severity {
                Severity::Down => "notify-down-again",
                Severity::Disrupted => "notify-disrupted-again",
                Severity::Notice => "notify-notice-again",
            },
            Occasion::Reminder => match self.severity {
                Severity::Down => "notify-down-still",
                Severity::Disrupted => "notify-disrupted-still",
                Severity::Notice => "notify-notice-still",
            },
            Occasion::Update => "phase-update",
            Occasion::Resolved if is_operation => "notify-settled",
            Occasion::Resolved => "phase-resolved",
            Occasion::Missed => "notify-missed",
            Occasion::Withdrawn => "notify-withdrawn",
            Occasion::Announced => "notify-announced",
            Occasion::Upcoming => "notify-upcoming",
            Occasion::Rescheduled => "notify-rescheduled",
            Occasion::Begun => "notify-begun",
            Occasion::Extended => "notify-extended",
            Occasion::Completed => "notify-completed",
            Occasion::Cancelled => "notify-cancelled",
            Occasion::Edited => match self.stage {
                _ if self.withdrawn => "notify-withdrawn",
                Stage::Open if is_operation => "notify-operators",
                Stage::Open => severity,
                Stage::Over if is_operation => "notify-settled",
                Stage::Over => "phase-resolved",
                Stage::Scheduled => "notify-announced",
                Stage::Begun => "notify-begun",
                Stage::Completed => "notify-completed",
                Stage::Cancelled => "notify-cancelled",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::text::language::Language;
    use crate::notify::message::announcement::OwnWords;

    use super::*;

    #[test]
    fn each_occasion_has_words_in_every_language() {
        for language in Language::ALL {
            for occasion in Occasion::ALL {
                let message = Announcement::sample(occasion).spoken(language);
                let headline = message.headline();
                assert!(headline.contains(&message.title), "{headline}");
                assert!(!headline.contains("notify-"), "{headline}");
            }
        }
        let said = |occasion, language| Announcement::sample(occasion).spoken(language).headline();
        for (occasion, language, headline) in [
            (
                Occasion::Opened,
                Language::En,
                "Down: Rolls (& more) \"fail\"",
            ),
            (
                Occasion::Reminder,
                Language::En,
                "Still down: Rolls (& more) \"fail\"",
            ),
            (
                Occasion::Begun,
                Language::De,
                "Wartung hat begonnen: Rolls (& more) \"fail\"",
            ),
            (
                Occasion::Resolved,
                Language::Fr,
                "Résolu\u{a0}: Rolls (& more) \"fail\"",
            ),
            (
                Occasion::Withdrawn,
                Language::Ja,
                "取り下げ：Rolls (& more) \"fail\"",
            ),
            // The word of the update itself.
            (
                Occasion::Update,
                Language::De,
                "Ursache gefunden: Rolls (& more) \"fail\"",
            ),
        ] {
            assert_eq!(said(occasion, language), headline);
        }
    }

    #[test]
    fn a_reminder_says_how_things_stand_and_not_what_was_done() {
        let said = |occasion| {
            let mut message = Announcement::sample(occasion);
            let mut event = message.updates[0].clone();
            event.word = EVENT.to_owned();
            event.text = "Worker was restarted.".to_owned();
            message.updates.insert(0, event);
            message.text().to_owned()
        };
        assert_eq!(said(Occasion::Reminder), "The cache is full.");
        assert_eq!(said(Occasion::Update), "Worker was restarted.");
    }

    #[test]
    fn the_operators_own_words_stand_for_ours() {
        let own = OwnWords {
            title: Some("Mind the gap".to_owned()),
            text: None,
        };
        let message = Announcement {
            own,
            ..Announcement::sample(Occasion::Opened)
        };
        assert_eq!(message.headline(), "Mind the gap");
        assert_eq!(message.text(), "The cache is full.");
        assert_eq!(
            message.mark(),
            Announcement::sample(Occasion::Opened).mark()
        );
    }
}
