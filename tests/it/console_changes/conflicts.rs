//! Two people at once: nobody's words are lost.

use crate::console_changes::{Night, written};
use crate::world::patience::until;

const OVER: &str = "resolved: true\nresolvedWhen: 2026-03-01T13:00:00Z\nseverity: down\n\
    affected: [API]\n---\n\n*Resolved* - Over. {{< track \"2026-03-01 13:00:00\" >}}\n\n\
    *Investigating* - It fails. {{< track \"2026-03-01 12:00:00\" >}}\n\n## Problem\n\n\
    *Our team has not written this section yet.*\n\n## Solution\n\n\
    *Our team has not written this section yet.*\n";

#[tokio::test]
async fn a_change_upon_a_file_that_somebody_else_changed_shows_both_and_keeps_what_was_typed() {
    let night = Night::new().await;
    let page = night.page("rolls");
    let update = format!("{page}/update");
    let form = night.get(&update).await;
    let (token, seen) = (form.field("form_token"), form.field("seen"));
    // Meanwhile an editor saves the file.
    let name = format!("{}.md", night.id("rolls").unwrap());
    let theirs = night
        .file("rolls")
        .replace("title: \"Rolls are failing\"", "title: \"Rolls fail\"");
    assert!(theirs.contains("Rolls fail"), "{theirs}");
    night.write(&name, &theirs);
    let mine = [
        ("form_token", &*token),
        ("seen", &*seen),
        ("phase", "update"),
        ("text", "We look."),
    ];
    let conflict = night.post(&update, &mine).await;
    conflict.is(409).has("This file has changed since");
    conflict
        .has("We look.</textarea>")
        .has("+*Update* - We look.");
    assert_eq!(night.file("rolls"), theirs);
    // What was seen now is put upon theirs.
    let seen = conflict.field("seen");
    let mine = [
        ("form_token", &*token),
        ("seen", &*seen),
        ("phase", "update"),
        ("text", "We look."),
    ];
    night.post(&update, &mine).await.is(303);
    let both = night.file("rolls");
    assert!(
        both.contains("Rolls fail\"") && both.contains("We look."),
        "{both}"
    );
}

#[tokio::test]
async fn what_critwatch_notes_meanwhile_gets_in_nobodys_way_and_what_changes_the_state_does() {
    let night = Night::new().await;
    let page = night.page("rolls");
    let name = format!("{}.md", night.id("rolls").unwrap());
    let address = format!("{page}/update");
    for (from, to, expected) in [
        ("---\n", "---\n# Kept by critwatch.\n", 303),
        ("severity: ", "# Graver.\nseverity: ", 303),
        ("severity: disrupted", "severity: down", 409),
    ] {
        let form = night.get(&address).await;
        let before = night.file("rolls");
        let theirs = before.replacen(from, to, 1);
        assert_ne!(theirs, before, "{from}");
        night.write(&name, &theirs);
        let (token, seen) = (form.field("form_token"), form.field("seen"));
        let sent = [
            ("form_token", &*token),
            ("seen", &*seen),
            ("text", "We look."),
        ];
        night.post(&address, &sent).await.is(expected);
        assert!(night.file("rolls").contains(to), "{to}: nothing is lost");
    }
}

#[tokio::test]
async fn a_post_mortem_is_written_and_published_once_it_is_whole() {
    let night = Night::of(crate::console_changes::SETTINGS).await;
    let cookie = night.log_in("open the door please").await;
    let night = Night { cookie, ..night };
    night.write("2026-03-01-outage.md", &written("Outage", 600, OVER));
    let page = night.page("outage");
    until("the file is read", async || {
        night.get(&page).await.status == 200
    })
    .await;
    let shown = night.get(&page).await;
    shown.has("Unwritten sections").has("problem");
    shown.lacks(">Publish<");
    let report = format!("{page}/post-mortem");
    night
        .get(&report)
        .await
        .has("## Problem")
        .has("not written this section yet");
    let refused = night.fill(&report, &[("text", "It was full.")]).await;
    refused
        .is(422)
        .has("begin with a heading")
        .has("It was full.</textarea>");
    let text = "## Problem\r\n\r\nThe cache was full.\r\n\r\n## Solution\r\n\r\nMore of it.";
    let done = night.fill(&report, &[("text", text)]).await;
    assert_eq!(done.location, format!("{page}?done=post-mortem-saved"));
    let file = night.file("outage");
    assert!(
        file.ends_with("## Problem\n\nThe cache was full.\n\n## Solution\n\nMore of it.\n"),
        "{file}"
    );
    night.get(&page).await.has(">Publish<");
    let done = night.fill(&format!("{page}/publish"), &[]).await;
    assert_eq!(done.location, format!("{page}?done=published"));
    assert!(night.file("outage").contains("*Post-mortem* - "));

    // The whole file, as it is on the disk.
    let whole = format!("{page}/file");
    let form = night.get(&whole).await;
    form.has("section: issue");
    let typed = night
        .file("outage")
        .replace("title: Outage", "title: Outage of the cache");
    night
        .fill(&whole, &[("text", &typed.replace('\n', "\r\n"))])
        .await
        .is(303);
    assert_eq!(night.file("outage"), typed);
    let same = night.fill(&whole, &[("text", &typed)]).await;
    assert_eq!(same.location, format!("{page}?done=nothing-changed"));
}
