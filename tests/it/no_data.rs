//! A rule that finds nothing says so, with what there is: before a start and once
//! in a running service.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::world::patience::until;
use crate::world::{Monitor, PROGRAM};

/// A rule with a slip in a label, one in a name, and one that is right.
fn settings() -> String {
    let rule = |id: &str, expr: &str| {
        format!(
            "[[rule]]\nid = '{id}'\nexpr = '{expr}'\nseverity = 'down'\ncomponents = ['c']\n\
            title = 'T'\ntext = 't'\n"
        )
    };
    let head = "[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n\
        [[collector]]\nid = 'machine'\ntype = 'host'\ninterval = '200ms'\ntimeout = '200ms'\n\
        [[collector]]\nid = 'jobs'\ntype = 'heartbeat'\nnames = ['backup']\n";
    [
        head.to_owned(),
        rule("label", "up{job=\"machine\", kind=\"x\"} == 0"),
        rule("name", "node_memory_MemTotl_bytes > 0"),
        rule("right", "node_memory_MemTotal_bytes == 0"),
        rule("pushed", "heartbeat_age_seconds{name=\"backupp\"} > 9"),
    ]
    .concat()
}

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("alerts.toml"), settings()).unwrap();
    place
}

fn check(place: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(PROGRAM);
    command.arg("check").args(more).current_dir(place);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn check_tries_the_rules_on_what_collectors_answer() {
    let place = place();
    let (code, said, aside) = check(place.path(), &["--live"]);
    assert_eq!(code, Some(0), "{said}{aside}");
    assert!(aside.contains("machine answered in "), "{aside}");
    assert!(aside.contains("jobs was not tried"), "{aside}");
    for words in [
        "rule `name`: nothing matches `node_memory_MemTotl_bytes`; collector `machine` returned ",
        "near: `node_memory_MemTotal_bytes`",
        "rule `label`: nothing matches `up{job=\"machine\",kind=\"x\"}`; collector `machine` returned ",
        "near: `up{job=\"machine\"}`",
        "[no-data]",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(
        !said.contains("rule `right`") && !said.contains("rule `pushed`"),
        "{said}"
    );
    assert_eq!(check(place.path(), &["--live", "--strict"]).0, Some(2));
    assert_eq!(check(place.path(), &[]).1, "");
}

/// A metrics page that has the metric `jobs_waiting` once it is told so.
fn page() -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let whole = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&whole);
    std::thread::spawn(move || {
        for line in listener.incoming() {
            let mut line = line.unwrap();
            let _ = line.read(&mut [0; 4096]);
            let name = if told.load(Ordering::Relaxed) {
                "jobs_waiting"
            } else {
                "jobs_waited"
            };
            let body = format!("{name} 1\n");
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\
                Content-Length: {length}\r\n\r\n"
            );
            let _ = line.write_all([head, body].concat().as_bytes());
        }
    });
    (address, whole)
}

#[tokio::test]
async fn a_running_service_logs_it_once_and_once_that_it_is_over() {
    let (address, whole) = page();
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    let settings = format!(
        "[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n\
        [[collector]]\nid = 'app'\ntype = 'prometheus'\nurl = 'http://{address}/metrics'\n\
        interval = '100ms'\ntimeout = '500ms'\n\
        [[rule]]\nid = 'waiting'\nexpr = 'jobs_waiting > 9'\nseverity = 'down'\n\
        components = ['c']\ntitle = 'T'\ntext = 't'\n"
    );
    std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let lines = |words: &str| {
        let log = std::fs::read_to_string(place.path().join("monitor.log")).unwrap();
        log.matches(words).count()
    };
    let found = "rule `waiting`: nothing matches `jobs_waiting`; collector `app` returned";
    until("it says what it does not find", async || lines(found) > 0).await;
    assert_eq!(lines("near: `jobs_waited`"), 1);
    let evaluated = async || {
        let (_, metrics) = crate::world::get(&format!("{}/metrics", monitor.ops)).await;
        let count = metrics.lines().find_map(|line| {
            let rest = line.strip_prefix("critwatch_collector_scrapes_total{")?;
            rest.rsplit_once(' ')?.1.parse::<f64>().ok()
        });
        count.unwrap_or_default()
    };
    let before = evaluated().await;
    until("it looks again", async || {
        evaluated().await > before + 5.0 || before == 0.0
    })
    .await;
    assert_eq!(lines(found), 1);
    whole.store(true, Ordering::Relaxed);
    let again = "rule `waiting` finds data again";
    until("it finds data", async || lines(again) > 0).await;
    assert_eq!(lines(again), 1);
}
