//! The JSON Schema of the settings: it is up to date, it takes what the reader takes, and
//! it refuses what the reader refuses.

use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use serde_json::Value;

use crate::world::PROGRAM;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The smallest good rule.
const RULE: &str = "id = 'r'\nexpr = 'a > 1'\nseverity = 'down'\ncomponents = ['c']\n\
    title = 'T'\ntext = 't'\n";

fn printed() -> String {
    let output = Command::new(PROGRAM).arg("schema").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&printed()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// What the schema says of settings, at their places.
fn faults(validator: &Validator, settings: &str) -> Vec<String> {
    let read: toml::Table = settings.parse().unwrap();
    let read = serde_json::to_value(read).unwrap();
    let faults = validator.iter_errors(&read);
    faults
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect()
}

#[test]
fn the_schema_in_the_repository_is_that_of_the_program() {
    let path = Path::new(ROOT).join("docs/alerts.schema.json");
    let printed = printed();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, &printed).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == printed,
        "docs/alerts.schema.json is old; run `cargo run -- schema > docs/alerts.schema.json`"
    );
    // Some editors trip over `null`, which no part of a schema is here.
    assert!(!printed.contains("null"));
}

/// The keys of a schema, at every depth.
fn every_key(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            let keys = map.get("properties").and_then(Value::as_object);
            found.extend(keys.into_iter().flat_map(|keys| keys.keys().cloned()));
            map.values().for_each(|value| every_key(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| every_key(item, found)),
        _ => {}
    }
}

#[test]
fn the_reference_of_settings_is_that_of_the_program() {
    let path = Path::new(ROOT).join("docs/settings.md");
    let output = Command::new(PROGRAM)
        .args(["schema", "--format", "markdown"])
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&path, &printed).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == printed,
        "docs/settings.md is old; run `cargo run -- schema --format markdown > docs/settings.md`"
    );
    // Whatever the schema has stands in it.
    let schema: Value = serde_json::from_str(&self::printed()).unwrap();
    let mut keys = Vec::new();
    every_key(&schema, &mut keys);
    assert!(keys.len() > 400, "{}", keys.len());
    for key in keys.iter().filter(|key| !key.ends_with("_file")) {
        let is_there = printed.contains(&format!("`{key}`"))
            || printed.contains(&format!("`\"{key}\"`"))
            || printed.contains(&format!("[[{key}]]"))
            || printed.contains(&format!("[{key}]"))
            || printed.contains(&format!("`{key} = "));
        assert!(is_there, "{key}");
    }
}

