//! Incidents by hand, through the program's own door.

use std::process::Command;

use serde_json::json;

use crate::place::{Place, words};
use crate::world::PROGRAM;

/// A file as a person's editor on another system leaves it.
const HAND: &str = "---\r\n# ours\r\nsection: issue\r\nTitle: 'Slow: rolls'   # keep\r\n\
    date: 2026-03-01 12:00:00\r\nresolved: no\r\nseverity: \"down\"\r\naffected:\r\n- API\r\n\
    extra: {a: 1}\r\n---\r\n\r\nWords  \r\n*Investigating* - We look.";

/// A text without the moments that depend on today.
fn timeless(text: &str) -> String {
    let moment = regex::Regex::new(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?").unwrap();
    moment.replace_all(text, "T").into_owned()
}

fn open<'a>(title: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let opens = [
        "incident",
        "open",
        "--title",
        title,
        "--severity",
        "down",
        "--affected",
        "API",
    ];
    [&opens, more].concat()
}

#[test]
fn an_incident_of_a_person_is_updated_and_resolved_line_by_line() {
    let place = Place::new();
    place.write("hand.md", HAND);
    let update = words("incident|update|hand|--phase|identified|--text|The\ncache.");
    let severity = ["--severity", "disrupted", "--affected", "api", "roll-queue"];
    let done = place.json(&[&update[..], &severity].concat());
    assert_eq!(done["changed"], json!(["affected", "severity", "update"]));
    let expected = HAND
        .replace("severity: \"down\"", "severity: disrupted")
        .replace("- API\r\n", "  - API\r\n  - Roll queue\r\n")
        .replace(
            "---\r\n\r\nWords",
            "---\r\n*Identified* - The\r\ncache. {{< track \"T\" >}}\r\n\r\n\r\nWords",
        );
    let zone_less = |text: &str| timeless(text).replace("date: T", "date: 2026-03-01 12:00:00");
    assert_eq!(zone_less(&place.read("hand.md")), expected);

    let at = "2026-03-01 14:30";
    let done = place.json(&["incident", "resolve", "hand", "--at", at, "--text", "Well."]);
    assert_eq!(
        done["changed"],
        json!(["resolved", "resolvedWhen", "update"])
    );
    let expected = expected
        .replace("resolved: no", "resolved: true")
        .replace(
            "extra: {a: 1}\r\n",
            "extra: {a: 1}\r\nresolvedWhen: 2026-03-01T14:30:00Z\r\n",
        )
        .replace(
            "---\r\n*Identified*",
            "---\r\n*Resolved* - Well. {{< track \"T\" >}}\r\n\r\n*Identified*",
        );
    let read = place.read("hand.md").replace("2026-03-01T14:30:00Z", "END");
    assert_eq!(
        zone_less(&read).replace("END", "2026-03-01T14:30:00Z"),
        expected
    );
}

