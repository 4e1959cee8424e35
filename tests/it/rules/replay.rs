//! `critwatch rules replay`: the incidents that would have been.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use critwatch::model::sample::{CollectorId, Sample, Scrape};
use critwatch::store::record::RecordWriter;
use jiff::Timestamp;
use serde_json::Value;

use crate::world::PROGRAM;

const SETTINGS: &str = r#"
[site]
title = "D"
hold = "1m"
[[component]]
id = "cache"
name = "Cache"
[[component]]
id = "worker"
name = "Worker"
needs = ["cache"]
[[collector]]
id = "redis"
type = "redis"
url = "${NO_SUCH_SECRET}"
[[rule]]
id = "cache-down"
expr = "redis_up == 0"
for = "5s"
severity = "down"
components = ["cache"]
title = "Cache is down"
text = "It is."
[[rule]]
id = "waiting"
expr = 'queue_oldest_job_age_seconds{queue="mail"} > 60'
severity = "disrupted"
components = ["worker"]
title = "Mails are late"
text = "{{ value | duration }}"
[[rule]]
id = "room"
expr = "free_bytes < 10"
severity = "notice"
publish = "internal"
components = ["cache"]
title = "Little room"
text = "t"
"#;

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + second).unwrap()
}

/// Twenty minutes: Redis is away from 300 to 400, mails wait from 320 to 500,
/// there is little room from 900 to 1000, and nothing is recorded from 600 to 840.
pub(crate) fn record(place: &Path) {
    let mut writer = RecordWriter::open(&place.join("record"), 1 << 24).unwrap();
    for now in (0..600).chain(840..1200) {
        let at = second(now);
        let age = if (320..500).contains(&now) {
            40 + now - 320
        } else {
            0
        };
        let free = if (900..1000).contains(&now) {
            9 - now % 5
        } else {
            50
        };
        let number = |value: i64| f64::from(i32::try_from(value).unwrap());
        for (collector, samples) in [
            (
                "redis",
                vec![
                    Sample::new(
                        "redis_up",
                        [("job", "redis")],
                        number(i64::from(!(300..400).contains(&now))),
                    ),
                    Sample::new("free_bytes", [("job", "redis")], number(free)),
                ],
            ),
            (
                "queue",
                vec![Sample::new(
                    "queue_oldest_job_age_seconds",
                    [("queue", "mail"), ("state", "pending")],
                    number(age),
                )],
            ),
        ] {
            let scrape = Scrape {
                collector: CollectorId(collector.into()),
                at,
                good_until: at + Duration::from_secs(4),
                samples,
            };
            writer.append(&scrape).unwrap();
        }
    }
}

fn run(place: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(["rules", "replay"])
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap()
}

