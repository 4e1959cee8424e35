//! Nothing is called well, over or firing that nobody saw: a property over random
//! samples, gaps, failing collectors, restarts and clock steps.
//!
//! What rules say is compared with a slow and simple model, which looks through
//! all that ever happened anew for each evaluation.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use critwatch::incident::journal::Journal;
use critwatch::incident::journal::settings::JournalSettings;
use critwatch::incident::reconcile::input::Observed;
use critwatch::model::request::samples::push::{ALERT_LOST, ALERTS};
use critwatch::model::sample::{CollectorId, Sample, Scrape};
use critwatch::model::time::duration::elapsed;
use critwatch::model::verdict::{RuleState, Verdict};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::keeping::{BELIEVED, begin_with, judge, settings};
use crate::world::fixtures::component;

/// How long all must be quiet before an incident is over.
const HOLD: Duration = Duration::from_secs(8);

/// The rules, each with its `for` and `keep_firing_for` in seconds, and the jobs
/// that it needs.
const RULES: [(&str, &str, u64, u64, &[&str]); 6] = [
    ("any", "temp > 50", 3, 2, &["a", "b"]),
    ("at-once", "temp > 50", 0, 0, &["a", "b"]),
    ("alone", "temp{job='a'} > 50", 2, 0, &["a"]),
    ("sum", "max by (job) (temp) > 50", 4, 3, &["a", "b"]),
    (
        "either",
        "temp{job='a'} > 50 or temp{job='b'} > 50",
        3,
        0,
        &["a", "b"],
    ),
    // The alert of this name, as it is pushed.
    ("pushed", "", 2, 0, &["p"]),
];

/// Every collector, the one that is pushed to among them.
const JOBS: [&str; 3] = ["a", "b", "p"];

/// What a collector says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Look {
    /// Its page has a series with a good or a bad value.
    Value(bool),
    /// Its page has no such series; of what is pushed, an alert ran out without a
    /// word of its sender.
    Without,
    /// There is no answer.
    Fails,
}

/// One thing that happens, some time after the one before.
#[derive(Clone, Debug)]
enum Event {
    Look(&'static str, Look),
    Beat,
    Restart,
}

#[derive(Clone, Debug)]
struct Step {
    after_ms: i64,
    event: Event,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let after_ms =
        prop_oneof![12 => 100..1500_i64, 2 => 3000..9000_i64, 1 => 3_000_000..9_000_000_i64];
    let look = prop_oneof![
        4 => Just(Look::Value(true)),
        4 => Just(Look::Value(false)),
        1 => Just(Look::Without),
        2 => Just(Look::Fails),
    ];
    let event = prop_oneof![
        12 => (prop::sample::select(&JOBS[..]), look).prop_map(|(job, look)| Event::Look(job, look)),
        2 => Just(Event::Beat),
        1 => Just(Event::Restart),
    ];
    let step = (after_ms, event).prop_map(|(after_ms, event)| Step { after_ms, event });
    prop::collection::vec(step, 5..80)
}

fn scrape(job: &str, look: Look, at: Timestamp) -> Scrape {
    let up = f64::from(u8::from(look != Look::Fails));
    let mut samples = vec![Sample::new("up", [("job", job)], up)];
    match (job, look) {
        ("p", Look::Fails) => {}
        ("p", _) => samples.extend(pushed(look)),
        (_, Look::Value(bad)) => {
            let value = if bad { 90.0 } else { 20.0 };
            samples.insert(0, Sample::new("temp", [("job", job)], value));
        }
        _ => {}
    }
    Scrape {
        collector: CollectorId(job.into()),
        at,
        good_until: at + BELIEVED,
        samples,
    }
}

/// What is known of the alert `pushed`, as the collector of alerts brings it.
fn pushed(look: Look) -> Vec<Sample> {
    let seen = Sample::new("critwatch_alerts", [("state", "firing"), ("job", "p")], 1.0);
    let firing = [
        ("alertname", "pushed"),
        ("alertstate", "firing"),
        ("job", "p"),
    ];
    let alert = [("alertname", "pushed"), ("job", "p")];
    match look {
        Look::Value(true) => vec![Sample::new(ALERTS, firing, 1.0), seen],
        Look::Without => vec![Sample::new(ALERT_LOST, alert, 1.0), seen],
        Look::Value(false) | Look::Fails => vec![seen],
    }
}

/// What can be known of a series at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    Bad,
    Good,
    Gone,
    /// Nobody sees it, but the last look at it may still be believed.
    Missed,
    Lost,
}

