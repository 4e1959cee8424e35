//! Bad settings: everything at once, with its place, and exit code 2.

use std::process::{Command, Output};

use crate::world::PROGRAM;

fn run(arguments: &[&str], place: &std::path::Path) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .current_dir(place)
        .env_remove("NO_SUCH_NAME")
        .output()
        .unwrap()
}

#[test]
fn every_fault_of_the_settings_is_told_at_once_and_nothing_starts() {
    let place = tempfile::tempdir().unwrap();
    let alerts = "[site]\ntitle = 'Dice'\ncolour = 'red'\n\n[[component]]\nid = 'api'\nname = 'API'\n\n\
        [[collector]]\nid = 'redis'\ntype = 'redis'\nurl = '${NO_SUCH_NAME}'\n\n\
        [[rule]]\nid = 'one'\nexpr = 'sum(('\nseverity = 'down'\ncomponents = ['apy']\n\
        title = 'T'\ntext = 't'\n";
    std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    for command in ["serve", "check"] {
        let output = run(&[command], place.path());
        assert_eq!(output.status.code(), Some(2), "{command}");
        let said = String::from_utf8(output.stderr).unwrap();
        for place in [
            "alerts.toml:3:1",
            "alerts.toml:12:7",
            "alerts.toml:16:8",
            "alerts.toml:18:15",
        ] {
            assert!(
                said.contains(place),
                "{command} does not tell {place}: {said}"
            );
        }
        assert!(output.stdout.is_empty());
    }
    assert!(!place.path().join("state").exists());
}

#[test]
fn missing_settings_are_told_with_the_way_out() {
    let place = tempfile::tempdir().unwrap();
    let output = run(&["serve"], place.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("--config")
    );
}

#[test]
fn our_own_settings_and_incidents_have_no_fault() {
    let output = run(&["check"], std::path::Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn an_incident_that_cannot_be_read_is_told_with_its_line() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), "[site]\ntitle = 'Dice'\n").unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    std::fs::write(
        place.path().join("incidents/a.md"),
        "---\nsection: issue\ntitle: a: b\n---\n",
    )
    .unwrap();
    let output = run(&["check"], place.path());
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("incidents/a.md:3:"), "{said}");
}

#[test]
fn the_words_and_colours_of_the_page_are_read_and_faults_are_told() {
    use critwatch::config;
    use critwatch::model::text::language::Language;
    let read = |text: &str| {
        let folder = std::path::Path::new(".");
        config::read(
            text,
            "alerts.toml",
            folder,
            config::reading::reader::Environment::new(),
            None,
        )
    };
    let document = include_str!("../../docs/public-page.md");
    let example = document.split("```toml\n").nth(1).unwrap();
    let config = read(example.split("```").next().unwrap()).unwrap();
    assert_eq!(config.names.language, Some(Language::De));
    assert!(config.names.logo.is_some() && config.names.colours.is_some());
    let plain = read("[site]\ntitle = 'T'\n").unwrap();
    assert!(plain.names.language.is_none() && plain.names.colours.is_none());
    for (line, way) in [
        ("language = 'sv'", "write one of `en`, `de`"),
        ("brand = 'red'", "write a colour"),
        ("logo = 'javascript:alert(1)'", "write the address"),
    ] {
        let fault = read(&format!("[site]\ntitle = 'T'\n{line}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            fault.contains("alerts.toml:3:") && fault.contains(way),
            "{fault}"
        );
    }
}
