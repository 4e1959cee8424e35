//! Announcements to a Discord that is busy, forgetful, slow or gone.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use serde_json::json;
use tokio::sync::Notify;

use crate::pages;
use crate::place::Place;
use crate::world::discord::{Discord, Mood, limited};
use crate::world::patience::until;
use crate::world::{Monitor, get};

/// Settings without rules: people write the incidents.
const SETTINGS: &str = "[site]\ntitle = 'Dice'\nurl = 'https://status.example.org'\n\
    [[component]]\nid = 'mails'\nname = 'Mails'\n\
    [[notifier]]\nid = 'team'\ntype = 'discord'\nwebhook = '${WEBHOOK}'\n";

/// A monitor without rules, and its channel.
struct Desk {
    place: Place,
    discord: Discord,
    monitor: Monitor,
}

impl Desk {
    async fn new() -> Self {
        Self::with(SETTINGS, Mood::Well).await
    }

    async fn with(settings: &str, mood: Mood) -> Self {
        let place = Place::new();
        std::fs::write(place.path("alerts.toml"), settings).unwrap();
        let discord = Discord::start().await;
        discord.becomes(mood);
        let monitor = serve(&place, &discord).await;
        Self {
            place,
            discord,
            monitor,
        }
    }

    /// Writes the incident as a person does: its head, and updates with the newest first.
    fn write(&self, resolved: bool, updates: &[&str]) {
        let lines: Vec<_> = updates
            .iter()
            .enumerate()
            .map(|(age, update)| {
                let minute = 40 - age;
                format!("{update} {{{{< track \"2026-03-01 12:{minute}:00\" >}}}}\n")
            })
            .collect();
        let end = if resolved {
            "resolvedWhen: 2026-03-01T12:50:00Z\n"
        } else {
            ""
        };
        let file = format!(
            "---\nsection: issue\ntitle: Mails are late\ndate: 2026-03-01T12:00:00Z\n\
             resolved: {resolved}\n{end}affected: [Mails]\nseverity: down\n---\n{}",
            lines.join("\n")
        );
        std::fs::write(self.place.path("incidents/2026-03-01-mails.md"), file).unwrap();
    }

    async fn until_headlines(&self, headlines: &[&str]) {
        until("the headlines are posted", async || {
            let posted = self.discord.headlines();
            (posted == headlines).then_some(()).ok_or(posted)
        })
        .await;
    }

    /// Has the settings read again, and waits until they are in force.
    async fn reload(&self) {
        let loaded = async || {
            let (_, told) = get(&format!("{}/metrics", self.monitor.ops)).await;
            let name = "critwatch_config_last_reload_success_timestamp_seconds ";
            let mut lines = told.lines();
            lines.find(|line| line.starts_with(name)).map(str::to_owned)
        };
        let before = loaded().await;
        self.monitor.reload().await;
        until("the settings are reloaded", async || {
            loaded().await != before
        })
        .await;
    }

    async fn until_counted(&self, outcome: &str, count: u32) {
        let line = format!(
            "critwatch_notifications_total{{notifier=\"team\",outcome=\"{outcome}\"}} {count}"
        );
        self.monitor.until_told(&line).await;
    }
}

async fn serve(place: &Place, discord: &Discord) -> Monitor {
    let settings = place.path("alerts.toml");
    let environment = [("WEBHOOK", discord.url().to_owned())];
    Monitor::serve(settings.parent().unwrap(), &environment).await
}

