//! Chats that speak HTML, as their documents say.

use serde_json::{Value, json};

use super::chats::{SLACK_WEBHOOK, harmless};
use super::remotes::Remote;
use super::stand_in::{SeenRequest, StandInReply, must, reply, text};
use crate::notify::texts::text::HIDDEN_JOINER;

pub(super) const TELEGRAM: Remote = Remote {
    name: "telegram",
    settings: "type = 'telegram'\ntoken = '1:A'\nchat = '-1001'\ntopic = 7\nserver = 'ADDRESS'",
    judge: |request| {
        let words = telegram_shown(request);
        must(
            (1..=4_096).contains(&words.encode_utf16().count()),
            "message is too long",
        )?;
        harmless(request.text("/text", 9_000)?)?;
        let chat = request.text("/chat_id", 99)?;
        must(chat == "-1001" || chat == "-2002", "chat not found")?;
        match &*request.path {
            "/bot1:A/sendMessage" => must(request.body["message_thread_id"] == 7, "thread")?,
            "/bot1:A/editMessageText" => must(request.body["message_id"] == 12, "message")?,
            path => return Err(format!("Not Found {path}")),
        }
        Ok(reply(
            200,
            json!({ "ok": true, "result": { "message_id": 12 } }),
        ))
    },
    shown: telegram_shown,
    limited: || telegram(429, "Too Many Requests: retry after 2", "retry_after", 2),
    dead: || {
        let words = "Forbidden: bot was kicked from the supergroup chat";
        reply(
            403,
            json!({ "ok": false, "error_code": 403, "description": words }),
        )
    },
    gone: Some(|| telegram(400, "Bad Request: message to edit not found", "", 0)),
};

/// A refusal in Telegram's form.
pub(super) fn telegram(status: u16, words: &str, parameter: &str, value: i64) -> StandInReply {
    let body = json!({
        "ok": false, "error_code": status, "description": words,
        "parameters": { parameter: value },
    });
    reply(status, body)
}

fn telegram_shown(request: &SeenRequest) -> String {
    let text = request.body["text"].as_str().unwrap();
    if request.body["parse_mode"] == "HTML" {
        html(text, &["b"]).replace(HIDDEN_JOINER, "")
    } else {
        text.to_owned()
    }
}

/// What a reader of HTML sees; only these elements may be in it.
fn html(text: &str, elements: &[&str]) -> String {
    let text = format!("<r>{}</r>", text.replace("<br>", "\n"));
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    let mut shown = String::new();
    for node in root.descendants().skip(1) {
        if node.is_text() {
            shown.push_str(node.text().unwrap());
        } else {
            assert!(elements.contains(&node.tag_name().name()), "{text}");
        }
    }
    shown
}

pub(super) const MATRIX: Remote = Remote {
    name: "matrix",
    settings: "type = 'matrix'\nserver = 'ADDRESS'\nroom = '!r:example.org'\ntoken = 't'",
    judge: |request| {
        must(
            request.header("authorization") == "Bearer t",
            "M_MISSING_TOKEN",
        )?;
        let rooms = "/_matrix/client/v3/rooms/%21";
        let rest = request.path.strip_prefix(rooms).ok_or("M_UNRECOGNIZED")?;
        if let Some(room) = rest.strip_suffix("/state/m.room.encryption") {
            return Ok(match room {
                "r:example.org" => reply(404, json!({ "errcode": "M_NOT_FOUND" })),
                _ => reply(200, json!({ "algorithm": "m.megolm.v1.aes-sha2" })),
            });
        }
        let name = rest.strip_prefix("r:example.org/send/m.room.message/");
        must(name.is_some_and(|name| name.len() > 8), "no transaction")?;
        must(
            request.method.as_str() == "PUT",
            "a transaction must be put",
        )?;
        let whole = request.body.to_string();
        must(whole.len() < 60_000, "M_TOO_LARGE")?;
        matrix_content(&request.body)?;
        if request.body["m.relates_to"] != Value::Null {
            let relation = &request.body["m.relates_to"];
            must(relation["rel_type"] == "m.replace", "relation")?;
            must(relation["event_id"] == "$e1", "the first event")?;
            matrix_content(&request.body["m.new_content"])?;
        }
        Ok(reply(200, json!({ "event_id": "$e1" })))
    },
    shown: |request| {
        let text = request.body["formatted_body"].as_str().unwrap();
        html(text, &["strong", "a"])
    },
    limited: || {
        let body = json!({ "errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2_000 });
        reply(429, body)
    },
    dead: || {
        let error = "You are not in this room.";
        reply(403, json!({ "errcode": "M_FORBIDDEN", "error": error }))
    },
    gone: None,
};

fn matrix_content(content: &Value) -> Result<(), String> {
    must(content["msgtype"] == "m.notice", "msgtype")?;
    must(content["m.mentions"] == json!({}), "somebody is mentioned")?;
    must(content["format"] == "org.matrix.custom.html", "format")?;
    text(content, "/body", 60_000)?;
    text(content, "/formatted_body", 60_000)?;
    Ok(())
}

pub(super) const GOOGLE_CHAT: Remote = Remote {
    name: "google-chat",
    settings: "type = 'google-chat'\nwebhook = 'ADDRESS/v1/spaces/S/messages?key=k&token=t'",
    judge: |request| {
        must(request.path == "/v1/spaces/S/messages", "NOT_FOUND")?;
        must(request.query.starts_with("key=k&token=t&requestId="), "key")?;
        let option = "messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD";
        must(request.query.contains(option), "the thread is ignored")?;
        request.text("/thread/threadKey", 4_000)?;
        request.text("/cardsV2/0/cardId", 64)?;
        request.text("/cardsV2/0/card/header/title", 4_000)?;
        must(
            request.body.to_string().len() <= 32_000,
            "message is too large",
        )?;
        Ok(reply(200, json!({ "name": "spaces/S/messages/M" })))
    },
    shown: |request| {
        let card = &request.body["cardsV2"][0]["card"];
        let widgets = card["sections"][0]["widgets"].as_array().unwrap();
        let texts = widgets
            .iter()
            .filter_map(|widget| widget["textParagraph"]["text"].as_str());
        let texts = texts.map(|text| html(text, &[])).collect::<Vec<_>>();
        format!(
            "{}\n{}",
            card["header"]["title"].as_str().unwrap(),
            texts.join("\n")
        )
    },
    limited: SLACK_WEBHOOK.limited,
    dead: || {
        let message = "Permission denied";
        reply(403, json!({ "error": { "code": 403, "message": message } }))
    },
    gone: None,
};
