//! Decides which maintenance is to be announced, begun and ended at a moment. Pure.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::incident::file::author;
use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::maintenance::occurrences::{Occurrence, Plan};
use crate::incident::maintenance::progress::{self, planned_end};
use crate::incident::reconcile::wording::Wording;
use crate::model::component::Severity;
use crate::model::incident::{Author, Incident, IncidentId, Phase, Update};
use crate::model::incidents::managed::{Managed, WorkRecord};
use crate::model::time::moment;

/// An update so shortly before the beginning that reports it means this beginning.
const EARLY: SignedDuration = SignedDuration::from_hours(1);

/// The maintenance to write at a moment, and the next moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DueMaintenance {
    /// Occurrences that nobody has announced yet.
    pub announcements: Vec<NewFile>,
    /// Files of work that has begun or ended.
    pub turns: Vec<(IncidentId, FileChange)>,
    /// When the next is due, if nothing changes until then.
    pub next: Option<Timestamp>,
}

/// Compares plans and files with the current moment.
pub fn due<'a>(
    plans: &[Plan],
    incidents: impl Iterator<Item = &'a Arc<Incident>>,
    wording: &Wording,
    now: Timestamp,
) -> DueMaintenance {
    let mut due = DueMaintenance::default();
    let mut moments = Vec::new();
    let mut written = Vec::new();
    for incident in incidents {
        let work = &incident.managed.work;
        written.extend(work.plan.as_ref().zip(work.occurrence));
        if incident.is_active() && progress::stage(incident, now).is_some() {
            moments.extend([incident.date, planned_end(incident)]);
            let turn = turn(incident, wording, now);
            due.turns
                .extend(turn.map(|turn| (incident.id.clone(), turn)));
        }
    }
    for plan in plans {
        let (announced, next) = plan.announced(now);
        moments.push(next);
        let announced = announced.into_iter();
        // Whatever became of its file, an occurrence is announced once.
        let news = announced.filter(|one| !written.contains(&(&plan.id, one.from)));
        due.announcements
            .extend(news.map(|one| announcement(plan, one, wording, now)));
    }
    let moments = moments.into_iter().flatten();
    due.next = moments.filter(|moment| *moment > now).min();
    due
}

fn announcement(plan: &Plan, one: Occurrence, wording: &Wording, now: Timestamp) -> NewFile {
    let times = wording.planned(one.from, one.until, now);
    let text = match &plan.text {
        Some(text) => wording.sentences([text.clone(), times]),
        None => times,
    };
    let update = update(progress::SCHEDULED, text, now);
    let managed = Managed {
        work: WorkRecord {
            plan: Some(plan.id.clone()),
            occurrence: Some(one.from),
            ..WorkRecord::default()
        },
        ..Managed::default()
    };
    NewFile {
        title: plan.title.clone(),
        date: one.from,
        draft: false,
        change: FileChange {
            severity: Some(Severity::Notice),
            affected: Some(plan.affected.clone()),
            turn: Some(Turn::Planned(one.until)),
            managed: Some(signed(managed, Some(&update))),
            updates: vec![update],
            ..FileChange::default()
        },
    }
}

/// The change of a file whose beginning or end has come.
///
/// Each is reported once for its planned moment. If a person removes that update or
/// reopens the file, it stays so; if a person moves the moment, it is reported again.
fn turn(incident: &Incident, wording: &Wording, now: Timestamp) -> Option<FileChange> {
    let date = incident.date.filter(|date| *date <= now)?;
    let end = planned_end(incident);
    let mut managed = incident.managed.clone();
    let over = end.filter(|end| *end <= now);
    let (word, text) = if over.is_some() {
        if managed.work.completed == over {
            return None;
        }
        managed.work.completed = over;
        (progress::COMPLETED, wording.done())
    } else {
        if managed.work.started == Some(date) || says(incident, progress::IN_PROGRESS, date) {
            return None;
        }
        managed.work.started = Some(date);
        let text = wording.begun(end, now);
        (progress::IN_PROGRESS, text)
    };
    let written = over.is_some() && is_called_done(incident);
    let update = (!written).then(|| update(word, text, now));
    Some(FileChange {
        turn: over.map(|_| Turn::AsPlanned),
        managed: Some(signed(managed, update.as_ref())),
        updates: update.into_iter().collect(),
        ..FileChange::default()
    })
}

/// Whether the newest update about its progress says that it is done.
fn is_called_done(incident: &Incident) -> bool {
    let stages = [
        progress::COMPLETED,
        progress::IN_PROGRESS,
        progress::SCHEDULED,
    ];
    let mut words = incident.updates.iter().map(|update| &*update.word);
    let newest = words.find_map(|word| stages.iter().find(|one| word.eq_ignore_ascii_case(one)));
    newest == Some(&progress::COMPLETED)
}

/// Whether an update of this time opens with the word.
fn says(incident: &Incident, word: &str, date: Timestamp) -> bool {
    let since = date.checked_sub(EARLY).unwrap_or(Timestamp::MIN);
    let mut updates = incident.updates.iter();
    updates.any(|update| {
        update.word.eq_ignore_ascii_case(word) && update.at.is_none_or(|at| at >= since)
    })
}

