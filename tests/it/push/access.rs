//! Who may push, and from where.

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};

use crate::push::{ALERTS, Pushed, SETTINGS, client, post};
use crate::world::{self};

#[tokio::test]
async fn nothing_of_it_is_reachable_through_the_public_listener() {
    let pushed = Pushed::new(ALERTS).await;
    for path in [
        "/api/v1/heartbeat/backup",
        "/api/v2/alerts",
        "/api/v2/status",
        "/webhook/alertmanager",
    ] {
        let url = format!("{}{path}", pushed.monitor().page);
        assert_eq!(post(&url, "[]").await.0, 404, "{path}");
        assert_eq!(world::get(&url).await.0, 404, "{path}");
        assert_ne!(post(&pushed.ops(path), "[]").await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn with_a_token_only_who_has_it_may_push_or_look() {
    let token = "a-token-of-some-length";
    let settings = format!("{ALERTS}\n[ops]\ntoken = \"{token}\"\n");
    let pushed = Pushed::new(&settings).await;
    for (method, path) in [
        ("POST", "/api/v1/heartbeat/backup"),
        ("POST", "/api/v2/alerts"),
        ("GET", "/api/v2/alerts"),
        ("GET", "/api/v2/status"),
        ("POST", "/webhook/alertmanager"),
    ] {
        let ask = async |authorization: Option<String>| {
            let method = method.parse().unwrap();
            let request = client().request(method, pushed.ops(path)).body("[]");
            let request = match authorization {
                Some(value) => request.header("authorization", value),
                None => request,
            };
            request.send().await.unwrap().status().as_u16()
        };
        assert_eq!(ask(None).await, 401, "{path}");
        assert_eq!(ask(Some(format!("Bearer {token}x"))).await, 401, "{path}");
        assert_eq!(ask(Some(format!("Basic {token}"))).await, 401, "{path}");
        assert_ne!(ask(Some(format!("bearer {token}"))).await, 401, "{path}");
    }
    // Whoever watches us needs none.
    assert_eq!(world::get(&pushed.ops("/metrics")).await.0, 200);
    assert!(!pushed.log().contains(token));
}

/// Any site that an operator looks at can have the browser post a plain text.
#[tokio::test]
async fn what_another_site_has_a_browser_post_is_refused() {
    let pushed = Pushed::new(ALERTS).await;
    let own = pushed.ops("");
    let host = own.strip_prefix("http://").unwrap();
    let send = async |path: &str, name: &str, value: &str| {
        let request = client().post(pushed.ops(path)).header(name, value);
        let request = request.header("Content-Type", "text/plain").body("[]");
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for path in [
        "/-/reload",
        "/api/v1/heartbeat/backup",
        "/api/v2/alerts",
        "/webhook/alertmanager",
        "/api/v1/silences",
    ] {
        for (name, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "http://evil"),
            ("Origin", "null"),
        ] {
            let (status, said) = send(path, name, value).await;
            assert_eq!(status, 403, "{path} {name}: {said}");
            assert!(said.contains("another site"), "{path} {name}: {said}");
        }
    }
    for (name, value) in [
        ("Sec-Fetch-Site", "same-origin"),
        ("Sec-Fetch-Site", "none"),
        ("Origin", &*own),
        ("Host", host),
    ] {
        let (status, said) = send("/api/v2/alerts", name, value).await;
        assert_eq!(status, 200, "{name}: {said}");
    }
    // Who follows a link to it may look.
    let look = client().get(pushed.ops("/api/v2/alerts"));
    let look = look.header("Sec-Fetch-Site", "cross-site").send().await;
    assert_eq!(look.unwrap().status().as_u16(), 200);
}

/// A stranger's name may point here, and a browser takes us for a part of that site.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of names and doors")]
async fn nobody_is_answered_under_a_name_that_is_not_ours_unless_a_token_tells_who_asks() {
    let token = "a-token-of-some-length";
    let pushed = Pushed::new(&format!("{ALERTS}\n[ops]\nhosts = ['critwatch']\n")).await;
    let ask = async |method: &str, path: &str, host: &str, authorization: &str| {
        let request = client().request(method.parse().unwrap(), pushed.ops(path));
        let request = request.header("Host", host).body("[]");
        // What the browser of a visitor of that name says.
        let request = request
            .header("Origin", format!("http://{host}"))
            .header("Sec-Fetch-Site", "same-origin")
            .header("Authorization", authorization);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let all = [
        ("POST", "/api/v1/heartbeat/backup"),
        ("POST", "/api/v2/alerts"),
        ("POST", "/webhook/alertmanager"),
        ("POST", "/api/v1/silences"),
        ("GET", "/api/v1/incidents"),
        ("GET", "/api/v2/alerts"),
        ("GET", "/metrics"),
        ("GET", "/federate?match[]=up"),
        ("GET", "/nothing"),
        // What follows is a listener that has told nobody of anything.
        ("POST", "/-/reload"),
    ];
    for (method, path) in all {
        for host in [
            "evil.example:9180",
            "127.0.0.1.evil.example",
            "localhost.evil",
        ] {
            let (status, said) = ask(method, path, host, "").await;
            assert_eq!(status, 421, "{method} {path} {host}: {said}");
            let name = host.split(':').next().unwrap();
            let way = format!("`hosts = [\\\"{name}\\\"]` to `[ops]`");
            assert!(said.contains(&way), "{said}");
        }
        for host in [
            "127.0.0.1:1",
            "[::1]:9180",
            "localhost:9180",
            "Critwatch:9180",
            "critwatch.",
        ] {
            let (status, said) = ask(method, path, host, "").await;
            assert_ne!(status, 421, "{method} {path} {host}: {said}");
        }
    }
    for path in ["/-/healthy", "/-/ready"] {
        assert_ne!(
            ask("GET", path, "balancer.example", "").await.0,
            421,
            "{path}"
        );
    }
    let log = pushed.log();
    assert_eq!(log.matches(r#""host":"evil.example""#).count(), 1, "{log}");

    // Who has the token is no stranger's page.
    let locked = format!("{SETTINGS}{ALERTS}\n[ops]\ntoken = '{token}'\n");
    std::fs::write(pushed.place.path().join("alerts.toml"), locked).unwrap();
    assert_eq!(ask("POST", "/-/reload", "127.0.0.1", "").await.0, 200);
    let bearer = format!("Bearer {token}");
    for (method, path) in [("GET", "/metrics"), ("POST", "/api/v2/alerts")] {
        assert_eq!(
            ask(method, path, "critwatch:9180", "").await.0,
            421,
            "{path}"
        );
        assert_eq!(
            ask(method, path, "critwatch:9180", &bearer).await.0,
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_open_listener_without_a_token_is_warned_of() {
    let place = tempfile::tempdir().unwrap();
    let start = async |settings: &str| {
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let output = std::process::Stdio::piped;
        let mut child = tokio::process::Command::new(world::PROGRAM)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--ops-listen",
                "0.0.0.0:0",
            ])
            .current_dir(place.path())
            .stdout(output())
            .stderr(output())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(
            lines
                .next_line()
                .await
                .unwrap()
                .unwrap()
                .starts_with("page")
        );
        child.kill().await.unwrap();
        let mut said = String::new();
        let mut errors = child.stderr.take().unwrap();
        errors.read_to_string(&mut said).await.unwrap();
        said
    };
    let open = start(SETTINGS).await;
    assert!(open.contains("anyone who reaches 0.0.0.0"), "{open}");
    let locked = format!("{SETTINGS}\n[ops]\ntoken = \"a-token-of-some-length\"\n");
    let said = start(&locked).await;
    assert!(!said.contains("anyone"), "{said}");
}
