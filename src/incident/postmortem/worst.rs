//! The worst values of an incident as a table of markdown.

use jiff::Timestamp;

use crate::incident::file::plain;
use crate::incident::postmortem::facts::IncidentFacts;
use crate::incident::reconcile::wording::Wording;
use crate::language::moments;
use crate::model::series::measure::{Bad, Decisive};

/// The worst values of its rules, when they were, and what they were compared with.
pub fn worst(story: &IncidentFacts<'_>, from: Option<Timestamp>) -> String {
    let begin = from.or(story.incident.date).unwrap_or(Timestamp::MIN);
    // A minute counts by its beginning, an incident by its seconds.
    let within = |at: Timestamp| at.as_second() + 60 > begin.as_second() && at <= story.end;
    let mut lines = Vec::new();
    for decisive in &story.decisive {
        // What is compared with one value was that value, and no worse.
        if matches!(decisive.bad, Bad::At(_) | Bad::Off(_)) {
            continue;
        }
        let samples = story
            .series(decisive)
            .into_iter()
            .flat_map(|one| &one.samples);
        let found = samples
            .filter(|sample| within(sample.at))
            .map(|sample| (sample.at, decisive.bad.worse(sample.min, sample.max)))
            .reduce(|one, other| {
                let worse = decisive.bad.worse(one.1, other.1);
                // Of equal values the first: that is when it began.
                if worse.total_cmp(&one.1).is_eq() {
                    one
                } else {
                    other
                }
            });
        let Some((at, value)) = found else {
            continue;
        };
        let line = format!(
            "| {} | {} | {} | {} |",
            plain::escaped(&decisive.title),
            plain::escaped(&decisive.unit.say(value)),
            moments::dated(&at.to_zoned(story.wording.zone().clone())),
            plain::escaped(&compared(decisive, story.wording)),
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let heads = [
        "worst-metric",
        "worst-value",
        "worst-when",
        "worst-threshold",
    ];
    let heads = heads.map(|head| story.wording.say(head));
    let heads = format!("| {} |", heads.join(" | "));
    format!("{heads}\n| --- | --- | --- | --- |\n{}", lines.join("\n"))
}

fn compared(decisive: &Decisive, wording: &Wording) -> String {
    let say = |name, value| {
        let value = decisive.unit.say(value);
        wording.tell(name, [("value", value.into())])
    };
    match decisive.bad {
        Bad::Above(value) => say("worst-above", value),
        Bad::Below(value) => say("worst-below", value),
        Bad::At(value) => decisive.unit.say(value),
        Bad::Off(value) => say("worst-off", value),
        Bad::Larger | Bad::Smaller => "–".to_owned(),
    }
}
