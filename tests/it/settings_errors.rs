//! What bad settings say: one fault for one slip, and the way out.

use std::path::Path;
use std::process::{Command, Output};

use crate::world::PROGRAM;

/// A component, and a site of it.
const HEAD: &str = "[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n";

/// Runs a command without any variable in the environment.
fn bare(arguments: &[&str], place: &Path) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(place).env_clear();
    command.output().unwrap()
}

fn check(settings: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    std::fs::write(place.path().join("note.txt"), "a letter").unwrap();
    let output = bare(&[&["check"], arguments].concat(), place.path());
    let texts = [output.stderr, output.stdout].map(|text| String::from_utf8(text).unwrap());
    (output.status.code(), texts.concat())
}

/// Settings that need three variables and a file, and have one more fault if asked.
fn with_secrets(fault: &str) -> String {
    format!(
        "{HEAD}[[collector]]\nid = 'r'\ntype = 'redis'\nurl = '${{REDIS_URL}}'\n\
        [[collector]]\nid = 'p'\ntype = 'prometheus'\nurl = 'https://${{HOST}}/metrics'\n\
        bearer_file = 'secrets/token'\n\
        [[rule]]\nid = 'a'\nexpr = 'redis_up == ${{DOWN}}'\nseverity = 'down'\n\
        components = ['c']\ntitle = 'T'\ntext = 't'\n{fault}\
        [[notifier]]\nid = 'd'\ntype = 'discord'\nwebhook = '${{HOOK}}'\n\
        [ops]\ntoken = '${{TOKEN}}'\n"
    )
}

#[test]
fn an_unset_variable_is_one_fault_with_the_way_out() {
    let (code, said) = check(&with_secrets(""), &[]);
    assert_eq!(code, Some(2));
    for name in ["REDIS_URL", "HOST", "DOWN", "HOOK", "TOKEN"] {
        let words = format!("no `{name}`; set it, or give a default as in `${{{name}:-default}}`");
        assert!(said.contains(&words), "{said}");
    }
    // The file of the token is the sixth.
    assert_eq!(said.matches("error:").count(), 6, "{said}");
}

#[test]
fn without_the_environment_all_else_is_checked() {
    let (code, said) = check(&with_secrets(""), &["--no-env"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = check(&with_secrets("pubish = 'draft'\n"), &["--no-env"]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said.matches("error:").count(), 1, "{said}");
    assert!(said.contains("did you mean `publish`?"), "{said}");
}

#[test]
fn a_slip_in_a_closed_word_names_the_one_that_was_meant() {
    let rule = |severity: &str| {
        format!(
            "{HEAD}[[rule]]\nid = 'a'\nexpr = 'up == 0'\nseverity = '{severity}'\n\
            components = ['c']\ntitle = 'T'\ntext = 't'\n"
        )
    };
    let collector =
        |kind: &str| format!("{HEAD}[[collector]]\nid = 'a'\ntype = '{kind}'\nurl = 'redis://h'\n");
    for (settings, words) in [
        (collector("reddis"), "did you mean `redis`?"),
        (collector("promethus"), "did you mean `prometheus`?"),
        (rule("distrupted"), "did you mean `disrupted`?"),
        (
            rule("critical"),
            "expected one of `notice`, `disrupted`, `down`",
        ),
        (
            format!("{HEAD}[[notifier]]\nid = 'a'\ntype = 'discrod'\nwebhook = 'https://h/x'\n"),
            "did you mean `discord`?",
        ),
        (
            format!(
                "{}[[collector.queue]]\nsystem = 'sidekiqq'\nname = 'a'\n",
                collector("redis")
            ),
            "did you mean `sidekiq`?",
        ),
        (
            format!("{HEAD}[[notifer]]\nid = 'a'\n"),
            "did you mean `notifier`?",
        ),
        (
            format!("{HEAD}[[collector.queue]]\nsystem = 'rq'\nname = 'a'\n"),
            "`[[collector.queue]]` is a part of the `[[collector]]` above it, and there is none",
        ),
    ] {
        let (code, said) = check(&settings, &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words), "{words}: {said}");
        assert_eq!(said.matches("error:").count(), 1, "{said}");
    }
}

#[test]
fn a_file_without_a_certificate_is_told_at_its_own_line() {
    for (kind, url) in [
        ("redis", "rediss://h"),
        ("prometheus", "https://h/metrics"),
        ("http", "https://h/"),
    ] {
        let settings = format!(
            "{HEAD}[[collector]]\nid = 'a'\ntype = '{kind}'\nurl = '{url}'\nca_file = 'note.txt'\n"
        );
        let (code, said) = check(&settings, &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("alerts.toml:10:11"), "{said}");
        assert!(
            said.contains("there is no certificate; give a PEM file"),
            "{said}"
        );
    }
}

#[test]
fn missing_settings_say_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let output = bare(&["check"], place.path());
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    for words in ["there is no alerts.toml", "critwatch init", "--config FILE"] {
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_database_that_cannot_be_written_is_told_with_the_way_out() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), HEAD).unwrap();
    // Whoever runs the tests may write everywhere, but not here.
    let output = bare(
        &[
            "serve",
            "--state",
            "/sys/critwatch",
            "--listen",
            "127.0.0.1:0",
            "--ops-listen",
            "127.0.0.1:0",
        ],
        place.path(),
    );
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("let this user write to the folder /sys/critwatch")
            && said.contains("--state"),
        "{said}"
    );
}

#[test]
fn the_first_settings_of_the_readme_pass_as_they_stand() {
    let readme = include_str!("../../README.md");
    let first = readme.split("```toml\n").nth(1).unwrap();
    let (code, said) = check(first.split("```").next().unwrap(), &["--strict"]);
    assert_eq!(code, Some(0), "{said}");
}
