//! The rule that joins measured and written health, situation by situation.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::history::health::confirmed::{Confirmed, TimeRange};
use crate::history::health::join::{Piece, join};
use crate::history::health::uptime::{RecentDays, sum, tally};
use crate::model::component::{Health, Severity};
use crate::model::facts::uptime::{Day, DayTally, HealthSpan, Maintenance, Spent};
use crate::model::fixtures;
use crate::model::incident::{Incident, Phase, Update};
use crate::model::incidents::list::Incidents;
use crate::model::incidents::managed::Managed;
use crate::model::time::duration::elapsed;
use crate::model::verdict::RuleId;

use Health::{Disrupted, Down, Notice, Ok, Unknown};

/// Midnight of the day that the tables are about.
const MIDNIGHT: i64 = 1_772_323_200;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(MIDNIGHT + minute * 60).unwrap()
}

/// An incident of `API` from one minute to another, or open.
fn incident(ours: bool, severity: Severity, from: i64, to: Option<i64>) -> Incident {
    Incident {
        date: Some(at(from)),
        resolved: Some(to.is_some()),
        resolved_when: to.map(at),
        severity: Some(severity),
        affected: vec!["API".into()],
        managed: Managed {
            rules: ours.then(|| RuleId("r".into())).into_iter().collect(),
            ..Managed::default()
        },
        ..fixtures::incident(&format!("{from}-{severity}-{ours}"))
    }
}

fn ours(from: i64, to: impl Into<Option<i64>>) -> Incident {
    incident(true, Severity::Down, from, to.into())
}

fn persons(severity: Severity, from: i64, to: i64) -> Incident {
    incident(false, severity, from, Some(to))
}

fn with(mut incident: Incident, change: impl FnOnce(&mut Incident)) -> Incident {
    change(&mut incident);
    incident
}

/// Health from each minute on, until `now`.
fn spans(changes: &[(i64, Health)], now: i64) -> Vec<HealthSpan> {
    let ends = changes.iter().skip(1).map(|(end, _)| *end).chain([now]);
    let spans = changes.iter().zip(ends);
    spans
        .map(|((from, health), to)| HealthSpan {
            from: at(*from),
            to: at(to.max(*from)),
            health: *health,
        })
        .collect()
}

/// All that a past is made of.
#[derive(Clone, Debug, Default)]
struct Scene {
    measured: Vec<(i64, Health)>,
    incidents: Vec<Incident>,
    /// What rules noticed and no file tells any more.
    noticed: Vec<(i64, i64)>,
    maintenance: Vec<(i64, i64)>,
    now: i64,
}

impl Scene {
    fn confirmed(&self) -> Confirmed {
        let incidents: Vec<_> = self.incidents.iter().cloned().map(Arc::new).collect();
        let maintenance: Vec<_> = self
            .maintenance
            .iter()
            .map(|(from, to)| Maintenance {
                component: "API".into(),
                from: at(*from),
                to: Some(at(*to)),
            })
            .collect();
        let noticed = self.noticed.iter().map(|(from, to)| {
            let stretch = TimeRange {
                from: at(*from),
                to: Some(at(*to)),
            };
            ("API", stretch)
        });
        let mut confirmed = Confirmed::default();
        let bounds = (Timestamp::MIN, at(self.now));
        confirmed.update(
            &Arc::new(Incidents::new(incidents)),
            &maintenance,
            (["API".to_owned()].into(), noticed),
            bounds,
        );
        confirmed
    }

    fn pieces(&self, from: Timestamp) -> Vec<Piece> {
        let measured = spans(&self.measured, self.now);
        join(&measured, self.confirmed().of("API"), from, at(self.now))
    }

    /// How the first minutes after midnight were spent.
    fn tally(&self, minutes: i64) -> DayTally {
        tally(&self.pieces(at(0)), at(0), at(minutes))
    }

    fn days(&self, zone: &TimeZone) -> (Vec<Day>, [DayTally; 5]) {
        let calendar = RecentDays::new(zone, at(self.now));
        let pieces = self.pieces(calendar.begins());
        let confirmed = self.confirmed();
        sum(
            &pieces,
            &confirmed.of("API").outages,
            &calendar,
            at(self.now),
        )
    }
}

