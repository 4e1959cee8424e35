//! What a person writes by hand: checked, then made into bytes of a file.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::document::Document;
use crate::incident::file::edit::Set;
use crate::incident::file::head::DocumentError;
use crate::incident::maintenance::progress;
use crate::model::component::Severity;
use crate::model::incident::{Incident, Managed, Phase, Update};
use crate::model::time::date;
use crate::model::verdict::RuleId;

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;

/// The longest text of one update, in bytes: no visitor reads more.
pub const MAX_TEXT: usize = 64 * 1024;

/// Why something is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditRefusal {
    /// The title is empty, long, or more than a line.
    #[error("a title is one line of 1 to {MAX_TITLE} characters")]
    Title,
    /// The text is longer than anybody reads.
    #[error("a text has at most {MAX_TEXT} bytes")]
    Long,
    /// The text has characters that are no text.
    #[error("the text holds a control character; leave it out")]
    Control,
    /// The text would stop Hugo.
    #[error(
        "`{0}` is a shortcode that cState does not have, and Hugo would build nothing; \
        write `{{{{</* */>}}}}` to show one"
    )]
    Shortcode(String),
    /// The beginning or the end is still to come.
    #[error("{0} is still to come; plan ahead with `critwatch maintenance add`")]
    Future(Timestamp),
    /// The beginning of planned work has passed.
    #[error("{0} has passed; tell of it with `critwatch incident open --severity notice`")]
    Past(Timestamp),
    /// The new end of planned work has passed.
    #[error("{0} has passed; end it with `critwatch maintenance end`")]
    EndPassed(Timestamp),
    /// It would end before it began.
    #[error("it cannot end at {end}, as it begins at {date}")]
    EndsFirst {
        /// The beginning.
        date: Timestamp,
        /// The end.
        end: Timestamp,
    },
    /// It is no draft.
    #[error("it is public already; only a draft waits to be published")]
    Public,
    /// It is over already.
    #[error("it is over already; if it is back, open a new one")]
    Over,
}

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
        let known = inside.is_some_and(|inside| date::track(inside, &TimeZone::UTC).is_some());
        if !code[3..].starts_with("/*") && !known {
            let end = code.find("}}").map_or(code.len(), |end| end + 2);
            let shown = code[..end].chars().take(60).collect();
            return Err(EditRefusal::Shortcode(shown));
        }
    }
    Ok(text)
}

/// A new file: an incident, or planned work if it has an end.
#[derive(Clone, Debug, PartialEq)]
pub struct ManualOpening {
    /// Heading.
    pub title: String,
    /// When it began, or will begin.
    pub date: Timestamp,
    /// When planned work will end.
    pub end: Option<Timestamp>,
    /// How bad it is.
    pub severity: Severity,
    /// Names of the components concerned.
    pub affected: Vec<String>,
    /// Not to be published yet.
    pub draft: bool,
    /// Whether rules of its components may join it.
    pub join: bool,
}

impl ManualOpening {
    /// Refuses what cannot be meant.
    pub fn check(&self, now: Timestamp) -> Result<(), EditRefusal> {
        let (date, late) = (self.date, now.duration_since(self.date).as_secs() > 60);
        match self.end {
            None if date > now => Err(EditRefusal::Future(date)),
            Some(end) if end <= date => Err(EditRefusal::EndsFirst { date, end }),
            // Who types "now" is not late for having typed: a minute is given.
            Some(_) if late => Err(EditRefusal::Past(date)),
            _ => Ok(()),
        }
    }

    /// The file, with every key in the order of the schema and one update.
    pub fn document(&self, update: &Update, zone: &TimeZone) -> Result<Document, DocumentError> {
        let mut document = Document::new(&self.title, self.date, self.draft, update, zone)?;
        if let Some(end) = self.end {
            document.set("resolvedWhen", &Set::Moment(end))?;
        }
        document.set("affected", &Set::List(&self.affected))?;
        document.set("severity", &Set::Text(self.severity.word()))?;
        if self.join {
            let machine = Managed {
                join: true,
                ..Managed::default()
            };
            document.set("critwatch", &Set::Map(&document.machine_map(&machine)))?;
        }
        Ok(document)
    }
}

