//! Each notifier: what is due, and what does not get through.

use crate::model::facts::notifier_state::NotifierState;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// A notifier as shown.
#[derive(Clone, Debug)]
pub(crate) struct NotifierRow {
    /// Its name in the settings.
    pub(crate) name: String,
    /// How it fares.
    pub(crate) sign: Sign,
    /// What is due, in words.
    pub(crate) due: String,
    /// Since when the oldest waits.
    pub(crate) oldest: Option<OperatorTime>,
    /// Since when nothing gets through.
    pub(crate) failing: Option<OperatorTime>,
    /// Why.
    pub(crate) reason: String,
    /// What was given up lately, in words.
    pub(crate) refused: usize,
}

/// All notifiers.
pub(crate) fn rows(states: &[NotifierState], view: &View<'_>) -> Vec<NotifierRow> {
    states.iter().map(|state| row(state, view)).collect()
}

fn row(state: &NotifierState, view: &View<'_>) -> NotifierRow {
    let mails = state.mails.as_ref();
    let due = state.due + mails.map_or(0, |mails| mails.due);
    let oldest = state
        .oldest
        .into_iter()
        .chain(mails.and_then(|mails| mails.oldest))
        .min();
    let refused = state
        .recent
        .iter()
        .filter(|one| one.state == "refused")
        .count();
    let failing = state.failing.as_ref();
    let paused = failing.is_some_and(|failing| failing.paused);
    NotifierRow {
        name: state.name.clone(),
        sign: match failing {
            Some(_) if paused => Sign::Down,
            Some(_) => Sign::Disrupted,
            None => Sign::Ok,
        },
        due: match due {
            0 => "no message is waiting".to_owned(),
            1 => "1 message is waiting".to_owned(),
            due => format!("{due} messages are waiting"),
        },
        oldest: oldest.map(|at| OperatorTime::new(at, view)),
        failing: failing.map(|failing| OperatorTime::new(failing.since, view)),
        reason: failing
            .map(|failing| failing.reason.clone())
            .unwrap_or_default(),
        refused,
    }
}