fn json(place: &Path, arguments: &[&str]) -> Value {
    let output = run(place, &[arguments, &["--format", "json"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), SETTINGS).unwrap();
    record(place.path());
    place
}

fn moment(value: &Value) -> i64 {
    let at: Timestamp = value.as_str().unwrap().parse().unwrap();
    at.as_second() - second(0).as_second()
}

/// Redis is away for twenty seconds, and the record ends forty seconds later.
fn short_record(folder: &Path, hold: Option<Duration>) {
    let mut writer = RecordWriter::open(folder, 1 << 24).unwrap();
    if let Some(hold) = hold {
        writer.hold_is(hold, second(0)).unwrap();
    }
    for now in 0..160 {
        let is_up = f64::from(u8::from(!(100..120).contains(&now)));
        let scrape = Scrape {
            collector: CollectorId("redis".into()),
            at: second(now),
            good_until: second(now + 4),
            samples: vec![Sample::new("redis_up", [("job", "redis")], is_up)],
        };
        writer.append(&scrape).unwrap();
    }
}

#[test]
fn incidents_are_held_as_they_were_when_the_record_was_written() {
    let place = place();
    let (ten, none) = (place.path().join("ten"), place.path().join("none"));
    short_record(&ten, Some(Duration::from_secs(10)));
    short_record(&none, None);
    for (record, more, is_over) in [
        ("ten", &[][..], true),
        // A minute: that of the settings, or as wished.
        ("none", &[], false),
        ("ten", &["--hold", "1m"], false),
        ("none", &["--hold", "10s"], true),
    ] {
        let told = json(place.path(), &[&[record], more].concat());
        let incidents = told["incidents"].as_array().unwrap();
        assert_eq!(incidents.len(), 1, "{told:#}");
        assert_eq!(told["scrapes"], 160);
        let until = &incidents[0]["until"];
        assert_eq!(until.is_string(), is_over, "{record} {more:?}: {told:#}");
    }
}

#[test]
fn a_record_shows_the_incidents_that_would_have_been() {
    let place = place();
    let told = json(place.path(), &["record"]);
    assert_eq!(told["scrapes"], 1920);
    assert_eq!(told["torn"], 0);
    let incidents = told["incidents"].as_array().unwrap();
    // What waits for the cache is part of the cache's incident, as in `serve`.
    assert_eq!(incidents.len(), 1, "{told:#}");
    let incident = &incidents[0];
    assert_eq!(incident["title"], "Cache is down");
    assert_eq!(incident["severity"], "down");
    assert_eq!(
        incident["components"],
        serde_json::json!(["Cache", "Worker"])
    );
    assert_eq!(moment(&incident["since"]), 300);
    assert_eq!(moment(&incident["until"]), 500);
    assert_eq!(
        incident["rules"],
        serde_json::json!([
            { "rule": "cache-down", "worst": 0.0 },
            { "rule": "waiting", "worst": 219.0 },
        ])
    );
    // What is internal opens nothing, and fired all the same; the smallest is its worst.
    let firings = told["firings"].as_array().unwrap();
    let last = firings.last().unwrap();
    assert_eq!((firings.len(), &last["rule"]), (3, &"room".into()));
    assert_eq!(last["worst"], 5.0);
    assert_eq!(
        (moment(&last["since"]), moment(&last["until"])),
        (900, 1000)
    );
}

#[test]
fn what_a_slow_collector_says_first_hides_no_fault_behind_it_and_shows_no_absence() {
    let place = tempfile::tempdir().unwrap();
    let settings = format!(
        "{SETTINGS}[[rule]]\nid = 'gone'\nexpr = 'absent(late)'\nseverity = 'down'\n\
         components = ['worker']\ntitle = 'T'\ntext = 't'\n"
    );
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    let mut writer = RecordWriter::open(&place.path().join("record"), 1 << 24).unwrap();
    let mut append = |collector: &str, now: i64, good_for: u64, name: &str, value: f64| {
        let scrape = Scrape {
            collector: CollectorId(collector.into()),
            at: second(now),
            good_until: second(now) + Duration::from_secs(good_for),
            samples: vec![Sample::new(name, [], value)],
        };
        writer.append(&scrape).unwrap();
    };
    append("provider", 0, 930, "provider_up", 1.0);
    for now in 0..300 {
        let up = f64::from(u8::from(!(30..60).contains(&now)));
        append("redis", now, 4, "redis_up", up);
        if now > 1 {
            append("page", now, 4, "late", 1.0);
        }
    }
    drop(writer);
    let told = json(place.path(), &["record"]);
    let firings: Vec<_> = told["firings"].as_array().unwrap().iter().collect();
    assert_eq!(firings.len(), 1, "{told:#}");
    assert_eq!(firings[0]["rule"], "cache-down");
    let times = ["since", "until"].map(|key| moment(&told["incidents"][0][key]));
    assert_eq!(times, [30, 60]);
}

#[test]
fn a_window_of_hours_is_seen_whole_in_a_record_of_seconds() {
    let place = tempfile::tempdir().unwrap();
    let settings = SETTINGS.replace("free_bytes < 10", "count_over_time(free_bytes[4h]) > 11000");
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    let mut writer = RecordWriter::open(&place.path().join("record"), 1 << 24).unwrap();
    for now in 0..12_000 {
        let scrape = Scrape {
            collector: CollectorId("redis".into()),
            at: second(now),
            good_until: second(now) + Duration::from_secs(4),
            samples: vec![Sample::new("free_bytes", [], 1.0)],
        };
        writer.append(&scrape).unwrap();
    }
    drop(writer);
    let told = json(place.path(), &["record", "--every", "10s"]);
    assert_eq!(told["firings"][0]["rule"], "room", "{told:#}");
    assert_eq!(moment(&told["firings"][0]["since"]), 11_000);
}

#[test]
fn a_threshold_is_tried_on_a_record_and_compared() {
    let place = place();
    let other = ["--rule", "cache-down", "--expr", "redis_up == 2"];
    let told = json(place.path(), &[&["record"][..], &other].concat());
    let changes = told["changes"].as_array().unwrap();
    let fates: Vec<_> = changes.iter().map(|change| &change["fate"]).collect();
    assert_eq!(fates, ["moved"], "{changes:#?}");
    // Without the cache's rule it begins when the mails are late.
    assert_eq!(changes[0]["begins_later"], 41);
    assert_eq!(told["after"]["incidents"][0]["title"], "Mails are late");

    let quiet = SETTINGS
        .replace("redis_up == 0", "redis_up == 2")
        .replace("> 60", "> 600");
    std::fs::write(place.path().join("quiet.toml"), quiet).unwrap();
    let arguments = ["record", "--against", "quiet.toml"];
    let told = json(place.path(), &arguments);
    assert_eq!(told["changes"][0]["fate"], "new");
    let output = run(place.path(), &arguments);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("Cache is down") && said.contains("+ new"),
        "{said}"
    );
}

