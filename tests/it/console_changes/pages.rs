//! Every page, as it is shown.

use crate::console_changes::{Night, SETTINGS, WORK, client, send};
use crate::world::patience::until;

/// Takes out what is another one in each run.
fn steady(page: &str) -> String {
    let mut text = page.to_owned();
    for mark in [
        "form_token\" value=\"",
        "name=\"seen\" value=\"",
        "datetime=\"",
        "data-since=\"",
        "/style.css?",
        "/console.js?",
    ] {
        let mut rest = std::mem::take(&mut text);
        while let Some(at) = rest.find(mark) {
            let end = at + mark.len();
            let close = rest[end..].find('"').unwrap_or_default();
            text.push_str(&rest[..end]);
            text.push('…');
            rest = rest.split_off(end + close);
        }
        text.push_str(&rest);
    }
    text
}

#[tokio::test]
async fn every_page_is_whole_and_loads_nothing_from_elsewhere() {
    let night = Night::new().await;
    let rolls = night.page("rolls");
    let acts = ["update", "change", "resolve", "withdraw", "file", "correct"];
    let mut paths: Vec<_> = acts.iter().map(|act| format!("{rolls}/{act}")).collect();
    paths.push(rolls);
    paths.extend(
        [
            "/console/incidents",
            "/console/incidents?q=rolls",
            "/console/incidents/new",
            "/console/maintenance",
            "/console/maintenance/new",
            "/console/silences",
            "/console/silences/new",
            "/console/subscribers",
            "/console/deliveries",
            "/console/deliveries?only=failed",
            "/console/settings",
            "/console/audit",
        ]
        .map(str::to_owned),
    );
    for path in paths {
        let page = night.get(&path).await;
        page.is(200);
        let text = steady(&page.text);
        assert!(text.ends_with("</html>"), "{path}");
        assert!(
            !text.contains("style=\"") && !text.contains("<script>"),
            "{path}\n{text}"
        );
        assert_eq!(text.matches("<h1>").count(), 1, "{path}");
        for form in text.split("<form ").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let posts = form.contains("method=\"post\"");
            assert!(!posts || form.contains("form_token"), "{path}\n{form}");
        }
    }
}

/// A page without what stands around it, as its golden file has it.
fn golden(name: &str, page: &str) {
    let main = page.split("<main").nth(1).unwrap();
    let main = main.split("</main>").next().unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, format!("<main{}", steady(main))));
}

const OVER: &str = "resolved: true\nresolvedWhen: 2026-03-01T13:00:00Z\nseverity: down\n\
    affected: [API]\n---\n\n*Resolved* - Over. {{< track \"2026-03-01 13:00:00\" >}}\n\n\
    *Investigating* - It <b>fails</b>. {{< track \"2026-03-01 12:00:00\" >}}\n\n\
    ## Problem\n\n*Our team has not written this section yet.*\n";

#[tokio::test]
async fn forms_are_as_they_were_looked_at() {
    let settings = SETTINGS.split("[[rule]]").next().unwrap();
    let night = Night::of(settings).await;
    let cookie = night.log_in("open the door please").await;
    let night = Night { cookie, ..night };
    let head = "---\nsection: issue\ntitle: A & B\ndate: 2026-03-01T12:00:00Z\n";
    night.write("2026-03-01-a-b.md", &format!("{head}{OVER}"));
    let one = night.page("a-b");
    until("the file is read", async || {
        night.get(&one).await.status == 200
    })
    .await;
    for (name, path) in [
        ("console-open.html", "/console/incidents/new".to_owned()),
        ("console-plan.html", "/console/maintenance/new".to_owned()),
        ("console-silence.html", "/console/silences/new".to_owned()),
        (
            "console-subscribers.html",
            "/console/subscribers".to_owned(),
        ),
        ("console-change.html", format!("{one}/change")),
        ("console-report.html", format!("{one}/post-mortem")),
    ] {
        golden(name, &night.get(&path).await.text);
    }
    let asked = [
        ("text", "It was <i>full</i>."),
        ("phase", "update"),
        ("do", "show"),
    ];
    let shown = night.fill(&format!("{one}/update"), &asked).await;
    // The update that would be written has the moment of the test.
    let (_, rest) = shown.text.split_once("<form class=\"card sheet\"").unwrap();
    golden(
        "console-update.html",
        &format!(
            "<main><form{}</main>",
            rest.split("</form>").next().unwrap()
        ),
    );
}

#[tokio::test]
async fn planned_work_is_no_open_incident() {
    let night = Night::new().await;
    night.fill("/console/maintenance/new", &WORK).await.is(303);
    until("the work is known", async || {
        let page = night.get("/console/maintenance").await;
        page.text.contains("Move the cache")
    })
    .await;
    night.get("/console/").await.lacks("Move the cache");
    // The two that rules opened.
    let two = "Incidents <span class=\"count\">2</span>";
    night.get("/console/").await.has(two);
}

#[tokio::test]
async fn what_a_browser_is_refused_is_a_page() {
    let night = Night::new().await;
    for path in ["/nothing", "/console/nothing"] {
        night.get(path).await.is(404).has("there is no such page");
    }
    let stranger = |path: &str| {
        client()
            .get(night.url(path))
            .header("Host", "ops.example.org")
    };
    for path in ["/", "/login", "/console/"] {
        let page = send(stranger(path)).await;
        page.is(421)
            .has("<h1>Unknown host name</h1>")
            .has("<code>hosts = [&#34;ops.example.org&#34;]</code>")
            .lacks("href=\"/login\"");
    }
    send(stranger("/style.css")).await.is(200);
    let posted = client().post(night.url("/style.css"));
    let posted = posted.header("Host", "ops.example.org");
    send(posted).await.is(421).lacks("log out");
    let program = stranger("/api/v1/events");
    send(program).await.is(421).has("\"status\":421");
}
