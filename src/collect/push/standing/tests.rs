//! Alerts stand, run out, end and come back.

use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

/// How long an alert of a webhook is believed, in seconds.
const TOLD: i64 = 8 * 3600;

fn guarded(folder: &tempfile::TempDir, watchdogs: &[&str], now: Timestamp) -> Standing {
    let trust = AlertTrust {
        unsaid: Duration::from_mins(5),
        repeated: Duration::from_hours(8),
        watchdog: Duration::from_mins(10),
    };
    let names: Vec<_> = watchdogs.iter().map(|name| (*name).to_owned()).collect();
    let watchdogs = Watchdogs::read(&names).unwrap();
    let store = crate::store::open(folder.path()).unwrap();
    Standing::open(store, trust, watchdogs, now).unwrap()
}

fn open(folder: &tempfile::TempDir, now: Timestamp) -> Standing {
    guarded(folder, &[], now)
}

fn alert(name: &str, ends: Ends) -> Alert {
    Alert {
        labels: [("alertname".to_owned(), name.to_owned())].into(),
        starts: Some(at(0)),
        ends,
    }
}

fn batch(alerts: impl IntoIterator<Item = Alert>) -> Batch {
    Batch {
        alerts: alerts.into_iter().collect(),
        truncated: 0,
    }
}

/// What is known at a second, as `name` of what fires, `name?` of what is lost,
/// and `name.` of what is over.
fn states(standing: &mut Standing, second: i64) -> String {
    standing.expire(at(second));
    let alerts = standing.all().map(|alert| {
        let sign = match alert.fate(at(second)) {
            AlertFate::Fires => "",
            AlertFate::Lost => "?",
            AlertFate::Over => ".",
        };
        format!("{}{sign}", alert.labels["alertname"])
    });
    alerts.collect::<Vec<_>>().join(" ")
}

#[test]
fn an_alert_stands_until_its_end_unless_it_is_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = open(&folder, at(0));
    let pushed = [
        alert("four-minutes", Ends::At(at(240))),
        alert("unsaid", Ends::Unsaid),
        alert("webhook", Ends::Told),
        alert("long-over", Ends::At(at(-5))),
    ];
    standing.take(batch(pushed), at(0)).unwrap();
    assert_eq!(states(&mut standing, 239), "four-minutes unsaid webhook");
    standing
        .take(batch([alert("four-minutes", Ends::At(at(479)))]), at(239))
        .unwrap();
    assert_eq!(states(&mut standing, 299), "four-minutes unsaid webhook");
    assert_eq!(states(&mut standing, 300), "four-minutes unsaid? webhook");
    // A restart knows no less.
    drop(standing);
    let mut standing = open(&folder, at(400));
    assert_eq!(states(&mut standing, 478), "four-minutes unsaid? webhook");
    assert_eq!(states(&mut standing, 479), "four-minutes? unsaid? webhook");
    assert_eq!(
        states(&mut standing, TOLD),
        "four-minutes? unsaid? webhook?"
    );
}

#[test]
fn without_a_watchdog_only_a_word_says_that_an_alert_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = open(&folder, at(0));
    let pushed = [alert("a", Ends::Unsaid), alert("other", Ends::Told)];
    standing.take(batch(pushed), at(0)).unwrap();
    assert_eq!(states(&mut standing, 300), "a? other");
    // Others that are told say nothing of it.
    standing
        .take(batch([alert("other", Ends::Told)]), at(9_000))
        .unwrap();
    drop(standing);
    let mut standing = open(&folder, at(10_000));
    assert_eq!(states(&mut standing, 10_000), "a? other");
    standing
        .take(batch([alert("a", Ends::At(at(-50)))]), at(10_001))
        .unwrap();
    assert_eq!(states(&mut standing, 10_001), "a. other");
    // It was still told at 0, so it cannot have been over before.
    assert_eq!(standing.all().next().unwrap().ends, at(0));
    assert_eq!(states(&mut standing, 10_001 + 3600), "other");
}

/// Prometheus sends both each minute, with an end four minutes ahead.
fn direct(standing: &mut Standing, names: &[&str], second: i64) {
    let ends = Ends::At(at(second + 240));
    let pushed = names.iter().map(|name| alert(name, ends));
    standing.take(batch(pushed), at(second)).unwrap();
}

#[test]
fn an_alert_that_ran_out_is_over_once_its_watchdog_is_heard_after_that() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = guarded(&folder, &["Watchdog"], at(0));
    direct(&mut standing, &["Watchdog", "a"], 0);
    for minute in 1..=3 {
        direct(&mut standing, &["Watchdog"], minute * 60);
        assert_eq!(states(&mut standing, minute * 60), "Watchdog a");
    }
    direct(&mut standing, &["Watchdog"], 239);
    assert_eq!(states(&mut standing, 298), "Watchdog a?");
    direct(&mut standing, &["Watchdog"], 299);
    assert_eq!(states(&mut standing, 299), "Watchdog");
    assert_eq!(standing.silent(at(299)), None);
}

