//! What a person writes by hand, checked.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::maintenance::progress;
use crate::incident::manual::refusal::{EditRefusal, MAX_TEXT, MAX_TITLE};
use crate::model::incident::{Incident, Phase};
use crate::model::incidents::managed::Managed;
use crate::model::time::date;
use crate::model::verdict::RuleId;

/// Reads a title: one line, without the blanks around it.
pub fn title(typed: &str) -> Result<String, EditRefusal> {
    let title = typed.trim();
    let fits = (1..=MAX_TITLE).contains(&title.chars().count());
    if fits && !title.chars().any(char::is_control) {
        Ok(title.to_owned())
    } else {
        Err(EditRefusal::Title)
    }
}

/// Reads the text of an update: markdown that Hugo can build, with plain line ends.
pub fn text(typed: &str) -> Result<String, EditRefusal> {
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    if text.len() > MAX_TEXT {
        return Err(EditRefusal::Long);
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
    {
        return Err(EditRefusal::Control);
    }
    let openings = text.match_indices("{{").map(|(at, _)| &text[at..]);
    for code in openings.filter(|code| code.starts_with("{{<") || code.starts_with("{{%")) {
        let inside = code[3..].split_once(">}}").map(|(inside, _)| inside);
        let is_track = inside.is_some_and(|inside| date::track(inside, &TimeZone::UTC).is_some());
        if !code[3..].starts_with("/*") && !is_track {
            let end = code.find("}}").map_or(code.len(), |end| end + 2);
            let shown = code[..end].chars().take(60).collect();
            return Err(EditRefusal::Shortcode(shown));
        }
    }
    Ok(text)
}

/// Rejects an impossible new file: an incident, or maintenance if an end is planned.
pub fn check_new(file: &NewFile, now: Timestamp) -> Result<(), EditRefusal> {
    let (date, late) = (file.date, now.duration_since(file.date).as_secs() > 60);
    match file.change.turn {
        Some(Turn::Planned(end)) if end <= date => Err(EditRefusal::EndsFirst { date, end }),
        // Who types "now" is not late for having typed: a minute is given.
        Some(Turn::Planned(_)) if late => Err(EditRefusal::Past(date)),
        None | Some(Turn::Over(_)) if date > now => Err(EditRefusal::Future(date)),
        None | Some(Turn::Planned(_) | Turn::Over(_) | Turn::Again | Turn::AsPlanned) => Ok(()),
    }
}

/// Rejects an impossible or untrue change.
pub fn check(change: &FileChange, incident: &Incident, now: Timestamp) -> Result<(), EditRefusal> {
    if change.publish && !incident.draft {
        return Err(EditRefusal::Public);
    }
    let (end, planned_end) = match change.turn {
        Some(Turn::Over(end)) => (Some(end), None),
        Some(Turn::Planned(end)) => (None, Some(end)),
        Some(Turn::Again | Turn::AsPlanned) | None => (None, None),
    };
    let managed = change.managed.as_ref().unwrap_or(&incident.managed);
    if change.turn == Some(Turn::Again) && incident.resolved == Some(false) {
        return Err(EditRefusal::Open);
    }
    if change.amended.is_some() && incident.updates.is_empty() {
        return Err(EditRefusal::NoUpdate);
    }
    let severity = change.severity.or(incident.severity);
    let mut levels = managed.component_severity.iter();
    if let Some((name, _)) = levels.find(|(_, level)| Some(**level) > severity) {
        return Err(EditRefusal::Worse(name.clone()));
    }
    let over = incident.resolved == Some(true) && change.turn != Some(Turn::Again);
    if over && planned_end.is_some() {
        return Err(EditRefusal::Over);
    }
    let mut phases = change.updates.iter().filter_map(|update| update.phase);
    if over && (end.is_some() || phases.any(|phase| phase != Phase::Resolved)) {
        return Err(EditRefusal::Over);
    }
    let planned = progress::stage(incident, now).is_some();
    let date = change.date.filter(|_| !planned);
    // What is called off before it began ends where it would have begun.
    let ended = end.filter(|end| !planned || incident.date != Some(*end));
    if let Some(at) = [date, ended].into_iter().flatten().find(|at| *at > now) {
        return Err(EditRefusal::Future(at));
    }
    if let Some(end) = planned_end.filter(|end| *end <= now) {
        return Err(EditRefusal::EndPassed(end));
    }
    // A form may have left an end in an open incident, which means nothing.
    let existing = incident.resolved_when.filter(|_| over || planned);
    let last = end.or(planned_end);
    let moments = (change.date.or(incident.date), last.or(existing));
    if let (Some(date), Some(end)) = moments
        && (change.date.is_some() || last.is_some())
        && end < date
    {
        return Err(EditRefusal::EndsFirst { date, end });
    }
    Ok(())
}

/// The change by which an incident that is over is open again.
///
/// Its rules count again, and a withdrawn one was no false alarm.
pub fn reopen(incident: &Incident) -> FileChange {
    let managed = Managed {
        withdrawn: false,
        overruled: Vec::new(),
        good_since: None,
        ..incident.managed.clone()
    };
    FileChange {
        turn: Some(Turn::Again),
        managed: Some(managed),
        ..FileChange::default()
    }
}

/// The change by which a person says that an incident never was.
///
/// An open one is over since `now`; the end of one that is over stays.
pub fn withdraw(incident: &Incident, now: Timestamp) -> FileChange {
    let is_over = incident.resolved == Some(true);
    let end = incident.date.map_or(now, |date| date.max(now));
    let managed = Managed {
        withdrawn: true,
        ..incident.managed.clone()
    };
    FileChange {
        turn: (!is_over).then_some(Turn::Over(end)),
        managed: Some(managed),
        ..FileChange::default()
    }
}

/// The change by which somebody accepts a standing risk of an incident.
pub fn accept(incident: &Incident, rule: RuleId, who: String) -> FileChange {
    let mut managed = incident.managed.clone();
    managed.accepted.insert(rule, who);
    FileChange {
        managed: Some(managed),
        ..FileChange::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::incident::file::document::Document;
    use crate::model::component::Severity;
    use crate::model::incident::Update;

    use super::*;

    const FILE: &str = "---\nsection: issue\ntitle: A\ndate: 2026-03-01T12:00:00Z\n\
        resolved: false\nresolvedWhen: 2026-03-01T12:00:00Z\naffected: [API]\n\
        severity: down # bad\n---\nText\n";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn amended(amendment: &FileChange) -> (String, Vec<&'static str>) {
        let mut document = Document::parse(FILE).unwrap();
        let changed = amendment.apply(&mut document).unwrap();
        let text = String::from_utf8(document.bytes().to_owned()).unwrap();
        (text, changed)
    }

    #[test]
    fn a_key_that_has_its_value_already_keeps_its_bytes() {
        let same = FileChange {
            title: Some("A".to_owned()),
            date: Some(at("2026-03-01T12:00:00Z")),
            severity: Some(Severity::Down),
            affected: Some(vec!["API".to_owned()]),
            ..FileChange::default()
        };
        assert_eq!(amended(&same), (FILE.to_owned(), Vec::new()));
        let title = FileChange {
            title: Some("A: b".to_owned()),
            ..same
        };
        let text = FILE.replace("title: A", "title: \"A: b\"");
        assert_eq!(amended(&title), (text, vec!["title"]));
    }

    #[test]
    fn an_incident_ends_once_and_not_before_it_began() {
        let now = at("2026-03-01T14:00:00Z");
        let check_end = |file: &str, end: &str, expected: Result<(), EditRefusal>| {
            let incident = Document::parse(file).unwrap().incident("a.md");
            let end = FileChange {
                turn: Some(Turn::Over(at(end))),
                ..FileChange::default()
            };
            assert_eq!(check(&end, &incident, now), expected, "{end:?}");
        };
        let (date, end) = (at("2026-03-01T12:00:00Z"), at("2026-03-01T11:00:00Z"));
        check_end(FILE, "2026-03-01T12:00:00Z", Ok(()));
        check_end(
            FILE,
            "2026-03-01T11:00:00Z",
            Err(EditRefusal::EndsFirst { date, end }),
        );
        let later = at("2026-03-01T14:00:01Z");
        check_end(
            FILE,
            "2026-03-01T14:00:01Z",
            Err(EditRefusal::Future(later)),
        );
        let over = FILE.replace("resolved: false", "resolved: true");
        check_end(&over, "2026-03-01T13:00:00Z", Err(EditRefusal::Over));
        // What cannot be read as a date cannot speak against an end.
        check_end(
            &FILE.replace("date: 2026", "date: soon"),
            "2026-03-01T11:00:00Z",
            Ok(()),
        );
    }

    #[test]
    fn a_risk_is_accepted_by_name_and_nothing_else_changes() {
        let mut document = Document::parse(FILE).unwrap();
        let incident = document.incident("a.md");
        let accept = accept(&incident, RuleId("capacity-lint".into()), "Ann".into());
        assert_eq!(accept.apply(&mut document), Ok(vec!["critwatch"]));
        let text = String::from_utf8(document.bytes().to_owned()).unwrap();
        let map = "critwatch:\n  accepted: {capacity-lint: Ann}\n---\n";
        assert_eq!(text, FILE.replacen("---\nText", &format!("{map}Text"), 1));
        let read = document.incident("a.md").managed.accepted;
        assert_eq!(read[&RuleId("capacity-lint".into())], "Ann");
    }

    #[test]
    fn a_draft_is_published_by_one_key_and_only_once() {
        let publish = FileChange {
            publish: true,
            ..FileChange::default()
        };
        let now = at("2026-03-01T14:00:00Z");
        let text = FILE.replace("affected", "draft: true\naffected");
        let mut document = Document::parse(text.clone()).unwrap();
        let incident = document.incident("a.md");
        assert_eq!(check(&publish, &incident, now), Ok(()));
        assert_eq!(publish.apply(&mut document), Ok(vec!["draft"]));
        let expected = text.replace("draft: true", "draft: false");
        assert_eq!(document.bytes(), expected.as_bytes());
        let public = document.incident("a.md");
        assert_eq!(check(&publish, &public, now), Err(EditRefusal::Public));
    }

    #[test]
    fn only_words_about_the_past_are_added_to_what_is_over() {
        let over = FILE.replace("resolved: false", "resolved: true");
        let incident = Document::parse(over).unwrap().incident("a.md");
        let now = at("2026-03-01T14:00:00Z");
        for (word, expected) in [
            ("Update", Ok(())),
            ("Post-mortem", Ok(())),
            ("Monitoring", Err(EditRefusal::Over)),
        ] {
            let update = Update {
                at: Some(now),
                word: word.to_owned(),
                phase: Phase::from_word(word),
                ..Update::default()
            };
            let amendment = FileChange {
                updates: vec![update],
                ..FileChange::default()
            };
            assert_eq!(check(&amendment, &incident, now), expected, "{word}");
        }
    }

    #[test]
    fn a_text_holds_nothing_that_stops_hugo() {
        for good in [
            "a\n\nb\tc",
            "{{ x }} {< y >}",
            "at {{< track \"2026-03-01 12:00:00\" >}} and `{{</* a */>}}`",
        ] {
            assert_eq!(text(good), Ok(good.to_owned()));
        }
        assert_eq!(text(" a\r\nb \r\n"), Ok("a\nb".to_owned()));
        let refused = |typed: &str| text(typed).unwrap_err();
        assert_eq!(
            refused("a {{< b >}} c"),
            EditRefusal::Shortcode("{{< b >}}".to_owned())
        );
        assert_eq!(refused("{{% b"), EditRefusal::Shortcode("{{% b".to_owned()));
        assert_eq!(refused("a\u{1b}b"), EditRefusal::Control);
        assert_eq!(refused(&"ü".repeat(MAX_TEXT)), EditRefusal::Long);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(typed in "[{<%}>/* trackü\"0-9:\n-]{0,60}") {
            let _ = text(&typed);
        }
    }
}