#[tokio::test]
async fn one_message_follows_an_incident_and_its_end_is_a_second_one() {
    let desk = Desk::new().await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    desk.write(
        false,
        &[
            "*Identified* - It is the relay.",
            "*Investigating* - They wait.",
        ],
    );
    until("the message is edited", async || {
        let shown = desk.discord.messages()[0].shown.clone();
        shown["embeds"][0]["description"] == "It is the relay."
    })
    .await;
    assert_eq!(desk.discord.headlines().len(), 1);
    desk.write(
        true,
        &[
            "*Resolved* - They arrive.",
            "*Identified* - It is the relay.",
        ],
    );
    desk.until_headlines(&["Down: Mails are late", "Resolved: Mails are late"])
        .await;
    // Whoever reads the first message later learns how it ended.
    until("the first message tells the end", async || {
        desk.discord.shown()[0] == "Resolved: Mails are late"
    })
    .await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn an_incident_whose_file_is_renamed_is_not_told_anew() {
    let desk = Desk::new().await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    let old = desk.place.path("incidents/2026-03-01-mails.md");
    let new = desk.place.path("incidents/2026/2026-03-01-slow-mails.md");
    std::fs::create_dir(new.parent().unwrap()).unwrap();
    std::fs::rename(&old, &new).unwrap();
    let page = "https://status.example.org/issues/2026/2026-03-01-slow-mails/";
    until("the message leads to the new page", async || {
        desk.discord.messages()[0].shown.to_string().contains(page)
    })
    .await;
    desk.write(true, &["*Resolved* - They arrive."]);
    std::fs::rename(&old, &new).unwrap();
    desk.until_headlines(&["Down: Mails are late", "Resolved: Mails are late"])
        .await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn a_message_whose_answer_is_lost_is_not_repeated_and_its_end_is_told() {
    let desk = Desk::with(SETTINGS, Mood::LosesAnswers).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    desk.until_counted("unknown", 1).await;
    desk.discord.becomes(Mood::Well);
    desk.write(
        true,
        &["*Resolved* - They arrive.", "*Investigating* - They wait."],
    );
    // The second message stands for both, since nobody knows of the first.
    let told = "Over before we could tell you: Mails are late";
    desk.until_headlines(&["Down: Mails are late", told]).await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn an_answer_without_an_end_is_one_whose_head_says_that_the_message_arrived() {
    let desk = Desk::with(SETTINGS, Mood::NeverEnds).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_counted("delivered", 1).await;
    assert_eq!(desk.discord.requests(), 1);
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn a_dead_webhook_pauses_its_notifier_until_other_settings_come() {
    let gone = json!({ "message": "Unknown Webhook", "code": 10_015 });
    let desk = Desk::with(SETTINGS, Mood::Answers(404, gone, Vec::new())).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_counted("never", 1).await;
    desk.monitor
        .until_told("critwatch_notifier_paused{notifier=\"team\"} 1")
        .await;
    assert_eq!(desk.discord.requests(), 1);
    // Nothing is lost: with a webhook that works the message follows.
    let (other, settings) = (Discord::start().await, desk.place.path("alerts.toml"));
    std::fs::write(&settings, SETTINGS.replace("${WEBHOOK}", other.url())).unwrap();
    desk.monitor.reload().await;
    until("the message is posted", async || {
        other.headlines() == ["Down: Mails are late"]
    })
    .await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn a_reload_while_a_receiver_hangs_neither_ends_nor_silences_anything() {
    // The system takes its connections, and nobody answers.
    let stuck = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = format!(
        "{SETTINGS}[[notifier]]\nid = 'stuck'\ntype = 'discord'\n\
         webhook = 'http://{}/api/webhooks/1/x'\n",
        stuck.local_addr().unwrap()
    );
    let mut desk = Desk::with(&settings, Mood::Well).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    stuck.set_nonblocking(true).unwrap();
    let (_held, _) = until("the other message is under way", async || stuck.accept()).await;
    desk.reload().await;
    desk.write(
        true,
        &["*Resolved* - They arrive.", "*Investigating* - They wait."],
    );
    desk.until_headlines(&["Down: Mails are late", "Resolved: Mails are late"])
        .await;
    desk.monitor.kill().await;
}

#[tokio::test]
async fn a_notifier_that_is_given_up_while_it_sends_leaves_no_series() {
    let asked = Arc::new(Notify::new());
    let answer = Arc::new(Notify::new());
    let (told, answered) = (Arc::clone(&asked), Arc::clone(&answer));
    let slow = Router::new().fallback(async move || {
        told.notify_one();
        answered.notified().await;
        StatusCode::NO_CONTENT
    });
    let settings = format!(
        "{SETTINGS}[[notifier]]\nid = 'slow'\ntype = 'webhook'\nurl = 'http://{}/'\nsecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'\n",
        pages::serve(slow).await
    );
    let desk = Desk::with(&settings, Mood::Well).await;
    desk.write(false, &["*Investigating* - They wait."]);
    asked.notified().await;

    std::fs::write(desk.place.path("alerts.toml"), SETTINGS).unwrap();
    desk.reload().await;
    let series = async || {
        let (_, told) = get(&format!("{}/metrics", desk.monitor.ops)).await;
        told.contains("notifier=\"slow\"")
    };
    assert!(series().await, "it counts what it has in hand");
    answer.notify_one();
    until("its series are gone", async || !series().await).await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn another_channel_under_the_same_id_is_told_what_is_open() {
    let desk = Desk::new().await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    desk.until_counted("delivered", 1).await;
    let other = Discord::start().await;
    let settings = SETTINGS.replace("${WEBHOOK}", other.url());
    std::fs::write(desk.place.path("alerts.toml"), settings).unwrap();
    desk.reload().await;
    desk.write(
        false,
        &[
            "*Identified* - A disk is full.",
            "*Investigating* - They wait.",
        ],
    );
    until("the other channel is told", async || {
        other.headlines() == ["Down: Mails are late"]
    })
    .await;
    desk.write(
        true,
        &["*Resolved* - They arrive.", "*Investigating* - They wait."],
    );
    until("the other channel is told of the end", async || {
        other.headlines() == ["Down: Mails are late", "Resolved: Mails are late"]
    })
    .await;
    assert_eq!(desk.discord.headlines(), ["Down: Mails are late"]);
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn a_reminder_waits_for_its_time() {
    let settings = format!("{SETTINGS}remind_every = '1h'\n");
    let desk = Desk::with(&settings, Mood::Well).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    desk.write(
        true,
        &["*Resolved* - They arrive.", "*Investigating* - They wait."],
    );
    desk.until_headlines(&["Down: Mails are late", "Resolved: Mails are late"])
        .await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn a_message_that_a_receiver_cannot_digest_holds_up_no_other() {
    let desk = Desk::with(SETTINGS, Mood::ChokesOn("Poison")).await;
    let poison = "---\nsection: issue\ntitle: Poison\ndate: 2026-03-01T11:00:00Z\n\
        resolved: false\nseverity: down\n---\n*Investigating* - It fails.\n";
    std::fs::write(desk.place.path("incidents/2026-03-01-poison.md"), poison).unwrap();
    desk.until_counted("later", 1).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    desk.discord.becomes(Mood::Well);
    desk.until_headlines(&["Down: Mails are late", "Down: Poison"])
        .await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn an_outage_that_ended_while_discord_was_away_is_told_afterwards() {
    let away = Mood::Answers(503, json!({}), vec![("retry-after", "0.2".to_owned())]);
    let desk = Desk::with(SETTINGS, away).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_counted("later", 1).await;
    desk.write(
        true,
        &["*Resolved* - They arrive.", "*Investigating* - They wait."],
    );
    until("it is tried as it is now", async || {
        desk.discord.requests() > 2
    })
    .await;
    desk.discord.becomes(Mood::Well);
    desk.until_headlines(&["Over before we could tell you: Mails are late"])
        .await;
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn a_pause_that_only_the_body_names_is_kept() {
    let desk = Desk::with(SETTINGS, limited(Duration::from_mins(10))).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_counted("later", 1).await;
    let failed =
        "critwatch_notifications_failed_total{notifier=\"team\",reason=\"rate_limited\"} 1";
    desk.monitor.until_told(failed).await;
    // New boards come all the time, and none of them makes it ask again.
    desk.write(
        false,
        &[
            "*Identified* - It is the relay.",
            "*Investigating* - They wait.",
        ],
    );
    until("the page shows the new words", async || {
        desk.monitor.get("/").await.1.contains("It is the relay.")
    })
    .await;
    assert_eq!(desk.discord.requests(), 1);
    assert!(desk.monitor.stop().await.success());
}

#[tokio::test]
async fn a_second_monitor_that_takes_over_repeats_nothing() {
    let mut desk = Desk::new().await;
    let second = serve(&desk.place, &desk.discord).await;
    desk.write(false, &["*Investigating* - They wait."]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    desk.until_counted("delivered", 1).await;
    desk.monitor.kill().await;
    desk.write(
        true,
        &["*Resolved* - They arrive.", "*Investigating* - They wait."],
    );
    desk.until_headlines(&["Down: Mails are late", "Resolved: Mails are late"])
        .await;
    assert!(second.stop().await.success());
}

#[tokio::test]
async fn what_hostile_people_write_is_taken_and_shown_as_text() {
    let desk = Desk::new().await;
    let hostile = format!(
        "*Investigating* - @everyone <@&1> `x` **b** [a](http://evil.example) \u{202e}\u{200b} {}",
        "x".repeat(10_000)
    );
    desk.write(false, &[&hostile, &hostile, &hostile]);
    desk.until_headlines(&["Down: Mails are late"]).await;
    let message = desk.discord.messages()[0].posted.clone();
    let text = message["embeds"][0]["description"].as_str().unwrap();
    assert!(text.starts_with("\\@everyone \\<\\@&1\\> x b a"), "{text}");
    assert!(!text.contains(['\u{202e}', '\u{200b}']));
    assert!(desk.monitor.stop().await.success());
}