fn minutes(tally: &DayTally) -> [u64; 5] {
    [
        tally.ok,
        tally.disrupted,
        tally.down,
        tally.unknown,
        tally.maintenance,
    ]
    .map(|time| time.as_secs() / 60)
}

/// Compares minutes of ok, disrupted, down, unknown and planned work until 01:40.
fn check(what: &str, measured: &[(i64, Health)], incidents: &[Incident], expected: [u64; 5]) {
    let scene = Scene {
        measured: measured.to_vec(),
        incidents: incidents.to_vec(),
        now: 100,
        ..Scene::default()
    };
    assert_eq!(minutes(&scene.tally(100)), expected, "{what}");
}

/// Down from minute 20 to 50, as measured.
const OUTAGE: [(i64, Health); 3] = [(0, Ok), (20, Down), (50, Ok)];

#[test]
fn what_is_measured_counts_where_no_file_speaks() {
    check("never measured", &[], &[], [0; 5]);
    check("since a moment", &[(30, Ok)], &[], [70, 0, 0, 0, 0]);
    let unseen = [(10, Unknown), (30, Ok), (60, Unknown)];
    check("unseen at first", &unseen, &[], [30, 0, 0, 40, 0]);
    check("a notice is fine", &[(0, Notice)], &[], [100, 0, 0, 0, 0]);
    check("lasting", &OUTAGE, &[], [70, 0, 30, 0, 0]);
    let turns = [(0, Down), (10, Disrupted), (30, Ok), (40, Unknown)];
    check("each by itself", &turns, &[], [10, 20, 10, 60, 0]);
    // The clock stepped back: what was noted then is still to come.
    check(
        "later than now",
        &[(0, Ok), (200, Down)],
        &[],
        [100, 0, 0, 0, 0],
    );
}

#[test]
fn a_blip_that_nobody_wrote_down_counts_for_nothing() {
    let blip = |seconds: i64, health| {
        let span = |from, to, health| HealthSpan { from, to, health };
        let end = at(10) + Duration::from_secs(seconds.unsigned_abs());
        let middle = at(10) + Duration::from_secs(30);
        let measured = [
            span(at(0), at(10), Ok),
            span(at(10), middle, Down),
            span(middle, end, health),
            span(end, at(20), Ok),
        ];
        let pieces = join(&measured, Confirmed::default().of("API"), at(0), at(20));
        let tally = tally(&pieces, at(0), at(20));
        (tally.down + tally.disrupted).as_secs()
    };
    assert_eq!(blip(59, Down), 0);
    assert_eq!(blip(60, Down), 60);
    // What got milder is the same stretch.
    assert_eq!(blip(70, Disrupted), 70);
    assert_eq!(blip(70, Unknown), 0);
}

#[test]
fn a_file_decides_where_it_speaks() {
    check("as measured", &OUTAGE, &[ours(20, 50)], [70, 0, 30, 0, 0]);
    let milder = incident(true, Severity::Disrupted, 20, Some(50));
    check("milder", &OUTAGE, &[milder], [70, 30, 0, 0, 0]);
    let notice = incident(true, Severity::Notice, 20, Some(50));
    check("a notice", &OUTAGE, &[notice], [100, 0, 0, 0, 0]);
    check("begun earlier", &OUTAGE, &[ours(10, 50)], [60, 0, 40, 0, 0]);
    check("begun later", &OUTAGE, &[ours(30, 50)], [80, 0, 20, 0, 0]);
    check("ended earlier", &OUTAGE, &[ours(20, 25)], [95, 0, 5, 0, 0]);
    check("ended later", &OUTAGE, &[ours(20, 60)], [60, 0, 40, 0, 0]);
    check("still open", &OUTAGE, &[ours(20, None)], [20, 0, 80, 0, 0]);
    let other = with(ours(20, 50), |incident| {
        incident.affected = vec!["Web".into()];
    });
    check("of another", &OUTAGE, &[other], [70, 0, 30, 0, 0]);
    let blind = [(0, Ok), (20, Unknown), (60, Ok)];
    check("unseen", &blind, &[ours(20, 50)], [60, 0, 30, 10, 0]);
    check("only begun", &OUTAGE, &[ours(120, None)], [70, 0, 30, 0, 0]);
    check(
        "before anything was measured",
        &[(60, Ok)],
        &[ours(20, 80)],
        [20, 0, 20, 0, 0],
    );
}

