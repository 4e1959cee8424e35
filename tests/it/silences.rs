//! Silences by the operators' API, by `amtool`, and what a running `serve` makes of them.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::push::peers::has;
use crate::world::{self, Monitor, PROGRAM};

const TOKEN: &str = "open the door please";

const SETTINGS: &str = "[site]\ntitle = 'D'\n[ops]\ntoken = 'open the door please'\n\
    [[component]]\nid = 'api'\nname = 'API'\n\
    [[rule]]\nid = 'always'\nexpr = 'vector(1)'\nseverity = 'down'\ncomponents = ['api']\n\
    publish = 'internal'\ntitle = 'Broken'\ntext = 'It is broken.'\n";

/// A monitor that somebody is to be silent.
struct Loud {
    place: tempfile::TempDir,
    monitor: Monitor,
}

impl Loud {
    async fn new(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let monitor = Monitor::serve(place.path(), &[]).await;
        Self { place, monitor }
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.ask_as(TOKEN, method, path, body).await
    }

    async fn ask_as(&self, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let client = critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap();
        let method = method.parse().unwrap();
        let request = client.request(method, format!("{}{path}", self.monitor.ops));
        let request = request.bearer_auth(token).body(body.to_string());
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    async fn get(&self, path: &str) -> Value {
        let (status, value) = self.ask("GET", path, &Value::Null).await;
        assert_eq!(status, 200, "{value}");
        value
    }

    /// Waits until the rule is hushed, or heard again.
    async fn until_hushed(&self, hushed: u8) {
        let line = format!("critwatch_rule_suppressed{{rule=\"always\"}} {hushed}");
        self.monitor.until_told(&line).await;
    }
}

fn asked(rule: &str) -> Value {
    json!({
        "matchers": [{ "name": "rule", "value": rule }],
        "endsAt": "2199-01-01T00:00:00Z",
        "createdBy": "Ann",
        "comment": "Move",
    })
}

#[tokio::test]
async fn a_silence_by_the_api_silences_at_once_and_ends_at_once() {
    let loud = Loud::new(SETTINGS).await;
    loud.until_hushed(0).await;
    assert_eq!(loud.get("/api/v1/silences").await, json!([]));
    let (status, added) = loud.ask("POST", "/api/v1/silences", &asked("always")).await;
    assert_eq!(status, 201, "{added}");
    assert_eq!(added["status"]["state"], "active");
    let equal = json!([{ "name": "rule", "value": "always", "isRegex": false, "isEqual": true }]);
    assert_eq!(added["matchers"], equal);
    loud.until_hushed(1).await;
    // Who asks next finds it, and so does the command.
    assert_eq!(loud.get("/api/v1/silences").await, json!([added]));
    let one = format!("/api/v1/silence/{}", added["id"].as_str().unwrap());
    assert_eq!(loud.get(&one).await, added);
    let listed = Command::new(PROGRAM)
        .args(["silence", "list", "--format", "json"])
        .current_dir(loud.place.path())
        .output();
    let listed: Value = serde_json::from_slice(&listed.await.unwrap().stdout).unwrap();
    assert_eq!(listed[0]["createdBy"], "Ann");
    let found = async |filter: &str| {
        let path = format!("/api/v1/silences?filter={filter}");
        loud.get(&path).await.as_array().unwrap().len()
    };
    assert_eq!(found("rule%3D%22always%22").await, 1);
    assert_eq!(found("rule%3D~%22a.%2B%22&filter=severity%3Ddown").await, 0);

    // What was read can be sent back; it takes the place of the other.
    let mut changed = added.clone();
    changed["comment"] = json!("Move again");
    let (status, changed) = loud.ask("POST", "/api/v1/silences", &changed).await;
    assert_eq!((status, &changed["comment"]), (201, &json!("Move again")));
    assert_eq!(loud.get(&one).await["status"]["state"], "expired");
    loud.until_hushed(1).await;
    let other = format!("/api/v1/silence/{}", changed["id"].as_str().unwrap());
    let (status, ended) = loud.ask("DELETE", &other, &Value::Null).await;
    assert_eq!(
        (status, &ended["status"]["state"]),
        (200, &json!("expired"))
    );
    loud.until_hushed(0).await;
    assert!(loud.monitor.stop().await.success());
}

#[tokio::test]
async fn a_silence_about_nothing_is_taken_and_told() {
    let loud = Loud::new(SETTINGS).await;
    let (status, added) = loud.ask("POST", "/api/v1/silences", &asked("alwasy")).await;
    assert_eq!(status, 201, "{added}");
    let warning = "this silence is about nothing at present: `rule=\"alwasy\"` matches nothing; \
                   did you mean `rule=always`?";
    assert_eq!(added["warning"], warning);
    let log = || std::fs::read_to_string(loud.place.path().join(world::LOG)).unwrap();
    assert!(log().contains("did you mean `rule=always`?"), "{}", log());
    // It is there, and what was answered can be sent back.
    let (status, again) = loud.ask("POST", "/api/v1/silences", &added).await;
    assert_eq!((status, &again["warning"]), (201, &json!(warning)));
    let (status, answer) = loud.ask("POST", "/api/v2/silences", &asked("alwasy")).await;
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer["silenceID"].is_string() && answer.get("warning").is_none(),
        "{answer}"
    );
    loud.until_hushed(0).await;
    assert!(loud.monitor.stop().await.success());
}

