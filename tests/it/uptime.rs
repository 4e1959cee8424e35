//! Uptime and honesty, as a visitor and an operator see them.

use std::path::{Path, PathBuf};

use crate::kept::{Page, figure, is, until};
use crate::world::{self, Monitor};

const UPTIME: &str = "critwatch_component_uptime_ratio{component=\"c\",period=\"24h\"}";

const WITHDRAWN: &str = "critwatch_incidents_withdrawn";

const NOTIFIER: &str = "[[notifier]]\nid = 'log'\ntype = 'console'\n";

/// How many delays of a step were measured, and whether all were short.
async fn delays(monitor: &Monitor, step: &str, notifier: &str) -> (f64, bool) {
    let labels = format!("{{notifier=\"{notifier}\",step=\"{step}\"}}");
    let of = async |part: &str| {
        let name = format!("critwatch_incident_delay_seconds_{part}{labels}");
        figure(monitor, &name).await
    };
    let (count, sum) = (of("count").await, of("sum").await);
    (count, (0.0..60.0 * count).contains(&sum))
}

fn file(place: &Path) -> Option<PathBuf> {
    let mut files = std::fs::read_dir(place.join("incidents")).ok()?.flatten();
    files.find_map(|file| Some(file.path()).filter(|path| path.extension().is_some()))
}

#[tokio::test]
async fn the_page_says_how_soon_it_noticed_and_that_it_was_wrong() {
    let page = Page::start().await;
    let place = page.place(&[("bad", "expr = 'bad > 0'")], NOTIFIER);
    let place = place.path();
    let mut monitor = Monitor::serve(place, &[]).await;
    until("the rule sees", async || is(&monitor, "bad", "quiet").await).await;
    let says = async |monitor: &Monitor, words: &str| monitor.get("/").await.1.contains(words);
    until("nothing was noticed", async || {
        says(&monitor, "this page noticed no incident").await
    })
    .await;
    page.set(1, 0);
    until("it is said in the foot", async || {
        says(&monitor, "noticed one incident, within").await
    })
    .await;
    until("it is told", async || {
        delays(&monitor, "notifier", "log").await.0 > 0.0
    })
    .await;
    for (step, notifier) in [("file", ""), ("page", ""), ("notifier", "log")] {
        let measured = delays(&monitor, step, notifier).await;
        assert_eq!(measured, (1.0, true), "{step}");
    }
    page.set(0, 0);
    until("the outage is summed up", async || {
        is(&monitor, "bad", "quiet").await && figure(&monitor, UPTIME).await < 1.0
    })
    .await;
    let (_, component) = monitor.get("/affected/c/").await;
    assert!(component.contains("<th scope=\"row\">365 days</th>"));

    // A person says that it never was.
    std::fs::remove_file(file(place).unwrap()).unwrap();
    until("it is withdrawn", async || {
        figure(&monitor, WITHDRAWN).await > 0.0
    })
    .await;
    until("its time was fine", async || {
        (figure(&monitor, UPTIME).await - 1.0).abs() < f64::EPSILON
    })
    .await;
    assert!(says(&monitor, "one was withdrawn").await);
    assert!(monitor.stop().await.success());

    monitor = Monitor::serve(place, &[]).await;
    until("it is known after the restart", async || {
        figure(&monitor, WITHDRAWN).await > 0.0
    })
    .await;
    assert!(figure(&monitor, "critwatch_incidents_noticed").await > 0.0);
    assert!(figure(&monitor, "critwatch_false_all_clears").await < 1.0);
    until("the time away is known", async || {
        figure(&monitor, "critwatch_blind_seconds").await > 0.0
    })
    .await;
    let (_, page) = world::get(&format!("{}/metrics", monitor.ops)).await;
    assert!(page.contains("critwatch_component_uptime_ratio"), "{page}");
    assert!(monitor.stop().await.success());
}

#[tokio::test]
async fn a_person_who_edits_a_file_corrects_the_uptime_at_once() {
    let page = Page::start().await;
    let place = page.place(&[("bad", "expr = 'bad > 0'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    until("the rule sees", async || is(&monitor, "bad", "quiet").await).await;
    page.set(1, 0);
    until("it is written", async || file(place).is_some()).await;
    page.set(0, 0);
    until("the outage is summed up", async || {
        is(&monitor, "bad", "quiet").await && figure(&monitor, UPTIME).await < 1.0
    })
    .await;
    let path = file(place).unwrap();
    let edit = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&path, text.replace(from, to)).unwrap();
    };
    edit("\nseverity: down", "\nseverity: notice");
    until("a notice lessens nothing", async || {
        figure(&monitor, UPTIME).await >= 1.0
    })
    .await;
    edit("\nseverity: notice", "\nseverity: down");
    until("and down does again", async || {
        figure(&monitor, UPTIME).await < 1.0
    })
    .await;
    assert!(monitor.stop().await.success());
}