#[test]
fn files_of_people_count_beside_what_is_measured() {
    let calm = [(0, Ok)];
    let down = persons(Severity::Down, 20, 50);
    check("a person's", &calm, &[down], [70, 0, 30, 0, 0]);
    let several = [
        persons(Severity::Disrupted, 10, 40),
        persons(Severity::Down, 30, 50),
        persons(Severity::Disrupted, 45, 60),
    ];
    check("the worst counts", &calm, &several, [50, 30, 20, 0, 0]);
    let note = persons(Severity::Notice, 20, 50);
    check(
        "a note excuses nothing",
        &OUTAGE,
        &[note],
        [70, 0, 30, 0, 0],
    );
    let milder = persons(Severity::Disrupted, 20, 60);
    check(
        "nor does a milder one",
        &OUTAGE,
        &[milder],
        [60, 10, 30, 0, 0],
    );
    let twice = with(persons(Severity::Down, 20, 50), |incident| {
        incident.affected = vec!["API".into(), "API".into()];
    });
    check("named twice", &calm, &[twice], [70, 0, 30, 0, 0]);
}

#[test]
fn what_is_no_confirmed_outage_counts_for_nothing() {
    let calm = [(0, Ok)];
    let of = |change: fn(&mut Incident)| [with(persons(Severity::Down, 20, 50), change)];
    let nothing = [100, 0, 0, 0, 0];
    check("a draft", &calm, &of(|one| one.draft = true), nothing);
    check(
        "a post",
        &calm,
        &of(|one| one.informational = true),
        nothing,
    );
    check("no issue", &calm, &of(|one| one.is_issue = false), nothing);
    check(
        "neither open nor over",
        &calm,
        &of(|one| one.resolved = None),
        nothing,
    );
    check(
        "without a severity",
        &calm,
        &of(|one| one.severity = None),
        nothing,
    );
    check(
        "without a beginning",
        &calm,
        &of(|one| one.date = None),
        nothing,
    );
    check(
        "over before it began",
        &calm,
        &of(|one| one.resolved_when = Some(at(10))),
        nothing,
    );
    // No end at all: it ended when somebody said so.
    let changed = of(|one| {
        one.resolved_when = None;
        one.updates = vec![Update::new(at(30), Phase::Resolved, "")];
    });
    check("only said to be over", &calm, &changed, [90, 0, 10, 0, 0]);
    let marked = [with(ours(20, 50), |one| one.managed.withdrawn = true)];
    check("marked as withdrawn", &OUTAGE, &marked, nothing);
    let draft = [with(ours(20, 50), |one| one.draft = true)];
    check(
        "a draft excuses nothing",
        &OUTAGE,
        &draft,
        [70, 0, 30, 0, 0],
    );
}

#[test]
fn an_incident_that_seems_well_has_ended_for_now() {
    let watched = with(ours(20, None), |one| one.managed.good_since = Some(at(50)));
    check("watched", &OUTAGE, &[watched], [70, 0, 30, 0, 0]);
    let impossible = with(ours(20, 500), |one| one.managed.good_since = Some(at(50)));
    check(
        "an end still to come",
        &OUTAGE,
        &[impossible],
        [70, 0, 30, 0, 0],
    );
}

#[test]
fn what_an_incident_was_written_for_is_decided_by_files_for_ever() {
    let mut scene = Scene {
        measured: OUTAGE.to_vec(),
        noticed: vec![(20, 50)],
        now: 100,
        ..Scene::default()
    };
    assert_eq!(minutes(&scene.tally(100)), [100, 0, 0, 0, 0], "deleted");
    scene.incidents = vec![persons(Severity::Disrupted, 30, 40)];
    assert_eq!(
        minutes(&scene.tally(100)),
        [90, 10, 0, 0, 0],
        "a person's instead"
    );
    // Another outage of the same day has nothing to do with it.
    scene.measured.extend([(70, Down), (80, Ok)]);
    assert_eq!(minutes(&scene.tally(100)), [80, 10, 10, 0, 0]);
}

#[test]
fn planned_work_is_neither_up_nor_down() {
    let mut scene = Scene {
        measured: OUTAGE.to_vec(),
        maintenance: vec![(10, 40), (30, 45)],
        now: 100,
        ..Scene::default()
    };
    assert_eq!(minutes(&scene.tally(100)), [60, 0, 5, 0, 35]);
    scene.incidents = vec![ours(5, 60)];
    assert_eq!(minutes(&scene.tally(100)), [45, 0, 20, 0, 35]);
    scene.measured = vec![(-10, Ok), (0, Unknown)];
    scene.incidents.clear();
    assert_eq!(minutes(&scene.tally(100)), [0, 0, 0, 65, 35]);
}

