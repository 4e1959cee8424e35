//! What the scenes are made of: components, backlogs, and how ninety days went.

use std::time::Duration;

use critwatch::model::board::Backlog;
use critwatch::model::component::{Component, ComponentId, Severity};
use critwatch::model::facts::uptime::{Day, DayPart, DayTally, Period, Spent, Uptime};
use critwatch::model::series::measure::{ChartSpan, Course};
use critwatch::model::series::minute::ChartBucket;
use critwatch::model::text::slug;
use critwatch::model::verdict::{RuleState, Verdict};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::world::fixtures;

pub(crate) fn track(at: Timestamp) -> String {
    format!("{{{{< track \"{}\" >}}}}", at.strftime("%Y-%m-%d %H:%M:%S"))
}

pub(crate) fn backlog(count: f64, wait: u64, growth: f64) -> Backlog {
    Backlog {
        what: "rolls".into(),
        components: vec![ComponentId("worker".into())],
        count,
        wait: Some(Duration::from_secs(wait)),
        usual: Duration::from_millis(200),
        growth: Some(growth),
        well_since: None,
    }
}

pub(crate) fn component(name: &str, about: &str, category: Option<&str>) -> Component {
    Component {
        description: (!about.is_empty()).then(|| about.into()),
        category: category.map(str::to_owned),
        ..fixtures::component(&slug::component(name), name)
    }
}

pub(crate) fn verdict(component: &Component, state: RuleState) -> Verdict {
    fixtures::verdict(&format!("{}-rule", component.id), &component.id.0, state)
}

/// Ninety days with some bad ones, which differ by component.
pub(crate) fn uptime(now: Timestamp, zone: &TimeZone, seed: usize) -> Uptime {
    let today = now.to_zoned(zone.clone()).date();
    let days: Vec<_> = (0..90_i64)
        .map(|at| {
            let back = usize::try_from(89 - at).unwrap();
            let whole = if back == 0 {
                since_midnight(now, zone)
            } else {
                Duration::from_hours(24)
            };
            let minutes = |minutes: u64| Duration::from_mins(minutes);
            let (down, disrupted, unknown) = match (back, seed) {
                (9, 0 | 1 | 3) => (minutes(362), Duration::ZERO, Duration::ZERO),
                (3, 1 | 7) => (Duration::ZERO, minutes(25), Duration::ZERO),
                (47, 4) => (Duration::ZERO, minutes(9), Duration::ZERO),
                (61, _) => (Duration::ZERO, Duration::ZERO, minutes(70)),
                (62, _) | (84.., 5) => (Duration::ZERO, Duration::ZERO, whole),
                (22, 2 | 7) => (minutes(95), minutes(300), Duration::ZERO),
                _ => <(Duration, Duration, Duration)>::default(),
            };
            let tally = DayTally {
                ok: whole.saturating_sub(down + disrupted + unknown),
                disrupted,
                down,
                unknown,
                maintenance: Duration::ZERO,
            };
            let date = today.checked_sub((89 - at).days()).unwrap();
            Day {
                date,
                tally,
                incidents: Vec::new(),
                parts: parts(date, zone, &tally),
            }
        })
        .collect();
    Uptime {
        since: Some(now - Duration::from_hours(40)),
        begun: Some(now - Duration::from_hours(24 * 400)),
        periods: periods(&days),
        days,
    }
}

/// When on a day all that was: one after the other from three in the morning on, or
/// all day.
pub(crate) fn parts(date: Date, zone: &TimeZone, tally: &DayTally) -> Vec<DayPart> {
    let midnight = date.to_zoned(zone.clone()).unwrap().timestamp();
    let mut from = midnight;
    if !tally.ok.is_zero() {
        from += Duration::from_hours(3);
    }
    let times = [
        (Spent::Down, tally.down),
        (Spent::Disrupted, tally.disrupted),
        (Spent::Unknown, tally.unknown),
    ];
    let part = |(spent, time): (Spent, Duration)| {
        let part = DayPart {
            from,
            to: from + time,
            spent,
            times: 1,
        };
        from = part.to;
        part
    };
    let times = times.into_iter().filter(|(_, time)| !time.is_zero());
    times.map(part).collect()
}

/// How long this day has lasted so far.
fn since_midnight(now: Timestamp, zone: &TimeZone) -> Duration {
    let local = now.to_zoned(zone.clone());
    let midnight = local.start_of_day().unwrap().timestamp();
    Duration::try_from(now.duration_since(midnight)).unwrap()
}

/// The sums over days, the newest of which is the last.
pub(crate) fn periods(days: &[Day]) -> [DayTally; 5] {
    Period::ALL.map(|period| {
        let mut sum = DayTally::default();
        let newest = days.iter().rev().take(period.days());
        newest.for_each(|day| sum.add(&day.tally));
        sum
    })
}

/// Takes time away from this day, which was not fine for so long.
pub(crate) fn suffer(past: &mut Uptime, severity: Severity, time: Duration, now: Timestamp) {
    let day = past.days.last_mut().unwrap();
    let today = &mut day.tally;
    let time = time.min(today.ok);
    today.ok -= time;
    let spent = match severity {
        Severity::Down => {
            today.down += time;
            Spent::Down
        }
        Severity::Disrupted => {
            today.disrupted += time;
            Spent::Disrupted
        }
        Severity::Notice => {
            today.ok += time;
            Spent::Ok
        }
    };
    if spent != Spent::Ok {
        day.parts.push(DayPart {
            from: now - time,
            to: now,
            spent,
            times: 1,
        });
    }
    past.periods = periods(&past.days);
}

/// A day of a figure: calm, then rising to a height.
pub(crate) fn course(now: Timestamp, span: ChartSpan, calm: f64, height: f64) -> Course {
    let parts = 120_u32;
    let length = match span {
        ChartSpan::Hour => Duration::from_hours(1),
        ChartSpan::Day => Duration::from_hours(24),
        ChartSpan::Week => Duration::from_hours(7 * 24),
        ChartSpan::Month => Duration::from_hours(30 * 24),
        ChartSpan::Quarter => Duration::from_hours(90 * 24),
    };
    let step = length / parts;
    let from = now - step * parts;
    let seen = (0..parts).filter(|part| !(40..44).contains(part));
    let bucket = |part: u32| {
        let wave = (f64::from(part) / 5.0).sin() * calm / 4.0;
        let rise = f64::from(part.saturating_sub(100)) / 20.0;
        let mean = calm + wave + rise * (height - calm);
        ChartBucket {
            at: from + step * part,
            min: mean * 0.9,
            mean,
            max: mean * 1.1,
        }
    };
    Course {
        from,
        until: now,
        step,
        buckets: seen.map(bucket).collect(),
    }
}
