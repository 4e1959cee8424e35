//! Every kind of finding, and what repairs make of files.

use jiff::Timestamp;
use proptest::prelude::*;

use crate::incident::file::document::Document;
use crate::incident::findings::findings;
use crate::incident::findings::page::Checked;
use crate::incident::findings::repair::repair;
use crate::model::finding::Weight::{self, Fault, Hint, Warning};
use crate::model::finding::{Finding, Fix};
use crate::model::verdict::RuleId;

const GOOD: &str = "---\nsection: issue\ntitle: Dice are stuck\ndate: 2026-03-01T12:00:00Z # noon\n\
    resolved: true\nresolvedWhen: 2026-03-01T13:00:00Z\nseverity: down\naffected:\n  - Dice API\n\
    ---\nNobody could roll.\n";

/// The same while it lasts.
const OPEN: &str = "---\nsection: issue\ntitle: Dice are stuck\ndate: 2026-03-01T12:00:00Z # noon\n\
    resolved: false\nseverity: down\naffected:\n  - Dice API\n---\nNobody can roll.\n";

fn look(bytes: &[u8]) -> Vec<Finding> {
    let components = ["Dice API", "Web: Sockets", "Rolls"].map(str::to_owned);
    let checked = Checked {
        components: &components,
        rules: None,
        now: "2026-03-02T00:00:00Z".parse::<Timestamp>().unwrap(),
        build_future: true,
    };
    let Ok(document) = Document::parse(bytes) else {
        return Vec::new();
    };
    findings(&document, "dice.md", checked)
}

#[test]
fn a_post_mortem_that_waits_for_a_person_for_days_is_worth_a_hint() {
    // Its second placeholder is that of older versions.
    let story = "Nobody could roll.\n\n## Background\n\n\
        *Our team has not written this section yet.*\n\n\
        ## Timeline\n\nrows\n\n## Future solutions\n\n*To be written by a person.*\n";
    let old = GOOD
        .replace("2026-03-01T1", "2026-02-20T1")
        .replace("Nobody could roll.\n", story);
    let reported = look(old.as_bytes());
    assert_eq!(
        (reported.len(), reported[0].kind, reported[0].weight),
        (1, "post-mortem", Hint)
    );
    assert_eq!((reported[0].line, reported[0].column), (Some(13), Some(1)));
    assert!(
        reported[0]
            .message
            .contains("`Background` and `Future solutions`"),
        "{reported:?}"
    );
    let half = old.replace("*To be written by a person.*", "We know.");
    assert!(look(half.as_bytes())[0].message.contains("`Background`"));
    let old = old.replace("*Our team has not written this section yet.*", "A rush.");
    let reported = look(old.as_bytes());
    assert!(
        reported[0].message.contains("`Future solutions`"),
        "{reported:?}"
    );
    for (from, to) in [
        ("2026-02-20T13", "2026-02-27T13"),
        ("*To be written by a person.*", "We know."),
        ("severity: down", "severity: notice"),
        ("resolved: true", "resolved: false"),
    ] {
        let found = look(old.replace(from, to).as_bytes());
        let kinds: Vec<_> = found.iter().map(|one| one.kind).collect();
        assert!(!kinds.contains(&"post-mortem"), "{to}: {kinds:?}");
    }
}

/// Changes a good file, expects one finding, and the file that its repair makes.
fn check(
    base: &str,
    change: (&str, &str),
    (weight, kind, line, column): (Weight, &str, usize, usize),
    repaired: Option<&str>,
) {
    assert!(base.contains(change.0), "{change:?}");
    let text = base.replacen(change.0, change.1, 1);
    let found = look(text.as_bytes());
    let reported: Vec<_> = found
        .iter()
        .map(|finding| (finding.weight, finding.kind, finding.line, finding.column))
        .collect();
    assert_eq!(
        reported,
        [(weight, kind, Some(line), Some(column))],
        "{text}\n{found:#?}"
    );
    let document = Document::parse(text.as_bytes()).unwrap();
    let after = repair(&document, &found).unwrap();
    let after = after
        .as_ref()
        .map(|after| std::str::from_utf8(after.bytes()).unwrap());
    let expected = repaired.map(|repaired| base.replacen(change.0, repaired, 1));
    assert_eq!(after, expected.as_deref(), "{text}");
}

