//! Slack and Mattermost, as their documents say.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

use super::remotes::Remote;
use super::stand_in::{SeenRequest, must, reply, text};
use crate::notify::texts::text::HIDDEN_JOINER;

pub(super) const SLACK_WEBHOOK: Remote = Remote {
    name: "slack-webhook",
    settings: "type = 'slack'\nwebhook = 'ADDRESS/services/T1/B1/x'",
    judge: |request| {
        must(request.path == "/services/T1/B1/x", "no_service")?;
        slack_blocks(request)?;
        Ok(reply(200, "ok"))
    },
    shown: slack_shown,
    limited: || Some((429, Some(("retry-after", "2")), String::new())),
    dead: || reply(404, "no_service"),
    gone: None,
};

pub(super) const SLACK_BOT: Remote = Remote {
    name: "slack-bot",
    settings: "type = 'slack'\ntoken = 'xoxb-1'\nchannel = '#status'\nserver = 'ADDRESS'",
    judge: |request| {
        must(
            request.header("authorization") == "Bearer xoxb-1",
            "not_authed",
        )?;
        slack_blocks(request)?;
        let channel = request.text("/channel", 100)?;
        match &*request.path {
            "/api/chat.postMessage" => must(channel == "#status", "channel_not_found")?,
            "/api/chat.update" => {
                must(channel == "C1", "an edit needs the channel's id")?;
                must(request.text("/ts", 20)? == "1772.01", "message_not_found")?;
            }
            path => return Err(format!("unknown_method {path}")),
        }
        Ok(reply(
            200,
            json!({ "ok": true, "channel": "C1", "ts": "1772.01" }),
        ))
    },
    shown: slack_shown,
    limited: SLACK_WEBHOOK.limited,
    dead: || reply(200, json!({ "ok": false, "error": "invalid_auth" })),
    gone: Some(|| reply(200, json!({ "ok": false, "error": "edit_window_closed" }))),
};

fn slack_blocks(request: &SeenRequest) -> Result<(), String> {
    entities(request.text("/text", 40_000)?)?;
    let blocks = request.body["blocks"].as_array().ok_or("no blocks")?;
    must(blocks.len() <= 50, "too many blocks")?;
    let mut all = 0;
    for block in blocks {
        let most = match text(block, "/type", 99)? {
            "header" => 150,
            "section" => 3_000,
            other => return Err(format!("no such block: {other}")),
        };
        let words = text(block, "/text/text", most)?;
        all += words.chars().count();
        match text(block, "/text/type", 99)? {
            "plain_text" => entities(words)?,
            // Only ours: a link, or moments among words of ours.
            "mrkdwn" => must(!words.contains('*'), "markup")?,
            other => return Err(format!("no such text: {other}")),
        }
    }
    must(all < 13_000, "msg_blocks_too_long")
}

/// Whether what has a meaning is escaped, and nothing else.
fn entities(text: &str) -> Result<(), String> {
    let rest = ["&amp;", "&lt;", "&gt;"]
        .iter()
        .fold(text.to_owned(), |text, entity| text.replace(entity, ""));
    must(!rest.contains(['&', '<', '>']), "a character has a meaning")
}

fn slack_shown(request: &SeenRequest) -> String {
    let blocks = request.body["blocks"].as_array().unwrap();
    let texts = blocks.iter().map(|block| &block["text"]);
    let plain = texts.filter(|text| text["type"] == "plain_text");
    let plain = plain.map(|text| text["text"].as_str().unwrap());
    let plain = plain.collect::<Vec<_>>().join("\n");
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">");
    plain.replace("&amp;", "&")
}

pub(super) const MATTERMOST_WEBHOOK: Remote = Remote {
    name: "mattermost-webhook",
    settings: "type = 'mattermost'\nwebhook = 'ADDRESS/hooks/x'",
    judge: |request| {
        must(request.path == "/hooks/x", "Invalid webhook")?;
        harmless(request.text("/text", 16_383)?)?;
        Ok(reply(200, "ok"))
    },
    shown: |request| markdown(request.body["text"].as_str().unwrap()),
    limited: SLACK_WEBHOOK.limited,
    dead: || reply(403, json!({ "message": "Invalid webhook" })),
    gone: None,
};

pub(super) const MATTERMOST_BOT: Remote = Remote {
    name: "mattermost-bot",
    settings: "type = 'mattermost'\nserver = 'ADDRESS'\ntoken = 't'\nchannel = 'c1'",
    judge: |request| {
        must(request.header("authorization") == "Bearer t", "no token")?;
        harmless(request.text("/message", 16_383)?)?;
        match (request.method.as_str(), &*request.path) {
            ("POST", "/api/v4/posts") => {
                must(request.text("/channel_id", 26)? == "c1", "no such channel")?;
                Ok(reply(201, json!({ "id": "p1" })))
            }
            ("PUT", "/api/v4/posts/p1/patch") => Ok(reply(200, json!({ "id": "p1" }))),
            (method, path) => Err(format!("no route {method} {path}")),
        }
    },
    shown: |request| markdown(request.body["message"].as_str().unwrap()),
    limited: SLACK_WEBHOOK.limited,
    dead: || reply(401, json!({ "message": "Invalid or expired session" })),
    gone: Some(|| reply(404, json!({ "message": "Unable to get the post." }))),
};

/// Whether nobody is mentioned.
pub(super) fn harmless(text: &str) -> Result<(), String> {
    let mut after = text.split('@').skip(1);
    let is_mention = after.any(|name| name.starts_with(|char: char| char.is_alphanumeric()));
    must(!is_mention, "somebody is mentioned")
}

/// What a reader of Markdown sees; only the headline may be marked.
fn markdown(text: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut shown = String::new();
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Text(text) => shown.push_str(&text),
            Event::SoftBreak | Event::HardBreak => shown.push('\n'),
            Event::Start(Tag::Paragraph | Tag::Strong)
            | Event::End(TagEnd::Paragraph | TagEnd::Strong) => shown.push(' '),
            other => panic!("{other:?} in {text}"),
        }
    }
    shown.replace(HIDDEN_JOINER, "")
}
