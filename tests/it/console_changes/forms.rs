//! Forms without a script: what they do, what they refuse, and for whom.

use crate::console_changes::{Night, WORK};
use crate::world::patience::until;

#[tokio::test]
async fn an_incident_is_updated_changed_resolved_and_opened_again_by_forms() {
    let night = Night::new().await;
    let page = night.page("rolls");
    let shown = night.get(&page).await;
    shown
        .has("Rolls are failing")
        .has("42 % of all rolls fail.");
    shown.has("Silence").has("Write an update");

    // What would change is shown, and nothing is written.
    let before = night.file("rolls");
    let update = format!("{page}/update");
    let fields = [
        ("phase", "identified"),
        ("text", "The **cache** is full."),
        ("keys", "yes"),
        ("title", "Rolls are failing"),
        ("severity", "down"),
        ("affected", "api"),
        ("affected", "cache"),
        ("level.cache", "disrupted"),
        ("do", "show"),
    ];
    let preview = night.fill(&update, &fields).await;
    preview.is(200).has("+severity: down").has("added: ");
    preview
        .has("<strong>cache</strong>")
        .has("id=\"page\">Page</h2>");
    preview.has("The **cache** is full.</textarea>");
    preview.has("<bdi>log</bdi>").has("new message: worse");
    preview.has("<bdi>team</bdi>");
    assert_eq!(night.file("rolls"), before);

    let mut fields = fields.to_vec();
    fields.pop();
    let done = night.fill(&update, &fields).await;
    done.is(303);
    assert_eq!(done.location, format!("{page}?done=update-published"));
    let file = night.file("rolls");
    assert!(file.contains("severity: down"), "{file}");
    assert!(
        file.contains("*Identified* - The **cache** is full."),
        "{file}"
    );
    assert!(file.contains("Cache: disrupted"), "{file}");
    let shown = night.get(&done.location).await;
    shown.has("The update is published.").has("by ops");
}

#[tokio::test]
async fn an_incident_is_resolved_though_its_rule_fires_on_and_opened_again() {
    let night = Night::new().await;
    let page = night.page("rolls");
    // The rule is muted, and the page says so.
    let done = night.fill(&format!("{page}/resolve"), &[]).await;
    assert_eq!(done.location, format!("{page}?done=resolved"));
    until("the rule is muted", async || {
        night.get(&page).await.text.contains("muted")
    })
    .await;
    let again = [("phase", "investigating"), ("text", "It is back.")];
    let done = night.fill(&format!("{page}/reopen"), &again).await;
    assert_eq!(done.location, format!("{page}?done=reopened"));
    assert!(night.file("rolls").contains("resolved: false"));
    let over = night.fill(&format!("{page}/reopen"), &again).await;
    over.is(409)
        .has("it is open already")
        .has("It is back.</textarea>");

    // Who did it is in the audit log.
    let log = night.get("/console/audit").await;
    log.has("reopen incident").has("resolve incident");
}

#[tokio::test]
async fn a_draft_is_published_or_deleted_and_a_new_one_is_written() {
    let night = Night::new().await;
    let page = night.page("slow");
    night.get(&page).await.has("Draft: visitors do not see it");
    let preview = night
        .fill(&format!("{page}/publish"), &[("do", "show")])
        .await;
    preview.has("new message: opened").has("+draft: false");
    let done = night.fill(&format!("{page}/publish"), &[]).await;
    assert_eq!(done.location, format!("{page}?done=published"));
    night.get(&page).await.lacks("Draft: visitors");

    let new = [
        ("title", "Logins fail"),
        ("severity", "down"),
        ("affected", "web"),
        ("phase", "investigating"),
        ("text", "We look at it."),
        ("draft", "yes"),
    ];
    let mut shown = new.to_vec();
    shown.push(("do", "show"));
    let address = "/console/incidents/new";
    let preview = night.fill(address, &shown).await;
    preview.is(200).has("+title: &#34;Logins fail&#34;");
    preview.has("Page, once published");
    assert_eq!(night.id("logins"), None);
    let done = night.fill(address, &new).await;
    let page = night.page("logins");
    assert_eq!(done.location, format!("{page}?done=draft-opened"));
    let done = night.fill(&format!("{page}/delete"), &[]).await;
    assert_eq!(done.location, "/console/incidents?done=draft-deleted");
    assert_eq!(night.id("logins"), None);
    night.get(&page).await.is(404).has("Not found");
}

#[tokio::test]
async fn maintenance_is_planned_moved_and_called_off() {
    let night = Night::new().await;
    let done = night.fill("/console/maintenance/new", &WORK).await;
    let page = night.page("move");
    assert_eq!(done.location, format!("{page}?done=planned"));
    night
        .get("/console/maintenance")
        .await
        .has("Move the cache");
    let extend = format!("{page}/extend");
    let bad = night.fill(&extend, &[("until", "1h ago")]).await;
    bad.is(422).has("has passed").has("aria-invalid=\"true\"");
    let done = night.fill(&extend, &[("until", "in 4h")]).await;
    assert_eq!(done.location, format!("{page}?done=extended"));
    let done = night.fill(&format!("{page}/cancel"), &[]).await;
    assert_eq!(done.location, format!("{page}?done=cancelled"));
    until("it is over", async || {
        night
            .get("/console/maintenance")
            .await
            .text
            .contains("cancelled")
    })
    .await;
}