fn update(word: &str, text: String, now: Timestamp) -> Update {
    Update {
        at: Some(moment::whole(now)),
        day: None,
        word: word.to_owned(),
        phase: Phase::from_word(word),
        text,
        author: Author::Rule,
        by: None,
    }
}

/// The managed keys with the mark of an update that the service writes.
fn signed(mut managed: Managed, update: Option<&Update>) -> Managed {
    if let Some(update) = update {
        author::note(&mut managed.wrote, update);
    }
    managed
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use std::time::Duration;

    use crate::incident::maintenance::occurrences::Times;

    use crate::incident::file::document::Document;

    use super::*;

    const HEAD: &str = "section: issue\ntitle: New cache\ndate: 2026-03-02T12:00:00Z\n\
        resolved: false\nresolvedWhen: 2026-03-02T13:00:00Z\naffected: [Cache]\nseverity: notice";

    fn at(time: &str) -> Timestamp {
        format!("2026-03-02T{time}Z").parse().unwrap()
    }

    fn plan() -> Plan {
        Plan {
            id: "cache".into(),
            title: "New cache".into(),
            text: Some("We move.".into()),
            affected: vec!["Cache".into()],
            times: Times::Once(Occurrence {
                from: at("12:00:00"),
                until: at("13:00:00"),
            }),
            announce: Duration::from_hours(2),
        }
    }

    fn file(head: &str, body: &str) -> Arc<Incident> {
        let text = format!("---\n{head}\n---\n{body}\n");
        Arc::new(Document::parse(text).unwrap().incident("a.md"))
    }

    fn attended(plans: &[Plan], files: &[Arc<Incident>], time: &str) -> DueMaintenance {
        due(plans, files.iter(), &Wording::default(), at(time))
    }

    /// What is done with a file: the word that is told and whether it is over.
    fn done(head: &str, body: &str, time: &str) -> Option<(String, bool)> {
        let mut due = attended(&[], &[file(head, body)], time);
        let (_, mut turn) = due.turns.pop()?;
        let word = turn
            .updates
            .pop()
            .map_or_else(String::new, |update| update.word);
        Some((word, turn.turn.is_some()))
    }

    /// The text of a file without the line of marks.
    fn unmarked(document: &Document) -> String {
        let text = String::from_utf8(document.bytes().to_owned()).unwrap();
        let lines = text.split_inclusive('\n');
        lines
            .filter(|line| !line.starts_with("  wrote: ["))
            .collect()
    }

    #[test]
    fn an_occurrence_is_announced_when_its_time_has_come_and_once() {
        let plans = [plan()];
        assert_eq!(attended(&plans, &[], "09:59:59").announcements, []);
        assert_eq!(attended(&plans, &[], "09:59:59").next, Some(at("10:00:00")));
        for late in ["10:00:00", "12:59:59"] {
            let due = attended(&plans, &[], late);
            let document = due.announcements[0].document(&TimeZone::UTC).unwrap();
            assert_eq!(
                unmarked(&document),
                format!(
                    "---\nsection: issue\ntitle: \"New cache\"\ndate: 2026-03-02T12:00:00Z\n\
                    resolved: false\ndraft: false\ninformational: false\n\
                    resolvedWhen: 2026-03-02T13:00:00Z\naffected:\n  - Cache\n\
                    severity: notice\ncritwatch:\n  maintenance: cache\n  \
                    occurrence: \"2026-03-02T12:00:00Z\"\n---\n\
                    *Scheduled* - We move. Maintenance window: 12:00 UTC to 13:00 UTC. \
                    {{{{< track \"2026-03-02 {late}\" >}}}}\n"
                ),
            );
            let written = Arc::new(document.incident("a.md"));
            assert_eq!(written.updates[0].author, Author::Rule);
            assert_eq!(attended(&plans, &[written], late).announcements, []);
        }
        assert_eq!(attended(&plans, &[], "13:00:00"), DueMaintenance::default());
    }

    #[test]
    fn whatever_people_made_of_its_file_an_occurrence_is_not_announced_again() {
        let noted = "critwatch:\n  maintenance: cache\n  occurrence: 2026-03-02T12:00:00Z";
        for head in [
            HEAD.replace("resolved: false", "resolved: true"),
            HEAD.replace("title: New cache", "title: Other words"),
            HEAD.replace("12:00:00Z", "18:00:00Z")
                .replace("13:00:00Z", "19:00:00Z"),
            HEAD.replace("severity: notice", "severity: disrupted"),
            format!("{HEAD}\ndraft: true"),
        ] {
            let files = [file(&format!("{head}\n{noted}"), "*Cancelled* - No.")];
            assert_eq!(attended(&[plan()], &files, "11:00:00").announcements, []);
        }
        // Another plan, or another time of the same, is another occurrence.
        for other in [
            noted.replace("cache", "api"),
            noted.replace("12:00:00Z", "11:00:00Z"),
        ] {
            let files = [file(&format!("{HEAD}\n{other}"), "")];
            assert_eq!(
                attended(&[plan()], &files, "11:00:00").announcements.len(),
                1
            );
        }
    }

    #[test]
    fn work_begins_and_ends_by_itself_if_no_person_did_it() {
        let check = |head: &str, body: &str, time: &str, expected: Option<(&str, bool)>| {
            let expected = expected.map(|(word, over)| (word.to_owned(), over));
            assert_eq!(done(head, body, time), expected, "{head}\n{body}\n{time}");
        };
        let (began, ended) = (Some(("In progress", false)), Some(("Completed", true)));
        let soon = "*Scheduled* - Soon.";
        check(HEAD, soon, "11:59:59", None);
        check(HEAD, soon, "12:00:00", began);
        check(HEAD, soon, "12:59:59", began);
        // Who was away during all of it tells of its end alone.
        check(HEAD, soon, "13:00:00", ended);
        // A person told it, or took our words out again.
        let by_hand = format!("*In progress* - We are on it.\n\n{soon}");
        check(HEAD, &by_hand, "12:30:00", None);
        check(HEAD, &by_hand, "13:00:00", ended);
        let noted = format!("{HEAD}\ncritwatch:\n  started: 2026-03-02T12:00:00Z");
        check(&noted, soon, "12:30:00", None);
        // Put off: it begins again, and words from before count no more.
        let put_off = noted.replace("date: 2026-03-02T12", "date: 2026-03-02T15");
        let put_off = put_off.replace("T13:00", "T16:00");
        let before =
            format!("*In progress* - x {{{{< track \"2026-03-02T12:00:00Z\" >}}}}\n\n{soon}");
        check(&put_off, &before, "14:59:59", None);
        check(&put_off, &before, "15:00:00", began);
        // Done in words, but not in the head: that is ours to say.
        let body = format!("*Completed* - All done.\n\n{by_hand}");
        check(HEAD, &body, "12:30:00", None);
        check(HEAD, &body, "13:00:00", Some(("", true)));
    }

    #[test]
    fn who_opens_it_again_or_extends_it_is_followed() {
        let check = |head: &str, body: &str, time: &str, expected: Option<(&str, bool)>| {
            let expected = expected.map(|(word, over)| (word.to_owned(), over));
            assert_eq!(done(head, body, time), expected, "{head}\n{body}\n{time}");
        };
        let again = format!(
            "{HEAD}\ncritwatch:\n  started: 2026-03-02T12:00:00Z\n  completed: 2026-03-02T13:00:00Z"
        );
        let body = "*Completed* - The work is done.\n\n*In progress* - x\n\n*Scheduled* - y";
        check(&again, body, "13:30:00", None);
        let longer = again.replace("resolvedWhen: 2026-03-02T13", "resolvedWhen: 2026-03-02T15");
        let more = format!("*In progress* - It goes on.\n\n{body}");
        check(&longer, &more, "14:59:59", None);
        check(&longer, &more, "15:00:00", Some(("Completed", true)));
        check(&longer, body, "15:00:00", Some(("", true)));
        // Ended early or called off by a person.
        let over = HEAD.replace("resolved: false", "resolved: true");
        check(&over, body, "12:30:00", None);
        check(&over, body, "14:00:00", None);
    }

    #[test]
    fn what_is_no_planned_work_is_left_alone() {
        let soon = "*Scheduled* - Soon.";
        for (head, body) in [
            // Nobody planned it in words.
            (HEAD.to_owned(), "Slow today."),
            (HEAD.replace("severity: notice", "severity: down"), soon),
            (format!("{HEAD}\ndraft: true"), soon),
            (HEAD.replace("section: issue", "section: post"), soon),
            (HEAD.replace("resolved: false", "resolved: maybe"), soon),
            (format!("{HEAD}\ncritwatch:\n  rules: [a]"), soon),
        ] {
            assert_eq!(done(&head, body, "12:30:00"), None, "{head}");
            assert_eq!(done(&head, body, "14:00:00"), None, "{head}");
        }
        // Without a planned end it begins, and people end it.
        let open = HEAD.replace("resolvedWhen: 2026-03-02T13:00:00Z", "resolvedWhen:");
        let began = Some(("In progress".to_owned(), false));
        assert_eq!(done(&open, soon, "20:00:00"), began);
    }

    #[test]
    fn a_turn_changes_its_own_lines_only() {
        let text = format!("---\n# Mine\n{HEAD} # for now\n---\n*Scheduled* - Soon.\n");
        let mut document = Document::parse(text.clone()).unwrap();
        let files = [Arc::new(document.incident("a.md"))];
        let due = attended(&[], &files, "13:00:00");
        due.turns[0].1.apply(&mut document).unwrap();
        let changed = unmarked(&document);
        let expected = text.replace("resolved: false", "resolved: true").replace(
            "---\n*Scheduled*",
            "critwatch:\n  completed: \"2026-03-02T13:00:00Z\"\n---\n\
            *Completed* - Maintenance is complete. {{< track \"2026-03-02 13:00:00\" >}}\n\n*Scheduled*",
        );
        assert_eq!(changed, expected);
    }
}
