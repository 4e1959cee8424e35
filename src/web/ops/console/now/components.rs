//! Each component, how it is, and why.

use crate::language::speech::Speech;
use crate::model::facts::weight::ComponentState;
use crate::model::text::language::Language;
use crate::model::verdict::{RuleState, Verdict};
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// Why a component is as it is: a link and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateReason {
    /// Where to read more; empty is nowhere.
    pub(crate) href: String,
    /// What it is called.
    pub(crate) name: String,
    /// What it says.
    pub(crate) words: String,
    /// Since when.
    pub(crate) since: Option<OperatorTime>,
}

/// A component as shown.
#[derive(Clone, Debug)]
pub(crate) struct ComponentStanding {
    /// Its name.
    pub(crate) name: String,
    /// How it is.
    pub(crate) sign: Sign,
    /// The same in words.
    pub(crate) word: String,
    /// Why.
    pub(crate) reasons: Vec<StateReason>,
    /// In short, where nothing is the matter.
    pub(crate) calm: Option<String>,
}

/// All components, the gravest first.
pub(crate) fn rows(view: &View<'_>) -> Vec<ComponentStanding> {
    let states = view.board.components.iter();
    let mut rows: Vec<_> = states.map(|state| row(state, view)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.sign));
    rows
}

fn row(state: &ComponentState, view: &View<'_>) -> ComponentStanding {
    let sign = Sign::from(state);
    let speech = Speech::of(Language::En);
    let reasons = reasons(state, view);
    ComponentStanding {
        name: state.component.name.clone(),
        word: sign.word_if(state.is_measured, &speech),
        calm: reasons.is_empty().then(|| calm(state, view)),
        sign,
        reasons,
    }
}

fn own<'v>(state: &'v ComponentState, view: &View<'v>) -> impl Iterator<Item = &'v Verdict> {
    let verdicts = view.board.facts.verdicts.iter();
    verdicts.filter(|one| one.components.contains(&state.component.id))
}

fn reasons(state: &ComponentState, view: &View<'_>) -> Vec<StateReason> {
    let (facts, name) = (&view.board.facts, &state.component.name);
    let mut reasons = Vec::new();
    let open = view.board.waiting();
    for incident in open.filter(|one| one.affected.contains(name)) {
        let draft = if incident.draft {
            "draft"
        } else {
            "open incident"
        };
        let severity = incident.severity.map_or("post", |severity| severity.word());
        reasons.push(StateReason {
            href: format!("/console/incidents/{}", incident.id.0),
            name: incident.title.clone(),
            words: format!("{draft}, {severity}"),
            since: None,
        });
    }
    for verdict in own(state, view) {
        let since = OperatorTime::new(verdict.since(), view);
        let words = match verdict.state {
            RuleState::Firing { .. } => "has fired",
            RuleState::Pending { .. } => "has been pending",
            RuleState::Unknown { .. } => "has had no data",
            RuleState::Quiet { .. } => continue,
        };
        let unheard = facts.suppressed.contains_key(&verdict.rule);
        let unheard = if unheard {
            " but opens no incident,"
        } else {
            ""
        };
        reasons.push(StateReason {
            href: format!("/console/rules/{}", verdict.rule.0),
            name: verdict.rule.0.clone(),
            words: format!("{words}{unheard}"),
            since: Some(since),
        });
    }
    for work in facts
        .maintenance
        .iter()
        .filter(|work| work.stage.is_going_on())
    {
        if work.components.contains(name) {
            reasons.push(StateReason {
                href: format!("/console/maintenance/{}", work.id.0),
                name: work.title.clone(),
                words: format!("maintenance, {}", work.stage.word()),
                since: None,
            });
        }
    }
    reasons
}

fn calm(state: &ComponentState, view: &View<'_>) -> String {
    match own(state, view).count() {
        0 => "No rule watches it; only incidents change its state.".to_owned(),
        1 => "Its rule is quiet.".to_owned(),
        count => format!("All {count} rules are quiet."),
    }
}
