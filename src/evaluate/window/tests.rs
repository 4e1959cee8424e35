//! The window over scrapes: what it holds, refuses and forgets.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::model::sample::Sample;

const LIMITS: WindowLimits = WindowLimits {
    age: Duration::from_secs(100),
    series: 3,
    samples: 4,
    total: 1000,
};

/// A scrape of series by name that may be believed for 30 seconds.
fn scrape(collector: &str, second: i64, series: &[(&str, f64)]) -> Scrape {
    Scrape {
        collector: CollectorId(collector.to_owned()),
        at: at(second),
        good_until: at(second + 30),
        samples: series
            .iter()
            .map(|(name, value)| Sample::new(*name, [], *value))
            .collect(),
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn latest(window: &Window, name: &str, second: i64) -> Option<f64> {
    window
        .select(&[name.into()], &[])
        .1
        .find_map(|series| series.latest(second * 1000))
        .map(|one| one.value)
}

fn between(window: &Window, name: &str, after: i64, until: i64) -> Vec<f64> {
    let mut samples = Vec::new();
    for series in window.select(&[name.into()], &[]).1 {
        series.between(after * 1000, until * 1000, &mut samples);
    }
    samples.iter().map(|sample| sample.value).collect()
}

#[test]
fn a_series_missing_from_its_collector_is_stale() {
    let mut window = Window::new(LIMITS);
    window.ingest(&scrape("a", 0, &[("up", 1.0), ("down", 1.0)]));
    window.ingest(&scrape("b", 5, &[("other", 1.0)]));
    window.ingest(&scrape("a", 10, &[("up", 2.0)]));
    assert_eq!(latest(&window, "down", 9), Some(1.0));
    assert_eq!(latest(&window, "down", 10), None);
    assert_eq!(between(&window, "down", -1, 20), [1.0]);
    assert_eq!(latest(&window, "other", 20), Some(1.0));
    window.ingest(&scrape("a", 20, &[("up", 3.0), ("down", 4.0)]));
    assert_eq!(latest(&window, "down", 20), Some(4.0));
    assert_eq!(latest(&window, "down", 15), None);
}

#[test]
fn a_silent_collector_is_believed_until_it_said() {
    let mut window = Window::new(LIMITS);
    window.ingest(&scrape("a", 0, &[("up", 1.0)]));
    window.expire(at(30));
    assert_eq!(latest(&window, "up", 30), Some(1.0));
    window.expire(at(31));
    assert_eq!(latest(&window, "up", 29), Some(1.0));
    assert_eq!(latest(&window, "up", 30), None);
    window.ingest(&scrape("a", 40, &[("up", 2.0)]));
    assert_eq!(latest(&window, "up", 40), Some(2.0));
}

#[test]
fn a_collector_believed_for_no_time_goes_stale_all_the_same() {
    let mut window = Window::new(LIMITS);
    let brief = Scrape {
        good_until: at(0),
        ..scrape("a", 0, &[("up", 1.0)])
    };
    window.ingest(&brief);
    window.expire(at(1));
    assert_eq!(latest(&window, "up", 0), Some(1.0));
    assert_eq!(latest(&window, "up", 1), None);
}

#[test]
fn a_silent_collector_does_not_hide_what_another_has_sampled_since() {
    let mut window = Window::new(LIMITS);
    window.ingest(&scrape("a", 0, &[("up", 1.0)]));
    window.ingest(&scrape("b", 25, &[("up", 2.0)]));
    window.expire(at(40));
    assert_eq!(latest(&window, "up", 40), Some(2.0));
}

#[test]
fn late_and_equal_samples_are_dropped() {
    let mut window = Window::new(LIMITS);
    window.ingest(&scrape("a", 10, &[("up", 1.0), ("up", 2.0)]));
    window.ingest(&scrape("a", 10, &[("up", 3.0)]));
    window.ingest(&scrape("a", 5, &[]));
    window.ingest(&scrape("b", 10, &[("up", 4.0)]));
    window.ingest(&scrape("c", 9, &[("up", 5.0)]));
    assert_eq!(between(&window, "up", 0, 20), [1.0]);
    assert_eq!(latest(&window, "up", 20), Some(1.0));
}

#[test]
fn series_beyond_the_limit_are_refused_and_counted() {
    let mut window = Window::new(LIMITS);
    let all = [("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0), ("e", 1.0)];
    window.ingest(&scrape("a", 0, &all));
    window.ingest(&scrape("a", 10, &all));
    assert_eq!((window.series(), window.refused()), (3, 4));
    assert_eq!(latest(&window, "d", 10), None);
    window.ingest(&scrape("a", 20, &[("d", 1.0)]));
    window.expire(at(200));
    assert_eq!((window.series(), window.samples()), (0, 0));
    window.ingest(&scrape("a", 210, &[("d", 1.0)]));
    assert_eq!(latest(&window, "d", 210), Some(1.0));
}

#[test]
fn the_oldest_samples_go_first() {
    let mut window = Window::new(LIMITS);
    for second in 0..6 {
        window.ingest(&scrape("a", second, &[("up", 1.0)]));
    }
    assert_eq!(between(&window, "up", -1, 10).len(), 4);
    window.ingest(&scrape("a", 103, &[("up", 2.0)]));
    assert_eq!(between(&window, "up", -1, 200).len(), 4);
    window.expire(at(105));
    assert_eq!(between(&window, "up", -1, 200), [1.0, 2.0]);
}

#[test]
fn a_selection_visits_the_series_of_its_name_only() {
    let mut window = Window::new(LIMITS);
    window.ingest(&scrape("a", 0, &[("up", 1.0), ("u", 1.0), ("upper", 1.0)]));
    assert_eq!(window.select(&["up".into()], &[]).0, 1);
    assert_eq!(window.select(&[], &[]).0, 3);
}

#[test]
fn a_full_window_gives_the_oldest_for_the_newest() {
    let mut window = Window::new(WindowLimits { total: 5, ..LIMITS });
    for second in 0..4 {
        window.ingest(&scrape("a", second, &[("up", 1.0), ("down", 1.0)]));
    }
    assert_eq!((window.samples(), window.refused()), (5, 3));
    assert_eq!(window.reached(), Some(Limit::Total(5)));
    assert_eq!(latest(&window, "up", 3), Some(1.0));
    assert_eq!(latest(&window, "down", 3), Some(1.0));
    window.ingest(&scrape("b", 3, &[("other", 1.0)]));
    assert_eq!((window.series(), window.refused()), (2, 4));
    window.expire(at(200));
    window.ingest(&scrape("b", 200, &[("other", 1.0)]));
    assert_eq!(latest(&window, "other", 200), Some(1.0));
}

#[test]
fn a_collector_may_change_the_order_of_its_series() {
    let mut window = Window::new(LIMITS);
    window.ingest(&scrape("a", 0, &[("a", 1.0), ("b", 1.0), ("c", 1.0)]));
    window.ingest(&scrape("a", 1, &[("c", 2.0), ("a", 2.0), ("b", 2.0)]));
    window.ingest(&scrape("a", 2, &[("b", 3.0), ("a", 3.0)]));
    let all = ["a", "b", "c"].map(|name| latest(&window, name, 2));
    assert_eq!(all, [Some(3.0), Some(3.0), None]);
    assert_eq!(latest(&window, "c", 1), Some(2.0));
}

#[test]
fn scrapes_of_an_earlier_run_are_taken_in_their_order() {
    let mut window = Window::new(LIMITS);
    for second in [10, 20, 30] {
        window.ingest(&scrape("a", second, &[("up", 1.0)]));
    }
    window.expire(at(90));
    assert_eq!(between(&window, "up", 0, 90).len(), 3);
    assert_eq!(latest(&window, "up", 60), None);
    window.ingest(&scrape("a", 95, &[("up", 2.0)]));
    assert_eq!(latest(&window, "up", 95), Some(2.0));
}

#[test]
fn a_name_that_comes_back_is_a_series_of_its_own() {
    let mut window = Window::new(LIMITS);
    window.ingest(&scrape("a", 0, &[("old", 1.0), ("up", 1.0)]));
    window.ingest(&scrape("a", 90, &[("up", 1.0)]));
    window.expire(at(191));
    assert_eq!(window.words.len(), 1);
    window.ingest(&scrape("b", 191, &[("new", 5.0), ("old", 6.0)]));
    assert_eq!(latest(&window, "new", 191), Some(5.0));
    assert_eq!(latest(&window, "old", 191), Some(6.0));
}

proptest! {
    #[test]
    fn an_index_finds_what_a_search_finds(
        series in prop::collection::vec((0..3_u8, 0..4_u8, 0..4_u8, 0..9_i64), 1..40),
        (name, a, b) in (0..3_u8, 0..4_u8, 0..4_u8),
    ) {
        let mut window = Window::new(WindowLimits { series: 100, age: Duration::from_secs(4), ..LIMITS });
        for ((name, a, b, second), place) in series.into_iter().zip(0..) {
            let labels = [("a", &*a.to_string()), ("b", &*b.to_string())];
            window.ingest(&Scrape {
                samples: vec![Sample::new(name.to_string(), labels, 1.0)],
                ..scrape(&format!("{place}"), second, &[])
            });
            window.expire(at(second));
        }
        let (name, a, b) = (name.to_string(), a.to_string(), b.to_string());
        let fixed = [("a", a.as_str()), ("b", b.as_str())];
        for names in [vec![Arc::from(name.as_str())], Vec::new()] {
            let fits = |series: &&Series| {
                let labels = series.labels();
                (names.is_empty() || labels.name() == Some(&name))
                    && fixed.iter().all(|(label, value)| labels.get(label) == *value)
            };
            let (count, found) = window.select(&names, &fixed);
            let found: Vec<_> = found.filter(fits).map(Series::labels).collect();
            prop_assert!(found.is_sorted());
            prop_assert!(count >= found.len());
            let mut searched: Vec<_> = window.series.iter().flatten().filter(fits).map(Series::labels).collect();
            searched.sort();
            prop_assert_eq!(found, searched);
        }
    }

    #[test]
    fn a_window_keeps_its_bounds(
        steps in prop::collection::vec((0..3_u8, -20..200_i64, 0..6_usize, any::<bool>()), 0..60),
    ) {
        let names = ["a", "b", "c", "d", "e", "f"];
        let mut window = Window::new(LIMITS);
        let mut newest = i64::MIN;
        for (collector, second, count, expires) in steps {
            let series: Vec<_> = names[..count].iter().map(|name| (*name, 1.0)).collect();
            window.ingest(&scrape(&collector.to_string(), second, &series));
            newest = newest.max(second);
            if expires {
                window.expire(at(newest));
                prop_assert!(window.series.iter().flatten().all(|series| series.len() > 0));
            }
            prop_assert!(window.series() <= LIMITS.series);
            let held: usize = window.series.iter().flatten().map(Series::len).sum();
            prop_assert_eq!(held, window.samples());
            prop_assert_eq!(window.select(&[], &[]).0, window.series());
            for series in window.select(&[], &[]).1 {
                let moments: Vec<_> = series.moments().collect();
                prop_assert!(moments.len() <= LIMITS.samples);
                prop_assert!(moments.is_sorted_by(|left, right| left < right));
                if let [first, .., last] = moments[..] {
                    prop_assert!(last - first <= 100_000);
                }
            }
        }
    }
}
