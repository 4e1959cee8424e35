//! The settings that the documents show.

use std::path::Path;

use critwatch::config;

use crate::pages::certificates;

#[test]
fn the_examples_of_the_documents_have_no_fault() {
    let place = tempfile::tempdir().unwrap();
    let secrets = place.path().join("secrets");
    std::fs::create_dir(&secrets).unwrap();
    certificates(&secrets);
    std::fs::rename(secrets.join("ca.pem"), secrets.join("authority.pem")).unwrap();
    std::fs::write(secrets.join("thanos"), "token\n").unwrap();
    std::fs::write(secrets.join("push-token"), "0123456789abcdef\n").unwrap();
    let component = |id| format!("[[component]]\nid = '{id}'\nname = '{id}'\n");
    let head = ["api", "backup", "cache", "worker"].map(component).concat();
    let variable = |name: &str| (name.to_owned(), "secret".to_owned());
    let environment = ["API_TOKEN", "REDIS_PASSWORD"].map(variable);
    for (document, count) in [
        (include_str!("../../../docs/alerts.md"), 5),
        (include_str!("../../../docs/events.md"), 1),
        (include_str!("../../../docs/charts.md"), 1),
        (include_str!("../../../docs/keeping.md"), 1),
        (include_str!("../../../docs/machine.md"), 4),
        (include_str!("../../../docs/maintenance.md"), 1),
        (include_str!("../../../docs/pages.md"), 4),
        (include_str!("../../../docs/probes.md"), 5),
        (include_str!("../../../docs/providers.md"), 2),
        (include_str!("../../../docs/redis.md"), 8),
    ] {
        let examples = document.split("```toml\n").skip(1);
        let examples: Vec<_> = examples
            .map(|rest| rest.split("```").next().unwrap())
            .collect();
        assert_eq!(examples.len(), count);
        let mut text = format!("[site]\ntitle = 'D'\n{head}");
        for (number, example) in examples.iter().enumerate() {
            // Some show only what differs in the table of a Redis.
            if example.starts_with("url") {
                let head = ["[[collector]]\nid = 'example-", &number.to_string()].concat();
                text.extend([&*head, "'\ntype = 'redis'\n"]);
            }
            text += example;
        }
        let environment = environment.clone().into();
        let read = config::read(&text, "alerts.toml", place.path(), environment, None);
        read.unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_first_page_shows_settings_that_work_and_names_every_type_and_section() {
    let document = include_str!("../../../docs/watching.md");
    let example = document.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let read = |text: &str| config::read(text, "alerts.toml", Path::new("."), [].into(), None);
    read(example).unwrap_or_else(|error| panic!("{error}"));
    // The faults tell what there is.
    let of_type = "[[collector]]\nid = 'a'\ntype = 'nothing'\n";
    let types = read(&format!("{example}{of_type}"))
        .unwrap_err()
        .to_string();
    let (_, types) = types.split_once("expected one of ").unwrap();
    let sections = read(&format!("{example}[nothing]\n"))
        .unwrap_err()
        .to_string();
    let (_, sections) = sections.split_once("there are ").unwrap();
    for words in [types, sections] {
        let words: Vec<_> = words.lines().next().unwrap().split('`').collect();
        let names = words.iter().skip(1).step_by(2);
        assert!(names.len() > 8, "{words:?}");
        for name in names {
            assert!(document.contains(&format!("\n| `{name}` |")), "{name}");
        }
    }
}