#[test]
fn a_torn_record_is_replayed_up_to_the_tear_and_no_record_is_told() {
    let place = place();
    let segment = std::fs::read_dir(place.path().join("record"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .min()
        .unwrap();
    let bytes = std::fs::read(&segment).unwrap();
    std::fs::write(&segment, &bytes[..bytes.len() / 2]).unwrap();
    let told = json(place.path(), &["record"]);
    assert_eq!(told["torn"], 1);
    assert!(told["scrapes"].as_u64().unwrap() > 100);
    for (arguments, words) in [
        (&["nowhere"][..], "there is no record nowhere"),
        (
            &["record", "--rule", "nobody", "--expr", "up"],
            "there is no rule `nobody`",
        ),
        (
            &["record", "--rule", "room", "--expr", "sum("],
            "cannot be evaluated",
        ),
        (&["record", "--config", "no.toml"], "there is no no.toml"),
        (&["record", "--every", "0s"], "longer than zero"),
    ] {
        let output = run(place.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_hole_in_the_record_ends_nothing_and_is_not_waited_through() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), SETTINGS).unwrap();
    let mut writer = RecordWriter::open(&place.path().join("record"), 1 << 24).unwrap();
    let month = 30 * 24 * 3600;
    for now in (0..60).chain(month..month + 120) {
        let up = if (30..month + 10).contains(&now) {
            0.0
        } else {
            1.0
        };
        let scrape = Scrape {
            collector: CollectorId("redis".into()),
            at: second(now),
            good_until: second(now) + Duration::from_secs(4),
            samples: vec![Sample::new("redis_up", [], up)],
        };
        writer.append(&scrape).unwrap();
    }
    drop(writer);
    let told = json(place.path(), &["record"]);
    let incidents = told["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 1, "{told:#}");
    assert_eq!(moment(&incidents[0]["since"]), 30);
    assert_eq!(moment(&incidents[0]["until"]), month + 10);
}