#[test]
fn a_good_file_has_no_findings() {
    assert_eq!(look(GOOD.as_bytes()), []);
    assert_eq!(look(OPEN.as_bytes()), []);
    let post =
        "---\nsection: issue\ntitle: A post\ndate: 2026-03-01\ninformational: true\n---\nHello.\n";
    assert_eq!(look(post.as_bytes()), []);
}

#[test]
fn keys_that_are_missing_or_say_what_is_unknown_are_found() {
    check("Only words.\n", ("", ""), (Fault, "no-head", 1, 1), None);
    check(
        GOOD,
        ("section: issue\n", ""),
        (Fault, "missing-section", 2, 1),
        None,
    );
    check(
        GOOD,
        ("issue", "Issues"),
        (Fault, "unknown-section", 2, 10),
        Some("issue"),
    );
    check(
        GOOD,
        ("issue", "post"),
        (Hint, "other-section", 2, 10),
        None,
    );
    check(
        GOOD,
        ("title: Dice are stuck\n", ""),
        (Fault, "missing-title", 2, 1),
        None,
    );
    check(
        GOOD,
        ("date: 2026-03-01T12:00:00Z # noon\n", ""),
        (Fault, "missing-date", 2, 1),
        None,
    );
}

#[test]
fn keys_that_are_misspelt_or_repeated_are_found() {
    check(
        GOOD,
        ("---\nN", "pint: true\n---\nN"),
        (Fault, "misspelt-key", 10, 1),
        Some("pin: true\n---\nN"),
    );
    check(
        OPEN,
        ("resolved:", "resolve:"),
        (Fault, "misspelt-key", 5, 1),
        Some("resolved:"),
    );
    check(
        GOOD,
        ("---\nN", "pint: 3\n---\nN"),
        (Warning, "misspelt-key", 10, 1),
        None,
    );
    check(
        GOOD,
        ("title:", "Title: x\ntitle:"),
        (Fault, "repeated-key", 4, 1),
        None,
    );
}

#[test]
fn our_own_map_is_found_under_a_misspelt_name() {
    check(
        OPEN,
        ("severity:", "critwatc: {rules: [a]}\nseverity:"),
        (Fault, "misspelt-key", 6, 1),
        Some("critwatch: {rules: [a]}\nseverity:"),
    );
}

#[test]
fn booleans_that_are_none_are_found() {
    check(
        OPEN,
        ("resolved: false\n", ""),
        (Fault, "missing-resolved", 2, 1),
        None,
    );
    check(
        OPEN,
        ("resolved: false", "resolved:"),
        (Fault, "missing-resolved", 5, 1),
        None,
    );
    check(
        OPEN,
        ("false", "'false'"),
        (Fault, "not-a-boolean", 5, 11),
        Some("false"),
    );
    check(
        GOOD,
        ("---\nN", "pin: flase # x\n---\nN"),
        (Fault, "not-a-boolean", 10, 6),
        Some("pin: false # x\n---\nN"),
    );
    check(
        OPEN,
        ("false", "noo"),
        (Fault, "not-a-boolean", 5, 11),
        None,
    );
    check(
        OPEN,
        ("false", "No"),
        (Warning, "old-boolean", 5, 11),
        Some("false"),
    );
    check(
        GOOD,
        ("---\nN", "draft: false\npublished: true\n---\nN"),
        (Warning, "draft-and-published", 11, 1),
        None,
    );
    check(
        GOOD,
        ("03-01T12:00:00Z # noon", "02-28T12:00:00Z\ndraft: true"),
        (Warning, "old-draft", 5, 1),
        None,
    );
}

