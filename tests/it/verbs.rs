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
        .split("saved in ")
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
    ("--text|x|--date|yesterday", "is not a time"),
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
        "is in the future",
    ),
    (
        "incident|update|over|--phase|monitoring|--text|x",
        "over already",
    ),
    ("incident|resolve|over", "over already"),
    ("incident|resolve|hand|--at|2026-03-01 11:59", "begins at"),
    ("incident|resolve|hand|--at|in 1m", "is in the future"),
    ("maintenance|cancel|hand", "is not maintenance"),
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
    ("incident|resolve|planned|--at|in 3h", "is in the future"),
    ("incident|resolve|planned", "because it begins at"),
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

/// An incident of a rule, as the service writes it.
const OURS: &str = "---\nsection: issue\ntitle: Mails are late\ndate: 2026-03-01T12:00:00Z\n\
    resolved: false\nresolvedWhen:\naffected:\n  - API\n  - Roll queue\nseverity: down\n\
    critwatch:\n  rules: [always]\n  severity: down\n  affected: [API, Roll queue]\n---\n\
    *Investigating* - They wait. {{< track \"2026-03-01 12:00:00\" >}}\n";

/// Settings with a rule that always fires.
const LOUD: &str = "[site]\ntitle = 'Dice'\n[[component]]\nid = 'api'\nname = 'API'\n\
    [[component]]\nid = 'roll-queue'\nname = 'Roll queue'\n\
    [[rule]]\nid = 'always'\nexpr = 'vector(1)'\nseverity = 'down'\ncomponents = ['api']\n\
    title = 'Broken'\ntext = 'It is broken.'\n";

#[test]
fn a_false_alarm_is_withdrawn_and_the_page_says_so() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), LOUD).unwrap();
    place.write("mails.md", OURS);
    let shown = place.run(&words("incident|update|mails|--text|We look."));
    assert!(
        shown.out.contains("the page shows: API down"),
        "{}",
        shown.out
    );
    let done = place.run(&words("incident|withdraw|mails"));
    assert_eq!(done.code, 0, "{}", done.said);
    let page = "the page shows: all components work, no open incident; \
        `always` fires, overruled by mails";
    assert!(done.out.contains(page), "{}", done.out);
    let text = place.read("mails.md");
    for words in [
        "resolved: true",
        "withdrawn: true",
        "*Resolved* - This was a false alarm",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let again = place.run(&words("incident|withdraw|mails"));
    assert_eq!(again.code, 2);
    assert!(again.said.contains("withdrawn already"), "{}", again.said);

    let done = place.run(&words("incident|reopen|mails|--text|It was none."));
    assert_eq!(done.code, 0, "{}", done.said);
    assert!(
        done.out.contains("the page shows: API down"),
        "{}",
        done.out
    );
    let text = place.read("mails.md");
    assert!(
        text.contains("resolved: false\nresolvedWhen: \"\"\n"),
        "{text}"
    );
    assert!(
        !text.contains("withdrawn: true") && !text.contains("muted"),
        "{text}"
    );
    assert!(text.contains("*Investigating* - It was none."), "{text}");
    let open = place.run(&words("incident|reopen|mails"));
    assert!(open.said.contains("it is open already"), "{}", open.said);
}

#[test]
fn an_incident_that_a_person_opened_is_reopened_after_its_end_and_after_a_withdrawal() {
    let place = Place::new();
    let run = |line: &str| {
        let done = place.run(&words(line));
        assert_eq!(done.code, 0, "{line}: {}", done.said);
    };
    run("incident|open|--title|Logins fail|--severity|down|--affected|API|--text|They fail.");
    run("incident|resolve|logins|--text|They work.");
    run("incident|reopen|logins|--text|They fail again.");
    run("incident|withdraw|logins");
    run("incident|reopen|logins|--text|They did fail.");
    let files = std::fs::read_dir(place.path("incidents")).unwrap();
    let files = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let text = files.collect::<String>();
    assert!(text.contains("\nresolved: false\n"), "{text}");
    assert!(
        text.contains("They did fail.") && !text.contains("withdrawn: true"),
        "{text}"
    );
}

#[test]
fn a_withdrawal_that_a_person_writes_into_the_file_counts_as_an_end() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), LOUD).unwrap();
    place.write(
        "mails.md",
        &OURS.replace("critwatch:\n", "critwatch:\n  withdrawn: true\n"),
    );
    let listed = place.json(&words("incident|list"));
    let states: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["state"])
        .collect();
    assert!(states.iter().all(|state| *state != "open"), "{listed}");
}

#[test]
fn the_newest_update_is_corrected_and_the_rest_stays() {
    let place = Place::new();
    let two = "*Update* - They wiat.\n\nA lot. {{< track \"2026-03-01 12:10:00\" >}}\n\n";
    place.write(
        "mails.md",
        &OURS.replace("*Investigating*", &format!("{two}*Investigating*")),
    );
    let before = place.read("mails.md");
    let done = place.json(&words(
        "incident|update|mails|--amend|--text|They wait.\n\nVery long.",
    ));
    assert_eq!(done["changed"], json!(["update"]));
    let expected = before.replace(
        "*Update* - They wiat.\n\nA lot. {{< track \"2026-03-01 12:10:00\" >}}",
        "*Update* - They wait.\n\nVery long.",
    );
    assert_eq!(place.read("mails.md"), expected);
    // A heading within its text belongs to it, as another update follows.
    place.run(&words(
        "incident|update|mails|--amend|--text|One.\n\n## Why\n\nThe disk.",
    ));
    place.run(&words(
        "incident|update|mails|--amend|--text|They wait.\n\nVery long.",
    ));
    assert_eq!(place.read("mails.md"), expected);
    let bare = OURS.split_once("*Investigating*").unwrap().0;
    place.write("bare.md", bare);
    let none = place.run(&words("incident|update|bare|--amend|--text|A"));
    assert!(none.said.contains("no update yet"), "{}", none.said);
}

