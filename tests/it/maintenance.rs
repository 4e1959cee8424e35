//! Planned work and silences through the doors of a running `serve`.

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::place::{Place, words};
use crate::world::patience::until;
use crate::world::{self, Monitor, get};

const RULES: &str = "[site]\ntitle = 'D'\n[[component]]\nid = 'api'\nname = 'API'\n\
    [[component]]\nid = 'web'\nname = 'Web'\n\
    [[rule]]\nid = 'always'\nexpr = 'vector(1)'\nseverity = 'down'\ncomponents = ['api']\n\
    title = 'Broken'\ntext = 'It is broken.'\n\
    [[rule]]\nid = 'other'\nexpr = 'vector(1)'\nseverity = 'down'\ncomponents = ['web']\n\
    publish = 'internal'\ntitle = 'Odd'\ntext = 'It is odd.'\n";

fn now() -> Timestamp {
    critwatch::pipeline::stages::Pipeline::clock()
}

/// The files of a plan, with their text.
fn files(place: &Path, words: &str) -> Vec<(String, String)> {
    let mut files = world::files(&place.join("incidents"));
    files.retain(|(name, _)| name.contains(words));
    files
}

async fn suppressed(monitor: &Monitor, rule: &str, value: u8) -> bool {
    let metrics = get(&format!("{}/metrics", monitor.ops)).await.1;
    metrics.contains(&format!(
        "critwatch_rule_suppressed{{rule=\"{rule}\"}} {value}\n"
    ))
}

#[tokio::test]
async fn planned_work_is_announced_begun_and_ended_over_a_restart() {
    let place = tempfile::tempdir().unwrap();
    let (from, end) = (
        now() + Duration::from_secs(3),
        now() + Duration::from_secs(12),
    );
    let plan = format!(
        "[[maintenance]]\nid = 'move'\ntitle = 'We move'\ntext = 'To a larger one.'\n\
        components = ['api']\nfrom = '{from:.0}'\nuntil = '{end:.0}'\n"
    );
    std::fs::write(
        place.path().join("alerts.toml"),
        RULES.to_owned() + plan.as_str(),
    )
    .unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let mut monitor = Monitor::serve(place.path(), &[]).await;
    let text = || {
        let files = files(place.path(), "we-move");
        assert!(files.len() <= 1, "{files:?}");
        files.into_iter().next().unwrap_or_default().1
    };
    until("it is announced", async || {
        text().contains("*Scheduled* - To a larger one.")
    })
    .await;
    assert!(monitor.get("/").await.1.contains("We move"));
    assert!(suppressed(&monitor, "always", 0).await);

    until("it has begun", async || text().contains("*In progress* - ")).await;
    until("its rule is suppressed", async || {
        suppressed(&monitor, "always", 1).await
    })
    .await;
    assert!(suppressed(&monitor, "other", 0).await);
    monitor.kill().await;
    // A person writes while nobody watches.
    let file = place
        .path()
        .join("incidents")
        .join(&files(place.path(), "we-move")[0].0);
    let mine = text().replace("title: \"We move\"", "title: \"We move, slowly\" # mine");
    std::fs::write(&file, &mine).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    // It knows at the very first board.
    assert!(suppressed(&monitor, "always", 1).await);
    until("it is over", async || text().contains("*Completed* - ")).await;
    let text = text();
    assert!(
        text.contains("title: \"We move, slowly\" # mine\n"),
        "{text}"
    );
    assert!(text.contains("resolved: true\n"), "{text}");
    assert!(
        text.contains(&format!("resolvedWhen: {end:.0}\n")),
        "{text}"
    );
    assert_eq!(text.matches("*In progress*").count(), 1, "{text}");
    until("its rule is heard", async || {
        suppressed(&monitor, "always", 0).await
    })
    .await;
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_running_service_follows_silences_of_the_command_within_a_second() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), RULES).unwrap();
    let monitor = Monitor::serve(place.path("alerts.toml").parent().unwrap(), &[]).await;
    until("the rule is heard", async || {
        suppressed(&monitor, "always", 0).await
    })
    .await;
    let add = words("silence|add|component=~ap.+|severity!=notice|--for|1h|--reason|Move|--by|Ann");
    let added = place.json(&add);
    let asked = Instant::now();
    until("it is hushed", async || {
        suppressed(&monitor, "always", 1).await
    })
    .await;
    assert!(asked.elapsed() < Duration::from_secs(2));
    assert!(suppressed(&monitor, "other", 0).await);
    let metrics = get(&format!("{}/metrics", monitor.ops)).await.1;
    assert!(metrics.contains("critwatch_silences{state=\"active\"} 1\n"));

    let id = added["id"].to_string();
    assert_eq!(place.json(&["silence", "remove", &id])["state"], "expired");
    let asked = Instant::now();
    until("it is heard", async || {
        suppressed(&monitor, "always", 0).await
    })
    .await;
    assert!(asked.elapsed() < Duration::from_secs(2));
    // Who asked for silence, and why, is nobody else's business.
    for path in ["/", "/index.json"] {
        let page = monitor.get(path).await.1;
        assert!(!page.contains("Ann") && !page.contains("Move"), "{page}");
    }
    assert!(monitor.stop().await.success());
}