/// All that ever happened, in order.
#[derive(Debug, Default)]
struct Model {
    looks: Vec<(Timestamp, &'static str, Look)>,
    /// When rules were judged, and how many looks there were by then.
    judged: Vec<(Timestamp, usize)>,
}

impl Model {
    fn known(&self, job: &str, now: Timestamp, looks: usize) -> Known {
        let of_job = self.looks[..looks].iter().filter(|(_, of, _)| *of == job);
        let mut of_job = of_job.rev().peekable();
        let Some((last, _, look)) = of_job.peek().copied().copied() else {
            return Known::Lost;
        };
        let Some((at, _, answer)) = of_job.find(|(.., look)| *look != Look::Fails) else {
            return Known::Lost;
        };
        match answer {
            Look::Without if job != "p" => return Known::Gone,
            _ if look == Look::Fails && now <= *at + BELIEVED => return Known::Missed,
            _ if look == Look::Fails || last + BELIEVED < now => return Known::Lost,
            _ => {}
        }
        match answer {
            Look::Value(true) => Known::Bad,
            Look::Value(false) => Known::Good,
            Look::Without | Look::Fails => Known::Lost,
        }
    }

    /// Whether a look ceased to be believed since rules were judged last.
    fn lapsed(&self, now: Timestamp) -> bool {
        let Some((before, _)) = self.judged.last() else {
            return false;
        };
        JOBS.iter().any(|job| {
            let last = self.looks.iter().rev().find(|(_, of, _)| of == job);
            last.is_some_and(|(at, ..)| *at + BELIEVED >= *before && *at + BELIEVED < now)
        })
    }

    /// What a rule says now, found by going through everything from the beginning.
    #[expect(
        clippy::too_many_lines,
        reason = "one plain walk through all that happened is the point of it"
    )]
    fn says(&self, jobs: &[&'static str], hold: Duration, keep: Duration) -> RuleState {
        /// Since when, for how long seen bad, whether fired, for how long seen good.
        type Alert = (Timestamp, Duration, bool, Option<Duration>);
        let mut alerts: BTreeMap<&str, Alert> = BTreeMap::new();
        let mut before: Option<(Timestamp, BTreeMap<&str, Known>, bool)> = None;
        let (mut quiet, mut unknown, mut firing) = (None, None, None);
        let mut state = RuleState::Unknown {
            since: Timestamp::MIN,
        };
        for (now, looks) in &self.judged {
            let known: BTreeMap<_, _> = jobs
                .iter()
                .map(|job| (*job, self.known(job, *now, *looks)))
                .collect();
            let is = |what: Known| known.values().any(|known| *known == what);
            let nothing = known.values().all(|known| *known == Known::Gone);
            let lost = is(Known::Lost) || nothing;
            let whole = !lost && !is(Known::Missed);
            let passed = before.as_ref().map(|(at, ..)| elapsed(*at, *now));
            for job in jobs {
                let same = |bad: bool| {
                    let (_, then, whole) = before.as_ref()?;
                    let fits = if bad {
                        then[job] == Known::Bad
                    } else {
                        *whole && then[job] != Known::Bad
                    };
                    passed.filter(|_| fits)
                };
                if known[job] == Known::Bad {
                    let alert = alerts
                        .entry(job)
                        .or_insert((*now, Duration::ZERO, false, None));
                    alert.1 += same(true).unwrap_or_default();
                    alert.2 |= alert.1 >= hold;
                    alert.3 = None;
                } else if whole {
                    if let Some(alert) = alerts.get_mut(job) {
                        let good = alert.3.map(|good| good + same(false).unwrap_or_default());
                        alert.3 = Some(good.unwrap_or_default());
                        if !alert.2 || alert.3 >= Some(keep) {
                            alerts.remove(job);
                        }
                    }
                } else if lost {
                    alerts.retain(|of, alert| of != job || alert.2);
                }
            }
            let bad = is(Known::Bad);
            let fires = alerts
                .iter()
                .filter(|(job, alert)| alert.2 && (whole || known[*job] == Known::Bad));
            let fires = fires.map(|(_, alert)| alert.0).min();
            let ever = alerts.values().any(|alert| alert.2);
            firing = firing.filter(|_| ever).into_iter().chain(fires).min();
            quiet = (whole && !bad).then(|| quiet.unwrap_or(*now));
            unknown = (!whole && fires.is_none()).then(|| unknown.unwrap_or(*now));
            state = if let (Some(since), Some(_)) = (firing, fires) {
                RuleState::Firing { since }
            } else if let Some(since) = unknown {
                RuleState::Unknown { since }
            } else if bad {
                RuleState::Pending {
                    since: alerts.values().map(|alert| alert.0).min().unwrap(),
                }
            } else {
                RuleState::Quiet {
                    since: quiet.unwrap(),
                }
            };
            before = Some((*now, known, whole));
        }
        state
    }
}

