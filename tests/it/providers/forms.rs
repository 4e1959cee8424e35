//! Further forms of status pages, each as its provider writes it.

use crate::providers::{Provider, check, collector, said};

#[tokio::test]
async fn slack_names_what_goes_on_and_is_narrowed_to_services() {
    let path = "/api/v2.0.0/current";
    let well = r#"{"status": "ok", "date_created": "2026-03-01T10:00:00-07:00",
        "date_updated": "2026-03-01T10:00:00-07:00", "active_incidents": []}"#;
    check(path, well, "", "status=0 incidents_open=0").await;
    let page = r#"{"status": "active", "date_created": "2026-03-01T10:00:00-07:00", "active_incidents": [
        {"id": 546, "date_created": "2026-03-01T03:00:00-07:00", "title": "Messages are late", "type": "incident",
         "status": "active", "url": "https://slack-status.com/2026-03/1", "services": ["Messaging", "Search"], "notes": []},
        {"id": 547, "date_created": "2026-03-01T03:00:00-07:00", "title": "Calls are away", "type": "outage",
         "status": "active", "url": "https://slack-status.com/2026-03/2", "services": ["Huddles"]},
        {"id": 548, "title": "Done", "type": "incident", "status": "resolved", "services": ["Search"]}]}"#;
    let late =
        "[disrupted Messages are late 2026-03-01T10:00:00Z https://slack-status.com/2026-03/1]";
    let away = "[down Calls are away 2026-03-01T10:00:00Z https://slack-status.com/2026-03/2]";
    check(
        path,
        page,
        "",
        &format!("status=3 incidents_open=2 {away} {late}"),
    )
    .await;
    let search = "services = ['search']";
    check(
        path,
        page,
        search,
        &format!("status=2 incidents_open=1 {late}"),
    )
    .await;
    check(
        path,
        page,
        "services = ['Logins']",
        "status=0 incidents_open=0",
    )
    .await;
}

#[tokio::test]
async fn status_io_is_read_where_its_api_is() {
    let page = r#"{"result": {"status_overall": {"updated": "2026-03-01T10:00:00.000Z", "status": "Degraded", "status_code": 300},
        "status": [
          {"id": "1", "name": "API", "status": "Operational", "status_code": 100, "containers": [
            {"id": "a", "name": "Europe", "status": "Partial Service Disruption", "status_code": 400}]},
          {"id": "2", "name": "Site", "status": "Operational", "status_code": 100, "containers": []}],
        "incidents": [{"_id": "x", "name": "Slow in Europe", "datetime_open": "2026-03-01T10:00:00.000Z",
          "messages": [{"details": "d", "state": 100, "status": 500, "datetime": "2026-03-01T10:00:00.000Z"},
                       {"details": "d", "state": 200, "status": 400, "datetime": "2026-03-01T10:30:00.000Z"}],
          "components_affected": [{"_id": "1", "name": "API"}], "containers_affected": [{"_id": "a", "name": "Europe"}]}],
        "maintenance": {"active": [{"_id": "y", "name": "New cables", "datetime_open": "2026-03-01T08:00:00.000Z",
          "components_affected": [{"_id": "2", "name": "Site"}]}], "upcoming": [{"name": "Next week"}]}}}"#;
    let path = "/1.0/status/5b36dc65";
    let ask = async |settings: &str| {
        let provider = Provider::start(path, page).await;
        let (schedule, mut collector) = collector(&format!("{}{path}", provider.url), settings);
        let (take, failure) = collector.take(&schedule).await;
        assert!(failure.is_none(), "{failure:?}");
        said(&take)
    };
    let slow = "[disrupted Slow in Europe 2026-03-01T10:00:00Z ]";
    let cables = "[notice New cables 2026-03-01T08:00:00Z ]";
    assert_eq!(
        ask("").await,
        format!("status=2 incidents_open=2 {slow} {cables}")
    );
    assert_eq!(
        ask("components = ['API / Europe']").await,
        format!("status=2 status(API / Europe)=2 incidents_open=1 {slow}")
    );
    assert_eq!(
        ask("format = 'statusio'\ncomponents = ['Site']").await,
        format!("status=1 status(Site)=0 incidents_open=1 {cables}")
    );
}

#[tokio::test]
async fn azure_is_well_while_its_feed_is_empty() {
    let feed = |items: &str| {
        format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><rss xmlns:a10=\"http://www.w3.org/2005/Atom\" \
             version=\"2.0\"><channel><title>Azure Status</title><link>https://azure.status.microsoft/status/</link>\
             <description>Azure Status</description><language>en-US</language>\
             <lastBuildDate>Sun, 01 Mar 2026 10:05:00 Z</lastBuildDate>{items}</channel></rss>"
        )
    };
    let path = "/en-us/status/feed/";
    check(path, feed(""), "", "status=0 incidents_open=0").await;
    let item = |title: &str| {
        format!(
            "<item><guid isPermaLink=\"false\">1</guid><link>https://azure.status.microsoft/en-us/status/</link>\
             <category>Virtual Machines</category><title>{title}</title><description>&lt;p&gt;Customers in West \
             Europe may see errors.&lt;/p&gt;</description><pubDate>Sun, 01 Mar 2026 10:00:00 Z</pubDate></item>"
        )
    };
    let page = feed(
        &[
            item("Virtual Machines - West Europe - Errors"),
            item("Storage - Mitigated"),
        ]
        .concat(),
    );
    let errors = "status=1 incidents_open=1 [notice Virtual Machines - West Europe - Errors 2026-03-01T10:00:00Z \
        https://azure.status.microsoft/en-us/status/]";
    check(path, page.clone(), "", errors).await;
    check(
        path,
        page.clone(),
        "region = 'west europe'\nservices = ['virtual machines']",
        errors,
    )
    .await;
    check(
        path,
        page.clone(),
        "region = 'East US'",
        "status=0 incidents_open=0",
    )
    .await;
    check(
        path,
        page,
        "services = ['Key Vault']",
        "status=0 incidents_open=0",
    )
    .await;
}

