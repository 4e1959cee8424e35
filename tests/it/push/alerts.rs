//! Alerts that are pushed: how long they stand, and what their watchdog makes of them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::push::{ALERTS, Pushed, alert, post};
use crate::world::patience::until;
use crate::world::{self};

#[tokio::test]
async fn alerts_stand_until_they_end_and_over_a_restart() {
    let mut pushed = Pushed::new(ALERTS).await;
    pushed.until("api", "ok").await;
    let url = pushed.ops("/api/v2/alerts");
    let firing = json!([
        alert("TargetDown", Some("2199-01-01T00:00:00Z")),
        alert("Other", None)
    ]);
    for _ in 0..3 {
        assert_eq!(post(&url, firing.to_string()).await.0, 200);
    }
    pushed.until("api", "down").await;
    pushed.restart().await;
    pushed.until("api", "down").await;
    let url = pushed.ops("/api/v2/alerts");
    let (status, listed) = world::get(&url).await;
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((status, listed.as_array().unwrap().len()), (200, 2));
    assert_eq!(listed[0]["labels"]["alertname"], "Other");
    let chosen = format!("{url}?filter=alertname%3D~%22Oth.*%22&active=true");
    let (_, chosen) = world::get(&chosen).await;
    let chosen: Value = serde_json::from_str(&chosen).unwrap();
    assert_eq!(chosen.as_array().unwrap(), &listed.as_array().unwrap()[..1]);
    // It was over long ago: Prometheus tells the end of an alert like this.
    let over = json!([alert("TargetDown", Some("2020-01-01T00:00:00Z"))]);
    assert_eq!(post(&url, over.to_string()).await.0, 200);
    pushed.until("api", "ok").await;
    let files = pushed.files();
    assert!(
        files.len() == 1 && files[0].contains("resolved: true"),
        "{files:?}"
    );
}

#[tokio::test]
async fn without_its_watchdog_no_alert_is_taken_for_good_news() {
    let settings = ALERTS.replace(
        "type = \"alerts\"",
        "type = \"alerts\"\nwatchdog = \"Watchdog\"",
    );
    let pushed = Pushed::new(&settings).await;
    pushed.until("api", "unknown").await;
    let url = pushed.ops("/api/v2/alerts");
    assert_eq!(
        post(&url, json!([alert("Watchdog", None)]).to_string())
            .await
            .0,
        200
    );
    pushed.until("api", "ok").await;
    let over = json!([alert("Watchdog", Some("2020-01-01T00:00:00Z"))]);
    assert_eq!(post(&url, over.to_string()).await.0, 200);
    pushed.until("api", "unknown").await;
    assert!(pushed.log().contains("`Watchdog`"), "{}", pushed.log());
    assert!(pushed.files().is_empty());
}

