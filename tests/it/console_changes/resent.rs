//! A refused message, sent again by the console, by the API and by the command.

use serde_json::json;

use super::*;
use crate::world::discord::{Discord, Mood};

const TOKEN: &str = "open the door please";

/// Settings without rules: people write the incidents.
fn settings(discord: &Discord) -> String {
    format!(
        "[site]\ntitle = 'Dice'\n[ops]\ntoken = '{TOKEN}'\n[[component]]\nid = 'mails'\n\
         name = 'Mails'\n[[notifier]]\nid = 'team'\ntype = 'discord'\nupdates = 'post'\n\
         webhook = '{}'\n",
        discord.url()
    )
}

impl Night {
    /// The address that sends the refused message again.
    async fn refused(&self, messages: usize) -> String {
        until("messages are refused", async || {
            let page = self.get("/console/deliveries").await.text;
            let count = page.matches("rejected").count();
            (count == messages).then_some(()).ok_or(page)
        })
        .await;
        let page = self.get("/console/deliveries").await.text;
        let (_, rest) = page.split_once("action=\"/console/deliveries/").unwrap();
        format!(
            "/console/deliveries/{}",
            rest.split('"').next().unwrap_or_default()
        )
    }

    /// What the command says of a message.
    async fn resend(&self, id: &str, token: &str) -> (Option<i32>, String) {
        let ops = self.monitor.ops.trim_start_matches("http://");
        let said = Command::new(PROGRAM)
            .args(["notify", "resend", id, "--ops", ops])
            .env("CRITWATCH_TOKEN", token)
            .output()
            .await
            .unwrap();
        let text = [said.stdout, said.stderr].concat();
        (said.status.code(), String::from_utf8(text).unwrap())
    }
}

#[tokio::test]
async fn a_refused_message_is_sent_again_if_somebody_with_the_scope_asks_for_it() {
    let discord = Discord::start().await;
    let refusal = json!({ "message": "Invalid Form Body", "code": 50_035 });
    discord.becomes(Mood::Answers(400, refusal.clone(), Vec::new()));
    let mut night = Night::of(&settings(&discord)).await;
    night.cookie = night.log_in(TOKEN).await;
    let head = "affected: [Mails]\nseverity: down\nresolved: ";
    let open = written(
        "Mails are late",
        30,
        &format!("{head}false\n---\nThey wait.\n"),
    );
    night.write("mails.md", &open);
    let address = night.refused(1).await;
    let id = address.split('/').nth(3).unwrap().to_owned();

    let reader = night.somebody("ann", "read").await;
    let page = night.get_as(&reader, "/console/deliveries").await;
    page.is(200).has("rejected").lacks("Send again");
    night.post_as(&reader, &address, &[]).await.is(403);
    night.post(&address, &[]).await.is(403);
    assert_eq!(discord.requests(), 1);

    // By the console; it is refused once more.
    let token = night.get("/console/deliveries").await.field("form_token");
    let done = night.post(&address, &[("form_token", &token)]).await;
    done.is(303);
    night
        .get(&done.location)
        .await
        .has("The message is sent again.");
    let address = night.refused(2).await;
    discord.becomes(Mood::Well);
    let again = night.post(&address, &[("form_token", &token)]).await;
    again.is(303);
    until("the message is posted", async || {
        discord.headlines() == ["Down: Mails are late"]
    })
    .await;

    // By the command.
    discord.becomes(Mood::Answers(400, refusal, Vec::new()));
    night.write("mails.md", &open.replace("false", "true"));
    let ended = night.refused(3).await;
    let ended = ended.split('/').nth(3).unwrap().to_owned();
    let (code, said) = night.resend(&ended, "cw_wrong").await;
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("scope `write`"), "{said}");
    let (code, said) = night.resend(&id, TOKEN).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("out of date"), "{said}");
    let (code, said) = night.resend("4242", TOKEN).await;
    assert_eq!(code, Some(2), "{said}");
    discord.becomes(Mood::Well);
    let (code, said) = night.resend(&ended, TOKEN).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the message is sent again"), "{said}");
    until("the end is posted", async || {
        discord.headlines() == ["Down: Mails are late", "Resolved: Mails are late"]
    })
    .await;
    night.get("/console/audit").await.has("resend message");
    assert!(night.monitor.stop().await.success());
}