#[test]
fn dates_that_cannot_be_read_or_name_no_zone_are_found() {
    let unreadable = |column| (Fault, "unreadable-date", 4, column);
    check(
        GOOD,
        ("12:00:00Z", "12:00Z"),
        unreadable(7),
        Some("12:00:00Z"),
    );
    check(
        GOOD,
        ("2026-03-01T12:00:00Z", "'2026-03-01 12:00:00 UTC'"),
        unreadable(7),
        Some("'2026-03-01 12:00:00Z'"),
    );
    check(
        GOOD,
        ("2026-03-01T12:00:00Z", "1.3.2026"),
        unreadable(7),
        None,
    );
    check(
        GOOD,
        ("13:00:00Z", "soon"),
        (Fault, "unreadable-date", 6, 15),
        None,
    );
    check(
        GOOD,
        ("2026-03-01T12:00:00Z", "20260301"),
        (Fault, "date-is-number", 4, 7),
        None,
    );
    check(
        GOOD,
        ("12:00:00Z", "12:00:00"),
        (Warning, "date-without-zone", 4, 7),
        None,
    );
    check(
        OPEN,
        ("T12:00:00Z", ""),
        (Hint, "date-without-zone", 4, 7),
        None,
    );
}

#[test]
fn beginnings_and_ends_that_cannot_be_are_found() {
    check(
        GOOD,
        ("resolvedWhen: 2026-03-01T13:00:00Z\n", ""),
        (Fault, "resolved-without-end", 5, 1),
        None,
    );
    check(
        OPEN,
        ("sever", "resolvedWhen: 2026-03-01T12:00:00Z\nsever"),
        (Warning, "open-with-end", 6, 1),
        None,
    );
    check(
        GOOD,
        ("T13", "T11"),
        (Fault, "end-before-start", 6, 15),
        None,
    );
    check(
        GOOD,
        ("T13:00:00Z", "T12:00:00.013Z"),
        (Warning, "no-duration", 6, 15),
        None,
    );
    check(
        OPEN,
        ("-01T12", "-03T12"),
        (Warning, "future-date", 4, 7),
        None,
    );
    // Days alone say nothing of a form that filled in the moment.
    let days = GOOD
        .replace("T12:00:00Z # noon", "")
        .replace("T13:00:00Z", "");
    let reported = look(days.as_bytes());
    let kinds: Vec<_> = reported.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, ["date-without-zone"]);
    check(
        OPEN,
        ("2026-03-01", "2026-01-01"),
        (Warning, "long-open", 5, 11),
        None,
    );
}

#[test]
fn what_is_not_shown_before_it_begins_is_said_and_does_not_count_before() {
    for text in [OPEN, GOOD, &OPEN.replace("down", "notice")] {
        let later = text.replace("2026-03-01T", "2026-03-04T");
        let document = Document::parse(later.as_bytes()).unwrap();
        let checked = Checked {
            components: &[],
            rules: None,
            now: "2026-03-02T00:00:00Z".parse().unwrap(),
            build_future: false,
        };
        let found = findings(&document, "dice.md", checked);
        let reported: Vec<_> = found.iter().map(|one| (one.kind, one.line)).collect();
        assert_eq!(reported, [("not-shown-yet", Some(4))], "{found:?}");
        let found = findings(
            &document,
            "dice.md",
            Checked {
                build_future: true,
                ..checked
            },
        );
        assert!(found.iter().all(|one| one.kind != "not-shown-yet"));
    }
}

#[test]
fn planned_work_says_when_it_is_to_end_and_may_be_called_off_before() {
    let planned = OPEN
        .replace(
            "severity: down",
            "resolvedWhen: 2026-03-02T13:00:00Z\nseverity: notice",
        )
        .replace("Nobody can roll.", "*Scheduled* - We move.");
    assert_eq!(look(planned.as_bytes()), []);
    let off = planned
        .replace("resolved: false", "resolved: true")
        .replace("2026-03-02T13", "2026-03-01T12")
        .replace("*Scheduled*", "*Cancelled* - No.\n\n*Scheduled*");
    assert_eq!(look(off.as_bytes()), []);
}

