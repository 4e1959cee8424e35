//! The impact of a backlog on users, in a sentence or two.

use std::time::Duration;

use crate::language::spans;
use crate::language::speech::Speech;
use crate::model::board::Backlog;
use crate::model::facts::backlog::{Trend, calm, trend};

/// A backlog that needs longer than this to clear has no end that we could tell.
const LONGEST: Duration = Duration::from_hours(24);

/// What a backlog means for users, and whether it gets better; nothing while it is calm.
pub fn impact(speech: &Speech, backlog: &Backlog) -> Option<String> {
    if calm(backlog) || !backlog.count.is_finite() {
        return None;
    }
    let n = whole(backlog.count).max(1);
    let count = speech.number(n);
    let what = backlog.what.trim();
    let sentence = if let Some(wait) = backlog.wait {
        let slots = [
            ("n", n.into()),
            ("count", count.into()),
            ("what", what.into()),
            ("wait", spans::short(speech, wait).into()),
            ("usual", spans::short(speech, backlog.usual).into()),
        ];
        speech.tell("impact-wait", slots)
    } else {
        let slots = [
            ("n", n.into()),
            ("count", count.into()),
            ("what", what.into()),
        ];
        speech.tell("impact-count", slots)
    };
    let course = course(speech, backlog);
    Some(speech.sentences([Some(sentence), course].into_iter().flatten()))
}

/// Whether it gets better; nothing if nobody can tell.
fn course(speech: &Speech, backlog: &Backlog) -> Option<String> {
    Some(match trend(backlog) {
        Trend::Unknown => return None,
        Trend::Growing => {
            let growth = backlog.growth.unwrap_or_default() * 60.0;
            speech.with("impact-growing", "count", speech.number(whole(growth)))
        }
        Trend::Steady => speech.say("impact-still"),
        Trend::Clearing(time) if time > LONGEST => speech.say("impact-falling-slowly"),
        Trend::Clearing(time) => speech.with("impact-falling", "span", spans::about(speech, time)),
    })
}

/// A count as a whole number.
pub fn whole(count: f64) -> u64 {
    // What is no number, or too large for one, is none.
    format!("{count:.0}").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::model::facts::backlog::falling;
    use crate::model::text::language::Language;

    use super::*;

    fn backlog(count: f64, wait: Option<f64>, growth: Option<f64>) -> Backlog {
        Backlog {
            what: "rolls".into(),
            components: Vec::new(),
            count,
            wait: wait.map(Duration::from_secs_f64),
            usual: Duration::from_millis(200),
            growth,
            well_since: None,
        }
    }

    /// With blanks that may break.
    fn said(language: Language, backlog: &Backlog) -> Option<String> {
        let text = impact(&Speech::of(language), backlog)?;
        Some(text.replace('\u{a0}', " "))
    }

    #[test]
    fn waiting_work_is_said_in_the_units_of_people() {
        let wait = "1,200 rolls are waiting, the oldest for 40 s instead of the usual 0.2 s.";
        for (growth, course) in [
            (
                Some(-3.3),
                " The backlog is shrinking and should clear in about 7 min.",
            ),
            (Some(2.0), " The backlog is growing by about 120 a minute."),
            (Some(0.01), " The backlog is neither growing nor shrinking."),
            (None, ""),
        ] {
            let backlog = backlog(1_200.0, Some(40.0), growth);
            let expected = format!("{wait}{course}");
            assert_eq!(said(Language::En, &backlog), Some(expected));
        }
        assert_eq!(
            said(Language::En, &backlog(3.0, None, Some(-0.1))).as_deref(),
            Some("3 rolls are waiting. The backlog is shrinking and should clear in about 30 s.")
        );
    }

    #[test]
    fn one_that_waits_is_said_in_the_singular() {
        let told = |language, count, wait| said(language, &backlog(count, wait, None)).unwrap();
        for (language, one, two) in [
            (
                Language::En,
                "1 of the rolls is waiting.",
                "2 rolls are waiting.",
            ),
            (Language::De, "1 der rolls wartet.", "2 rolls warten."),
            (
                Language::Fr,
                "1 élément en attente (rolls).",
                "2 rolls en attente.",
            ),
            (
                Language::Pl,
                "W kolejce: 1 (rolls).",
                "W kolejce: 2 (rolls).",
            ),
        ] {
            assert_eq!(told(language, 1.0, None), one);
            assert_eq!(told(language, 2.0, None), two);
            // A million and more is told apart in some languages.
            let many = told(language, 1e6, None);
            assert!(many.contains("000") && many.contains("rolls"), "{many}");
        }
        for language in Language::ALL {
            let (one, two) = (
                told(language, 1.0, Some(40.0)),
                told(language, 2.0, Some(40.0)),
            );
            assert!(
                one.contains("rolls") && one.contains("40"),
                "{language}: {one}"
            );
            assert_ne!(one, two, "{language}");
        }
    }

    #[test]
    fn it_is_one_sentence_after_the_other_in_every_language() {
        let backlog = backlog(1_200.0, Some(40.0), Some(2.0));
        let german = said(Language::De, &backlog).unwrap();
        assert!(
            german.contains("1.200 rolls") && german.contains(". "),
            "{german}"
        );
        let japanese = said(Language::Ja, &backlog).unwrap();
        assert!(!japanese.contains("。 "), "{japanese}");
    }

    proptest! {
        #[test]
        fn whatever_waits_makes_one_readable_line(
            count in prop::num::f64::ANY,
            wait in prop::option::of(0.0..1e9_f64),
            growth in prop::option::of(prop::num::f64::ANY),
        ) {
            let backlog = backlog(count, wait, growth);
            let sentence = said(Language::En, &backlog);
            prop_assert!(!(sentence.is_some() && calm(&backlog)));
            if let Some(sentence) = sentence {
                let (one, more) = ("1 of the rolls is waiting", " rolls are waiting");
                let is_one = sentence.starts_with(one);
                prop_assert!(is_one != sentence.contains(more), "{}", sentence);
                prop_assert!(sentence.ends_with('.'));
                prop_assert!(!sentence.contains("NaN") && !sentence.contains("inf"), "{}", sentence);
                prop_assert_eq!(sentence.contains("is shrinking"), falling(&backlog));
                prop_assert_eq!(sentence.lines().count(), 1);
            }
        }
    }
}