#[test]
fn silences_are_added_listed_and_ended_with_their_author_and_reason() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), RULES).unwrap();
    assert_eq!(place.json(&["silence", "list"]), serde_json::json!([]));
    assert!(!place.path("state").exists());
    let add = words("silence|add|rule=always|--for|2h|--reason|Larger one|--by|Ann");
    let added = place.json(&add);
    assert_eq!(added["matchers"][0], "rule=\"always\"");
    assert_eq!(added["state"], "active");
    let later = words("silence|add|rule=other|--from|in 1h|--until|in 90m|--reason|R|--by|Ben");
    assert_eq!(place.json(&later)["state"], "pending");
    let listed = place.json(&["silence", "list"]);
    assert_eq!(listed[0]["comment"], "R");
    assert_eq!(listed[1]["createdBy"], "Ann");
    let table = place.run(&["silence", "list"]).out;
    assert!(table.contains("{rule=\"always\"}  Larger one"), "{table}");

    let id = added["id"].to_string();
    assert_eq!(place.json(&["silence", "remove", &id])["state"], "expired");
    assert_eq!(
        place.json(&["silence", "list"]).as_array().unwrap().len(),
        1
    );
    let all = place.json(&["silence", "list", "--all"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    for bad in [
        "silence|add|rule=always|--for|2h|--reason|R",
        "silence|add|rule=always|--for|2h|--by|B",
        "silence|add|rule=always|--reason|R|--by|B",
        "silence|add|--for|2h|--reason|R|--by|B",
        "silence|add|rule=always|--for|2h|--reason| |--by|B",
        "silence|add|rule!=always|--for|2h|--reason|R|--by|B",
        "silence|add|rule|--for|2h|--reason|R|--by|B",
        "silence|add|rule=always|--for|0s|--reason|R|--by|B",
        "silence|add|rule=always|--for|two|--reason|R|--by|B",
        "silence|add|rule=always|--until|1h ago|--reason|R|--by|B",
        "silence|remove|99",
    ] {
        assert_eq!(place.run(&words(bad)).code, 2, "{bad}");
    }
}

#[test]
fn a_silence_that_no_rule_can_match_is_refused_with_the_nearest_name() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), RULES).unwrap();
    let add = |matchers: &str| format!("silence|add|{matchers}|--for|2h|--reason|R|--by|Ann");
    for (matchers, why) in [
        ("rule=alway", "did you mean `rule=always`?"),
        ("component=ap", "did you mean `component=api`?"),
        (
            "severity=critical",
            "`severity=\"critical\"` matches nothing; there are down",
        ),
        (
            "rule=other|component=api",
            "no rule has all of these labels together",
        ),
    ] {
        let done = place.run(&words(&add(matchers)));
        assert_eq!(done.code, 2, "{matchers}: {}", done.out);
        assert!(done.said.contains(why), "{matchers}: {}", done.said);
        assert!(done.said.contains("--force"), "{}", done.said);
    }
    assert_eq!(place.json(&["silence", "list"]), serde_json::json!([]));
    let forced = add("rule=alway") + "|--force";
    assert_eq!(place.run(&words(&forced)).code, 0);
}

#[test]
fn a_silence_is_asked_for_by_the_user_and_says_what_it_is_about_and_what_the_page_shows() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), RULES).unwrap();
    let add = words("silence|add|component=api|--for|2h|--reason|R");
    let nobody = place.run(&add);
    assert_eq!(nobody.code, 2);
    assert!(nobody.said.contains("--by"), "{}", nobody.said);
    let done = place.run_as("ben", &add);
    assert_eq!(done.code, 0, "{}", done.said);
    assert!(done.said.contains("it matches always"), "{}", done.said);
    let page = "the page shows: all components work, no open incident; `always` fires, ";
    assert!(done.out.contains(page), "{}", done.out);
    assert_eq!(place.json(&["silence", "list"])[0]["createdBy"], "ben");
    let removed = place.run(&["silence", "remove", "1"]);
    assert!(
        removed.out.contains("the page shows: API down"),
        "{}",
        removed.out
    );
}

