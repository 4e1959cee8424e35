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

#[test]
fn wrong_settings_are_faults_with_the_way_out_and_without_secrets() {
    let remote = "remote = 'https://git.example.org/x.git'";
    for (table, keys, way) in [
        ("git", "branch = 'main'", "name the repository"),
        (
            "git",
            "remote = 'https://ann:a-secret-word@h/x.git'",
            "put the password into `token`",
        ),
        ("git", "remote = 'ext::sh -c id'", "write the address as"),
        ("git", "remote = 'http://h/x.git'", "only `https://`"),
        (
            "git",
            &format!("{remote}\nbranch = 'a..b'"),
            "name of a branch",
        ),
        (
            "git",
            &format!("{remote}\nauthor = 'me'"),
            "write a name and an address",
        ),
        (
            "git",
            &format!("{remote}\npath = '../x'"),
            "write the folder",
        ),
        (
            "git",
            &format!("{remote}\nkey = 'a-secret-word'"),
            "this is no private key",
        ),
        (
            "git",
            "remote = 'git@h:x'\ntoken = 'a-secret-word'",
            "SSH needs a `key_file`",
        ),
        (
            "git",
            &format!("{remote}\nwebhook_secret = 'short'"),
            "at least 16 characters",
        ),
        (
            "git",
            &format!("{remote}\ninterval = '10ms'"),
            "once a second",
        ),
        (
            "lease",
            "redis = 'a-secret-word'",
            "write the address of a Redis",
        ),
        (
            "lease",
            "redis = 'redis://h'\nttl = '10ms'",
            "`3s` is usual",
        ),
        (
            "lease",
            "redis = 'redis://:a-secret-word@10.0.0.1/2'",
            "this Redis is watched",
        ),
    ] {
        let fault = read(&format!("[{table}]\n{keys}\n")).unwrap_err();
        assert!(fault.contains(way), "{keys}: {fault}");
        assert!(!fault.contains("a-secret-word"), "{keys}: {fault}");
    }
}
