//! What the page says of itself: how soon it noticed, and what was wrong.

use std::time::Duration;

use crate::model::honesty::{DAYS, Honesty};
use crate::web::present::Present;
use crate::web::speech::Speech;
use crate::web::times;

/// One or two plain sentences; `None` where nothing is watched.
pub fn honest(present: &Present<'_>) -> Option<String> {
    let (honesty, speech) = (&*present.view.board.honesty, &present.speech);
    if !honesty.watching {
        return None;
    }
    let noticed = [
        ("span", span(present).into()),
        ("n", honesty.noticed.into()),
        ("delays", delays(honesty, speech).into()),
    ];
    let mut parts = vec![speech.tell("honest-noticed", noticed)];
    let false_clears = usize::try_from(honesty.false_clears).unwrap_or(usize::MAX);
    if false_clears > 0 {
        parts.push(speech.count("honest-false", false_clears));
    }
    if honesty.withdrawn > 0 {
        parts.push(speech.count("honest-withdrawn", honesty.withdrawn));
    }
    if honesty.blind.as_secs() > 0 {
        let blind = times::span(speech, honesty.blind);
        parts.push(speech.with("honest-blind", "span", blind));
    }
    Some(parts.join(&speech.say("honest-join")) + &speech.say("honest-end"))
}

/// Since when it looks, or how far back that is told.
fn span(present: &Present<'_>) -> String {
    let speech = &present.speech;
    match present.view.board.honesty.since {
        Some(since) => speech.with("honest-since", "day", present.when(since).text),
        None => speech.with("honest-days", "days", DAYS.to_string()),
    }
}

/// Within what time the incidents were on the page.
fn delays(honesty: &Honesty, speech: &Speech) -> String {
    let (Some(median), Some(worst)) = (honesty.median, honesty.worst) else {
        return String::new();
    };
    let (half, all) = (within(speech, median), within(speech, worst));
    match honesty.noticed {
        1 => speech.with("honest-one", "all", all),
        _ if half == all => speech.with("honest-all", "all", all),
        _ => speech.tell("honest-half", [("half", half.into()), ("all", all.into())]),
    }
}

/// Whole seconds, rounded up: less would not be true.
fn within(speech: &Speech, time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    times::span(speech, Duration::from_secs(seconds.max(1)))
}
