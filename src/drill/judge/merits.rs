//! The numbers of merit: how soon and how truly it was told.

use crate::drill::judge::judgement::{JudgedFault, MeritFound};
use crate::drill::judge::minutes::is_watched;
use crate::drill::record::{DrillRecord, MinuteSeen};
use crate::drill::scenario::outage::{ExpectedMerit, FirstError, MeritId, Scenario};
use crate::model::component::Health;

/// So many looks without an error count as healthy.
const HEALTHY_LOOKS: usize = 3;

/// Measures each number that a scenario names; those that do not hold are faults.
pub(crate) fn judge(
    scenario: &Scenario,
    record: &DrillRecord,
    wrong: &[f64],
) -> (Vec<MeritFound>, Vec<JudgedFault>) {
    if record.is_fixed {
        return (Vec::new(), Vec::new());
    }
    let mut merits = Vec::new();
    let mut faults = Vec::new();
    for expected in &scenario.merits {
        let now = measure(expected.id, scenario, record, wrong);
        let is_free = expected.at_most.is_none() && expected.at_least.is_none();
        let holds = is_free || now.is_some_and(|now| is_within(expected, now));
        if !holds {
            let found = now.map_or_else(|| "not to be told".to_owned(), |now| format!("{now:.1}"));
            let text = format!("{} is {found}, {}", expected.id.text(), limit(expected));
            faults.push(JudgedFault::new(scenario.to(), text));
        }
        merits.push(MeritFound {
            id: expected.id,
            then: expected.then,
            now,
            holds,
            is_free,
        });
    }
    (merits, faults)
}

fn is_within(expected: &ExpectedMerit, now: f64) -> bool {
    expected.at_most.is_none_or(|most| now <= most)
        && expected.at_least.is_none_or(|least| now >= least)
}

fn limit(expected: &ExpectedMerit) -> String {
    let most = expected.at_most.map(|most| format!("at most {most}"));
    let least = expected.at_least.map(|least| format!("at least {least}"));
    let limits: Vec<_> = most.into_iter().chain(least).collect();
    format!("and must be {}", limits.join(" and "))
}

fn measure(id: MeritId, scenario: &Scenario, record: &DrillRecord, wrong: &[f64]) -> Option<f64> {
    let error = first_error(scenario, record);
    let file = record.files.first();
    match id {
        MeritId::FirstErrorToPage => Some(opened(record)? - error?),
        MeritId::FirstErrorToMessage => Some(record.messages.first()?.t - error?),
        MeritId::WrongMinutes => Some(wrong.iter().fold(0.0, |count, _| count + 1.0)),
        MeritId::FalseAllClears => Some(false_all_clears(scenario, record)),
        MeritId::HealthyBeforeAllClear => Some(ended(record)? - last_error(record)?),
        MeritId::RecurrenceToCorrection => {
            error?;
            Some(recurrence_to_correction(record))
        }
        MeritId::LongestSilence => {
            let file = file?;
            let said = record.messages.iter();
            let said = said.filter(|message| !message.is_edit);
            let mut told: Vec<f64> = file.updates.iter().filter_map(|update| update.t).collect();
            told.extend(said.map(|message| message.t));
            told.sort_by(f64::total_cmp);
            let gaps = told.windows(2).map(|pair| match pair {
                [one, other] => other - one,
                _ => 0.0,
            });
            gaps.max_by(f64::total_cmp)
        }
        MeritId::BeginningOff => Some((file?.date - error?).abs()),
        MeritId::FirstErrorToEnd => Some(ended(record)? - error?),
    }
}

/// The minute of the first error, as the scenario counts it.
pub(crate) fn first_error(scenario: &Scenario, record: &DrillRecord) -> Option<f64> {
    let mut minutes = record.minutes.iter();
    let refused = match scenario.head.first_error {
        FirstError::RefusedWrite => minutes.find(|minute| minute.service.refused > 0),
        FirstError::FailedRolls => None,
    };
    let failing = || {
        let mut pairs = record.minutes.windows(2);
        let pair = pairs.find(|pair| pair.iter().all(|minute| minute.service.is_failing()));
        pair.and_then(<[MinuteSeen]>::first)
    };
    refused.or_else(failing).map(|minute| minute.t)
}

fn last_error(record: &DrillRecord) -> Option<f64> {
    let mut minutes = record.minutes.iter().rev();
    let last = minutes.find(|minute| minute.service.is_failing());
    last.map(|minute| minute.t)
}

/// The minute in which the page first showed an incident.
pub(crate) fn opened(record: &DrillRecord) -> Option<f64> {
    let open = |minute: &&MinuteSeen| {
        let page = minute.page.as_ref();
        page.is_some_and(|page| !page.open.is_empty())
    };
    record.minutes.iter().find(open).map(|minute| minute.t)
}

/// The minute in which the page showed no incident any more.
pub(crate) fn ended(record: &DrillRecord) -> Option<f64> {
    let is_open = |minute: &MinuteSeen| {
        let page = minute.page.as_ref();
        page.is_some_and(|page| !page.open.is_empty())
    };
    let last = record.minutes.iter().rposition(is_open)?;
    record.minutes.get(last + 1).map(|minute| minute.t)
}

fn false_all_clears(scenario: &Scenario, record: &DrillRecord) -> f64 {
    let is_early = |t: f64| {
        scenario
            .phase(t)
            .is_some_and(|phase| !phase.resolve_allowed)
    };
    let pages = record.minutes.windows(2).filter(|pair| {
        let [one, other] = pair else { return false };
        let (Some(one), Some(page)) = (&one.page, &other.page) else {
            return false;
        };
        !one.open.is_empty() && page.open.is_empty() && is_early(other.t)
    });
    let messages = record.messages.iter();
    let messages = messages.filter(|message| message.is_over() && is_early(message.t));
    pages
        .map(|_| ())
        .chain(messages.map(|_| ()))
        .fold(0.0, |count, ()| count + 1.0)
}

/// The longest time from an error after healthy minutes until the page said so; zero if the
/// page never took the healthy minutes for a recovery.
fn recurrence_to_correction(record: &DrillRecord) -> f64 {
    let mut healthy = 0;
    let mut back: Option<f64> = None;
    let mut longest = 0.0_f64;
    for minute in &record.minutes {
        let Some(page) = &minute.page else { continue };
        let is_corrected = !is_watched(page) && page.overall == Health::Down;
        if minute.service.is_failing() {
            if healthy >= HEALTHY_LOOKS && is_watched(page) {
                back = back.or(Some(minute.t));
            }
            healthy = 0;
        } else {
            healthy += 1;
        }
        if let Some(since) = back
            && is_corrected
        {
            longest = longest.max(minute.t - since);
            back = None;
        }
    }
    longest
}

impl MeritId {
    /// What it is, for people.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::FirstErrorToPage => "first error to status page",
            Self::FirstErrorToMessage => "first error to announcement",
            Self::WrongMinutes => "minutes in which the public was told something wrong",
            Self::FalseAllClears => "false all-clears",
            Self::HealthyBeforeAllClear => "last error to all-clear",
            Self::RecurrenceToCorrection => "recurrence to correction",
            Self::LongestSilence => "longest public silence",
            Self::BeginningOff => "error of the recorded beginning",
            Self::FirstErrorToEnd => "first error to announced end",
        }
    }

    /// Whether it counts something, rather than minutes.
    pub(crate) fn is_count(self) -> bool {
        matches!(self, Self::FalseAllClears)
    }
}