#[test]
fn a_sender_that_died_tells_no_good_news_and_neither_does_its_return() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = guarded(&folder, &["Watchdog"], at(0));
    direct(&mut standing, &["Watchdog", "a"], 0);
    direct(&mut standing, &["Watchdog"], 10);
    assert_eq!(states(&mut standing, 240), "Watchdog a?");
    assert_eq!(states(&mut standing, 250), "Watchdog? a?");
    assert_eq!(standing.silent(at(250)), Some("Watchdog"));
    drop(standing);
    let mut standing = guarded(&folder, &["Watchdog"], at(9_000));
    // It is back, and may not yet have had its turn to tell the other one.
    direct(&mut standing, &["Watchdog"], 9_010);
    assert_eq!(states(&mut standing, 9_010), "Watchdog a?");
    direct(&mut standing, &["Watchdog"], 9_070);
    assert_eq!(states(&mut standing, 9_070), "Watchdog a?");
    direct(&mut standing, &["Watchdog"], 9_130);
    assert_eq!(states(&mut standing, 9_130), "Watchdog");
}

#[test]
fn each_of_several_senders_is_awaited_by_its_labels() {
    let folder = tempfile::tempdir().unwrap();
    let watchdogs = ["alertname=Watchdog,dc=a", "alertname=Watchdog,dc=b"];
    let mut standing = guarded(&folder, &watchdogs, at(0));
    let of = |name: &str, dc: &str, second: i64| {
        let mut alert = alert(name, Ends::At(at(second + 240)));
        alert.labels.insert("dc".to_owned(), dc.to_owned());
        alert
    };
    let all = [
        of("Watchdog", "a", 0),
        of("Watchdog", "b", 0),
        of("x", "a", 0),
    ];
    standing.take(batch(all), at(0)).unwrap();
    assert_eq!(standing.silent(at(239)), None);
    for minute in 1..10 {
        let now = minute * 60;
        let alive = of("Watchdog", "b", now);
        standing.take(batch([alive]), at(now)).unwrap();
    }
    assert_eq!(states(&mut standing, 540), "Watchdog? Watchdog x?");
    assert_eq!(standing.silent(at(540)), Some("alertname=Watchdog,dc=a"));
}

/// A webhook that no longer repeats an alert, as it is silenced there.
#[test]
fn an_alert_that_a_webhook_no_longer_repeats_is_lost_and_then_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = guarded(&folder, &["Watchdog"], at(0));
    let both = [alert("Watchdog", Ends::Told), alert("a", Ends::Told)];
    standing.take(batch(both), at(0)).unwrap();
    let mut second = 0;
    while second < TOLD {
        assert_eq!(states(&mut standing, second), "Watchdog a");
        second += 300;
        standing
            .take(batch([alert("Watchdog", Ends::Told)]), at(second))
            .unwrap();
    }
    assert_eq!(states(&mut standing, TOLD + 1), "Watchdog a?");
    standing
        .take(batch([alert("Watchdog", Ends::Told)]), at(TOLD + 300))
        .unwrap();
    assert_eq!(states(&mut standing, TOLD + 300), "Watchdog");
    // The watchdog of a webhook is believed for as long as the settings say.
    assert_eq!(states(&mut standing, TOLD + 900), "Watchdog?");
}

#[test]
fn deliveries_that_are_repeated_or_late_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = open(&folder, at(0));
    for _ in 0..3 {
        let mixed = [alert("a", Ends::Told), alert("b", Ends::Over(None))];
        standing.take(batch(mixed), at(1)).unwrap();
        assert_eq!(states(&mut standing, 1), "a");
    }
    for second in [2, 3] {
        let over = alert("a", Ends::Over(Some(at(2))));
        standing.take(batch([over]), at(second)).unwrap();
        assert_eq!(states(&mut standing, second), "a.");
        assert_eq!(standing.all().next().unwrap().updated, at(2));
    }
    drop(standing);
    assert_eq!(states(&mut open(&folder, at(3)), 3), "a.");
}

