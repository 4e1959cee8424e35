//! What the scenes are made of: components, backlogs, and how ninety days went.

use std::time::Duration;

use critwatch::model::board::Backlog;
use critwatch::model::component::{Component, ComponentId, Severity};
use critwatch::model::slug;
use critwatch::model::uptime::{Day, Tally, Uptime};
use critwatch::model::verdict::{Publish, RuleId, State, Verdict};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

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
        id: ComponentId(slug::component(name)),
        name: name.into(),
        description: (!about.is_empty()).then(|| about.into()),
        category: category.map(str::to_owned),
        needs: Vec::new(),
    }
}

pub(crate) fn verdict(component: &Component, state: State) -> Verdict {
    Verdict {
        rule: RuleId(format!("{}-rule", component.id)),
        state,
        severity: Severity::Down,
        components: vec![component.id.clone()],
        publish: Publish::Auto,
        title: "T".into(),
        text: "t".into(),
        evidence: Vec::new(),
    }
}

/// Ninety days with some bad ones, which differ by component.
pub(crate) fn uptime(now: Timestamp, zone: &TimeZone, seed: usize) -> Uptime {
    let today = now.to_zoned(zone.clone()).date();
    let mut total = Tally::default();
    let days: Vec<_> = (0..90_i64)
        .map(|at| {
            let back = usize::try_from(89 - at).unwrap();
            let whole = Duration::from_hours(24);
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
            let tally = Tally {
                ok: whole.saturating_sub(down + disrupted + unknown),
                disrupted,
                down,
                unknown,
                maintenance: Duration::ZERO,
            };
            total.ok += tally.ok;
            total.disrupted += disrupted;
            total.down += down;
            total.unknown += unknown;
            Day {
                date: today.checked_sub((89 - at).days()).unwrap(),
                tally,
                incidents: Vec::new(),
            }
        })
        .collect();
    Uptime {
        since: Some(now - Duration::from_hours(40)),
        days,
        periods: [total; 5],
    }
}
