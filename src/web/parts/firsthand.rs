//! "Is it me?" Recent results of our own probes and reports of other visitors.

use std::time::Duration;

use crate::language::speech::Speech;
use crate::model::component::{ComponentId, Health};
use crate::model::incident::Incident;
use crate::web::parts::context::Present;
use crate::web::parts::times;
use crate::web::text::html;

/// Maximum number of components that are named; the page shows the others below.
const NAMED: usize = 3;

/// Fewer reports than these may be of one visitor, or of a slip.
const FEW: u32 = 3;

/// Successful probes as a sentence of HTML; `None` without any.
///
/// A clock stays true on an open page, where an age would grow.
pub(crate) fn works(present: &Present<'_>) -> Option<String> {
    let board = present.view.board;
    let speech = &present.speech;
    let fine = board
        .components
        .iter()
        .filter(|state| state.health == Health::Ok && !state.in_maintenance);
    let passed = fine.filter_map(|state| {
        let probes = board.facts.firsthand.passed.iter();
        let probes = probes.filter(|probe| probe.components.contains(&state.component.id));
        // Of several the one that does most tells most.
        Some((state, probes.max_by_key(|probe| probe.took)?))
    });
    let passed: Vec<_> = passed.take(NAMED).collect();
    let oldest = passed.iter().map(|(_, probe)| probe.at).min()?;
    let names: Vec<_> = passed
        .iter()
        .map(|(state, probe)| {
            let name = html::escape(present.label(&state.component.name));
            let slots = [
                ("name", format!("<bdi>{name}</bdi>").into()),
                ("span", short(speech, probe.took).into()),
            ];
            speech.tell("works-in", slots)
        })
        .collect();
    let clock = times::clock(oldest, &present.view.names.zone, true);
    let slots = [
        ("names", speech.row(&names).into()),
        ("clock", clock.html().into()),
    ];
    Some(speech.tell("works-from-here", slots))
}

/// A short time: tenths of a second, and hundredths where those say nothing; never
/// less than was measured.
fn short(speech: &Speech, took: Duration) -> String {
    if took >= Duration::from_millis(95) {
        return times::short(speech, took);
    }
    let hundredths = took.as_millis().div_ceil(10).max(1);
    let text = format!("0{}0{hundredths}", speech.say("number-point"));
    speech.tell("unit-s", [("n", text.into())])
}

/// How many visitors reported what an incident concerns; `None` if they are few.
pub(crate) fn reported(present: &Present<'_>, incident: &Incident) -> Option<String> {
    let board = present.view.board;
    let is_meant = |id: &ComponentId| {
        let mut states = board.components.iter();
        id.0.is_empty()
            || states.any(|state| {
                state.component.id == *id && incident.affected.contains(&state.component.name)
            })
    };
    let reports = board.facts.firsthand.reports.iter();
    let count: u32 = reports
        .filter(|(id, _)| is_meant(id))
        .map(|(_, n)| *n)
        .sum();
    let text = present.speech.number(count.into());
    (count >= FEW).then(|| present.speech.with("visitors-reported", "count", text))
}

#[cfg(test)]
mod tests {
    use crate::model::text::language::Language;

    use super::*;

    #[test]
    fn a_short_time_is_told_as_finely_as_it_matters() {
        let speech = Speech::of(Language::De);
        for (millis, text) in [(412, "0,4 s"), (95, "0,1 s"), (80, "0,08 s"), (2, "0,01 s")] {
            let told = short(&speech, Duration::from_millis(millis));
            assert_eq!(told.replace('\u{a0}', " "), text);
        }
    }
}
