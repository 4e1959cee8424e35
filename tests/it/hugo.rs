//! What we write, read by Hugo: the same meaning, and no warning.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use critwatch::incident::file::document::Document;
use critwatch::incident::file::edit::Set;
use critwatch::model::incident::{Phase, Update};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::place::{Place, words};

/// Titles that a careless writer would spoil.
pub(crate) const TITLES: [&str; 30] = [
    "Rolls fail",
    "Störung: \"API\" ist 'weg' 🎲",
    "a: b",
    "a #b",
    "# a",
    "- a",
    "-",
    "? a",
    "key:",
    "yes",
    "No",
    "null",
    "~",
    "1e3",
    "2026-03-01",
    "2026-03-01T12:00:00Z",
    "0x10",
    "[a, b",
    "{a: b}",
    "&a *b !c",
    "%a @b `c`",
    "| a",
    "> a",
    "\\n \\x \\",
    "'it''s'",
    "{{ .Title }} {{< track \"x\" >}}",
    "--- +++",
    "<b>bold</b> & <script>",
    "日本 \u{200b}\u{a0}\u{2028}\u{202e}x",
    "=cmd|' /C calc'!A0",
];

const SITE: [(&str, &str); 5] = [
    (
        "config.toml",
        "baseURL = 'http://localhost/'\ntitle = 'T'\nbuildFuture = true\nbuildDrafts = true\n\
        disableKinds = ['taxonomy', 'term', 'section', 'RSS', 'sitemap', 'robotsTXT', '404']\n\
        [outputs]\nhome = ['JSON']\n",
    ),
    (
        "layouts/index.json",
        "{ {{ range $i, $p := where .Site.RegularPages \"Params.section\" \"issue\" }}\
        {{ if $i }}, {{ end }}{{ .File.LogicalName | jsonify }}: {{ dict \"title\" .Title \
        \"date\" (.Date.UTC.Format \"2006-01-02T15:04:05Z\") \"resolved\" .Params.resolved \
        \"severity\" .Params.severity \"affected\" .Params.affected \"draft\" .Draft \
        \"end\" (string (default \"\" .Params.resolvedWhen)) \"content\" .Content | jsonify }}\
        {{ end }} }",
    ),
    ("layouts/_default/single.html", "{{ .Content }}"),
    ("layouts/_default/list.html", "{{ .Title }}"),
    (
        "layouts/shortcodes/track.html",
        "[at {{ (time (.Get 0)).UTC.Format \"2006-01-02T15:04:05Z\" }}]",
    ),
];

/// Builds the site over a folder of incidents; `None` where there is no Hugo.
pub(crate) fn build(incidents: &Path) -> Option<BTreeMap<String, Value>> {
    build_site(incidents).map(|(_, read)| read)
}

/// The same with the site, which is gone once it is dropped.
#[expect(clippy::print_stdout, reason = "a test that checks nothing says so")]
fn build_site(incidents: &Path) -> Option<(tempfile::TempDir, BTreeMap<String, Value>)> {
    if Command::new("hugo").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "hugo is not installed");
        println!("hugo is not installed: what it reads is not checked");
        return None;
    }
    let site = tempfile::tempdir().unwrap();
    for (name, text) in SITE {
        let path = site.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let content = site.path().join("content/issues");
    std::fs::create_dir_all(&content).unwrap();
    for file in std::fs::read_dir(incidents).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), content.join(file.file_name())).unwrap();
    }
    let output = Command::new("hugo")
        .current_dir(site.path())
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
    let read = std::fs::read_to_string(site.path().join("public/index.json")).unwrap();
    Some((site, serde_json::from_str(&read).unwrap()))
}

#[test]
fn hugo_reads_every_title_and_name_as_it_was_meant() {
    let place = tempfile::tempdir().unwrap();
    let at = "2026-03-01T12:00:00Z".parse().unwrap();
    let update = Update::new(at, Phase::Investigating, "It fails.");
    let odd = ["\u{7f}\u{85}x", "\u{feff}x", "a\tb", " a ", "\u{7}"];
    let titles: Vec<_> = TITLES.into_iter().chain(odd).collect();
    for (number, title) in titles.iter().enumerate() {
        let mut document = Document::new(title, at, false, &update, &TimeZone::UTC).unwrap();
        let names = [(*title).to_owned(), "API".to_owned()];
        document.set("affected", &Set::List(&names)).unwrap();
        if number % 2 == 0 {
            document.set("title", &Set::Text(title)).unwrap();
        }
        std::fs::write(place.path().join(format!("{number}.md")), document.bytes()).unwrap();
    }
    let Some(read) = build(place.path()) else {
        return;
    };
    assert_eq!(read.len(), titles.len());
    for (number, title) in titles.iter().enumerate() {
        let page = &read[&format!("{number}.md")];
        assert_eq!(page["title"], *title);
        assert_eq!(page["affected"], json!([title, "API"]));
        assert_eq!(page["date"], "2026-03-01T12:00:00Z");
        assert_eq!(page["resolved"], false);
        assert_eq!(page["severity"], "notice");
    }
}