#[tokio::test]
async fn the_api_names_what_is_wrong_with_a_silence_and_lets_nobody_in_without_the_token() {
    let loud = Loud::new(SETTINGS).await;
    let with = |field: &str, value: Value| {
        let mut body = asked("always");
        body[field] = value;
        body
    };
    for (body, field) in [
        (with("endsAt", json!("2001-01-01T00:00:00Z")), "endsAt"),
        (with("endsAt", Value::Null), "endsAt"),
        (with("createdBy", json!(" ")), "createdBy"),
        (with("comment", json!("a\nb")), "comment"),
        (with("matchers", json!([])), "matchers"),
        (
            with("matchers", json!([{ "name": "x y", "value": "" }])),
            "matchers[0]",
        ),
        (with("until", json!("tomorrow")), "until"),
    ] {
        let (status, answer) = loud.ask("POST", "/api/v1/silences", &body).await;
        assert_eq!(status, 400, "{answer}");
        assert_eq!(answer["error"]["field"], field, "{answer}");
    }
    let (status, answer) = loud
        .ask("POST", "/api/v1/silences", &with("id", json!("7")))
        .await;
    assert_eq!(status, 404, "{answer}");
    for id in ["7", "x"] {
        for method in ["GET", "DELETE"] {
            let path = format!("/api/v1/silence/{id}");
            let (status, answer) = loud.ask(method, &path, &Value::Null).await;
            let message = format!("there is no silence `{id}`; `GET /api/v1/silences` lists them");
            assert_eq!(
                (status, &answer["error"]["message"]),
                (404, &json!(message))
            );
        }
    }
    let (status, answer) = loud
        .ask("GET", "/api/v1/silences?filter=rule", &Value::Null)
        .await;
    assert_eq!((status, &answer["error"]["field"]), (400, &json!("filter")));
    assert_eq!(loud.get("/api/v2/silences").await, json!([]));

    for (method, path) in [
        ("GET", "/api/v1/silences"),
        ("POST", "/api/v2/silences"),
        ("DELETE", "/api/v2/silence/1"),
    ] {
        let (status, _) = loud
            .ask_as("open the door pleas", method, path, &asked("a"))
            .await;
        assert_eq!(status, 401, "{path}");
        let public = format!("{}{path}", loud.monitor.page);
        assert_eq!(world::get(&public).await.0, 404, "{public}");
    }
    let open = Loud::new("[site]\ntitle = 'D'\n").await;
    assert_eq!(
        open.ask("POST", "/api/v1/silences", &asked("a")).await.0,
        403
    );
}

