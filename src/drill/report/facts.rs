//! What every form of the report tells, in the same words.

use crate::drill::judge::judgement::{Judgement, MeritFound};
use crate::drill::record::{DrillRecord, RollsSeen};
use crate::drill::scenario::outage::{MeritId, Scenario};

/// The verdict in a sentence.
pub(crate) fn verdict(record: &DrillRecord, judgement: &Judgement) -> String {
    let looks = record.minutes.len();
    let wrong = judgement.wrong_minutes.len();
    match (judgement.holds(), record.is_fixed) {
        (true, true) => format!("Nothing opened in {looks} minutes: the fix held."),
        (true, false) => format!("The page told the truth in each of {looks} minutes."),
        (false, _) if wrong == 0 => {
            "The page told the truth, but something else is wrong.".to_owned()
        }
        (false, true) => format!("The page was not quiet in {wrong} of {looks} minutes."),
        (false, false) => format!("The page was wrong in {wrong} of {looks} minutes."),
    }
}

/// What was run, and how.
pub(crate) fn subtitle(scenario: &Scenario, record: &DrillRecord) -> String {
    let minutes = scenario.to() - scenario.from();
    let real = minutes * 60.0 / record.speed;
    let variant = record.variant.as_ref();
    let variant = variant.map_or(String::new(), |variant| format!(", {variant}"));
    format!(
        "{} of outage in {}, {}-fold{variant}",
        span(minutes),
        span(real / 60.0),
        record.speed
    )
}

/// A row of the numbers of merit: what, then, now, and whether it holds.
pub(crate) fn merit(merit: &MeritFound) -> [String; 3] {
    let text = |value: f64| {
        if merit.id.is_count() {
            format!("{value:.0}")
        } else {
            signed(merit.id, value)
        }
    };
    let now = merit.now.map_or_else(|| "not to be told".to_owned(), text);
    [merit.id.text().to_owned(), text(merit.then), now]
}

fn signed(id: MeritId, value: f64) -> String {
    match id {
        MeritId::FirstErrorToPage | MeritId::FirstErrorToMessage if value < -0.5 => {
            format!("{} before", span(-value))
        }
        _ => span(value),
    }
}

/// A length of time in minutes of the outage, for people.
pub(crate) fn span(minutes: f64) -> String {
    let seconds = (minutes.abs() * 60.0).round();
    let sign = if minutes < 0.0 && seconds > 0.0 {
        "−"
    } else {
        ""
    };
    let (hours, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
    let (mins, secs) = ((rest / 60.0).floor(), rest % 60.0);
    let text = match (hours > 0.0, mins > 0.0) {
        (true, _) => format!("{hours:.0} h {mins:.0} min"),
        (false, true) if mins < 5.0 && secs > 0.0 => format!("{mins:.0} min {secs:.0} s"),
        (false, true) => format!("{mins:.0} min"),
        (false, false) if secs > 0.0 => format!("{secs:.0} s"),
        _ => "0".to_owned(),
    };
    format!("{sign}{text}")
}

/// A minute as it is written everywhere: `T+213`.
pub(crate) fn minute(t: f64) -> String {
    if t < 0.0 {
        format!("T−{:.0}", -t)
    } else {
        format!("T+{t:.0}")
    }
}

/// What became of the rolls.
pub(crate) fn rolls(rolls: &RollsSeen) -> String {
    let RollsSeen {
        offered,
        accepted,
        refused,
        in_time,
        late,
        lost,
        waiting,
        doubled,
        unsent,
        p50_ms,
        p99_ms,
    } = rolls;
    let unsent = if *unsent > 0 {
        format!(" {unsent} more were not sent, because too many were under way.")
    } else {
        String::new()
    };
    format!(
        "Users wanted {offered} rolls. The service took {accepted} of them and refused {refused}: \
         {in_time} were answered at once, {late} late, {lost} were lost, {waiting} still wait, and \
         {doubled} were answered twice. An answer took {p50_ms:.0} ms in the middle and {p99_ms:.0} \
         ms at the 99th percentile.{unsent}"
    )
}
