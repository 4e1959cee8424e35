//! What shells and `man` know of the commands, and how every command logs.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::world::PROGRAM;

fn run(arguments: &[&str], place: &Path) -> Output {
    let mut command = Command::new(PROGRAM);
    let output = command
        .args(arguments)
        .current_dir(place)
        .env_clear()
        .output();
    output.unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments, Path::new("."));
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = printed(&["--help"]);
    let list = help.split("Commands:\n").nth(1).unwrap();
    let lines = list.lines().take_while(|line| line.starts_with("  "));
    let names = lines.filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn shells_complete_every_command() {
    let commands = commands();
    assert!(commands.len() > 15, "{commands:?}");
    for shell in ["bash", "zsh", "fish"] {
        let script = printed(&["completions", shell]);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell}: {command}");
        }
        assert!(script.contains("log-level"), "{shell}");
    }
    let script = printed(&["completions", "bash"]);
    let mut bash = Command::new("bash");
    let mut bash = bash.arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    bash.stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    assert!(bash.wait().unwrap().success());
    assert_eq!(
        run(&["completions", "tcsh"], Path::new(".")).status.code(),
        Some(2)
    );
}

#[test]
fn every_command_has_a_manual_page() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("man");
    let output = run(&["man", folder.to_str().unwrap()], place.path());
    assert!(output.status.success());
    for command in commands() {
        let page = folder.join(format!("critwatch-{command}.1"));
        let page = std::fs::read_to_string(&page).unwrap_or_else(|_| panic!("{command}"));
        assert!(
            page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"),
            "{command}"
        );
    }
    assert!(folder.join("critwatch.1").exists());
    assert!(folder.join("critwatch-incident-open.1").exists());
}

#[test]
fn every_command_logs_as_much_and_in_the_form_that_it_is_told() {
    let place = tempfile::tempdir().unwrap();
    let settings = "use = ['redis']\n[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n";
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let export = |options: &[&str]| {
        let arguments = [&["export", "--out", "site"], options].concat();
        let output = run(&arguments, place.path());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        said
    };
    let is_json = |said: &str| {
        let mut lines = said.lines().map(serde_json::from_str::<serde_json::Value>);
        lines.all(|line| line.is_ok())
    };
    let usual = export(&["--log-level", "trace"]);
    assert!(!usual.is_empty() && is_json(&usual), "{usual}");
    let text = export(&["--log-level", "trace", "--log-format", "text"]);
    assert!(!text.is_empty() && !is_json(&text), "{text}");
    assert!(!text.contains('\u{1b}'), "no colours in a pipe: {text}");
    assert_eq!(export(&["--log-level", "off"]), "");
    let wrong = run(&["check", "--log-level", "loud"], place.path());
    assert_eq!(wrong.status.code(), Some(2));
}
