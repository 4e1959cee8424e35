//! What is said of settings: every fault at once, each with its place.

mod pages;
mod probes;
mod queues;
mod redis;

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::read;
use crate::model::fixtures::golden;

#[test]
fn a_secret_comes_from_the_environment_or_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hook"), "http://localhost/secret\n").unwrap();
    let text = "[site]\ntitle = 'D'\n[[collector]]\nid = 'r'\ntype = 'redis'\n\
        url = 'redis://:${PASSWORD}@localhost'\n[[notifier]]\nid = 'd'\ntype = 'discord'\n\
        webhook_file = 'hook'\n";
    let environment = [("PASSWORD".to_owned(), "hidden".to_owned())].into();
    let config = read(text, "alerts.toml", folder.path(), environment, None).unwrap();
    let shown = format!("{config:?}");
    assert!(
        !shown.contains("hidden") && !shown.contains("localhost/secret"),
        "{shown}"
    );
}

/// What is said of settings; nothing if they have no fault.
fn faults(text: &str) -> String {
    let environment = [("REDIS_URL".to_owned(), "redis://localhost".to_owned())].into();
    let read = read(text, "alerts.toml", Path::new("."), environment, None);
    read.err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn every_fault_of_the_settings_with_its_place() {
    golden(
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

[letters]
"#,
        ),
    );
    golden(
        "settings-syntax.txt",
        &faults("[site]\ntitle = \"Dice\n[[rule]\nid = 1\n"),
    );
}

#[test]
fn what_mails_need_is_asked_for_where_it_is_missing() {
    let site = "[site]\ntitle = 'Example'\nurl = 'https://status.example.org'\n";
    let faults = |settings: &str| {
        let text = format!("{site}{settings}");
        let read = read(&text, "alerts.toml", Path::new("."), BTreeMap::new(), None);
        read.map_or_else(|error| error.to_string(), |_| String::new())
    };
    let mail = "[mail]\nrelay = 'localhost'\nfrom = 'status@example.org'\n";
    let notifier = "[[notifier]]\nid = 'mail'\ntype = 'email'\n";
    let good = format!("{mail}{notifier}to = ['team@example.org']\nsubscribers = true\n");
    assert_eq!(faults(&good), "");
    for (settings, fault) in [
        (
            format!("{notifier}to = ['team@example.org']"),
            "mails need a relay",
        ),
        (format!("{mail}{notifier}"), "nobody reads these mails"),
        (
            format!("{mail}{notifier}to = ['team']"),
            "this is not an address",
        ),
        (format!("{mail}username = 'mia'"), "belong together"),
        (format!("{mail}connections = 0"), "a number from 1 to 50"),
        (format!("{mail}ca = 'none'"), "there is no certificate"),
        (format!("{mail}list_domain = '<x>'"), "write a domain"),
        (
            "[mail]\nrelay = 'smtp.example.org'\ntls = 'none'\nfrom = 'a@b.org'".to_owned(),
            "without TLS everybody",
        ),
        (
            "[mail]\nrelay = 'smtp://x'\nfrom = 'a@b.org'".to_owned(),
            "write the host alone",
        ),
        (
            "[mail]\nrelay = 'localhost'\nfrom = 'Mia'".to_owned(),
            "this is not a sender",
        ),
        (
            format!("{mail}{notifier}subscribers = true\naudience = 'operators'"),
            "subscribers are visitors",
        ),
    ] {
        let found = faults(&settings);
        assert!(found.contains(fault), "{settings}\n{found}");
    }
}