#[test]
fn severities_that_count_for_nothing_are_found() {
    let unknown = (Fault, "unknown-severity", 7, 11);
    check(GOOD, ("down", "Down"), unknown, Some("down"));
    check(
        GOOD,
        ("down", "\"distrupted\""),
        unknown,
        Some("\"disrupted\""),
    );
    check(GOOD, ("down", "degraded"), unknown, None);
    check(GOOD, ("down", "[down]"), unknown, None);
    check(
        GOOD,
        ("down", "\"resolved\""),
        (Warning, "severity-is-phase", 7, 11),
        None,
    );
    check(
        OPEN,
        ("down", "monitoring"),
        (Fault, "severity-is-phase", 6, 11),
        None,
    );
    check(
        OPEN,
        ("severity: down\n", ""),
        (Fault, "missing-severity", 2, 1),
        None,
    );
    check(
        GOOD,
        ("severity: down\n", ""),
        (Warning, "missing-severity", 2, 1),
        None,
    );
}

#[test]
fn names_that_no_component_has_are_found() {
    let unknown = |weight| (weight, "unknown-component", 9, 5);
    check(
        GOOD,
        ("Dice API", "dice  api"),
        unknown(Fault),
        Some("Dice API"),
    );
    check(
        GOOD,
        ("Dice API", "\"web: sockets\" # all"),
        unknown(Fault),
        Some("\"Web: Sockets\" # all"),
    );
    check(GOOD, ("Dice API", "Dice APY"), unknown(Warning), None);
    check(GOOD, ("Dice API", "Attic"), unknown(Hint), None);
    check(
        OPEN,
        ("Dice API", "Attic"),
        (Fault, "unknown-component", 8, 5),
        None,
    );
    check(GOOD, ("Dice API", "a: b"), unknown(Fault), None);
    check(
        GOOD,
        ("\n  - Dice API", " [\"dice api\", Rolls]"),
        (Fault, "unknown-component", 8, 12),
        Some(" [\"Dice API\", Rolls]"),
    );
}

#[test]
fn lists_of_components_that_are_none_or_say_too_much_are_found() {
    check(
        GOOD,
        ("Dice API", "Dice API , rolls"),
        (Fault, "joined-components", 9, 5),
        None,
    );
    check(
        GOOD,
        ("\n  - Dice API", " rolls"),
        (Fault, "affected-no-list", 8, 11),
        Some(" [Rolls]"),
    );
    check(
        GOOD,
        ("\n  - Dice API", " attic"),
        (Fault, "affected-no-list", 8, 11),
        None,
    );
    check(
        GOOD,
        ("\n  - Dice API", " []"),
        (Warning, "no-component", 8, 1),
        None,
    );
    check(
        GOOD,
        ("API\n", "API\n  - ''\n"),
        (Warning, "empty-component", 10, 5),
        Some("API\n"),
    );
    check(
        GOOD,
        ("API\n", "API\n  - Dice API\n"),
        (Warning, "repeated-component", 10, 5),
        Some("API\n"),
    );
}

#[test]
fn slips_in_the_text_are_found() {
    check(
        GOOD,
        ("Dice are stuck", "'Dice are stuck '"),
        (Hint, "title-blank", 3, 8),
        Some("'Dice are stuck'"),
    );
    check(
        GOOD,
        ("could", "co\u{feff}uld"),
        (Hint, "invisible-character", 11, 10),
        None,
    );
    check(
        GOOD,
        ("Nobody", "<<<<<<< HEAD\nNobody"),
        (Fault, "merge-conflict", 11, 1),
        None,
    );
    check(
        GOOD,
        ("Nobody", "{{< trak \"x\" >}}"),
        (Warning, "unknown-shortcode", 11, 4),
        None,
    );
    check(
        GOOD,
        ("Nobody", "{{< track \"x\""),
        (Fault, "unclosed-shortcode", 11, 1),
        None,
    );
    let track = (Fault, "unreadable-track", 11, 11);
    check(
        GOOD,
        ("Nobody", "{{< track \"2026-03-01 12:00\" >}}"),
        track,
        Some("{{< track \"2026-03-01 12:00:00\" >}}"),
    );
    check(GOOD, ("Nobody", "{{< track \"now\" >}}"), track, None);
    check(
        GOOD,
        ("Nobody", "Ä\n<!-- Nobody"),
        (Fault, "unclosed-comment", 12, 1),
        None,
    );
    for fine in [
        "<!-- a -->",
        "```\n<!--\n```",
        "{{</* trak */>}}",
        "{{< track \"2026-03-01 9:00:00\" >}}",
        "`{{ x }}`",
    ] {
        assert_eq!(look(GOOD.replace("Nobody", fine).as_bytes()), [], "{fine}");
    }
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes.insert(bytes.len() - 2, 0xe4);
    let reported: Vec<_> = look(&bytes)
        .iter()
        .map(|finding| (finding.kind, finding.line, finding.column))
        .collect();
    assert_eq!(reported, [("not-utf8", Some(11), Some(18))]);
}

