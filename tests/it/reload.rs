//! The settings are read again while the program runs.

use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};
use tokio_util::sync::CancellationToken;

use crate::keeping::settings;
use crate::kept::{Page, figure, is, number};
use crate::serving::live::Listener;
use crate::world::patience::until;
use crate::world::{self, Monitor};

const SUCCESS: &str = "critwatch_config_last_reload_successful";
const SINCE: &str = "critwatch_config_last_reload_success_timestamp_seconds";

fn hang_up(monitor: &Monitor) {
    let pid = Pid::from_raw(monitor.id()).unwrap();
    kill_process(pid, Signal::HUP).unwrap();
}

fn write(place: &Path, page: &Page, rules: &[(&str, &str)], more: &str) {
    let collector = format!(
        "[[component]]\nid = 'd'\nname = 'Another'\n[[collector]]\nid = 'page'\n\
        type = 'prometheus'\nurl = 'http://{}/metrics'\ninterval = '200ms'\ntimeout = '2s'\n{more}",
        page.address
    );
    std::fs::write(place.join("alerts.toml"), settings(rules, &collector)).unwrap();
}

async fn post(monitor: &Monitor) -> (u16, String) {
    let url = format!("{}/-/reload", monitor.ops);
    let answer = reqwest::Client::new().post(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_changed_threshold_acts_at_a_hangup_and_what_is_unchanged_goes_on() {
    let page = Page::start().await;
    let risen = ("risen", "expr = 'increase(count_total[5m]) > 50'");
    let place = page.place(&[("high", "expr = 'bad > 5'"), risen], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    assert!((figure(&monitor, SUCCESS).await - 1.0).abs() < f64::EPSILON);
    let started = figure(&monitor, SINCE).await;
    until("both rules see", async || {
        is(&monitor, "high", "quiet").await && is(&monitor, "risen", "quiet").await
    })
    .await;
    page.set(3, 100);
    until("the rise is seen", async || {
        is(&monitor, "risen", "firing").await
    })
    .await;
    assert!(is(&monitor, "high", "quiet").await);
    let risen_fires = "SELECT count(*) FROM run WHERE rule = 'risen' AND alerts <> '[]'";
    until("the run is on the disk", async || {
        number(place, risen_fires) == 1
    })
    .await;
    let count = number(place, "SELECT max(id) FROM scrape");

    // The threshold goes down, a rule goes, another one comes.
    let rules = [
        ("high", "expr = 'bad > 1'"),
        risen,
        ("late", "expr = 'noise > 9'"),
    ];
    write(place, &page, &rules, "");
    hang_up(&monitor);
    until("the new threshold acts", async || {
        is(&monitor, "high", "firing").await
    })
    .await;
    // The rise lies before the change: only a window that was kept still holds it.
    assert!(is(&monitor, "risen", "firing").await);
    // It counts as read once everything runs by it.
    until("it is said since when", async || {
        figure(&monitor, SINCE).await > started
    })
    .await;
    until("the new rule sees", async || {
        is(&monitor, "late", "quiet").await
    })
    .await;
    let (_, html) = monitor.get("/").await;
    assert!(html.contains("Another"), "{html}");
    until("it goes on to be kept", async || {
        number(place, "SELECT max(id) FROM scrape") > count + 3
    })
    .await;
    assert_eq!(
        number(place, "SELECT count(*) FROM run WHERE rule = 'late'"),
        1
    );
    // One incident, which was told once.
    let files = std::fs::read_dir(place.join("incidents")).unwrap();
    assert_eq!(files.count(), 1);
    assert!(monitor.stop().await.success());
}

/// Asks for the first page on a connection that stays open.
async fn ask(stream: &mut tokio::net::TcpStream) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let end = b"</html>";
    while !answer.windows(end.len()).any(|part| part == end) {
        assert_ne!(
            stream.read_buf(&mut answer).await.unwrap(),
            0,
            "it was closed"
        );
    }
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn an_open_connection_of_a_visitor_stays_and_gets_the_new_page() {
    let page = Page::start().await;
    let rules = [("high", "expr = 'bad > 5'")];
    let place = page.place(&rules, "");
    let monitor = Monitor::serve(place.path(), &[]).await;
    let mut listener = Listener::open(&monitor, "/live", "").await;
    let address = monitor.page.trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    assert!(!ask(&mut stream).await.contains("Another"));
    write(place.path(), &page, &rules, "");
    assert_eq!(post(&monitor).await.0, 200);
    assert!(ask(&mut stream).await.contains("Another"));
    // Who listens is told, and listens on.
    listener.until("event: board").await;
    write(
        place.path(),
        &page,
        &rules,
        "[[figure]]\nid = 'f'\ntitle = 'F'\nexpr = 'bad'\n",
    );
    assert_eq!(post(&monitor).await.0, 200);
    assert_eq!(monitor.get("/figures/f/hour/").await.0, 200);
    listener.until("event: board").await;
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn settings_at_fault_leave_the_old_ones_in_force_and_say_so() {
    let page = Page::start().await;
    let place = page.place(&[("high", "expr = 'bad > 5'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    until("the rule sees", async || {
        is(&monitor, "high", "quiet").await
    })
    .await;
    write(place, &page, &[("high", "expr = 'bad >'")], "");
    hang_up(&monitor);
    until("the fault shows", async || {
        figure(&monitor, SUCCESS).await < 0.5
    })
    .await;
    page.set(9, 0);
    until("the old rule is in force", async || {
        is(&monitor, "high", "firing").await
    })
    .await;
    let (status, said) = post(&monitor).await;
    assert_eq!(status, 500);
    assert!(
        said.contains("alerts.toml:") && said.contains("operand"),
        "{said}"
    );
    let (status, _) = world::get(&format!("{}/-/reload", monitor.ops)).await;
    assert_eq!(status, 405);
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    assert_eq!(
        log.matches("the old ones stay in force").count(),
        2,
        "{log}"
    );

    write(place, &page, &[("low", "expr = 'bad > 5'")], "");
    assert_eq!(post(&monitor).await.0, 200);
    assert!((figure(&monitor, SUCCESS).await - 1.0).abs() < f64::EPSILON);
    until("the new rule is in force", async || {
        is(&monitor, "low", "firing").await
    })
    .await;
    let (_, metrics) = world::get(&format!("{}/metrics", monitor.ops)).await;
    assert!(!metrics.contains("rule=\"high\""), "{metrics}");
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    assert!(log.contains("the listeners stay at 127.0.0.1:"), "{log}");
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn with_a_token_only_who_has_it_has_the_settings_read() {
    let page = Page::start().await;
    let rules = [("high", "expr = 'bad > 5'")];
    let place = page.place(
        &rules,
        "[ops]\ntoken = 'long-enough-for-a-token-of-operators'\n",
    );
    let monitor = Monitor::serve(place.path(), &[]).await;
    assert_eq!(post(&monitor).await.0, 401);
    assert!(monitor.stop().await.success());
}

/// A scrape that comes while the settings change finds all rules that are in both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_scrape_lacks_a_rule_while_the_settings_are_read_again() {
    let page = Page::start().await;
    let place = page.place(&[("high", "expr = 'bad > 5'")], "");
    let monitor = Monitor::serve(place.path(), &[]).await;
    until("the rule sees", async || {
        is(&monitor, "high", "quiet").await
    })
    .await;
    let url = format!("{}/metrics", monitor.ops);
    let over = CancellationToken::new();
    let scraping = {
        let over = over.clone();
        tokio::spawn(async move {
            let mut scrapes = 0;
            while !over.is_cancelled() {
                let text = reqwest::get(&url).await.unwrap().text().await.unwrap();
                assert!(
                    text.contains("critwatch_rule_state{rule=\"high\""),
                    "{text}"
                );
                scrapes += 1;
            }
            scrapes
        })
    };
    for number in 0..8 {
        let other = (&*format!("other-{number}"), "expr = 'noise > 9'");
        write(
            place.path(),
            &page,
            &[("high", "expr = 'bad > 5'"), other],
            "",
        );
        assert_eq!(post(&monitor).await.0, 200);
    }
    over.cancel();
    assert!(scraping.await.unwrap() > 8);
    // What is gone left nothing behind.
    let (_, metrics) = world::get(&format!("{}/metrics", monitor.ops)).await;
    assert!(
        metrics.contains("rule=\"other-7\"") && !metrics.contains("rule=\"other-6\""),
        "{metrics}"
    );
}
