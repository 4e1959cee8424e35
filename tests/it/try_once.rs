//! `critwatch try`: each collector is asked once, without a server.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::world::PROGRAM;

/// A file of the machine, a port where nobody listens, and one that is pushed to.
const SETTINGS: &str = "[site]\ntitle = 'T'\n\
    [[collector]]\nid = 'machine'\ntype = 'host'\n\
    [[collector]]\nid = 'gone'\ntype = 'tcp'\naddress = '127.0.0.1:1'\n\
    [[collector]]\nid = 'jobs'\ntype = 'heartbeat'\nnames = ['backup']\n";

fn critwatch(place: &Path, arguments: &[&str]) -> (Output, String) {
    let mut command = Command::new(PROGRAM);
    let output = command.args(arguments).current_dir(place).output().unwrap();
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    (output, said)
}

fn place(settings: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    place
}

#[test]
fn each_collector_is_asked_once_and_one_that_fails_is_told() {
    let place = place(SETTINGS);
    let (output, said) = critwatch(place.path(), &["try"]);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for words in [
        "# machine answered in ",
        "node_memory_MemTotal_bytes{job=\"machine\"} ",
        "# gone failed after ",
        "# jobs was not tried: it receives heartbeats of jobs only while a server runs",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let samples: Vec<_> = said
        .lines()
        .filter(|line| line.starts_with("node_"))
        .collect();
    assert!(samples.is_sorted() && samples.len() > 5, "{said}");
    // Nothing is begun: neither a database nor a folder of incidents.
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn one_collector_is_asked_alone_and_its_samples_are_filtered() {
    let place = place(SETTINGS);
    let (output, said) = critwatch(place.path(), &["try", "machine", "--grep", "MemTotal"]);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let lines: Vec<_> = said.lines().collect();
    assert!(lines.len() == 2 && lines[1].contains("MemTotal"), "{said}");
    let (output, said) = critwatch(place.path(), &["try", "machine", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(told[0]["collector"], "machine");
    assert!(told[0]["error"].is_null() && told[0]["seconds"].is_number());
    let samples = told[0]["samples"].as_array().unwrap();
    let up = samples
        .iter()
        .find(|sample| sample["name"] == "up")
        .unwrap();
    assert!(up["value"] == 1.0 && up["labels"]["job"] == "machine");
}

#[test]
fn an_unknown_collector_names_the_nearest() {
    let place = place(SETTINGS);
    let (output, _) = critwatch(place.path(), &["try", "machin"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("there are `machine`, `gone`, `jobs`"),
        "{said}"
    );
    assert!(said.contains("did you mean `machine`?"), "{said}");
}

#[test]
fn a_probe_blames_no_target_while_our_own_network_is_down() {
    // Nobody listens at the reference either.
    let settings = "[site]\ntitle = 'T'\n[network]\nreference = ['127.0.0.1:1']\n\
        [[collector]]\nid = 'gone'\ntype = 'tcp'\naddress = '127.0.0.1:2'\nreference = true\n";
    let place = place(settings);
    let (_, said) = critwatch(place.path(), &["try"]);
    assert!(!said.contains("probe_success{"), "{said}");
    let alone = settings.replace("reference = true\n", "reference = false\n");
    std::fs::write(place.path().join("alerts.toml"), alone).unwrap();
    let (_, said) = critwatch(place.path(), &["try"]);
    assert!(said.contains("probe_success{"), "{said}");
}
