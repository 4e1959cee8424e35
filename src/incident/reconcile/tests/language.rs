//! What the service writes is in the site's language, whichever it was before.

use crate::incident::file::document::Document;
use crate::language::phases::phase;
use crate::language::speech::Speech;
use crate::model::event::{Event, EventKind};
use crate::model::incident::EVENT;
use crate::model::text::language::Language;

use super::*;

/// Decides at a moment in a language.
fn decide_in(
    language: Language,
    incidents: &[Arc<Incident>],
    observed: Observed<'_>,
    now: Timestamp,
) -> Decision {
    reconcile(&Input {
        incidents,
        observed,
        hold: HOLD,
        wording: &Wording::new(language, TimeZone::UTC),
        now,
    })
}

#[test]
fn a_file_goes_on_in_another_language_with_the_words_that_cstate_knows() {
    let components = [component("cache", &[])];
    let fails = [firing("oom", "cache", Severity::Down, 0)];
    let opened = decide_in(Language::En, &[], Observed::of(&fails, &components), at(0));
    let mut document = opened.openings[0].document(&TimeZone::UTC).unwrap();
    let event = Event {
        kind: EventKind::Report,
        ..Event::new(at(60), "Cache fails", at(60)).unwrap()
    };
    let since = at(100);
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since },
    )];
    let steps = [
        (Language::De, &fails, at(61)),
        (Language::Ja, &fails, at(62)),
        (Language::Fr, &quiet, at(150)),
        (Language::Es, &quiet, at(300)),
    ];
    for (language, verdicts, now) in steps {
        let incident = Arc::new(document.incident("a.md"));
        let events = [event.clone()];
        let observed = Observed {
            events: &events,
            ..Observed::of(verdicts, &components)
        };
        let decision = decide_in(language, &[incident], observed, now);
        for (_, change) in &decision.changes {
            change.apply(&mut document).unwrap();
        }
    }
    let incident = document.incident("a.md");
    let words: Vec<_> = incident.updates.iter().map(|one| &*one.word).collect();
    assert_eq!(words, ["Resolved", "Monitoring", EVENT, "Investigating"]);
    let texts: Vec<_> = incident.updates.iter().map(|one| &*one.text).collect();
    assert!(texts[0].starts_with("Funciona desde "), "{texts:#?}");
    assert!(
        texts[1].starts_with("De nouveau opérationnel"),
        "{texts:#?}"
    );
    assert!(
        texts[2].contains("erste Meldung eines Nutzers: Cache fails."),
        "{texts:#?}"
    );
    // All of it is known as the service's own.
    assert!(
        incident
            .updates
            .iter()
            .all(|one| one.author == Author::Rule)
    );
    let german = Speech::of(Language::De);
    assert_eq!(phase(&german, words[0]), "Behoben");
}

#[test]
fn a_person_is_heard_in_a_file_of_every_language() {
    for language in Language::ALL {
        let components = [component("cache", &[])];
        let fails = [firing("oom", "cache", Severity::Down, 0)];
        let opened = decide_in(language, &[], Observed::of(&fails, &components), at(0));
        let document = opened.openings[0].document(&TimeZone::UTC).unwrap();
        let text = String::from_utf8(document.bytes().to_owned()).unwrap();
        let edited = text.replace("oom text.", "The cache is full.");
        assert_ne!(edited, text, "{text}");
        let incident = Document::parse(edited).unwrap().incident("a.md");
        assert_eq!(incident.updates[0].author, Author::Person);
    }
}