#[tokio::test]
async fn matchers_and_filters_are_counted_before_any_is_read() {
    let loud = Loud::new(SETTINGS).await;
    let mut many = vec![json!({ "name": "rule", "value": "a" }); 32];
    many.push(json!({ "name": "rule", "value": "(", "isRegex": true }));
    let mut body = asked("always");
    body["matchers"] = json!(many);
    let (status, answer) = loud.ask("POST", "/api/v1/silences", &body).await;
    let error = json!({ "field": "matchers", "message": "a silence has at most 32 matchers" });
    assert_eq!((status, &answer["error"]), (400, &error));
    let one = "rule%3Da";
    for filters in [
        vec!["filter=rule%3Da"; 33].join("&"),
        format!("filter={}", vec![one; 33].join(",")),
    ] {
        let path = format!("/api/v1/silences?{filters}");
        let (status, answer) = loud.ask("GET", &path, &Value::Null).await;
        assert_eq!((status, &answer["error"]["field"]), (400, &json!("filter")));
    }
}

#[tokio::test]
async fn so_many_silences_and_no_more_last_at_a_time() {
    let loud = Loud::new(SETTINGS).await;
    let database = rusqlite::Connection::open(loud.place.path().join("state/critwatch.db"));
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
        INSERT INTO silence (matchers, starts_ms, ends_ms, author, reason) \
        SELECT '{rule=\"a\"}', 0, 7000000000000, 'Ann', 'Move' FROM n";
    database.unwrap().execute_batch(fill).unwrap();
    let way = "1000 silences are active or pending, and there is no room for more; end one first";
    let (status, answer) = loud.ask("POST", "/api/v1/silences", &asked("b")).await;
    assert_eq!(
        (status, &answer["error"]["message"]),
        (429, &json!(way)),
        "{answer}"
    );
    let add = async || {
        Command::new(PROGRAM)
            .args(["silence", "add", "rule=always", "--for", "1h"])
            .args(["--reason", "Move", "--by", "Ann"])
            .current_dir(loud.place.path())
            .output()
            .await
            .unwrap()
    };
    let refused = add().await;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains(way), "{said}");
    // In the place of another one there is room.
    let mut instead = asked("b");
    instead["id"] = json!("1");
    let (status, answer) = loud.ask("POST", "/api/v1/silences", &instead).await;
    assert_eq!(status, 201, "{answer}");
    let (status, _) = loud.ask("DELETE", "/api/v1/silence/2", &Value::Null).await;
    assert_eq!(status, 200);
    assert!(add().await.status.success());
    assert!(!add().await.status.success());
}

#[tokio::test]
async fn amtool_adds_lists_changes_and_ends_silences_with_us_as_its_alertmanager() {
    if !has("amtool") {
        return;
    }
    let loud = Loud::new(SETTINGS).await;
    let file = loud.place.path().join("http.yml");
    std::fs::write(&file, format!("authorization: {{credentials: {TOKEN}}}\n")).unwrap();
    let amtool = async |arguments: &str| {
        let output = Command::new("amtool")
            .arg(format!("--alertmanager.url={}", loud.monitor.ops))
            .arg(format!("--http.config.file={}", file.display()))
            .arg("silence")
            .args(arguments.split(' '))
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments}: {said}{wrong}");
        said
    };
    let id = amtool("add alertname=~al.+ --duration=2h --author=Ann --comment=Move").await;
    let id = id.trim();
    loud.until_hushed(1).await;
    for asked in [
        "query",
        "query alertname=~al.+ -o extended",
        "query --within 3h",
    ] {
        let listed = amtool(asked).await;
        assert!(
            listed.contains("Ann") && listed.contains("Move"),
            "{asked}: {listed}"
        );
    }
    assert!(!amtool("query rule=other").await.contains("Ann"));
    let other = amtool(&format!("update --duration=3h --comment=Longer {id}")).await;
    assert!(other.contains("Longer"), "{other}");
    let ids = amtool("query -q").await;
    assert!(!ids.lines().any(|one| one == id), "{ids}");
    amtool(&format!("expire {}", ids.trim())).await;
    loud.until_hushed(0).await;
    assert!(!amtool("query").await.contains("Ann"));
    assert!(amtool("query --expired").await.contains("Ann"));
}