#[test]
fn planned_work_is_extended_and_ended_early_by_hand() {
    let place = Place::new();
    let moment = |seconds: i64| (now() + jiff::SignedDuration::from_secs(seconds)).to_string();
    let file = |from: i64, end: i64| {
        format!(
            "---\nsection: issue\ntitle: Move\ndate: {}\nresolved: false\nresolvedWhen: {}\n\
            affected: [API]\nseverity: notice\n---\n*Scheduled* - Soon.\n",
            moment(from),
            moment(end),
        )
    };
    place.write("move.md", &file(-600, 600));
    place.write("later.md", &file(3600, 7200));
    let extended = place.json(&[
        "maintenance",
        "extend",
        "move",
        "--until",
        "in 2h",
        "--text",
        "Slow.",
    ]);
    assert_eq!(
        extended["changed"],
        serde_json::json!(["resolvedWhen", "update"])
    );
    let text = place.read("move.md");
    assert!(
        text.contains("resolved: false\n") && text.contains("*Update* - Slow."),
        "{text}"
    );
    let listed = place.json(&["maintenance", "list"]);
    let state = |id: &str| {
        let mut listed = listed.as_array().unwrap().iter();
        listed.find(|one| one["id"] == id).unwrap()["state"].clone()
    };
    assert_eq!(
        (state("move"), state("later")),
        ("in progress".into(), "scheduled".into())
    );

    for bad in [
        "maintenance|end|later",
        "maintenance|extend|move|--until|10m ago",
        "maintenance|extend|later|--until|in 30m",
        "maintenance|end|move|--at|in 1h",
        "maintenance|end|nothing",
    ] {
        assert_eq!(place.run(&words(bad)).code, 2, "{bad}");
    }
    place.json(&["maintenance", "end", "move"]);
    let shown = place.json(&["incident", "show", "move"]);
    assert_eq!(shown["state"], "completed");
    assert_eq!(shown["updates"][0]["word"], "Completed");
    let end: Timestamp = shown["resolvedWhen"].as_str().unwrap().parse().unwrap();
    assert!(end <= now());
    assert_eq!(
        place
            .run(&words("maintenance|extend|move|--until|in 1h"))
            .code,
        2
    );
}

#[test]
fn every_fault_of_a_plan_is_told_with_its_line() {
    let place = Place::new();
    let plan = |keys: &str| {
        format!("[[maintenance]]\nid = 'a'\ntitle = 'T'\ncomponents = ['api']\n{keys}\n")
    };
    for (keys, line, words) in [
        ("", 11, "say when it takes place"),
        ("cron = '0 3 * * *'", 11, "say when it takes place"),
        ("from = '2027-03-01 20:00'", 11, "say when it takes place"),
        (
            "from = 'soon'\nuntil = '2027-03-01 20:00'",
            14,
            "this is not a date and time",
        ),
        (
            "from = '2027-03-01 20:00'\nuntil = '2027-03-01 20:00'",
            15,
            "cannot end before",
        ),
        (
            "cron = 'every day'\nlasts = '1h'",
            14,
            "not a cron expression",
        ),
        ("cron = '0 0 30 2 *'\nlasts = '1h'", 14, "never happens"),
        (
            "cron = '0 * * * *'\nlasts = '2h'",
            15,
            "before this one is over",
        ),
        ("cron = '0 * * * *'\nlasts = '1'", 15, "not a duration"),
        (
            "cron = '0 * * * *'\nlasts = '1m'\ntimezone = 'Mars'",
            16,
            "unknown time zone",
        ),
        (
            "cron = '0 * * * *'\nlasts = '1m'\nevery = 1",
            16,
            "unknown key",
        ),
        (
            "cron = '0 * * * *'\nlasts = '1m'\ntext = '{{< x >}}'",
            16,
            "shortcode",
        ),
    ] {
        let text = format!(
            "[site]\ntitle = 'D'\n[[component]]\nid = 'api'\nname = 'API'\n\n\n\n\n{}",
            plan(keys)
        );
        std::fs::write(place.path("alerts.toml"), text).unwrap();
        let done = place.run(&["check"]);
        assert_eq!(done.code, 2, "{keys}");
        let at = format!("alerts.toml:{line}:");
        assert!(
            done.said.contains(&at) && done.said.contains(words),
            "{keys}: {}",
            done.said
        );
    }
}

#[test]
fn a_plan_without_a_fault_is_taken() {
    let place = Place::new();
    let good = "[site]\ntitle = 'D'\n[[component]]\nid = 'api'\nname = 'API'\n\
        [[maintenance]]\nid = 'a'\ntitle = 'T'\ncomponents = ['api']\ncron = '30 2 * * SUN'\n\
        lasts = '2h'\ntimezone = 'Europe/Berlin'\nannounce = '3d'\n";
    std::fs::write(place.path("alerts.toml"), good).unwrap();
    assert_eq!(place.run(&["check"]).code, 0);
}