#[test]
fn a_name_with_a_day_that_cannot_be_is_a_hint() {
    let document = Document::parse(GOOD).unwrap();
    let checked = Checked {
        components: &[],
        rules: None,
        now: "2026-03-02T00:00:00Z".parse::<Timestamp>().unwrap(),
        build_future: true,
    };
    for (name, kinds) in [
        ("2026-03-01-a.md", &[][..]),
        ("2026-03-03-a.md", &[]),
        ("a.md", &[]),
        ("ü026-03-01-a.md", &[]),
        ("b/2025-03-01-a.md", &["other-day"]),
        ("2026_02_56_a.md", &["impossible-day"]),
    ] {
        let found = findings(&document, name, checked);
        let reported: Vec<_> = found.iter().map(|finding| finding.kind).collect();
        assert_eq!(reported, kinds, "{name}");
    }
}

#[test]
fn heads_in_toml_and_json_are_repaired_in_their_own_way() {
    let mend = |text: &str| {
        let document = Document::parse(text).unwrap();
        let mended = repair(&document, &look(text.as_bytes())).unwrap().unwrap();
        String::from_utf8(mended.bytes().to_vec()).unwrap()
    };
    assert_eq!(
        mend(
            "+++\nsection = 'issue'\nseverity = 'Down' # x\naffected = ['rolls', \"web: sockets\"]\n+++\n"
        ),
        "+++\nsection = 'issue'\nseverity = 'down' # x\naffected = ['Rolls', \"Web: Sockets\"]\n+++\n"
    );
    assert_eq!(
        mend(
            "{\"section\":\"issue\", \"pint\" : true,\n \"affected\": \"rolls\", \"resolved\": \"false\"}\n"
        ),
        "{\"section\":\"issue\", \"pin\" : true,\n \"affected\": [\"Rolls\"], \"resolved\": false}\n"
    );
}

#[test]
fn several_repairs_of_a_file_do_not_get_in_each_others_way() {
    let text = GOOD
        .replace("Dice API", "dice api\n  - rolls\n  - rolls")
        .replace("down", "Down")
        .replace("resolved: true", "resolved: yes")
        .replace("12:00:00Z", "12:00Z");
    let document = Document::parse(text).unwrap();
    let mended = repair(&document, &look(document.bytes())).unwrap().unwrap();
    let expected = GOOD.replace("Dice API", "Dice API\n  - Rolls");
    assert_eq!(std::str::from_utf8(mended.bytes()).unwrap(), expected);
}

#[test]
fn a_repair_that_would_change_another_key_is_refused() {
    let document = Document::parse(GOOD).unwrap();
    let start = GOOD.find("down").unwrap();
    for text in ["x\nextra: 1", "down\n---\n"] {
        let fix = Fix {
            what: "break it".to_owned(),
            range: start..start + 4,
            text: text.to_owned(),
        };
        let mut finding = look(GOOD.replace("down", "Down").as_bytes()).remove(0);
        finding.fix = Some(fix);
        assert_eq!(
            repair(&document, &[finding]).is_err(),
            text.ends_with('\n'),
            "{text}"
        );
    }
}

