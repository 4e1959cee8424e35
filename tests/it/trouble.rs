//! What disks and operators do to a running monitor.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::kept::{Page, figure, is, number};
use crate::world::patience::until;
use crate::world::{self, Monitor};

const WRITABLE: &str = "critwatch_incidents_writable";
const FAILURES: &str = "critwatch_incident_write_failures_total";

fn signal(monitor: &Monitor, signal: Signal) {
    kill_process(Pid::from_raw(monitor.id()).unwrap(), signal).unwrap();
}

async fn ready(monitor: &Monitor) -> (u16, String) {
    world::get(&format!("{}/-/ready", monitor.ops)).await
}

#[tokio::test]
async fn where_no_incident_can_be_written_operators_are_told_and_it_is_written_later() {
    let page = Page::start().await;
    let place = page.place(&[("high", "expr = 'bad > 5'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    until("the rule sees", async || {
        is(&monitor, "high", "quiet").await
    })
    .await;
    assert!((figure(&monitor, WRITABLE).await - 1.0).abs() < f64::EPSILON);
    assert_eq!(ready(&monitor).await.0, 200);
    // As full as a disk can be: nothing at all has a place.
    let folder = place.join("incidents");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "").unwrap();
    page.set(9, 0);
    until("the gauge falls", async || {
        figure(&monitor, WRITABLE).await < 0.5
    })
    .await;
    assert!(figure(&monitor, FAILURES).await > 0.5);
    let (status, said) = ready(&monitor).await;
    assert_eq!(
        (status, said.starts_with("cannot write ")),
        (503, true),
        "{said}"
    );
    page.set(0, 0);
    until("the rule is quiet", async || {
        is(&monitor, "high", "quiet").await
    })
    .await;
    std::fs::remove_file(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    until("it is written after all", async || {
        std::fs::read_dir(&folder).unwrap().count() == 1
    })
    .await;
    until("the gauge rises", async || {
        figure(&monitor, WRITABLE).await > 0.5
    })
    .await;
    assert_eq!(ready(&monitor).await.0, 200);
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    let told = log
        .lines()
        .filter(|line| line.contains("cannot write incident file") && line.contains("ERROR"));
    assert_eq!(told.count(), 1, "{log}");
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_stop_right_behind_a_hangup_is_a_good_end() {
    let page = Page::start().await;
    for _ in 0..4 {
        let place = page.place(&[("high", "expr = 'bad > 5'")], "");
        let monitor = Monitor::serve(place.path(), &[]).await;
        signal(&monitor, Signal::HUP);
        assert!(monitor.stop().await.success());
    }
}

#[tokio::test]
async fn a_second_stop_does_not_wait_for_a_notifier_that_hangs() {
    let page = Page::start().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let webhook = format!(
        "[[notifier]]\nid = 'd'\ntype = 'discord'\nwebhook = 'http://{}/x'\n",
        silent.local_addr().unwrap()
    );
    let place = page.place(&[("high", "expr = 'bad > 5'")], &webhook);
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    page.set(9, 0);
    // It takes the message and never answers.
    let (held, _) = silent.accept().await.unwrap();
    held.readable().await.unwrap();
    signal(&monitor, Signal::TERM);
    until("it is stopping", async || {
        let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
        log.contains("stopping on SIGTERM")
    })
    .await;
    let begun = Instant::now();
    assert_eq!(monitor.stop().await.code(), Some(1));
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    assert!(!log.contains("did not stop in time"), "{log}");
}

#[tokio::test]
async fn what_a_killed_run_left_half_written_is_removed_at_the_start() {
    let page = Page::start().await;
    let place = page.place(&[("high", "expr = 'bad > 5'")], "");
    let folder = place.path().join("incidents");
    std::fs::create_dir(&folder).unwrap();
    let young = folder.join(".critwatch-young");
    std::fs::write(&young, "").unwrap();
    let now = young.metadata().unwrap().modified().unwrap();
    let litter = folder.join(".critwatch-abcdef");
    let file = std::fs::File::create(&litter).unwrap();
    file.set_modified(now - Duration::from_mins(2)).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    assert!(!litter.exists() && young.exists());
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_database_that_is_deleted_in_use_is_begun_anew_and_nothing_known_is_lost() {
    let page = Page::start().await;
    let place = page.place(&[("high", "expr = 'bad > 5'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    let healths = "SELECT count(*) FROM health WHERE component = 'c'";
    let scrapes = "SELECT count(*) FROM scrape";
    page.set(9, 0);
    until("both healths are on the disk", async || {
        number(place, healths) >= 1 && number(place, scrapes) > 3
    })
    .await;
    let before = number(place, healths);
    for ending in ["", "-wal", "-shm"] {
        let file = format!("state/critwatch.db{ending}");
        std::fs::remove_file(place.join(file)).unwrap();
    }
    until("it is noticed", async || {
        figure(&monitor, "critwatch_database_renewed_total").await > 0.5
    })
    .await;
    until("what is known is in the new one", async || {
        number(place, healths) >= before
            && number(place, scrapes) > 0
            && number(place, "SELECT count(*) FROM run") == 1
    })
    .await;
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    assert!(log.contains("the database was deleted or emptied"), "{log}");
    assert!(monitor.stop().await.success());
}