#[test]
fn a_day_names_what_touched_it_and_periods_end_now() {
    let day = 24 * 60;
    // Over midnight; on the day itself; planned for later; long over.
    let scene = Scene {
        measured: vec![(-400 * day, Ok)],
        incidents: vec![
            with(persons(Severity::Notice, -10, 10), |one| {
                one.id.0 = "notice".into();
            }),
            with(persons(Severity::Down, -30, 30), |one| {
                one.id.0 = "night".into();
            }),
            with(persons(Severity::Disrupted, 60, 60), |one| {
                one.id.0 = "zero".into();
            }),
            with(persons(Severity::Down, day, day + 60), |one| {
                one.id.0 = "later".into();
            }),
            persons(Severity::Down, -300 * day, -300 * day + 60),
        ],
        now: 12 * 60,
        ..Scene::default()
    };
    let (days, periods) = scene.days(&TimeZone::UTC);
    assert_eq!(days.len(), 90);
    let named = |back: usize| -> Vec<&str> {
        let day = &days[89 - back];
        day.incidents.iter().map(|id| &*id.0).collect()
    };
    assert_eq!(named(0), ["night", "zero", "notice"]);
    assert_eq!(named(1), ["night", "notice"]);
    assert!(named(2).is_empty());
    let down = periods.map(|tally| tally.down.as_secs() / 60);
    assert_eq!(down, [60, 60, 60, 60, 120]);
    let all = periods.map(|tally| (tally.ok + tally.down).as_secs() / 3600);
    assert_eq!(
        all,
        [24, 6 * 24 + 12, 29 * 24 + 12, 89 * 24 + 12, 364 * 24 + 12]
    );
}

#[test]
fn a_day_of_many_incidents_names_the_gravest_ones() {
    let mut scene = Scene {
        measured: vec![(0, Ok)],
        now: 1000,
        ..Scene::default()
    };
    for number in 0..40 {
        let severity = if number == 39 {
            Severity::Down
        } else {
            Severity::Disrupted
        };
        scene.incidents.push(persons(severity, number, number + 1));
    }
    let (days, _) = scene.days(&TimeZone::UTC);
    let named = &days[89].incidents;
    assert_eq!((named.len(), &*named[0].0), (16, "39-down-false"));
}

#[test]
fn a_day_of_a_clock_change_has_its_own_length() {
    let hours = |zone: &str, now: &str, on: jiff::civil::Date| {
        let now: Timestamp = now.parse().unwrap();
        let calendar = RecentDays::new(&TimeZone::get(zone).unwrap(), now);
        let always = Piece {
            from: Timestamp::MIN,
            to: now,
            spent: Spent::Ok,
        };
        let (days, _) = sum(&[always], &[], &calendar, now);
        let day = days.iter().find(|day| day.date == on).unwrap();
        day.tally.ok.as_secs() / 3600
    };
    let berlin = "Europe/Berlin";
    assert_eq!(hours(berlin, "2026-04-02T12:00:00Z", date(2026, 3, 29)), 23);
    assert_eq!(
        hours(berlin, "2026-11-02T12:00:00Z", date(2026, 10, 25)),
        25
    );
    assert_eq!(
        hours(berlin, "2026-11-02T12:00:00Z", date(2026, 10, 26)),
        24
    );
    // There a day began an hour after the midnight that it had not.
    assert_eq!(
        hours(
            "America/Sao_Paulo",
            "2018-11-20T12:00:00Z",
            date(2018, 11, 4)
        ),
        23
    );
    assert_eq!(
        hours(
            "America/Sao_Paulo",
            "2018-11-20T12:00:00Z",
            date(2018, 11, 3)
        ),
        24
    );
}

fn healths() -> impl Strategy<Value = Vec<(i64, Health)>> {
    let health = prop::sample::select(Health::ALL.to_vec());
    prop::collection::vec((-9000_i64..9000, health), 0..30).prop_map(|mut changes| {
        changes.sort_by_key(|(at, _)| *at);
        changes
    })
}