/// What changes in a file; whatever is `None` stays, byte for byte.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Amendment {
    /// Heading.
    pub title: Option<String>,
    /// When it began.
    pub date: Option<Timestamp>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Names of the components concerned.
    pub affected: Option<Vec<String>>,
    /// When it ended; it is over with that.
    pub end: Option<Timestamp>,
    /// When planned work is to end; it goes on until then.
    pub planned_end: Option<Timestamp>,
    /// Whether a draft becomes public.
    pub publish: bool,
    /// A standing risk that is accepted, and who accepts it.
    pub accept: Option<(RuleId, String)>,
    /// What visitors are told.
    pub update: Option<Update>,
}

impl Amendment {
    /// Refuses what cannot be meant, or would say what is not so.
    pub fn check(&self, incident: &Incident, now: Timestamp) -> Result<(), EditRefusal> {
        if self.publish && !incident.draft {
            return Err(EditRefusal::Public);
        }
        let over = incident.resolved == Some(true);
        if over && self.planned_end.is_some() {
            return Err(EditRefusal::Over);
        }
        let phase = self.update.as_ref().and_then(|update| update.phase);
        if over && (self.end.is_some() || phase.is_some_and(|phase| phase != Phase::Resolved)) {
            return Err(EditRefusal::Over);
        }
        let planned = progress::stage(incident, now).is_some();
        let date = self.date.filter(|_| !planned);
        // What is called off before it began ends where it would have begun.
        let end = self
            .end
            .filter(|end| !planned || incident.date != Some(*end));
        if let Some(at) = [date, end].into_iter().flatten().find(|at| *at > now) {
            return Err(EditRefusal::Future(at));
        }
        if let Some(end) = self.planned_end.filter(|end| *end <= now) {
            return Err(EditRefusal::EndPassed(end));
        }
        // A form may have left an end in an open incident, which means nothing.
        let known = incident.resolved_when.filter(|_| over || planned);
        let last = self.end.or(self.planned_end);
        let moments = (self.date.or(incident.date), last.or(known));
        if let (Some(date), Some(end)) = moments
            && (self.date.is_some() || last.is_some())
            && end < date
        {
            return Err(EditRefusal::EndsFirst { date, end });
        }
        Ok(())
    }