#[test]
fn every_key_has_a_description() {
    fn undescribed(schema: &Value, path: &str, found: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                let keys = map.get("properties").and_then(Value::as_object);
                for (key, value) in keys.into_iter().flatten() {
                    let is_tag = value.get("const").is_some() || value.get("enum").is_some();
                    if !(is_tag || value["description"].is_string() || path.contains("/preset")) {
                        found.push(format!("{path}/{key}"));
                    }
                }
                for (key, value) in map.iter().filter(|(key, _)| *key != "then") {
                    undescribed(value, &format!("{path}/{key}"), found);
                }
            }
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    undescribed(item, &format!("{path}/{place}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    undescribed(&serde_json::from_str(&printed()).unwrap(), "", &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

/// Every settings file that ships: ours, those of the drills and of the package.
const SHIPPED: [&str; 3] = [
    "alerts.toml",
    "src/drill/scenario/files/alerts.toml",
    "src/command/init/package.toml",
];

/// Every block of settings in the documents, with the head of the table it is a part of.
fn blocks() -> Vec<(String, String)> {
    let documents = std::fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let documents = documents.map(|entry| entry.unwrap().path());
    let readme = Path::new(ROOT).join("README.md");
    let mut blocks = Vec::new();
    for path in documents.chain([readme]) {
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        for block in text.split("```toml\n").skip(1) {
            let block = block.split("\n```").next().unwrap();
            blocks.push((name.clone(), head(block) + block));
        }
    }
    blocks
}

/// What stands above a block that shows a part of a table.
fn head(block: &str) -> String {
    let mut lines = block.lines();
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let first = first.unwrap_or_default();
    let part = first.trim_start_matches('[').split(']').next().unwrap();
    if part == "mail.limits" {
        return "[mail]\nrelay = 'h'\nfrom = 'a@example.org'\n".to_owned();
    }
    let kind = match part.strip_prefix("collector.") {
        None if ["[", "use", "source"]
            .iter()
            .any(|start| first.starts_with(start)) =>
        {
            return String::new();
        }
        Some("query") => "query",
        Some("process") => "processes",
        Some("step") => "steps",
        Some("relabel") => "prometheus",
        _ => "redis",
    };
    let url = if block.contains("url = ") {
        ""
    } else {
        "url = 'u'\n"
    };
    format!("[[collector]]\nid = 'r'\ntype = '{kind}'\n{url}")
}

#[test]
fn what_ships_and_what_is_documented_fits_the_schema() {
    let validator = validator();
    let shipped = SHIPPED.map(|name| {
        let text = std::fs::read_to_string(Path::new(ROOT).join(name));
        (name.to_owned(), text.unwrap())
    });
    let blocks = blocks();
    assert!(blocks.len() > 60, "{}", blocks.len());
    let mut wrong = Vec::new();
    for (name, text) in shipped.into_iter().chain(blocks) {
        for fault in faults(&validator, &text) {
            // The table is in another block.
            if text.starts_with("[mail]\nbounces") {
                continue;
            }
            wrong.push(format!("{name}: {fault}\n{text}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn what_the_reader_refuses_does_not_fit_the_schema() {
    let validator = validator();
    let rule = format!("[[rule]]\n{RULE}");
    let good = [
        rule.clone(),
        rule.replace("'down'", "'${SEVERITY}'"),
        // A rule that overrides one of a preset needs its id alone.
        "use = ['redis']\n[[rule]]\nid = 'redis-down'\nfor = '1m'".to_owned(),
        "[[rule]]\nid = 'r'\nvalue = 'a'\ndown = { above = 3 }\ncomponents = ['c']\ntitle = 'T'\ntext = 't'".to_owned(),
        "[[collector]]\nid = 'r'\ntype = 'redis'\nurl = '${REDIS_URL}'".to_owned(),
        "[[collector]]\nid = 'p'\ntype = 'prometheus'\nurl_file = 'a'\nbearer_file = 'b'".to_owned(),
        "[[collector]]\nid = 'r'\ntype = 'redis'\n[[collector.queue]]\nkey = 'a'\ngroup = 'g'".to_owned(),
        "[[collector]]\nid = 'h'\ntype = 'http'\nurl = 'u'\nstatus = ['2xx', 404]".to_owned(),
        "[site]\ntitle = 'T'\nhold = '${HOLD:-15m}'".to_owned(),
    ];
    for settings in good {
        assert_eq!(faults(&validator, &settings), [""; 0], "{settings}");
    }
    let bad = [
        "[sites]\ntitle = 'T'".to_owned(),
        "[site]\ntitle = 5".to_owned(),
        "[site]\ntitel = 'T'".to_owned(),
        "[site]\ntitle = 'T'\nhold = '15 minutes'".to_owned(),
        "[site]\ntitle = 'T'\nhold = 900".to_owned(),
        "use = ['reddis']".to_owned(),
        "use = ['redis']\n[preset.redis]\ncomponent = ['c']".to_owned(),
        rule.replace("'down'", "'critical'"),
        rule.replace("expr = 'a > 1'\n", ""),
        rule.replace("severity = 'down'\n", ""),
        rule.replace("id = 'r'\n", ""),
        format!("{rule}value = 'a'\n"),
        format!("{rule}colour = 'red'\n"),
        "[[collector]]\nid = 'r'\ntype = 'radis'".to_owned(),
        "[[collector]]\nid = 'r'".to_owned(),
        "[[collector]]\ntype = 'redis'".to_owned(),
        "[[collector]]\nid = 'p'\ntype = 'prometheus'".to_owned(),
        "[[collector]]\nid = 'p'\ntype = 'prometheus'\nurl = 'u'\nmountpoints = ['/']".to_owned(),
        "[[collector]]\nid = 'r'\ntype = 'redis'\n[[collector.queue]]\nkey = 'a'".to_owned(),
        "[[collector]]\nid = 'r'\ntype = 'redis'\n[[collector.queue]]\nsystem = 'kafka'".to_owned(),
        "[[collector]]\nid = 'h'\ntype = 'http'\nurl = 'u'\nstatus = [99]".to_owned(),
        "[[notifier]]\nid = 'd'\ntype = 'discord'".to_owned(),
        "[[notifier]]\nid = 'd'\ntype = 'console'\naudience = 'all'".to_owned(),
        "[[notifier]]\nid = 'd'\ntype = 'console'\nquiet_hours = 'night'".to_owned(),
        "[[capacity]]\nid = 'v'\ncomponents = ['c']\nmemory = '2 gigs'".to_owned(),
        "[push]\nlisten = 9181".to_owned(),
    ];
    for settings in bad {
        assert_ne!(faults(&validator, &settings), [""; 0], "{settings}");
    }
}

/// Counts the secrets of a schema, each without a usual value.
fn secrets(schema: &Value) -> usize {
    let is_secret = schema["format"] == "password";
    if is_secret {
        assert!(schema.get("default").is_none() && schema.get("examples").is_none());
        assert_eq!(schema["writeOnly"], true);
    }
    let inner = schema.as_object().into_iter().flatten();
    let items = schema.as_array().into_iter().flatten();
    let below = inner.map(|(_, value)| value).chain(items).map(secrets);
    below.sum::<usize>() + usize::from(is_secret)
}

#[test]
fn usual_values_in_the_schema_hold_no_secret() {
    let schema: Value = serde_json::from_str(&printed()).unwrap();
    let found = secrets(&schema);
    assert!(found > 30, "{found}");
}