fn incidents() -> impl Strategy<Value = Vec<Incident>> {
    let severity =
        prop::sample::select(vec![Severity::Notice, Severity::Disrupted, Severity::Down]);
    let one = (
        any::<bool>(),
        severity,
        -9000_i64..9000,
        prop::option::of(-9000_i64..9000),
    );
    let one = one.prop_map(|(ours, severity, from, to)| incident(ours, severity, from, to));
    prop::collection::vec(one, 0..8)
}

prop_compose! {
    fn scenes()(
        measured in healths(),
        incidents in incidents(),
        noticed in prop::collection::vec((-9000_i64..9000, -9000_i64..9000), 0..4),
        maintenance in prop::collection::vec((-9000_i64..9000, -9000_i64..9000), 0..4),
        now in -2000_i64..9000,
    ) -> Scene {
        Scene { measured, incidents, noticed, maintenance, now }
    }
}

fn whole(tally: &DayTally) -> Duration {
    tally.counted() + tally.unknown + tally.maintenance
}

proptest! {
    #[test]
    fn the_parts_of_a_day_are_the_day(scene in scenes(), zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "Pacific/Apia"])) {
        let zone = TimeZone::get(zone).unwrap();
        let (days, periods) = scene.days(&zone);
        let now = at(scene.now);
        let begun = scene.pieces(Timestamp::MIN).first().map_or(now, |piece| piece.from);
        let since = |from: Timestamp, to: Timestamp| elapsed(from.max(begun), to.max(begun));
        let mut total = DayTally::default();
        for day in &days {
            let from = day.date.to_zoned(zone.clone()).unwrap().timestamp();
            let to = day.date.tomorrow().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
            prop_assert_eq!(whole(&day.tally), since(from, to.min(now)), "{}", day.date);
            prop_assert!(day.parts.len() <= 12 && day.parts.is_sorted_by_key(|part| part.from));
            total.add(&day.tally);
        }
        prop_assert_eq!(&periods[3], &total);
        prop_assert_eq!(whole(&periods[0]), since(now - Duration::from_hours(24), now));
        for tally in periods {
            prop_assert!(tally.ratio().is_none_or(|ratio| (0.0..=1.0).contains(&ratio)));
        }
    }

    #[test]
    fn the_order_of_files_is_no_matter(scene in scenes()) {
        let mut turned = scene.clone();
        turned.incidents.reverse();
        turned.noticed.reverse();
        turned.maintenance.reverse();
        prop_assert_eq!(scene.days(&TimeZone::UTC), turned.days(&TimeZone::UTC));
    }

    #[test]
    fn an_end_that_is_moved_changes_only_what_lies_between(
        scene in scenes(), from in -2000_i64..2000, one in 0_i64..3000, other in 0_i64..3000,
    ) {
        // Its rules saw it until the later of both ends.
        let mut scene = scene;
        scene.now = 9000;
        let ends = (from + one.min(other), from + one.max(other));
        scene.noticed.push((from, ends.1));
        let pieces = |end: i64| {
            let mut scene = scene.clone();
            scene.incidents.push(ours(from, end));
            scene.pieces(at(-9000))
        };
        let (early, late) = (pieces(ends.0), pieces(ends.1));
        let same = |from, to| tally(&early, at(from), at(to)) == tally(&late, at(from), at(to));
        prop_assert!(same(-9000, ends.0));
        prop_assert!(same(ends.1, 9000));
        let between = |pieces: &[Piece]| tally(pieces, at(ends.0), at(ends.1));
        prop_assert!(between(&early).down <= between(&late).down);
    }

    #[test]
    fn a_sum_later_changes_nothing_of_what_was(scene in scenes(), later in 1_i64..500) {
        // Nothing happens in between, and nothing was going on.
        let mut scene = scene;
        let now = scene.now;
        let past = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment <= at(now));
        scene.incidents.retain(|one| past(one.date) && past(one.resolved_when));
        scene.noticed.retain(|(from, to)| *from <= now && *to <= now);
        scene.measured.retain(|(from, _)| *from <= scene.now - 10);
        let before = scene.pieces(at(-9000));
        let until = scene.now;
        scene.now += later;
        let after = scene.pieces(at(-9000));
        let whole = |pieces: &[Piece]| tally(pieces, at(-9000), at(until));
        prop_assert_eq!(whole(&before), whole(&after));
    }
}
