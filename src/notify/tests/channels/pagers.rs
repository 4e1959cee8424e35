//! Cards, pushes and on-call services, as their documents say.

use serde_json::{Value, json};

use super::chats::SLACK_WEBHOOK;
use super::remotes::Remote;
use super::stand_in::{SeenRequest, must, reply, text};

pub(super) const TEAMS: Remote = Remote {
    name: "teams",
    settings: "type = 'teams'\nwebhook = 'ADDRESS/workflows/x?sig=y'",
    judge: |request| {
        must(request.path == "/workflows/x", "WorkflowNotFound")?;
        must(request.query == "sig=y", "the signature is missing")?;
        must(request.text("/type", 9)? == "message", "type")?;
        must(request.body.to_string().len() <= 28 * 1024, "too large")?;
        let attachment = &request.body["attachments"][0];
        let kind = "application/vnd.microsoft.card.adaptive";
        must(text(attachment, "/contentType", 99)? == kind, "contentType")?;
        let card = &attachment["content"];
        must(text(card, "/type", 99)? == "AdaptiveCard", "card")?;
        must(text(card, "/version", 9)? == "1.4", "version")?;
        let runs = runs(&card["body"]);
        must(!runs.is_empty(), "the card is empty")?;
        Ok(reply(202, ""))
    },
    shown: |request| runs(&request.body["attachments"][0]["content"]["body"]).join("\n"),
    limited: SLACK_WEBHOOK.limited,
    dead: || reply(404, json!({ "error": { "code": "WorkflowNotFound" } })),
    gone: None,
};

/// The texts of all runs; nothing else in a card has text.
fn runs(body: &Value) -> Vec<&str> {
    let mut all = Vec::new();
    for element in body.as_array().unwrap() {
        match element["type"].as_str().unwrap() {
            "Container" => all.extend(runs(&element["items"])),
            "RichTextBlock" => {
                let inlines = element["inlines"].as_array().unwrap();
                all.extend(inlines.iter().map(|run| run["text"].as_str().unwrap()));
            }
            other => panic!("{other} reads markup"),
        }
    }
    all
}

pub(super) const NTFY: Remote = Remote {
    name: "ntfy",
    settings: "type = 'ntfy'\ntopic = 'status'\ntoken = 'tk'\nserver = 'ADDRESS'",
    judge: |request| {
        must(request.path == "/", "JSON goes to the root")?;
        must(request.header("authorization") == "Bearer tk", "40101")?;
        let sequence = request.header("x-sequence-id");
        must((1..=64).contains(&sequence.len()), "sequence id")?;
        must(request.text("/topic", 64)? == "status", "40301")?;
        let words = request.text("/message", 4_096)?;
        must(words.len() <= 4_096, "it becomes an attachment")?;
        must(request.text("/title", 250)?.len() <= 250, "title")?;
        let priority = request.body["priority"].as_u64().unwrap_or_default();
        must((1..=5).contains(&priority), "40007")?;
        must(request.body["markdown"] == Value::Null, "markdown")?;
        let answer = json!({ "id": "n1", "event": "message", "sequence_id": sequence });
        Ok(reply(200, answer))
    },
    shown: |request| shown(request, &["/title", "/message"]),
    limited: || {
        let body = json!({ "code": 42_901, "http": 429, "error": "limit reached" });
        Some((429, Some(("retry-after", "2")), body.to_string()))
    },
    dead: || {
        reply(
            403,
            json!({ "code": 40_301, "http": 403, "error": "forbidden" }),
        )
    },
    gone: None,
};

pub(super) const GOTIFY: Remote = Remote {
    name: "gotify",
    settings: "type = 'gotify'\nserver = 'ADDRESS/gotify/'\ntoken = 't'",
    judge: |request| {
        must(request.path == "/gotify/message", "not found")?;
        must(request.header("x-gotify-key") == "t", "Unauthorized")?;
        request.text("/message", 10_000)?;
        request.text("/title", 1_000)?;
        let extras = &request.body["extras"];
        let kind = &extras["client::display"]["contentType"];
        must(kind == "text/plain", "markdown")?;
        must(request.body["priority"].is_u64(), "priority")?;
        Ok(reply(200, json!({ "id": 25 })))
    },
    shown: |request| shown(request, &["/title", "/message"]),
    limited: SLACK_WEBHOOK.limited,
    dead: || {
        let words = "you need to provide a valid access token";
        let body = json!({
            "error": "Unauthorized", "errorCode": 401, "errorDescription": words,
        });
        reply(401, body)
    },
    gone: None,
};

pub(super) const PAGERDUTY: Remote = Remote {
    name: "pagerduty",
    settings: "type = 'pagerduty'\nrouting_key = 'R0UT1NG'\nserver = 'ADDRESS'",
    judge: |request| {
        must(request.text("/routing_key", 32)? == "R0UT1NG", "key")?;
        must(request.body.to_string().len() < 512_000, "too large")?;
        let is_change = request.path == "/v2/change/enqueue";
        if !is_change {
            must(request.path == "/v2/enqueue", "not found")?;
            request.text("/dedup_key", 255)?;
            match request.text("/event_action", 99)? {
                "trigger" => {
                    let severity = request.text("/payload/severity", 99)?;
                    let known = ["critical", "error", "warning", "info"];
                    must(known.contains(&severity), "severity")?;
                }
                "resolve" => {
                    must(request.body["payload"] == Value::Null, "payload")?;
                    return Ok(reply(202, json!({ "status": "success" })));
                }
                other => return Err(format!("no such action: {other}")),
            }
        }
        request.text("/payload/summary", 1_024)?;
        request.text("/payload/source", 255)?;
        Ok(reply(202, json!({ "status": "success" })))
    },
    shown: |request| {
        let component = &request.body["payload"]["component"];
        let parts = ["/payload/summary", "/payload/custom_details/text"];
        format!("{} {}", shown(request, &parts), component)
    },
    limited: SLACK_WEBHOOK.limited,
    dead: || {
        let body = json!({
            "status": "invalid event", "message": "Event object is invalid",
            "errors": ["Invalid routing key"],
        });
        reply(400, body)
    },
    gone: None,
};

pub(super) const OPSGENIE: Remote = Remote {
    name: "opsgenie",
    settings: "type = 'opsgenie'\napi_key = 'K'\nserver = 'ADDRESS'",
    judge: |request| {
        must(request.header("authorization") == "GenieKey K", "key")?;
        let done = Ok(reply(202, json!({ "requestId": "1" })));
        if request.path == "/v2/alerts" {
            request.text("/message", 130)?;
            request.text("/alias", 512)?;
            request.text("/description", 15_000)?;
            let priority = request.text("/priority", 2)?;
            must(
                ["P1", "P2", "P3", "P4", "P5"].contains(&priority),
                "priority",
            )?;
            return done;
        }
        let rest = request.path.strip_prefix("/v2/alerts/critwatch:");
        let (_, action) = rest
            .and_then(|rest| rest.split_once('/'))
            .ok_or("no alert")?;
        must(request.query == "identifierType=alias", "identifierType")?;
        must(action == "close" || action == "notes", "no such action")?;
        request.text("/note", 25_000)?;
        done
    },
    shown: |request| shown(request, &["/message", "/description"]),
    limited: SLACK_WEBHOOK.limited,
    dead: || reply(401, json!({ "message": "Could not authenticate" })),
    gone: None,
};

fn shown(request: &SeenRequest, parts: &[&str]) -> String {
    let texts = parts
        .iter()
        .filter_map(|part| request.body.pointer(part)?.as_str());
    texts.collect::<Vec<_>>().join("\n")
}