#[test]
fn a_new_incident_has_the_schemas_order_and_the_next_one_a_name_of_its_own() {
    let place = Place::new();
    let date = words("--date|2026-03-01 12:00|--text|We look.\n\n## More");
    let first = place.json(&open("Rolls fail", &date));
    assert_eq!(first["id"], "2026-03-01-rolls-fail");
    assert_eq!(
        timeless(&place.read("2026-03-01-rolls-fail.md")),
        "---\nsection: issue\ntitle: \"Rolls fail\"\ndate: T\nresolved: false\ndraft: false\n\
        informational: false\nresolvedWhen:\naffected:\n  - API\nseverity: down\n---\n\
        *Investigating* - We look. {{< track \"T\" >}}\n\n## More\n"
    );
    assert_eq!(
        place.json(&open("Rolls fail", &date))["id"],
        "2026-03-01-rolls-fail-2"
    );
    let listed = place.json(&["incident", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let checked = Command::new(PROGRAM)
        .args(["check"])
        .current_dir(place.path(""))
        .env("NO_SUCH_SECRET", "http://localhost/")
        .status();
    assert!(checked.unwrap().success());
}

#[test]
fn every_title_is_read_back_as_it_was_typed() {
    for title in crate::hugo::TITLES {
        let place = Place::new();
        let id = place.json(&open(title, &["--text", "x"]))["id"].clone();
        let shown = place.json(&["incident", "show", id.as_str().unwrap()]);
        assert_eq!(shown["title"], title.trim());
        let text = ["--title", "Plain", "--no-text"];
        place.json(&[&["incident", "update", id.as_str().unwrap()], &text[..]].concat());
        place.json(&[
            "incident",
            "update",
            id.as_str().unwrap(),
            "--title",
            title,
            "--no-text",
        ]);
        let shown = place.json(&["incident", "show", id.as_str().unwrap()]);
        assert_eq!(shown["title"], title.trim());
        assert_eq!(shown["updates"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn the_text_comes_from_a_pipe_or_an_editor() {
    let place = Place::new();
    let done = place.run_with(&open("Piped", &[]), "Words\r\nof a pipe\n", None);
    assert_eq!(done.code, 0, "{}", done.said);
    let id = place.json(&["incident", "show", "piped"])["id"].clone();
    assert!(
        place
            .read(&format!("{}.md", id.as_str().unwrap()))
            .contains("Words\nof a pipe {{<")
    );

    let editor = place.editor("sed -i '1s/.*/## Found\\n\\nTyped words/' \"$1\"");
    let update = ["incident", "update", "piped", "--edit"];
    let done = place.run_with(&update, "", Some(&editor));
    assert_eq!(done.code, 0, "{}", done.said);
    let body = place.json(&["incident", "show", "piped"])["body"].to_string();
    assert!(
        timeless(&body).contains(r"\n\n## Found\n\nTyped words\n\n*Investigating*"),
        "{body}"
    );
    assert!(!body.contains(">8"), "{body}");
}

#[test]
fn a_text_that_is_empty_writes_nothing() {
    let place = Place::new();
    place.write("hand.md", HAND);
    let before = place.files();
    let failing = place.editor("exit 3");
    let update = ["incident", "update", "hand", "--edit"];
    assert_eq!(place.run_with(&update, "", Some(&failing)).code, 1);
    let idle = place.editor("exit 0");
    let done = place.run_with(&update, "", Some(&idle));
    assert_eq!(
        (done.code, done.said.contains("empty")),
        (1, true),
        "{}",
        done.said
    );
    assert_eq!(place.run(&["incident", "update", "hand"]).code, 1);
    assert_eq!(place.run(&open("A", &["--text", " \n"])).code, 1);
    // Without an editor to open it is the operator who must say more.
    assert_eq!(place.run(&update).code, 2);
    assert_eq!(place.files(), before);
}

#[test]
fn what_somebody_saves_while_the_editor_is_open_stays() {
    let place = Place::new();
    place.write("hand.md", HAND);
    let update = ["incident", "update", "hand", "--edit"];
    let editor = place.editor("printf ' And more.' >> incidents/hand.md; echo Mine > \"$1\"");
    assert_eq!(place.run_with(&update, "", Some(&editor)).code, 0);
    let read = place.read("hand.md");
    assert!(
        read.contains("*Update* - Mine") && read.ends_with("We look. And more."),
        "{read}"
    );

    let editor = place
        .editor("sed -i 's/resolved: no/resolved: yes/' incidents/hand.md; echo Late > \"$1\"");
    let identified = words("incident|update|hand|--phase|identified|--edit");
    let done = place.run_with(&identified, "", Some(&editor));
    assert_eq!(done.code, 2, "{}", done.said);
    assert!(!place.read("hand.md").contains("Late"));
    let kept = done
        .said
        .split("kept in ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "Late\n");
}

#[test]
fn a_preview_shows_everything_and_writes_nothing() {
    let place = Place::new();
    place.write("hand.md", HAND);
    let before = place.files();
    let done = place.run(&open("A: b", &["--text", "x", "--preview"]));
    assert!(done.out.contains("title: \"A: b\"\n"), "{}", done.out);
    let done = place.run(&words(
        "incident|resolve|hand|--at|2026-03-02 12:00|--preview",
    ));
    for line in words("-resolved: no|+resolved: true|+resolvedWhen: 2026-03-02T12:00:00Z") {
        assert!(done.out.lines().any(|shown| shown == line), "{}", done.out);
    }
    let times = ["--from", "in 1h", "--to", "in 2h", "--preview"];
    let add = ["maintenance", "add", "--title", "M", "--affected", "API"];
    assert!(
        place
            .run(&[&add[..], &times].concat())
            .out
            .contains("*Scheduled* - Maintenance window: ")
    );
    assert_eq!(place.files(), before);
}

/// Options of `incident open` that cannot be used, and a word of the reason.
const BAD_OPENINGS: &[(&str, &str)] = &[
    ("APIs|--text|x", "did you mean `API`?"),
    ("--text|x|--date|in 2h", "maintenance add"),
    ("--text|x|--date|yesterday", "is no moment"),
    ("--text|{{< youtube 1 >}}", "shortcode"),
    ("--text|{{% track x", "shortcode"),
    ("--text|{{< track \"x\" >}}", "shortcode"),
    ("--text|a\u{1b}[2J", "control character"),
    ("--text|x|--incidents|nowhere", "--incidents"),
];

/// Whole lines that cannot be used.
const BAD_LINES: &[(&str, &str)] = &[
    (
        "incident|open|--title|A|--severity|bad|--affected|API",
        "bad",
    ),
    ("incident|open|--title|A|--severity|down", "--affected"),
    ("incident|update|han|--text|x", "hand-2.md"),
    ("incident|show|nothing", "broken.md:2"),
    ("incident|update|hand|--no-text", "name what to change"),
    (
        "incident|update|hand|--date|in 1h|--text|x",
        "still to come",
    ),
    (
        "incident|update|over|--phase|monitoring|--text|x",
        "over already",
    ),
    ("incident|resolve|over", "over already"),
    ("incident|resolve|hand|--at|2026-03-01 11:59", "begins at"),
    ("incident|resolve|hand|--at|in 1m", "still to come"),
    ("maintenance|cancel|hand", "no maintenance"),
    (
        "maintenance|add|--title|M|--affected|API|--from|in 2h|--to|in 1h",
        "cannot end",
    ),
    (
        "maintenance|add|--title|M|--affected|API|--from|2h ago|--to|in 1h",
        "has passed",
    ),
    (
        "maintenance|add|--title|M|--affected|API|--from|3h ago|--to|2h ago",
        "has passed",
    ),
    (
        "maintenance|add|--title|M|--affected|Web|--from|in 1h|--to|in 2h",
        "no component",
    ),
    ("incident|resolve|planned|--at|in 3h", "still to come"),
    ("incident|resolve|planned", "as it begins at"),
];

#[test]
fn bad_input_writes_nothing_and_says_why() {
    let place = Place::new();
    place.write("hand.md", HAND);
    place.write("hand-2.md", HAND);
    place.write("over.md", &HAND.replace("resolved: no", "resolved: yes"));
    let planned = HAND
        .replace("\"down\"", "notice")
        .replace("2026-03-01", "2126-03-01");
    place.write("planned.md", &planned);
    place.write("broken.md", "---\ntitle: a: b\n---\n");
    let before = place.files();
    let check = |arguments: &[&str], why: &str| {
        let done = place.run(arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {}{}", done.out, done.said);
        assert!(done.said.contains(why), "{arguments:?}: {}", done.said);
        assert_eq!(place.files(), before, "{arguments:?}");
    };
    let long = "ü".repeat(201);
    for title in ["", " ", "a\nb", "a\u{7}", &*long] {
        check(&open(title, &["--text", "x"]), "a title is one line");
    }
    for (more, why) in BAD_OPENINGS {
        check(&open("A", &words(more)), why);
    }
    for (line, why) in BAD_LINES {
        check(&words(line), why);
    }
}

#[test]
fn without_settings_names_are_taken_as_they_are_and_that_is_said() {
    let place = Place::new();
    std::fs::remove_file(place.path("alerts.toml")).unwrap();
    assert_eq!(place.json(&["incident", "list"]), json!([]));
    let done = place.run(&open("A", &["--text", "x"]));
    assert_eq!(done.code, 0, "{}", done.said);
    assert!(done.said.contains("not checked"), "{}", done.said);
    std::fs::write(place.path("alerts.toml"), "[site").unwrap();
    assert_eq!(place.run(&["incident", "list"]).code, 2);
}
