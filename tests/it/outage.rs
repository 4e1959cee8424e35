//! Real faults on the real parts: the page, the file and the channel say so.

use std::time::{Duration, Instant};

use critwatch::dice::fault::switches::FaultSwitch;

use crate::world::World;
use crate::world::patience::until;

/// From the first bad sample to the page, with a scrape each second.
const SAID_WITHIN: Duration = Duration::from_secs(2);

/// From the end of a fault to the last of the good samples, scrapes with their
/// timeouts and a machine that does other things included.
const SEEN_WITHIN: Duration = Duration::from_secs(8);

/// Looks at the head of the only incident while it is open.
fn has_every_key(world: &World) {
    for (key, value) in [
        ("section", "issue"),
        ("resolved", "false"),
        ("draft", "false"),
        ("informational", "false"),
        ("resolvedWhen", ""),
        ("severity", "down"),
        ("affected", ""),
        ("critwatch", ""),
    ] {
        assert_eq!(world.key(key), value, "{key}");
    }
}

/// Follows a fault from its beginning to its end and checks what is said.
async fn follow(mut world: World, fault: FaultSwitch, title: &str) {
    let before = jiff::Timestamp::now();
    world.rig.apply(fault).await.unwrap();
    until("the page says down", async || {
        world.summary().await == "down"
    })
    .await;
    until("it is told", async || !world.discord.headlines().is_empty()).await;
    assert_eq!(world.discord.headlines(), [format!("Down: {title}")]);
    has_every_key(&world);
    assert!(world.key("title").contains(title));
    let began = world.moment("date");
    assert!(
        began <= before + SEEN_WITHIN,
        "{began} is long after {before}"
    );
    assert!(began >= before.round(jiff::Unit::Second).unwrap() - Duration::from_secs(1));

    let (status, page) = world.monitor.get("/").await;
    assert!(status == 200 && page.contains(title));
    let slug = world.files()[0].0.trim_end_matches(".md").to_owned();
    assert_eq!(world.monitor.get(&format!("/issues/{slug}/")).await.0, 200);

    world.rig.clear().await.unwrap();
    let cleared = jiff::Timestamp::now();
    until("the page says ok", async || world.summary().await == "ok").await;
    until("the end is told", async || {
        world.discord.headlines().len() == 2
    })
    .await;
    assert_eq!(world.discord.headlines()[1], format!("Resolved: {title}"));
    assert_eq!(world.key("resolved"), "true");
    // The first good sample follows the end of the fault, and the hold follows it.
    let ended = world.moment("resolvedWhen");
    let early = cleared.round(jiff::Unit::Second).unwrap() - Duration::from_secs(2);
    assert!(
        ended >= began && ended >= early,
        "{ended} is long before {cleared}"
    );
    assert!(
        ended <= cleared + SEEN_WITHIN,
        "{ended} is long after {cleared}"
    );
    assert_eq!(world.files().len(), 1);
    let status = world.monitor.stop().await;
    assert!(status.success(), "{status}");
    world.rig.stop().await;
}

#[tokio::test]
async fn a_full_redis_is_said_within_two_seconds_of_the_first_refused_write() {
    let mut world = World::new("3s").await;
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    until("a write is refused", async || {
        world.refused_writes().await > 0
    })
    .await;
    let refused = Instant::now();
    until("the page says down", async || {
        world.summary().await == "down"
    })
    .await;
    let took = refused.elapsed();
    assert!(took <= SAID_WITHIN, "{took:?}");
    world.rig.stop().await;
}

#[tokio::test]
async fn a_full_redis_is_one_incident_from_its_first_bad_sample_to_its_first_good_one() {
    follow(
        World::new("3s").await,
        FaultSwitch::FillRedis,
        "Cache is full, rolls are failing",
    )
    .await;
}

#[tokio::test]
async fn a_killed_worker_is_one_incident() {
    follow(
        World::new("3s").await,
        FaultSwitch::StopWorker,
        "Worker is gone, rolls are failing",
    )
    .await;
}

#[tokio::test]
async fn a_redis_that_hangs_is_one_incident_and_the_page_goes_on_answering() {
    let mut world = World::new("3s").await;
    world.rig.apply(FaultSwitch::HangRedis).await.unwrap();
    until("the page says down", async || {
        world.summary().await == "down"
    })
    .await;
    let start = Instant::now();
    for _ in 0..100 {
        assert_eq!(world.monitor.get("/").await.0, 200);
    }
    // A single answer that waited for Redis would take longer than all of these.
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    world.rig.clear().await.unwrap();
    until("the page says ok", async || world.summary().await == "ok").await;
    assert_eq!(world.key("resolved"), "true");
    world.rig.stop().await;
}

#[tokio::test]
async fn rolls_that_take_too_long_are_said() {
    let mut world = World::new("3s").await;
    world.rig.apply(FaultSwitch::SlowJobs).await.unwrap();
    until("the page says so", async || world.summary().await != "ok").await;
    world.rig.clear().await.unwrap();
    until("the page says ok", async || world.summary().await == "ok").await;
    world.rig.stop().await;
}

#[tokio::test]
async fn a_monitor_killed_in_the_middle_goes_on_with_the_same_incident() {
    // Long enough that a busy machine's late answers are no new fault.
    let mut world = World::new("10s").await;
    world.rig.apply(FaultSwitch::FillRedis).await.unwrap();
    until("it is told", async || !world.discord.headlines().is_empty()).await;
    // A message is told at least once: until its receipt is written, a crash may
    // repeat it, which is not what is tried here.
    let told = "critwatch_notifications_total{notifier=\"console\",outcome=\"delivered\"} 1";
    until("the receipt is written", async || {
        let page = crate::world::get(&format!("{}/metrics", world.monitor.ops))
            .await
            .1;
        page.contains(told)
    })
    .await;
    let began = world.key("date");
    for _ in 0..3 {
        world.restart_monitor().await;
        until("the page says down", async || {
            world.summary().await == "down"
        })
        .await;
    }
    world.rig.clear().await.unwrap();
    until("the page says ok", async || world.summary().await == "ok").await;
    until("the end is told", async || {
        world.discord.headlines().len() > 1
    })
    .await;
    assert_eq!(world.files().len(), 1);
    assert_eq!(world.key("date"), began);
    assert_eq!(
        world.discord.headlines(),
        [
            "Down: Cache is full, rolls are failing",
            "Resolved: Cache is full, rolls are failing"
        ]
    );
    world.rig.stop().await;
}