/// Items of several services, of which the newest of each counts.
fn aws_feed() -> String {
    let item = |title: &str, date: &str, subject: &str| {
        format!(
            "<item><title><![CDATA[{title}]]></title><link>https://status.aws.amazon.com/</link><pubDate>{date}</pubDate>\
             <guid isPermaLink=\"false\">https://status.aws.amazon.com/#{subject}_1772359200</guid>\
             <description><![CDATA[text]]></description></item>"
        )
    };
    let feed = |items: &[String]| {
        let items = items.concat();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title><![CDATA[Amazon Web \
             Services Service Status]]></title><link>https://status.aws.amazon.com/</link>{items}</channel></rss>"
        )
    };
    feed(&[
        item(
            "Service impact: Increased errors",
            "Sun, 01 Mar 2026 02:00:00 PST",
            "elasticache-eu-west-1",
        ),
        item(
            "Service is operating normally: [RESOLVED] Slow",
            "Sun, 01 Mar 2026 01:00:00 PST",
            "ec2-eu-west-1",
        ),
        item(
            "Service disruption: Slow",
            "Sun, 01 Mar 2026 00:00:00 PST",
            "ec2-eu-west-1",
        ),
        item(
            "Service disruption: Away",
            "Sun, 01 Mar 2026 00:00:00 PST",
            "sqs-us-east-1",
        ),
        item(
            "Informational message: New names",
            "Sat, 28 Feb 2026 02:00:00 PST",
            "route53",
        ),
    ])
}

#[tokio::test]
async fn a_feed_of_aws_is_as_bad_as_the_newest_item_of_each_service() {
    let page = aws_feed();
    let ask = async |path: &'static str, settings: &str| {
        let provider = Provider::start(path, page.clone()).await;
        let (schedule, mut collector) = collector(&format!("{}{path}", provider.url), settings);
        let (take, failure) = collector.take(&schedule).await;
        let said = said(&take);
        failure.map_or(said, |failure| failure.to_string())
    };
    let link = "https://health.aws.amazon.com/health/status";
    let names = format!("[notice Informational message: New names 2026-02-28T10:00:00Z {link}]");
    let errors =
        format!("[disrupted Service impact: Increased errors 2026-03-01T10:00:00Z {link}]");
    assert_eq!(
        ask("/rss/all.rss", "region = 'eu-west-1'").await,
        format!("status=2 incidents_open=2 {errors} {names}")
    );
    assert_eq!(
        ask(
            "/rss/all.rss",
            "format = 'aws'\nregion = 'eu-west-1'\nservices = ['elasticache']"
        )
        .await,
        format!("status=2 incidents_open=1 {errors}")
    );
    assert_eq!(
        ask("/rss/all.rss", "").await,
        "the page of AWS covers all regions: set `region`, and `services` if you can"
    );
    // A feed of one service is narrow enough.
    let narrow = ask("/rss/elasticache-eu-west-1.rss", "format = 'aws'").await;
    assert!(narrow.starts_with("status=3 incidents_open=3"), "{narrow}");
}

#[tokio::test]
async fn instatus_is_read_where_it_was_before() {
    let provider = Provider::start(
        "/summary.json",
        r#"{"page": {"name": "N", "url": "https://n.example", "status": "HASISSUES"},
            "activeIncidents": [{"name": "Slow", "started": "2026-03-01T10:00:00.000Z", "status": "IDENTIFIED",
              "impact": "MAJOROUTAGE", "url": "https://n.example/1"}],
            "activeMaintenances": [{"name": "Later", "start": "2026-03-02T10:00:00.000Z", "status": "NOTSTARTEDYET",
              "duration": "60", "url": "https://n.example/2"}]}"#,
    )
    .await;
    provider.set(
        "/v2/components.json",
        r#"{"components": [{"id": "1", "name": "API", "status": "PARTIALOUTAGE", "order": 0, "group": null}]}"#,
    );
    for (settings, expected) in [
        (
            "",
            "status=3 incidents_open=1 [down Slow 2026-03-01T10:00:00Z https://n.example/1]",
        ),
        (
            "components = ['API']",
            "status=2 status(API)=2 incidents_open=0 [disrupted Reports a problem  ]",
        ),
        (
            "format = 'instatus'",
            "status=3 incidents_open=1 [down Slow 2026-03-01T10:00:00Z https://n.example/1]",
        ),
    ] {
        let (schedule, mut collector) = collector(&provider.url, settings);
        let (take, failure) = collector.take(&schedule).await;
        assert!(failure.is_none(), "{failure:?}");
        assert_eq!(said(&take), expected, "{settings}");
    }
}