/// The moment so many seconds from now, as senders write it.
fn moment(seconds: i64) -> String {
    let at = Timestamp::now() + SignedDuration::from_secs(seconds);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What a dead sender no longer says was taken for recovery, until its watchdog
/// ran out as well.
#[tokio::test]
async fn an_alert_that_runs_out_without_a_word_is_no_recovery() {
    let watched = "type = \"alerts\"\nwatchdog = \"Watchdog\"";
    let mut pushed = Pushed::new(&ALERTS.replace("type = \"alerts\"", watched)).await;
    let both = json!([
        alert("Watchdog", Some(&moment(3600))),
        alert("TargetDown", Some(&moment(2)))
    ]);
    let (status, said) = post(&pushed.ops("/api/v2/alerts"), both.to_string()).await;
    assert_eq!(status, 200, "{said}");
    pushed.until("api", "down").await;
    pushed
        .monitor()
        .until_rule_is("target-down", "unknown")
        .await;
    until("the log tells it", async || {
        pushed.log().contains("ran out")
    })
    .await;
    pushed.restart().await;
    pushed
        .monitor()
        .until_rule_is("target-down", "unknown")
        .await;
    let open = |pushed: &Pushed| {
        let files = pushed.files();
        files.len() == 1 && files[0].contains("resolved: false")
    };
    assert!(open(&pushed), "{:?}", pushed.files());
    // Its sender lives, does not tell it, and has had the time to: it is over.
    let alive = json!([alert("Watchdog", Some(&moment(3600)))]).to_string();
    until("it is over", async || {
        let (status, said) = post(&pushed.ops("/api/v2/alerts"), alive.clone()).await;
        assert_eq!(status, 200, "{said}");
        !open(&pushed)
    })
    .await;
    pushed.monitor().until_rule_is("target-down", "quiet").await;
}

#[tokio::test]
async fn while_a_watchdog_is_silent_only_what_is_believed_to_fire_is_known() {
    let watched = "type = \"alerts\"\nwatchdog = [\"alertname=Watchdog,dc=a\"]";
    let settings = ALERTS.replace("type = \"alerts\"", watched)
        + r#"
[[rule]]
id = "several"
expr = 'count(ALERTS{alertstate="firing",job="alerts"}) > 2 or critwatch_alerts{job="alerts"} < 0'
severity = "notice"
components = ["backup"]
title = "Several"
text = "T"
"#;
    let pushed = Pushed::new(&settings).await;
    let mut watchdog = alert("Watchdog", Some(&moment(2)));
    // Another sender says nothing of this one.
    let other = alert("Watchdog", None);
    watchdog["labels"]["dc"] = "a".into();
    let all = json!([watchdog, other, alert("TargetDown", None)]);
    assert_eq!(
        post(&pushed.ops("/api/v2/alerts"), all.to_string()).await.0,
        200
    );
    pushed
        .monitor()
        .until_rule_is("target-down", "firing")
        .await;
    pushed.monitor().until_rule_is("several", "firing").await;
    pushed.monitor().until_rule_is("several", "unknown").await;
    pushed
        .monitor()
        .until_rule_is("target-down", "firing")
        .await;
    assert!(pushed.log().contains("dc=a"), "{}", pushed.log());
}

#[tokio::test]
async fn an_incident_begins_and_ends_when_the_sender_of_its_alert_says() {
    let pushed = Pushed::new(ALERTS).await;
    let webhook = pushed.ops("/webhook/grafana");
    let began = moment(-1800);
    let tell = async |status: &str, ended: &str| {
        // Grafana's first version, shortened to what is read.
        let message = json!({ "version": "1", "groupKey": "{}", "truncatedAlerts": 0, "orgId": 1,
            "title": "[FIRING:1]", "state": "alerting", "message": "m", "status": status,
            "receiver": "critwatch", "alerts": [{ "status": status, "startsAt": began,
            "endsAt": ended, "labels": { "alertname": "TargetDown", "grafana_folder": "api" },
            "annotations": {}, "fingerprint": "0123456789abcdef", "valueString": "",
            "values": null, "silenceURL": "", "dashboardURL": "", "panelURL": "" }] });
        assert_eq!(post(&webhook, message.to_string()).await.0, 200);
    };
    tell("firing", "0001-01-01T00:00:00Z").await;
    pushed.until("api", "down").await;
    let file = pushed.files().remove(0);
    assert!(file.contains(&format!("date: {began}")), "{began}: {file}");
    // It ended within this second, and the word of it comes later.
    let ended = moment(1);
    until("it is over for a while", async || moment(-2) >= ended).await;
    tell("resolved", &ended).await;
    pushed.until("api", "ok").await;
    let file = pushed.files().remove(0);
    assert!(
        file.contains(&format!("resolvedWhen: {ended}")),
        "{ended}: {file}"
    );
}

#[tokio::test]
async fn many_alerts_in_batches_are_counted_before_they_are_told() {
    let settings = r#"
[[collector]]
id = "many"
type = "alerts"
interval = "1h"

[[rule]]
id = "many"
expr = 'ALERTS{alertname="Many", alertstate="firing", job="many"} or critwatch_alerts{job="many"} < 0'
severity = "down"
components = ["api"]
title = "Many fire"
text = "{{ count }} fire."
"#;
    let pushed = Pushed::new(settings).await;
    let url = pushed.ops("/api/v2/alerts");
    let all: Vec<Value> = (0..1_000)
        .map(|number| json!({ "labels": { "alertname": "Many", "number": number.to_string() } }))
        .collect();
    // As a Prometheus sends them: 64 at a time.
    let batches = all.chunks(64);
    let batches = batches.map(|batch| post(&url, Value::from(batch).to_string()));
    for (status, words) in futures_util::future::join_all(batches).await {
        assert_eq!(status, 200, "{words}");
    }
    pushed.until("api", "down").await;
    let files = pushed.files();
    assert!(
        files.len() == 1 && files[0].contains("1000 fire."),
        "{files:?}"
    );
}
