//! The update that reports a transition. Pure.

use crate::incident::reconcile::cadence;
use crate::incident::reconcile::draft::{Draft, SENTENCES};
use crate::incident::reconcile::gate::{self, RecoveryStage};
use crate::incident::reconcile::input::Input;
use crate::incident::reconcile::transition::{Assessment, Transition};
use crate::model::incident::{Phase, UPDATE, Update};

/// The text of the first update of a new incident.
pub fn opening(draft: &Draft<'_>, input: &Input<'_>) -> String {
    with_impact(draft, sentences(&draft.news), input)
}

/// The update that reports a transition, or that nothing changed once the next
/// update is due; `None` if there is nothing to report.
pub fn update(
    draft: &Draft<'_>,
    assessed: &Assessment<'_>,
    transition: &Transition,
    input: &Input<'_>,
) -> Option<Update> {
    let Assessment { written, gate, .. } = assessed;
    let Input { wording, now, .. } = *input;
    let update = match transition {
        Transition::FailedAgain => {
            let text = wording.failing_again(&draft.summary());
            let text = with_impact(draft, text, input);
            Update::new(input.now, Phase::Investigating, text)
        }
        Transition::PartlyCured { at, names } => {
            let text = wording.partly_cured(names, *at, &draft.summary(), now);
            Update::new(input.now, Phase::Identified, text)
        }
        Transition::Eased(before) => {
            let text = wording.eased(*before, assessed.hold, &draft.summary());
            let text = with_impact(draft, text, input);
            phased(draft, while_failing(written.phase()), text, input)
        }
        Transition::Joined => {
            let text = with_impact(draft, sentences(&draft.news), input);
            phased(draft, while_failing(written.phase()), text, input)
        }
        Transition::QuietButUnseen { changed } => {
            let text = wording.quiet_but_unseen(*changed, &gate.waits, now);
            phased(draft, Phase::Monitoring, text, input)
        }
        Transition::Recovering { good_since, phase } => {
            let until = gate.until.unwrap_or(input.now);
            let text = wording.watching(*good_since, until, &gate.waits, now);
            phased(draft, *phase, text, input)
        }
        Transition::Ended { good_since, .. } => {
            let text = wording.over(draft.date, *good_since, now);
            Update::new(input.now, Phase::Resolved, text)
        }
        Transition::Unchanged => {
            let due = cadence::next_word(written, input.now) <= input.now;
            let text = due.then(|| unchanged(draft, assessed, input))??;
            Update::plain(input.now, UPDATE, text)
        }
    };
    Some(update)
}

/// The text for an incident to which nothing happens; `None` if only a person
/// could say more.
fn unchanged(draft: &Draft<'_>, assessed: &Assessment<'_>, input: &Input<'_>) -> Option<String> {
    let gate = &assessed.gate;
    match gate.stage {
        RecoveryStage::Failing if !draft.firing.is_empty() => {
            let text = input.wording.still_failing(&draft.summary());
            Some(with_impact(draft, text, input))
        }
        RecoveryStage::Failing | RecoveryStage::Unseen => input.wording.still_waiting(&gate.waits),
        RecoveryStage::Settling | RecoveryStage::Watching | RecoveryStage::Open => Some(
            input
                .wording
                .watching(gate.good_since?, gate.until?, &gate.waits, input.now),
        ),
    }
}

/// The phase of an incident that fails: what was identified stays identified.
fn while_failing(written: Phase) -> Phase {
    match written {
        Phase::Identified => Phase::Identified,
        Phase::Investigating | Phase::Monitoring | Phase::Resolved => Phase::Investigating,
    }
}

/// An update with its phase, or without one if a person set the phase.
fn phased(draft: &Draft<'_>, phase: Phase, text: String, input: &Input<'_>) -> Update {
    if draft.locks.phase {
        Update::plain(input.now, UPDATE, text)
    } else {
        Update::new(input.now, phase, text)
    }
}

/// A few sentences of rules that join together.
fn sentences(news: &[&str]) -> String {
    let few: Vec<_> = news.iter().copied().take(SENTENCES).collect();
    few.join(" ")
}

/// Adds the numbers of the backlogs to a text.
fn with_impact(draft: &Draft<'_>, mut text: String, input: &Input<'_>) -> String {
    for backlog in gate::backlogs(&draft.components, input) {
        if let Some(line) = input.wording.impact(backlog) {
            text = input.wording.sentences([text, line]);
        }
    }
    text
}
