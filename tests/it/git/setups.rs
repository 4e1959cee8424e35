//! The settings of `[git]` and `[lease]`: those of the documentation, and wrong ones.

use std::path::Path;

use critwatch::config;
use critwatch::config::reading::reader::Environment;

const HEAD: &str = "[site]\ntitle = 'T'\n[[collector]]\nid = 'r'\ntype = 'redis'\n\
    url = 'redis://:x@10.0.0.1:6379'\n";

fn read(text: &str) -> Result<config::Config, String> {
    let names = ["GITLAB_TOKEN", "LEASE_PASSWORD"];
    let environment: Environment = names
        .map(|name| (name.to_owned(), "a-secret-word".to_owned()))
        .into();
    let text = format!("{HEAD}{text}");
    let read = config::read(&text, "alerts.toml", Path::new("."), environment, None);
    read.map_err(|fault| fault.to_string())
}

#[test]
fn every_setup_of_the_documentation_works_as_written() {
    let secrets = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "deploy-key",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----",
        ),
        ("known-hosts", "github.com ssh-ed25519 AAAA"),
        ("gitea-token", "a-secret-word"),
    ] {
        std::fs::write(secrets.path().join(name), text).unwrap();
    }
    let document = include_str!("../../../docs/git.md");
    let examples = document.split("```toml\n").skip(1);
    let examples: Vec<_> = examples
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(examples.len(), 4, "{examples:?}");
    for example in examples {
        let text = example.replace("/run/secrets", secrets.path().to_str().unwrap());
        read(&text).unwrap_or_else(|fault| panic!("{fault}\nin {example}"));
    }
}

/// Checks that settings are refused with these words, and that none is a secret.
fn check(table: &str, keys: &str, way: &str) {
    let fault = read(&format!("[{table}]\n{keys}\n")).unwrap_err();
    assert!(fault.contains(way), "{keys}: {fault}");
    assert!(!fault.contains("a-secret-word"), "{keys}: {fault}");
}

#[test]
fn wrong_ways_to_a_repository_are_faults_with_the_way_out_and_without_secrets() {
    for (keys, way) in [
        ("branch = 'main'", "name the repository"),
        (
            "remote = 'https://ann:a-secret-word@h/x.git'",
            "put the password into `token`",
        ),
        ("remote = 'ext::sh -c id'", "write the address as"),
        ("remote = 'http://h/x.git'", "only `https://`"),
        (
            "remote = 'git@h:x'\ntoken = 'a-secret-word'",
            "SSH needs a `key_file`",
        ),
    ] {
        check("git", keys, way);
    }
    for (keys, way) in [
        ("branch = 'a..b'", "name of a branch"),
        ("author = 'me'", "write a name and an address"),
        ("path = '../x'", "write the folder"),
        ("key = 'a-secret-word'", "this is not a private key"),
        ("webhook_secret = 'short'", "at least 16 characters"),
        ("interval = '10ms'", "once a second"),
    ] {
        check("git", &format!("remote = 'https://h/x.git'\n{keys}"), way);
    }
}

#[test]
fn a_lease_is_neither_too_short_nor_in_the_redis_that_is_watched() {
    for (keys, way) in [
        ("redis = 'a-secret-word'", "write the address of a Redis"),
        ("redis = 'redis://h'\nttl = '10ms'", "`3s` is usual"),
        (
            "redis = 'redis://:a-secret-word@10.0.0.1/2'",
            "this Redis is watched",
        ),
    ] {
        check("lease", keys, way);
    }
}
