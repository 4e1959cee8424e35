//! What holds for one channel alone.

use super::stand_in::reply;
use super::*;
use crate::notify::message::rules::Updates;

const FIRST: (Option<&str>, Option<&str>, &str) = (None, None, "k");

#[tokio::test]
async fn updates_may_stand_in_a_thread_of_slack() {
    let (channel, stand_in) = connect(&chats::SLACK_BOT, "thread = true").await;
    assert_eq!(channel.updates(), Updates::Post);
    let first = message(&opened(), Occasion::Opened);
    let first = deliver(&channel, &first, FIRST).await.unwrap();
    assert_eq!(first.thread.as_deref(), Some("1772.01"));
    let thread = first.thread.as_deref();
    for (incident, occasion) in [
        (updated(), Occasion::Update),
        (resolved(), Occasion::Resolved),
    ] {
        let next = message(&incident, occasion);
        let next = deliver(&channel, &next, (None, thread, "k")).await.unwrap();
        assert_eq!(next.thread, first.thread, "it is still the same thread");
    }
    let requests = stand_in.messages();
    let keys = requests.iter().map(|one| {
        let broadcast = one.body["reply_broadcast"].as_bool();
        (one.body["thread_ts"].as_str(), broadcast)
    });
    assert_eq!(
        keys.collect::<Vec<_>>(),
        [
            (None, None),
            (Some("1772.01"), Some(false)),
            (Some("1772.01"), Some(true)),
        ]
    );
}

#[tokio::test]
async fn a_limit_of_slack_may_stand_in_an_answer_that_looks_well() {
    let (channel, stand_in) = connect(&chats::SLACK_BOT, "").await;
    for (error, word) in [
        ("ratelimited", "unavailable"),
        ("msg_too_long", "refused"),
        ("not_in_channel", "receiver_gone"),
        ("never_heard_of", "unavailable"),
    ] {
        let body = serde_json::json!({ "ok": false, "error": error });
        stand_in.will_answer(reply(200, body));
        let first = message(&opened(), Occasion::Opened);
        let refused = deliver(&channel, &first, FIRST).await.unwrap_err();
        assert_eq!(refused.word(), word);
        assert!(refused.to_string().contains(error), "{refused}");
    }
}

#[tokio::test]
async fn a_group_of_telegram_that_was_upgraded_is_followed() {
    let (channel, stand_in) = connect(&html_chats::TELEGRAM, "").await;
    let words = "Bad Request: group chat was upgraded to a supergroup chat";
    stand_in.will_answer(html_chats::telegram(
        400,
        words,
        "migrate_to_chat_id",
        -2002,
    ));
    let first = message(&opened(), Occasion::Opened);
    for _ in 0..2 {
        deliver(&channel, &first, FIRST).await.unwrap();
    }
    let requests = stand_in.messages();
    let chats: Vec<_> = requests.iter().map(|one| &one.body["chat_id"]).collect();
    assert_eq!(chats, ["-1001", "-2002", "-2002"]);
}

#[tokio::test]
async fn telegram_takes_an_edit_without_a_change() {
    let (channel, stand_in) = connect(&html_chats::TELEGRAM, "").await;
    let words = "Bad Request: message is not modified: specified new message content is the same";
    stand_in.will_answer(html_chats::telegram(400, words, "", 0));
    let edit = message(&updated(), Occasion::Edited);
    let edit = deliver(&channel, &edit, (Some("12"), None, "k")).await;
    assert_eq!(edit.unwrap().message.as_deref(), Some("12"));
}

#[tokio::test]
async fn marks_that_telegram_cannot_read_are_left_out() {
    let (channel, stand_in) = connect(&html_chats::TELEGRAM, "").await;
    let words = "Bad Request: can't parse entities: unsupported start tag";
    stand_in.will_answer(html_chats::telegram(400, words, "", 0));
    let first = message(&opened(), Occasion::Opened);
    deliver(&channel, &first, FIRST).await.unwrap();
    let requests = stand_in.messages();
    assert_eq!(requests[0].body["parse_mode"], "HTML");
    let text = requests[1].body["text"].as_str().unwrap();
    assert_eq!(requests[1].body.get("parse_mode"), None);
    assert!(text.starts_with("Down: Rolls are failing\n"), "{text}");
}

#[tokio::test]
async fn an_encrypted_room_of_matrix_is_refused() {
    let remote = Remote {
        settings: "type = 'matrix'\nserver = 'ADDRESS'\nroom = '!secret:h'\ntoken = 't'",
        ..html_chats::MATRIX
    };
    let (channel, stand_in) = connect(&remote, "").await;
    let first = message(&opened(), Occasion::Opened);
    let refused = deliver(&channel, &first, FIRST).await.unwrap_err();
    assert_eq!(refused.word(), "receiver_gone");
    assert!(refused.to_string().contains("encrypted"), "{refused}");
    assert!(stand_in.messages().is_empty());
}

#[tokio::test]
async fn news_that_overtakes_a_lost_message_is_another_transaction() {
    for remote in [html_chats::MATRIX, html_chats::GOOGLE_CHAT] {
        let (channel, stand_in) = connect(&remote, "").await;
        stand_in.will_answer(None);
        let first = message(&opened(), Occasion::Opened);
        deliver(&channel, &first, FIRST).await.unwrap_err();
        let over = message(&resolved(), Occasion::Missed);
        deliver(&channel, &over, FIRST).await.unwrap();
        let requests = stand_in.messages();
        let name = |one: &stand_in::SeenRequest| format!("{}?{}", one.path, one.query);
        assert_ne!(name(&requests[0]), name(&requests[1]));
    }
}

#[tokio::test]
async fn a_server_of_ntfy_that_knows_no_sequences_gets_each_update_anew() {
    let (channel, stand_in) = connect(&pagers::NTFY, "").await;
    stand_in.will_answer(reply(200, serde_json::json!({ "id": "n1" })));
    let first = message(&opened(), Occasion::Opened);
    let first = deliver(&channel, &first, FIRST).await.unwrap();
    assert_eq!(first.message, None);
}

#[tokio::test]
async fn a_quota_of_ntfy_that_is_used_up_is_waited_for() {
    let (channel, stand_in) = connect(&pagers::NTFY, "").await;
    let body = serde_json::json!({ "code": 42_908, "http": 429, "error": "daily quota" });
    stand_in.will_answer(reply(429, body));
    let first = message(&opened(), Occasion::Opened);
    let error = deliver(&channel, &first, FIRST).await.unwrap_err();
    let DeliveryError::Later { pause, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(pause, Some(std::time::Duration::from_hours(1)));
}

#[tokio::test]
async fn an_alert_of_opsgenie_that_somebody_deleted_is_not_missed() {
    let (channel, stand_in) = connect(&pagers::OPSGENIE, "").await;
    stand_in.will_answer(reply(
        404,
        serde_json::json!({ "message": "Alert not found" }),
    ));
    let over = message(&resolved(), Occasion::Resolved);
    deliver(&channel, &over, FIRST).await.unwrap();
    let kinds = channel.kinds().unwrap();
    assert!(
        !kinds.contains(&crate::notify::message::topic::Kind::Maintenance),
        "planned work pages nobody unless it is asked for"
    );
}
