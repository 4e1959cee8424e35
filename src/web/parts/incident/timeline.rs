//! The timeline of an incident: its updates and recorded events in one list.

use jiff::Timestamp;

use crate::model::incident::{Author, Incident, Phase, Update};
use crate::model::time::date;
use crate::web::pages::incidents::{self, UpdateView};
use crate::web::parts::context::Present;
use crate::web::parts::incident::recorded::RecordedRow;
use crate::web::parts::times::{self, When};

/// Recoveries that are told one by one; from one more on they are folded.
const TOLD: usize = 2;

/// An entry of a timeline.
#[derive(Debug)]
pub(crate) enum TimelineEntry {
    /// Words of a person or a rule.
    Update(UpdateView),
    /// Recorded, but not announced.
    Recorded {
        /// When.
        at: When,
        /// What, as HTML.
        html: String,
    },
    /// Recoveries that did not last, folded into a line.
    Flaps {
        /// From when until when, as HTML.
        span: String,
        /// How often.
        text: String,
        /// Each of them.
        updates: Vec<UpdateView>,
    },
}

/// Everything in one list, newest first.
pub(crate) fn timeline(
    present: &Present<'_>,
    incident: &Incident,
    more: &[&str],
    recorded: &[RecordedRow],
) -> Vec<TimelineEntry> {
    let mut entries: Vec<(Option<Timestamp>, TimelineEntry)> = Vec::new();
    let mut views = incidents::updates(present, incident, more).into_iter();
    let mut rest = incident.updates.as_slice();
    while let Some((update, below)) = rest.split_first() {
        let flaps = flaps(rest);
        let at = update.at;
        if flaps > TOLD {
            let updates = views.by_ref().take(flaps * 2).collect();
            let text = present.speech.count("flaps", flaps);
            let span = span(present, &rest[..flaps * 2]);
            let entry = TimelineEntry::Flaps {
                span,
                text,
                updates,
            };
            entries.push((at, entry));
            rest = &rest[flaps * 2..];
            continue;
        }
        entries.extend(views.next().map(|view| (at, TimelineEntry::Update(view))));
        rest = below;
    }
    // Recorded rows are in order of time, the oldest first.
    for row in recorded {
        let older = |(at, _): &(Option<Timestamp>, _)| at.is_some_and(|at| at <= row.at);
        let place = entries.iter().position(older).unwrap_or(entries.len());
        let entry = TimelineEntry::Recorded {
            at: present.when(row.at),
            html: incidents::render(present, &row.words),
        };
        entries.insert(place, (Some(row.at), entry));
    }
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// From the oldest to the newest of some updates, as HTML.
fn span(present: &Present<'_>, updates: &[Update]) -> String {
    let zone = &present.view.names.zone;
    let ends = [updates.last(), updates.first()].map(|update| update.and_then(|one| one.at));
    let [Some(from), Some(to)] = ends else {
        return String::new();
    };
    let same = date::day_of(from, zone) == date::day_of(to, zone);
    let to = if same {
        times::clock(to, zone, false)
    } else {
        present.when(to)
    };
    format!("{}–{}", present.when(from).html(), to.html())
}

/// How many recoveries that did not last the newest of these updates tell of: each
/// is a rule's word that it fails again, after a rule's word that it worked.
fn flaps(updates: &[Update]) -> usize {
    let by_rule = |update: &Update| matches!(update.author, Author::Rule);
    let pairs = updates.chunks_exact(2);
    let flaps = pairs.take_while(|pair| {
        let [again, well] = pair else { return false };
        let fails = again.phase == Some(Phase::Investigating) && by_rule(again);
        fails && well.phase == Some(Phase::Monitoring) && by_rule(well)
    });
    flaps.count()
}

/// A moment with its day, whichever day it is.
pub(crate) fn full(
    present: &Present<'_>,
    when: Option<When>,
    at: Option<Timestamp>,
) -> Option<When> {
    let zone = &present.view.names.zone;
    match (when?, at) {
        (when, Some(at)) if when.kind == "when" => {
            Some(times::dated(&present.speech, at, present.view.now, zone))
        }
        (when, _) => Some(when),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(author: Author, phase: Phase) -> Update {
        Update {
            author,
            phase: Some(phase),
            ..Update::default()
        }
    }

    #[test]
    fn recoveries_that_do_not_last_are_counted_in_pairs_of_a_rules_words() {
        use Author::{Person, Rule};
        use Phase::{Investigating, Monitoring, Resolved};
        let pair = [update(Rule, Investigating), update(Rule, Monitoring)];
        let story = [pair.clone(), pair.clone(), pair.clone()].concat();
        assert_eq!(flaps(&story), 3);
        let told = [update(Person, Investigating), update(Rule, Monitoring)];
        assert_eq!(
            flaps(&[pair.clone(), told.to_vec().try_into().unwrap()].concat()),
            1
        );
        assert_eq!(
            flaps(&[update(Rule, Resolved), update(Rule, Monitoring)]),
            0
        );
        assert_eq!(flaps(&[update(Rule, Investigating)]), 0);
    }
}
