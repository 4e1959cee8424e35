//! Everything that is text, made from one fixed board, against golden files.

pub(crate) mod board;
mod pages;

use std::path::Path;

use critwatch::config;

pub(crate) fn check(name: &str, text: &str) {
    // The marks of the style sheet and the scripts change with every letter.
    let mut pieces = text.split(['?']);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let marked =
            piece.len() >= 16 && piece.bytes().take(16).all(|byte| byte.is_ascii_hexdigit());
        text.extend(if marked {
            ["?MARK", &piece[16..]]
        } else {
            ["?", piece]
        });
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, &text));
}

fn faults(text: &str) -> String {
    let environment = [("REDIS_URL".to_owned(), "redis://localhost".to_owned())].into();
    config::read(text, "alerts.toml", Path::new("."), environment, None)
        .unwrap_err()
        .to_string()
}

#[test]
fn every_fault_of_the_settings_with_its_place() {
    check(
        "settings-faults.txt",
        &faults(
            r#"
[site]
title = "Dice"
timezone = "Mars/Olympus"
colour = "red"

[[component]]
id = "api"
name = "API"
needs = ["cache"]

[[component]]
id = "api"
name = "API again"

[[collector]]
id = "redis"
type = "redis"
url = "${REDIS_ADDRESS}"
interval = "5 seconds"
timeoutt = "1s"

[[collector]]
id = "page"
type = "gopher"

[[rule]]
id = "Bad Id"
expr = "sum(("
severity = "worse"
components = ["API"]
title = "T"
text = "t"

[[rule]]
id = "good"
expr = "up == 0"
severity = "down"
components = ["API", "web"]
title = "It is {{ value }}"
text = "t"

[[notifier]]
id = "chat"
type = "discord"

[mail]
"#,
        ),
    );
    check(
        "settings-syntax.txt",
        &faults("[site]\ntitle = \"Dice\n[[rule]\nid = 1\n"),
    );
}

#[test]
fn every_golden_file_is_compared_with_something() {
    // What is pure is compared where it is made.
    let own = [
        include_str!("mod.rs"),
        include_str!("board.rs"),
        include_str!("pages.rs"),
        include_str!("../story/outage.rs"),
        include_str!("../machines/mod.rs"),
        include_str!("../../../src/chart/tests.rs"),
        include_str!("../../../src/incident/postmortem/write/tests.rs"),
    ]
    .concat();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.trim_end_matches(".snap");
        assert!(
            own.contains(&format!("\"{name}\"")),
            "nothing is compared with {file}"
        );
    }
}
