//! The examples of docs/rules.md do what they say.

use std::path::Path;
use std::process::Command;

use crate::rules::replay::record;
use crate::world::PROGRAM;

/// The blocks of a language in a document.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let blocks = document.split(&opening).skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_examples_of_the_document_are_what_they_say() {
    let document = include_str!("../../../docs/rules.md");
    let place = tempfile::tempdir().unwrap();
    let head = "[site]\ntitle = 'D'\n[[component]]\nid = 'api'\nname = 'API'\n\
        [[component]]\nid = 'worker'\nname = 'Worker'\n";
    // A whole file of its own, which tests/it/presets.rs checks, is no rule.
    let mut rules = blocks(document, "toml");
    rules.retain(|block| !block.starts_with("use = "));
    assert!(rules.len() >= 3);
    let settings = format!("{head}{}", rules.join("\n"));
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    std::fs::write(
        place.path().join("alerts.test.yml"),
        blocks(document, "yaml").concat(),
    )
    .unwrap();
    record(place.path());
    let programs = Path::new(PROGRAM).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", programs.display());
    let commands = blocks(document, "sh").concat();
    assert!(commands.lines().count() >= 6);
    for command in commands.lines() {
        let output = Command::new("sh")
            .args(["-c", command])
            .env("PATH", &path)
            .current_dir(place.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {said}");
    }
    let checked = Command::new(PROGRAM)
        .arg("check")
        .current_dir(place.path())
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
}