#[test]
fn one_component_is_better_off_than_the_incident_if_a_person_says_so() {
    let place = Place::new();
    place.write("mails.md", OURS);
    let level = |level: &str| {
        let line = format!("incident|update|mails|--no-text|--severity-of|{level}");
        place.run(&words(&line))
    };
    let done = level("roll-queue=disrupted");
    assert!(
        done.out.contains("API down, Roll queue disrupted"),
        "{}",
        done.out
    );
    assert!(
        place
            .read("mails.md")
            .contains("component_severity: {Roll queue: disrupted}")
    );
    let done = level("roll-queue=");
    assert!(
        done.out.contains("API down, Roll queue down"),
        "{}",
        done.out
    );
    for (wrong, why) in [
        ("roll-queue=worse", "is not a component with its severity"),
        ("nobody=down", "there is no component `nobody`"),
    ] {
        let done = level(wrong);
        assert_eq!(done.code, 2);
        assert!(done.said.contains(why), "{}", done.said);
    }
    let line = "incident|update|mails|--no-text|--severity|notice|--severity-of|api=down";
    let done = place.run(&words(line));
    assert!(
        done.said.contains("cannot be worse than the incident"),
        "{}",
        done.said
    );
}

#[test]
fn a_part_of_an_id_means_the_one_that_is_open() {
    let place = Place::new();
    let over = OURS.replace("resolved: false", "resolved: true");
    place.write("2026-02-01-mails-late.md", &over);
    place.write("2026-03-01-mails-late.md", OURS);
    place.write("2026-03-02-rolls-late.md", &over);
    place.write("2026-03-03-rolls-late.md", &over);
    let found = place.json(&words("incident|show|mails"));
    assert_eq!(found["id"], "2026-03-01-mails-late");
    assert_eq!(place.run(&words("incident|show|rolls")).code, 2);
}

#[test]
fn a_post_mortem_is_hidden_until_it_is_written_and_then_published() {
    let place = Place::new();
    let unwritten = "*Our team has not written this section yet.*";
    let over = OURS.replace("resolved: false", "resolved: true")
        + "\n## Background\n\n"
        + unwritten
        + "\n\n## Problem\n\nThe disk was full.\n";
    place.write("mails.md", &over);
    let shown = place.run(&words("incident|show|mails")).out;
    assert!(
        shown.contains("The disk was full.") && !shown.contains("Background"),
        "{shown}"
    );
    let early = place.run(&words("incident|publish|mails"));
    assert_eq!(early.code, 2);
    assert!(
        early.said.contains("nobody has written background"),
        "{}",
        early.said
    );
    let editor = place.editor("sed -i 's/^.Our team has not.*/We had one disk./' \"$1\"");
    let done = place.run_with(&words("incident|edit|mails"), "", Some(&editor));
    assert_eq!(done.code, 0, "{}", done.said);
    assert_eq!(
        place.read("mails.md"),
        over.replace(unwritten, "We had one disk.")
    );
    let done = place.run(&words("incident|publish|mails"));
    assert_eq!(done.code, 0, "{}", done.said);
    let text = place.read("mails.md");
    assert!(text.contains("*Post-mortem* - We have published"), "{text}");
    let again = place.run(&words("incident|publish|mails"));
    assert!(again.said.contains("published already"), "{}", again.said);
}

#[test]
fn an_edit_that_breaks_the_file_saves_nothing_and_keeps_what_was_typed() {
    let place = Place::new();
    place.write("mails.md", OURS);
    for slip in [
        "s/^title:.*/title: \"open/",
        "1s/^/i/",
        "s/^section:.*/section: isue/",
        "s/^resolved:.*/resolved: fales/",
        "1,$d",
    ] {
        let editor = place.editor(&format!("sed -i '{slip}' \"$1\""));
        let done = place.run_with(&words("incident|edit|mails"), "", Some(&editor));
        assert_eq!(done.code, 2, "{slip}: {}", done.out);
        assert!(done.said.contains("nothing was saved"), "{}", done.said);
        let kept = done.said.contains("your text is saved in");
        assert!(kept || slip == "1,$d", "{}", done.said);
        assert_eq!(place.read("mails.md"), OURS);
    }
    let done = place.run_with(
        &words("incident|edit|mails"),
        "",
        Some(&place.editor("true")),
    );
    assert!(done.out.contains("nothing changed"), "{}", done.out);
}

#[test]
fn a_refusal_names_moments_in_the_zone_of_the_site() {
    let place = Place::new();
    let settings = LOUD.replace(
        "title = 'Dice'",
        "title = 'Dice'\ntimezone = 'Europe/Berlin'",
    );
    std::fs::write(place.path("alerts.toml"), settings).unwrap();
    place.write("mails.md", OURS);
    let line = "incident|resolve|mails|--at|2026-03-01 09:00|--text|Over.";
    let done = place.run(&words(line));
    let why =
        "it cannot end at 2026-03-01 09:00:00 CET, because it begins at 2026-03-01 13:00:00 CET";
    assert!(done.said.contains(why), "{}", done.said);
}