#[test]
fn when_an_alert_began_is_as_it_was_told_and_never_before_it_was_over_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = open(&folder, at(0));
    let mut push = |starts: Option<i64>, ends, second| {
        let starts = starts.map(at);
        let pushed = Alert {
            starts,
            ..alert("a", ends)
        };
        standing.take(batch([pushed]), at(second)).unwrap();
        let states = standing.all().next().unwrap();
        let since = |at: Timestamp| at.as_second() - 1_000_000;
        (since(states.starts), since(states.ends))
    };
    assert_eq!(push(Some(-3600), Ends::Told, 0), (-3600, TOLD));
    assert_eq!(push(None, Ends::Unsaid, 10), (-3600, 310));
    // Of several senders that tell the same alert the first one counts.
    assert_eq!(push(Some(-60), Ends::At(at(250)), 10), (-3600, 250));
    // It ended when its sender says, but not before it was told to fire.
    assert_eq!(push(None, Ends::Over(Some(at(40))), 60), (-3600, 40));
    assert_eq!(push(Some(-3600), Ends::Told, 100).0, 40);
    assert_eq!(push(None, Ends::Over(Some(at(20))), 160), (40, 100));
    // What is to come is now.
    assert_eq!(push(Some(900), Ends::Unsaid, 200), (200, 500));
    assert_eq!(push(None, Ends::Over(Some(at(900))), 220), (200, 220));
}

#[test]
fn one_alert_too_many_is_refused_and_counted_and_the_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let mut standing = open(&folder, at(0));
    let many = (0..LIMIT + 2).map(|number| alert(&format!("{number:05}"), Ends::Unsaid));
    let refused = standing.take(batch(many), at(0)).unwrap_err();
    assert_eq!(
        refused,
        PushRefusal::Full {
            refused: 2,
            limit: LIMIT
        }
    );
    assert_eq!(
        (standing.firing(at(0)).count(), standing.refused),
        (LIMIT, 2)
    );
    // Those that are known may still be told again, and what is over makes room.
    standing
        .take(batch([alert("00001", Ends::Unsaid)]), at(1))
        .unwrap();
    standing
        .take(batch([alert("00000", Ends::Over(None))]), at(1))
        .unwrap();
    standing
        .take(batch([alert("new", Ends::Unsaid)]), at(1))
        .unwrap();
    drop(standing);
    let mut standing = open(&folder, at(2));
    assert_eq!(standing.firing(at(2)).count(), LIMIT);
    // So does what was lost.
    let newer = alert("newer", Ends::Told);
    standing.take(batch([newer]), at(400)).unwrap();
    assert_eq!(standing.all().count(), LIMIT);
    assert_eq!(standing.firing(at(400)).count(), 1);
}

/// What may happen to one alert and the watchdog.
#[derive(Clone, Copy, Debug)]
enum TestStep {
    Wait(i64),
    Told(bool),
    Direct(bool),
    Over,
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<TestStep>> {
    let step = prop_oneof![
        (1..400_i64).prop_map(TestStep::Wait),
        any::<bool>().prop_map(TestStep::Told),
        any::<bool>().prop_map(TestStep::Direct),
        Just(TestStep::Over),
        Just(TestStep::Restart),
    ];
    proptest::collection::vec(step, 1..40)
}

proptest! {
    // Each case opens databases.
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A simple model: an alert that was told to fire is forgotten only after it
    /// was told to be over, or its watchdog after it ran out.
    #[test]
    fn an_alert_is_never_forgotten_without_a_word(steps in steps(), guard in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let watchdogs: &[&str] = if guard { &["Watchdog"] } else { &[] };
        let mut standing = guarded(&folder, watchdogs, at(0));
        let (mut now, mut until, mut pushed_at) = (0, None::<i64>, None);
        for step in steps {
            match step {
                TestStep::Wait(seconds) => now += seconds,
                TestStep::Told(of_watchdog) | TestStep::Direct(of_watchdog) => {
                    let is_direct = matches!(step, TestStep::Direct(_));
                    let ends = if is_direct { Ends::At(at(now + 240)) } else { Ends::Told };
                    let name = if of_watchdog { "Watchdog" } else { "a" };
                    standing.take(batch([alert(name, ends)]), at(now)).unwrap();
                    match (of_watchdog, is_direct) {
                        (true, _) => pushed_at = Some(now),
                        (false, true) => until = Some(now + 240),
                        (false, false) => until = Some(now + TOLD),
                    }
                }
                TestStep::Over => {
                    standing.take(batch([alert("a", Ends::Over(None))]), at(now)).unwrap();
                    until = None;
                }
                TestStep::Restart => {
                    let before = states(&mut standing, now);
                    drop(standing);
                    standing = guarded(&folder, watchdogs, at(now));
                    prop_assert_eq!(before, states(&mut standing, now));
                }
            }
            let state = states(&mut standing, now);
            let Some(until) = until else { continue };
            let has = |sign: &str| state.split(' ').any(|one| one == format!("a{sign}"));
            if now < until {
                prop_assert!(has(""), "{state} at {now}, until {until}");
            } else if !guard || pushed_at.is_none_or(|pushed_at| pushed_at <= until) {
                prop_assert!(has("?"), "{state} at {now}, until {until}");
            }
        }
    }
}