fn text() -> String {
    let rules = RULES.map(|(id, expr, hold, keep, _)| {
        let asked = match expr {
            "" => "source = 'p'".to_owned(),
            expr => format!("expr = \"{expr}\""),
        };
        let holds = format!("for = '{hold}s'\nkeep_firing_for = '{keep}s'");
        (id, format!("{asked}\n{holds}"))
    });
    let rules: Vec<_> = rules
        .iter()
        .map(|(id, text)| (*id, text.as_str()))
        .collect();
    settings(&rules, "[[collector]]\nid = 'p'\ntype = 'alerts'")
}

/// Plays the steps; gives each moment with what was said and what is open.
#[expect(clippy::too_many_lines, reason = "one story, step by step")]
async fn play(steps: &[Step], folder: &Path) -> Result<(), TestCaseError> {
    let text = text();
    let mut now: Timestamp = "2026-03-01T10:00:00.5Z".parse().unwrap();
    let (mut evaluator, mut history, mut keeper) = begin_with(&text, folder, now);
    let components = [component("c", "C")];
    let incidents = folder.join("incidents");
    std::fs::create_dir(&incidents).unwrap();
    let journal = || {
        Journal::new(JournalSettings {
            hold: HOLD,
            ..JournalSettings::new(&incidents)
        })
    };
    let mut journal_now = journal();
    let mut model = Model::default();
    // Since when each rule was seen to be quiet without a break.
    let mut calm: Vec<Option<Timestamp>> = vec![None; RULES.len()];
    let mut was_open = false;
    for step in steps {
        now += Duration::from_millis(step.after_ms.unsigned_abs());
        match step.event {
            Event::Beat => {}
            Event::Look(job, look) => {
                if model.lapsed(now) {
                    model.judged.push((now, model.looks.len()));
                }
                let kept = evaluator.ingest(scrape(job, look, now));
                history.store_scrape(kept);
                model.looks.push((now, job, look));
            }
            Event::Restart => {
                drop(history);
                keeper.run();
                (evaluator, history, keeper) = begin_with(&text, folder, now);
                drop(journal_now);
                journal_now = journal();
            }
        }
        let verdicts = judge(&mut evaluator, &mut history, now);
        model.judged.push((now, model.looks.len()));
        for ((verdict, calm), (id, _, hold, keep, jobs)) in
            verdicts.iter().zip(&mut calm).zip(RULES)
        {
            let (hold, keep) = (Duration::from_secs(hold), Duration::from_secs(keep));
            prop_assert_eq!(
                verdict.state,
                model.says(jobs, hold, keep),
                "{} at {}",
                id,
                now
            );
            *calm = match verdict.state {
                RuleState::Quiet { .. } => Some(calm.unwrap_or(now)),
                _ => None,
            };
        }
        promise(&model, &verdicts, now)?;
        let written = journal_now
            .step(Observed::of(&verdicts, &components), now)
            .await;
        let is_open = written
            .incidents
            .iter()
            .any(|one| one.resolved == Some(false));
        let fires = verdicts.iter().any(|verdict| verdict.state.is_firing());
        // A disk that takes its time delays the file, not what is shown.
        let is_shown = is_open || !written.unwritten.is_empty();
        prop_assert!(
            is_shown || !fires,
            "nothing is open at {}: {:?}",
            now,
            written.faults
        );
        if was_open && !is_open {
            let all = calm
                .iter()
                .all(|since| since.is_some_and(|since| elapsed(since, now) >= HOLD));
            prop_assert!(all, "over at {} without a look: {:?}", now, calm);
        }
        was_open = is_open;
    }
    Ok(())
}

/// What must hold of every answer, whatever the model says.
fn promise(model: &Model, verdicts: &[Verdict], now: Timestamp) -> Result<(), TestCaseError> {
    for (verdict, (id, _, hold, keep, jobs)) in verdicts.iter().zip(RULES) {
        let known = |job: &&str| model.known(job, now, model.looks.len());
        let blind = jobs
            .iter()
            .any(|job| matches!(known(job), Known::Lost | Known::Missed));
        let bad = jobs.iter().any(|job| known(job) == Known::Bad);
        match verdict.state {
            RuleState::Quiet { .. } => prop_assert!(!blind && !bad, "{} is quiet at {}", id, now),
            RuleState::Firing { since } if keep == 0 => {
                prop_assert!(bad, "{} fires at {}", id, now);
                prop_assert!(elapsed(since, now) >= Duration::from_secs(hold));
            }
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_well_over_or_firing_that_nobody_saw(steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(&steps, folder.path()))?;
    }
}
