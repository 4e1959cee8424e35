//! What the pages say, what a form does, and what a browser is told that may not.

use reqwest::header::{ETAG, LOCATION};

use crate::console::{Console, client};
use crate::world::patience::until;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_says_what_is_the_matter_and_why() {
    let console = Console::start().await;
    let (status, now) = console.page("/console/").await;
    assert_eq!(status, 200);
    for words in [
        // A rule that fires, with its value and threshold, and what comes next.
        "rolls-waiting</a>",
        "<b>1240</b> <span class=\"quiet\">&#62; 1000</span>",
        "Clears 30 s after the first good sample",
        // One that is pending.
        "(for 1h)",
        // One that opens nothing.
        "metrics and logs only",
        // Why a component is as it is.
        "has fired since",
        "No rule watches it; only incidents change its state.",
        // Collectors and the monitor.
        "samples</p>",
        "Failing since",
        "version ",
    ] {
        assert!(now.contains(words), "{words}\n{now}");
    }
    let (_, rules) = console.page("/console/rules").await;
    let order = ["rolls-waiting", "memory-high", "export-missing", "errors"];
    let places = order.map(|id| rules.find(&format!("/console/rules/{id}")).unwrap());
    assert!(places.is_sorted(), "{rules}");
    // Every series of a rule, and not only the bad ones.
    let rule = until("values are there", async || {
        let (_, rule) = console.page("/console/rules/rolls-waiting").await;
        rule.contains("queue=&#34;mail&#34;")
            .then_some(rule.clone())
            .ok_or(rule)
    })
    .await;
    assert!(rule.contains("queue=&#34;exports&#34;") && rule.contains("queue_jobs &#62; 1000"));
    let tried = "/console/rules/rolls-waiting/try?expr=queue_jobs+%3E+2000&for=0s";
    until("something was recorded and is tried", async || {
        let (status, page) = console.page(tried).await;
        assert_eq!(status, 200, "{page}");
        let gone = page.contains("only with the present rule</span>") && page.contains("Never.");
        let told = gone && page.contains("<bdi>Too many rolls wait</bdi>");
        told.then_some(()).ok_or(page)
    })
    .await;
    let faulty = "/console/rules/rolls-waiting/try?expr=sum(&for=soon";
    let (_, page) = console.page(faulty).await;
    assert!(
        page.contains("id=\"for-fault\"><code>soon</code> is not a duration"),
        "{page}"
    );
    let (_, page) = console.page(&faulty.replace("soon", "5s")).await;
    assert!(
        page.contains("id=\"expr-fault\"><code>expr</code> cannot be evaluated"),
        "{page}"
    );
    let (status, missing) = console.page("/console/rules/nothing").await;
    assert!(
        status == 404 && missing.contains("there is no rule <code>nothing</code>"),
        "{missing}"
    );
    assert!(missing.contains("<nav id=\"menu\""), "{missing}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_says_what_its_tests_say() {
    let console = Console::start().await;
    let tested = until("its tests have run", async || {
        let (_, rule) = console.page("/console/rules/rolls-waiting").await;
        let is_done = rule.contains("1 of 2 tests in alerts.test.yml fail.");
        is_done.then_some(rule.clone()).ok_or(rule)
    })
    .await;
    let fault = "Line 9, many rolls wait, at 6s: expected <code>quiet</code>, got <code>firing";
    assert!(tested.contains(fault), "{tested}");
    let (_, untested) = console.page("/console/rules/memory-high").await;
    assert!(
        untested.contains("alerts.test.yml does not test it."),
        "{untested}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_expression_is_answered_with_its_faults_at_their_place() {
    let console = Console::start().await;
    let (_, page) = console.page("/console/explore").await;
    assert!(page.contains("<option value=\"queue_jobs\">"), "{page}");
    let (status, page) = console
        .page("/console/explore?expr=sum(queue_jobs)&range=5m")
        .await;
    assert_eq!(status, 200);
    assert!(
        page.contains(">1255</td>") && page.contains("class=\"line line-0\""),
        "{page}"
    );
    let (_, page) = console
        .page("/console/explore?expr=sum(queue_jobs&range=5m")
        .await;
    assert!(
        page.contains("<pre>sum<mark>(queue_jobs</mark></pre>"),
        "{page}"
    );
    for (query, words) in [
        ("expr=up&range=soon", "not a duration"),
        ("expr=up&end=soon", "not a time"),
        ("expr=up&step=soon", "not a step"),
        ("expr=up&range=1y&step=1s", "more than 11000 steps"),
        ("expr=nothing_such", "The expression returns no series."),
        ("expr=%3Cscript%3E", "&#60;script&#62;"),
    ] {
        let (status, page) = console.page(&format!("/console/explore?{query}")).await;
        assert!(status == 200 && page.contains(words), "{query}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_notes_an_event_or_says_what_is_wrong_where() {
    let console = Console::start().await;
    let (_, page) = console.page("/console/events").await;
    let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let send = async |fields: &[(&str, &str)]| {
        let mut url = reqwest::Url::parse("http://x").unwrap();
        url.query_pairs_mut().extend_pairs(fields);
        let answer = client()
            .post(format!("{}/console/events", console.monitor.ops))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "text/html")
            .header("Origin", &console.monitor.ops)
            .header("Cookie", &console.cookie)
            .body(url.query().unwrap().to_owned())
            .send()
            .await
            .unwrap();
        let location = answer.headers().get(LOCATION).cloned();
        let location = location.map(|to| to.to_str().unwrap().to_owned());
        (
            answer.status().as_u16(),
            location,
            answer.text().await.unwrap(),
        )
    };
    let parts = [("affected", "api"), ("affected", "worker")];
    let noted = [
        &[
            ("form_token", token),
            ("text", "Release 7"),
            ("kind", "release"),
        ],
        &parts[..],
    ];
    let (status, location, _) = send(&noted.concat()).await;
    assert_eq!(
        (status, location.as_deref()),
        (303, Some("/console/events?done=event-noted"))
    );
    let (_, page) = console.page("/console/events?done=event-noted").await;
    assert!(
        page.contains("The event is added.") && page.contains("Release 7"),
        "{page}"
    );
    assert!(page.contains("<bdi>API</bdi>, <bdi>Worker</bdi>"), "{page}");
    // A link cannot make it say anything else.
    let (_, page) = console.page("/console/events?done=<b>hacked</b>").await;
    assert!(!page.contains("hacked"), "{page}");

    let bad = [("form_token", token), ("text", "Release 8"), ("at", "soon")];
    let (status, _, page) = send(&bad).await;
    assert_eq!(status, 422);
    assert!(
        page.contains("value=\"Release 8\"") && page.contains("id=\"at-fault\""),
        "{page}"
    );
    let (status, _, page) = send(&[("text", "Release 9")]).await;
    assert!(status == 403 && page.contains("not one of yours"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_logged_in_is_led_to_the_login_and_back() {
    let console = Console::start().await;
    let ask = async |path: &str, site: &str| {
        let request = client().get(format!("{}{path}", console.monitor.ops));
        let request = request.header("Accept", "text/html");
        let answer = request.header("Sec-Fetch-Site", site).send().await.unwrap();
        let location = answer.headers().get(LOCATION).cloned();
        let location = location.map(|to| to.to_str().unwrap().to_owned());
        (
            answer.status().as_u16(),
            location.unwrap_or_default(),
            answer.text().await.unwrap(),
        )
    };
    let (status, location, _) = ask("/console/rules?hours=6", "same-origin").await;
    assert_eq!(status, 303);
    assert_eq!(location, "/login?next=%2Fconsole%2Frules%3Fhours%3D6");
    let (_, _, login) = ask(&location, "same-origin").await;
    assert!(
        login.contains("name=\"next\" value=\"/console/rules?hours=6\""),
        "{login}"
    );
    // Behind a link of a chat the cookie comes with the second request only.
    let (status, _, again) = ask("/console/rules", "cross-site").await;
    assert!(
        status == 200 && again.contains("content=\"0; url=/console/rules\""),
        "{again}"
    );
    let (_, location, _) = ask("/", "none").await;
    assert_eq!(location, "/console/");
    // A program is told as before.
    let plain = client().get(format!("{}/console/", console.monitor.ops));
    let plain = plain.send().await.unwrap();
    assert_eq!(plain.status(), 401);
    assert_eq!(plain.headers()["content-type"], "application/problem+json");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_page_asks_for_itself_at_little_cost() {
    let console = Console::start().await;
    let first = console.get("/console/settings").send().await.unwrap();
    assert_eq!(first.headers()["cache-control"], "private, no-cache");
    let policy = first.headers()["content-security-policy"].to_str().unwrap();
    assert!(
        !policy.contains("unsafe") && policy.contains("script-src 'self'"),
        "{policy}"
    );
    // What the page tells may change from one look to the next while much begins.
    until("two looks show the same", async || {
        let first = console.get("/console/settings").send().await.unwrap();
        let mark = first.headers()[ETAG].clone();
        let before = first.text().await.unwrap();
        let again = console
            .get("/console/settings")
            .header("If-None-Match", mark);
        let again = again.send().await.unwrap();
        let (status, text) = (again.status(), again.text().await.unwrap());
        (status == 304 && text.is_empty())
            .then_some(())
            .ok_or(format!("{before}\n{text}"))
    })
    .await;
}

/// The incident files are looked at as `critwatch check` does, and again when one changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_settings_show_what_is_to_be_found_in_the_incident_files() {
    let console = Console::start().await;
    let (_, page) = console.page("/console/settings").await;
    assert!(page.contains("No findings in the settings"), "{page}");
    let file = console
        .place
        .path()
        .join("incidents")
        .join("2026-01-02-late.md");
    let text = "---\ntitle: Late\ndate: 2026-01-02 10:00:00\nseverity: down\n\
        affected:\n  - Wrker\nresolved: false\nsection: issue\n---\n";
    std::fs::write(&file, text).unwrap();
    let (_, page) = console.page("/console/settings").await;
    assert!(
        page.contains("unknown-component") && page.contains("late.md:6"),
        "{page}"
    );
    std::fs::write(&file, text.replace("Wrker", "Worker")).unwrap();
    let (_, page) = console.page("/console/settings").await;
    assert!(!page.contains("unknown-component"), "{page}");
    std::fs::write(&file, text.replace("down", "[down")).unwrap();
    let (_, page) = console.page("/console/settings").await;
    let told = page.matches("incidents/2026-01-02-late.md").count();
    assert!(page.contains("the head is not YAML") && told == 1, "{page}");
}

/// A site of a stranger that took a name of this address reads what its page is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_name_is_refused_without_a_word_about_who_asks() {
    let console = Console::start().await;
    let asked = console
        .get("/console/settings")
        .header("Host", "evil.example");
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), 421);
    let page = answer.text().await.unwrap();
    assert!(page.contains("evil.example"), "{page}");
    for secret in ["form_token", "<bdi>ops</bdi>", "full access"] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
}

/// Samples as they were measured, as on Prometheus' own page; there is no chart of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn explore_lists_the_samples_of_a_range() {
    let console = Console::start().await;
    let (status, page) = console
        .page("/console/explore?expr=queue_jobs%7Bqueue%3D%22rolls%22%7D%5B5m%5D")
        .await;
    assert_eq!(status, 200);
    assert!(
        page.contains("1240 @") && !page.contains("chart-box"),
        "{page}"
    );
    let (_, page) = console.page("/console/explore?expr=%22a+text%22").await;
    assert!(page.contains("a text</td>"), "{page}");
}