#[test]
fn hugo_reads_what_the_commands_write() {
    let place = Place::new();
    let open = |title: &str, text: &str| {
        let opens = ["incident", "open", "--title", title, "--severity", "down"];
        let more = [
            "--affected",
            "api",
            "Roll queue",
            "--date",
            "2026-03-01 12:00",
            "--text",
            text,
        ];
        let done = place.json(&[opens.as_slice(), &more].concat());
        done["id"].as_str().unwrap().to_owned()
    };
    let over = open(
        "Störung: \"API\" 🎲",
        "We *look*.\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    );
    let going_on = open(
        "Slow",
        "# Heading\n\nSee {{< track \"2026-03-01 11:00:00\" >}} and `{{</* x */>}}`.",
    );
    place.json(&[
        "incident",
        "update",
        &going_on,
        "--severity",
        "disrupted",
        "--text",
        "- one\n- two",
    ]);
    place.json(&["incident", "resolve", &over, "--at", "2026-03-01 13:00"]);
    let times = ["--from", "in 24h", "--to", "in 25h"];
    let add = words("maintenance|add|--title|New: cache|--affected|API");
    let planned = place.json(&[&add[..], &times].concat());
    let Some(read) = build(&place.path("incidents")) else {
        return;
    };
    assert_eq!(read.len(), 3);
    let page = |id: &str| &read[&format!("{id}.md")];
    check_ended(page(&over));
    check_going_on(page(&going_on));
    let cache = page(planned["id"].as_str().unwrap());
    assert_eq!(
        (&cache["title"], &cache["severity"]),
        (&json!("New: cache"), &json!("notice"))
    );
    assert!(
        cache["content"]
            .as_str()
            .unwrap()
            .contains("<em>Scheduled</em> - Maintenance window:")
    );
}

/// A picture beside a file is published where our page serves it, and the text
/// refers to it from the page that Hugo makes.
#[test]
fn hugo_publishes_the_picture_where_the_text_looks_for_it() {
    let place = tempfile::tempdir().unwrap();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let mut expected = Vec::new();
    for name in ["2026-03-01-slow", "Slow (again)"] {
        let text = "---\nsection: issue\ntitle: Slow\ndate: 2026-03-01T12:00:00Z\n---\n";
        let incident = Document::parse(text)
            .unwrap()
            .incident(&format!("{name}.md"));
        let file = critwatch::incident::postmortem::picture::reference(&incident.picture());
        let text =
            format!("{text}![Slow]({file})\n\n*Our team has not written this section yet.*\n");
        std::fs::write(place.path().join(&incident.name), text).unwrap();
        std::fs::write(place.path().join(incident.picture()), svg).unwrap();
        expected.push((incident, file));
    }
    let Some((site, read)) = build_site(place.path()) else {
        return;
    };
    for (incident, file) in expected {
        let content = read[&incident.filename]["content"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(content.contains(&format!("src=\"{file}\"")), "{content}");
        assert!(
            content.contains("<em>Our team has not written this section yet.</em>"),
            "{content}"
        );
        let page = site.path().join("public/issues").join(&incident.id.0);
        assert!(page.join("index.html").exists(), "{}", incident.id.0);
        let decoded = percent_encoding::percent_decode_str(&file)
            .decode_utf8()
            .unwrap();
        let picture = page.join(&*decoded);
        assert_eq!(std::fs::read_to_string(picture).unwrap(), svg);
    }
}

fn check_ended(ended: &Value) {
    assert_eq!(ended["title"], "Störung: \"API\" 🎲");
    assert_eq!(
        (&ended["resolved"], &ended["severity"]),
        (&json!(true), &json!("down"))
    );
    assert!(
        ended["end"]
            .as_str()
            .unwrap()
            .starts_with("2026-03-01T13:00:00Z"),
        "{ended}"
    );
    assert_eq!(ended["affected"], json!(["API", "Roll queue"]));
    let content = ended["content"].as_str().unwrap();
    assert!(
        content.contains("<em>Investigating</em> - We <em>look</em>. [at 20"),
        "{content}"
    );
    assert!(content.contains("<table>"), "{content}");
}

fn check_going_on(slow: &Value) {
    assert_eq!(
        (&slow["resolved"], &slow["severity"]),
        (&json!(false), &json!("disrupted"))
    );
    let content = slow["content"].as_str().unwrap();
    assert!(content.contains("[at 2026-03-01T11:00:00Z]"), "{content}");
    assert!(content.contains("{{&lt; x &gt;}}"), "{content}");
    assert!(content.contains(">Heading</h1>"), "{content}");
}