fn line() -> impl Strategy<Value = String> {
    let key = proptest::sample::select(vec![
        "title",
        "date",
        "Date",
        "resolved",
        "resolvd",
        "resolvedWhen",
        "resolvdWhen",
        "severity",
        "affected",
        "effected",
        "section",
        "informational",
        "pin",
        "pint",
        "draft",
        "\"draft\"",
    ]);
    let value = proptest::sample::select(vec![
        "",
        "issue",
        "Issue",
        "'a '",
        "yes",
        "\"false\"",
        "flase",
        "true # x",
        "2026-03-01",
        "2026-03-01 12:00",
        "'2026-03-01 12:00:00 UTC'",
        "2026-03-01T12:00:00Z",
        "down",
        "'Down'",
        "distrupted",
        "resolved",
        "[rolls, \"dice api\"]",
        "\n- rolls\n- rolls\n-\n",
        "\n  - 'web: sockets'",
        "rolls",
        "|\n  text",
        "[a,\n  b]",
        "{a: 1}",
        "12",
        "ä",
        "\"a\n  b\"",
        "\n  rolls: a",
    ]);
    (key, value, "[ ]{1,2}", "\r?\n")
        .prop_map(|(key, value, blank, end)| format!("{key}:{blank}{value}{end}"))
}

proptest! {
    #[test]
    fn every_repair_removes_its_finding_and_touches_nothing_else(
        lines in proptest::collection::vec(line(), 0..9),
        body in "(\\{\\{< track \"2026-03-01 12:00\" >\\}\\}|<!-- |\u{feff}|```\n|\n|ä)*",
    ) {
        let text = format!("---\nsection: issue\n{}---\n{body}", lines.concat());
        let found = look(text.as_bytes());
        let Ok(document) = Document::parse(text.as_bytes()) else { return Ok(()) };
        for finding in found.iter().filter(|finding| finding.fix.is_some()) {
            let repaired = repair(&document, std::slice::from_ref(finding));
            prop_assert!(repaired.is_ok(), "{text}\n{finding:?}");
            let repaired = repaired.unwrap().unwrap();
            let count = |found: &[Finding]| found
                .iter()
                .filter(|other| other.kind == finding.kind && other.message == finding.message)
                .count();
            let left = look(repaired.bytes());
            prop_assert!(count(&left) < count(&found), "{text}\n{finding:?}\n{left:?}");
        }
        prop_assert!(repair(&document, &found).is_ok(), "{text}\n{found:?}");
    }

    #[test]
    fn no_file_makes_it_panic(
        head in "[-a-e:#'\"\\[\\]{},= 0-9\t\r\nä]{0,100}",
        body in "[<>{}%/*!` tracka\"0-9:\n\u{feff}ä-]{0,100}",
    ) {
        for (open, close) in [("---\n", "\n---\n"), ("+++\n", "\n+++\n"), ("{", "}\n"), ("", "")] {
            let _ = look(format!("{open}{head}{close}{body}").as_bytes());
        }
        let keys = ["section: issue\ntitle", "affected", "severity", "date", "resolved"];
        for key in keys {
            let _ = look(format!("---\n{key}: {head}\n---\n{body}").as_bytes());
        }
    }

    #[test]
    fn bytes_that_are_no_text_make_nothing_panic(noise in proptest::collection::vec(any::<u8>(), 0..60)) {
        for before in ["---\nsection: issue\nseverity: Down\naffected:\n- ", "---\n---\n", "+++\na = '"] {
            let bytes = [before.as_bytes(), &noise, b"\n---\nText"].concat();
            let _ = look(&bytes);
        }
    }
}

#[test]
fn an_open_incident_whose_rules_have_gone_is_told_with_them() {
    let ours = OPEN.replace("affected", "critwatch: {rules: [stuck, late]}\naffected");
    let document = Document::parse(ours.as_bytes()).unwrap();
    let of = |rules: &[&str]| {
        let rules = rules.iter().map(|id| RuleId((*id).to_owned())).collect();
        let checked = Checked {
            components: &[],
            rules: Some(&rules),
            now: "2026-03-01T13:00:00Z".parse().unwrap(),
            build_future: true,
        };
        findings(&document, "dice.md", checked)
    };
    let [gone] = &of(&["other"])[..] else {
        panic!("one is expected");
    };
    assert_eq!((gone.kind, gone.line), ("rule-gone", Some(7)));
    assert!(gone.message.contains("`stuck`, `late`"), "{}", gone.message);
    assert_eq!(of(&["late", "other"]), []);
}
