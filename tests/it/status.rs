//! `critwatch status`: what a running monitor says to its operators.

use crate::place::{Place, words};
use crate::world::Monitor;
use crate::world::patience::until;

const SETTINGS: &str = "[site]\ntitle = 'D'\n[[component]]\nid = 'api'\nname = 'API'\n\
    [[rule]]\nid = 'always'\nexpr = 'vector(1)'\nseverity = 'down'\ncomponents = ['api']\n\
    title = 'Broken'\ntext = 'It is broken.'\n\
    [[rule]]\nid = 'never'\nexpr = 'vector(1) > 2'\nseverity = 'down'\ncomponents = ['api']\n\
    title = 'Odd'\ntext = 'It is odd.'\n\
    [[notifier]]\nid = 'log'\ntype = 'console'\n";

fn status(ops: &str, more: &str) -> Vec<String> {
    let ops = ops.trim_start_matches("http://");
    let line = format!("status|--ops|{ops}{more}");
    words(&line).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_running_monitor_tells_all_of_its_state_on_one_screen() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), SETTINGS).unwrap();
    let monitor = Monitor::serve(place.path("alerts.toml").parent().unwrap(), &[]).await;
    let ops = monitor.ops.clone();
    let run = |more: &str| {
        let arguments = status(&ops, more);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        place.run(&arguments)
    };
    until("the incident is told", async || {
        run("").out.contains("INCIDENTS")
    })
    .await;
    place.run(&words(
        "silence|add|rule=always|--for|1h|--reason|R|--by|Ann",
    ));
    let screen = until("the silence is told", async || {
        let out = run("").out;
        if out.contains("silence 1") {
            Some(out)
        } else {
            None
        }
    })
    .await;
    for words in [
        "COMPONENTS\n  api",
        "always  firing",
        "SILENCES\n  1  active",
        "Ann",
        "NOTIFIERS\n  log  0 due",
    ] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    assert!(!screen.contains("never"), "{screen}");
    assert!(run("|--all").out.contains("never   quiet"), "{screen}");
    let json: serde_json::Value = serde_json::from_str(&run("|--format|json").out).unwrap();
    assert_eq!(json["rules"][0]["suppressed"]["silence"], 1);
    assert_eq!(json["rules"][0]["evidence"][0]["value"], 1.0);
    assert!(monitor.stop().await.success());
    let gone = run("");
    assert_eq!(gone.code, 1);
    assert!(gone.said.contains("nothing answers at"), "{}", gone.said);
}

#[tokio::test]
async fn the_state_is_told_to_those_who_have_the_token() {
    let place = Place::new();
    let settings = SETTINGS.replace("[site]", "[ops]\ntoken = 'open the door please'\n[site]");
    std::fs::write(place.path("alerts.toml"), settings).unwrap();
    std::fs::write(place.path("token"), "open the door please\n").unwrap();
    std::fs::write(place.path("other"), "open the window please\n").unwrap();
    let monitor = Monitor::serve(place.path("alerts.toml").parent().unwrap(), &[]).await;
    for (more, code) in [
        ("", 2),
        ("|--token-file|other", 2),
        ("|--token-file|token", 0),
    ] {
        let arguments = status(&monitor.ops, more);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let done = place.run(&arguments);
        assert_eq!(done.code, code, "{more}: {}", done.said);
    }
    assert!(monitor.stop().await.success());
}