    /// Changes the lines of the keys that differ, puts the update above the
    /// others, and tells what was changed.
    pub fn apply(
        &self,
        document: &mut Document,
        incident: &Incident,
    ) -> Result<Vec<&'static str>, DocumentError> {
        let title = self.title.as_ref().filter(|to| **to != incident.title);
        let date = self.date.filter(|to| incident.date != Some(*to));
        let severity = self.severity.filter(|to| incident.severity != Some(*to));
        let affected = self
            .affected
            .as_ref()
            .filter(|to| **to != incident.affected);
        let end = self.end.or(self.planned_end);
        let end = end.filter(|to| incident.resolved_when != Some(*to));
        let sets = [
            ("title", title.map(|title| Set::Text(title))),
            ("date", date.map(Set::Moment)),
            ("resolved", self.end.map(|_| Set::Bool(true))),
            ("draft", self.publish.then_some(Set::Bool(false))),
            ("resolvedWhen", end.map(Set::Moment)),
            ("affected", affected.map(|names| Set::List(names))),
            (
                "severity",
                severity.map(|severity| Set::Text(severity.word())),
            ),
        ];
        let mut changed = Vec::new();
        for (key, value) in sets {
            if let Some(value) = value {
                document.set(key, &value)?;
                changed.push(key);
            }
        }
        if let Some((rule, who)) = &self.accept {
            let mut machine = incident.machine.clone();
            machine.accepted.insert(rule.clone(), who.clone());
            let map = document.machine_map(&machine);
            document.set("critwatch", &Set::Map(&map))?;
            changed.push("accepted");
        }
        if let Some(update) = &self.update {
            document.prepend(update);
            changed.push("update");
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = "---\nsection: issue\ntitle: A\ndate: 2026-03-01T12:00:00Z\n\
        resolved: false\nresolvedWhen: 2026-03-01T12:00:00Z\naffected: [API]\n\
        severity: down # bad\n---\nText\n";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn amended(amendment: &Amendment) -> (String, Vec<&'static str>) {
        let mut document = Document::parse(FILE).unwrap();
        let incident = document.incident("a.md");
        let changed = amendment.apply(&mut document, &incident).unwrap();
        let text = String::from_utf8(document.bytes().to_owned()).unwrap();
        (text, changed)
    }

    #[test]
    fn a_key_that_has_its_value_already_keeps_its_bytes() {
        let same = Amendment {
            title: Some("A".to_owned()),
            date: Some(at("2026-03-01T12:00:00Z")),
            severity: Some(Severity::Down),
            affected: Some(vec!["API".to_owned()]),
            ..Amendment::default()
        };
        assert_eq!(amended(&same), (FILE.to_owned(), Vec::new()));
        let title = Amendment {
            title: Some("A: b".to_owned()),
            ..same
        };
        let text = FILE.replace("title: A", "title: \"A: b\"");
        assert_eq!(amended(&title), (text, vec!["title"]));
    }

    #[test]
    fn an_incident_ends_once_and_not_before_it_began() {
        let now = at("2026-03-01T14:00:00Z");
        let check = |file: &str, end: &str, expected: Result<(), EditRefusal>| {
            let incident = Document::parse(file).unwrap().incident("a.md");
            let end = Amendment {
                end: Some(at(end)),
                ..Amendment::default()
            };
            assert_eq!(end.check(&incident, now), expected, "{end:?}");
        };
        let (date, end) = (at("2026-03-01T12:00:00Z"), at("2026-03-01T11:00:00Z"));
        check(FILE, "2026-03-01T12:00:00Z", Ok(()));
        check(
            FILE,
            "2026-03-01T11:00:00Z",
            Err(EditRefusal::EndsFirst { date, end }),
        );
        let later = at("2026-03-01T14:00:01Z");
        check(
            FILE,
            "2026-03-01T14:00:01Z",
            Err(EditRefusal::Future(later)),
        );
        let over = FILE.replace("resolved: false", "resolved: true");
        check(&over, "2026-03-01T13:00:00Z", Err(EditRefusal::Over));
        // What cannot be read as a date cannot speak against an end.
        check(
            &FILE.replace("date: 2026", "date: soon"),
            "2026-03-01T11:00:00Z",
            Ok(()),
        );
    }

    #[test]
    fn a_risk_is_accepted_by_name_and_nothing_else_changes() {
        let mut document = Document::parse(FILE).unwrap();
        let incident = document.incident("a.md");
        let accept = Amendment {
            accept: Some((RuleId("capacity-lint".into()), "Ann".into())),
            ..Amendment::default()
        };
        assert_eq!(accept.apply(&mut document, &incident), Ok(vec!["accepted"]));
        let text = String::from_utf8(document.bytes().to_owned()).unwrap();
        let map = "critwatch:\n  accepted: {capacity-lint: Ann}\n---\n";
        assert_eq!(text, FILE.replacen("---\nText", &format!("{map}Text"), 1));
        let read = document.incident("a.md").machine.accepted;
        assert_eq!(read[&RuleId("capacity-lint".into())], "Ann");
    }

    #[test]
    fn a_draft_is_published_by_one_key_and_only_once() {
        let publish = Amendment {
            publish: true,
            ..Amendment::default()
        };
        let now = at("2026-03-01T14:00:00Z");
        let text = FILE.replace("affected", "draft: true\naffected");
        let mut document = Document::parse(text.clone()).unwrap();
        let incident = document.incident("a.md");
        assert_eq!(publish.check(&incident, now), Ok(()));
        assert_eq!(publish.apply(&mut document, &incident), Ok(vec!["draft"]));
        let expected = text.replace("draft: true", "draft: false");
        assert_eq!(document.bytes(), expected.as_bytes());
        let public = document.incident("a.md");
        assert_eq!(publish.check(&public, now), Err(EditRefusal::Public));
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
            let amendment = Amendment {
                update: Some(update),
                ..Amendment::default()
            };
            assert_eq!(amendment.check(&incident, now), expected, "{word}");
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