#[tokio::test]
async fn a_silence_says_what_it_is_about_before_it_is_kept() {
    let night = Night::new().await;
    let new = "/console/silences/new";
    night
        .get(&format!("{new}?rule=rolls-fail"))
        .await
        .has("rule=rolls-fail</textarea>");
    let fields = [
        ("matchers", "rule=rolls-fail"),
        ("for", "2h"),
        ("reason", "Known"),
    ];
    let mut shown = fields.to_vec();
    shown.push(("do", "show"));
    night
        .fill(new, &shown)
        .await
        .is(200)
        .has("<code>rolls-fail</code>")
        .lacks("app-slow</code>");
    let nothing = [
        ("matchers", "rule=nothing"),
        ("for", "2h"),
        ("reason", "x"),
        ("do", "show"),
    ];
    night
        .fill(new, &nothing)
        .await
        .has("matches nothing; there are ");
    let done = night.fill(new, &fields).await;
    assert_eq!(done.location, "/console/silences?done=silenced");
    let list = night.get("/console/silences").await;
    list.has("Known")
        .has("ops")
        .has("href=\"/console/silences/1\"");
    until("the rule is silent", async || {
        night
            .get("/console/silences")
            .await
            .text
            .contains("Silences: ")
    })
    .await;
}

#[tokio::test]
async fn a_silence_is_changed_and_ended() {
    let night = Night::new().await;
    let new = "/console/silences/new";
    let fields = [
        ("matchers", "rule=rolls-fail"),
        ("for", "2h"),
        ("reason", "Known"),
    ];
    night.fill(new, &fields).await.is(303);
    // Changed: another one takes its place.
    let longer = [
        ("matchers", "rule=rolls-fail"),
        ("until", "in 8h"),
        ("reason", "Longer"),
    ];
    night.fill("/console/silences/1", &longer).await.is(303);
    let list = night.get("/console/silences").await;
    list.has("Longer");
    let token = list.field("form_token");
    let ended = night
        .post("/console/silences/2/end", &[("form_token", &token)])
        .await;
    assert_eq!(ended.location, "/console/silences?done=silence-ended");
    night
        .get("/console/silences")
        .await
        .has("Nothing is silenced.");
    let bad = night
        .fill(new, &[("matchers", "rule"), ("from", "soon")])
        .await;
    bad.is(422)
        .has("matchers-fault")
        .has("from-fault")
        .has("reason-fault");
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field() {
    let night = Night::new().await;
    let page = night.page("rolls");
    let update = format!("{page}/update");
    let bad = [
        ("text", ""),
        ("keys", "yes"),
        ("title", &"x".repeat(300)),
        ("severity", "bad"),
        ("affected", "api"),
        ("affected", "cache"),
    ];
    let refused = night.fill(&update, &bad).await;
    refused.is(422).has("text-fault").has("severity-fault");
    refused.has("say what visitors read");
    let bad = [
        ("text", "a {{< b >}}"),
        ("keys", "yes"),
        ("title", &"x".repeat(300)),
        ("severity", "disrupted"),
        ("affected", "api"),
        ("affected", "cache"),
        ("level.api", "down"),
    ];
    let refused = night.fill(&update, &bad).await;
    refused
        .is(422)
        .has("text-fault")
        .has("title-fault")
        .has("a {{&#60; b &#62;}}");
    night.get(&format!("{page}/nothing")).await.is(404);
    night.get("/console/incidents/nothing").await.is(404);
}

#[tokio::test]
async fn nobody_sends_a_form_without_its_token_or_the_scope() {
    let night = Night::new().await;
    let page = night.page("rolls");
    let update = format!("{page}/update");
    let before = night.file("rolls");
    let fields = [("text", "Hello"), ("seen", "x")];
    night
        .post(&update, &fields)
        .await
        .is(403)
        .has("Not allowed");
    let [reader, writer] = [("ben", "read"), ("cleo", "write")];
    let reader = night.somebody(reader.0, reader.1).await;
    let writer = night.somebody(writer.0, writer.1).await;
    let theirs = night.get_as(&writer, &update).await.field("form_token");
    let sent = [("form_token", &*theirs), ("text", "Hello")];
    night.post(&update, &sent).await.is(403);
    night
        .get_as(&reader, &page)
        .await
        .is(200)
        .lacks("Write an update");
    night
        .get_as(&reader, &update)
        .await
        .is(403)
        .has("needs the scope <code>write</code>");
    night.post_as(&reader, &update, &sent).await.is(403);
    for path in ["/console/audit", "/console/subscribers"] {
        night.get_as(&writer, path).await.is(403);
    }
    let reload = "/console/settings/reload";
    night.post_as(&writer, reload, &sent).await.is(403);
    assert_eq!(night.file("rolls"), before);
}

#[tokio::test]
async fn settings_are_shown_without_secrets_and_read_again() {
    let night = Night::new().await;
    let page = night.get("/console/settings").await;
    page.has("rolls-fail")
        .lacks("open the door")
        .lacks("whsec_");
    let token = page.field("form_token");
    let reload = "/console/settings/reload";
    let done = night.post(reload, &[("form_token", &token)]).await;
    assert_eq!(done.location, "/console/settings?done=settings-read");
    let toml = night.place.path().join("alerts.toml");
    std::fs::write(&toml, "[site]\ntitel = 'x'\n").unwrap();
    let refused = night.post(reload, &[("form_token", &token)]).await;
    refused.is(422).has("The old ones stay").has("titel");
    night
        .get("/console/audit")
        .await
        .has("reload")
        .has("refused");
}
