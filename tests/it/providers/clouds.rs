//! The large clouds, of which one part matters.

use crate::providers::{Provider, check, collector, said};

#[tokio::test]
async fn google_cloud_is_narrowed_to_a_region_and_a_product() {
    let google = r#"[
        {"id": "1", "begin": "2026-03-01T10:00:00+00:00", "end": null, "external_desc": "Memory store fails",
         "status_impact": "SERVICE_OUTAGE", "affected_products": [{"title": "Memorystore for Redis", "id": "x"}],
         "currently_affected_locations": [{"title": "Belgium (europe-west1)", "id": "europe-west1"}], "uri": "incidents/abc"},
        {"id": "2", "begin": "2026-02-01T10:00:00+00:00", "end": "2026-02-01T12:00:00+00:00",
         "external_desc": "Over", "status_impact": "SERVICE_OUTAGE"}]"#;
    let fails = "status=3 incidents_open=1 [down Memory store fails 2026-03-01T10:00:00Z {url}/incidents/abc]";
    let path = "/incidents.json";
    check(
        path,
        google,
        "region = 'europe-west1'\nservices = ['memorystore']",
        fails,
    )
    .await;
    check(
        path,
        google,
        "region = 'us-east1'",
        "status=0 incidents_open=0",
    )
    .await;
    check(
        path,
        google,
        "services = ['BigQuery']",
        "status=0 incidents_open=0",
    )
    .await;
}

#[tokio::test]
async fn an_open_incident_of_google_that_is_available_is_a_notice_and_others_may_be_unknown() {
    let google = |impact: &str, end: &str| {
        format!(
            r#"[{{"begin": "2026-03-01T10:00:00+00:00", "end": {end}, "external_desc": "Mail is late",
                "status_impact": "{impact}", "uri": "incidents/abc"}}]"#
        )
    };
    let path = "/appsstatus/dashboard/incidents.json";
    let ask = async |page: String| {
        let provider = Provider::start(path, page).await;
        let url = format!("{}/appsstatus/dashboard", provider.url);
        let (schedule, mut collector) = collector(&url, "");
        let (take, failure) = collector.take(&schedule).await;
        assert!(failure.is_none(), "{failure:?}");
        said(&take).replace(&url, "{url}")
    };
    let open =
        "status=1 incidents_open=1 [notice Mail is late 2026-03-01T10:00:00Z {url}/incidents/abc]";
    assert_eq!(ask(google("AVAILABLE", "null")).await, open);
    assert_eq!(ask(google("AVAILABLE", "\"\"")).await, open);
    let over = "\"2026-03-01T11:00:00+00:00\"";
    assert_eq!(
        ask(google("AVAILABLE", over)).await,
        "status=0 incidents_open=0"
    );
    // A word that we do not know is unknown, as for the others.
    assert_eq!(ask(google("PURPLE", "null")).await, "incidents_open=1");
}

#[tokio::test]
async fn aws_is_read_in_two_bytes_a_letter_and_needs_a_region() {
    let aws = r#"[{"date": "1772359200", "arn": "arn:aws:health:eu-west-1::event/X/1", "status": "2",
        "service": "elasticache-eu-west-1", "service_name": "Amazon ElastiCache (Ireland)",
        "summary": "Increased errors", "event_log": [], "impacted_services": {"ec2-eu-west-1": {"current": "2"}}}]"#;
    // With its mark, in two bytes a letter.
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(aws.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    let path = "/public/currentevents";
    let errors = "status=2 incidents_open=1 [disrupted Increased errors 2026-03-01T10:00:00Z https://health.aws.amazon.com/health/status]";
    check(
        path,
        wide.clone(),
        "region = 'eu-west-1'\nservices = ['elasticache']",
        errors,
    )
    .await;
    check(
        path,
        wide.clone(),
        "region = 'eu-west-1'\nservices = ['ec2']",
        errors,
    )
    .await;
    check(
        path,
        wide.clone(),
        "region = 'eu-west-1'\nservices = ['sqs']",
        "status=0 incidents_open=0",
    )
    .await;
    check(
        path,
        wide.clone(),
        "region = 'us-east-1'",
        "status=0 incidents_open=0",
    )
    .await;
    check(
        path,
        wide,
        "",
        "the page of AWS covers all regions: set `region`, and `services` if you can",
    )
    .await;
}
