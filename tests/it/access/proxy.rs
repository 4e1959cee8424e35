//! The header in which the operator's own proxy names who asks.

use crate::access::{Answer, Operators, client_from, send};

const PROXY: &str = "[ops.proxy]\nheader = 'X-Forwarded-User'\nfrom = ['127.0.0.5/32']\n\
    scopes = ['read']\nusers = { ann = ['admin'] }\n";

async fn ask(
    operators: &Operators,
    address: &str,
    method: &str,
    path: &str,
    users: &[&[u8]],
) -> Answer {
    let method = method.parse().unwrap();
    let mut request = client_from(address).request(method, operators.url(path));
    for user in users {
        request = request.header("x-forwarded-user", *user);
    }
    send(request.body(r#"{"text": "Release 1"}"#)).await
}

#[tokio::test]
async fn only_the_proxy_names_who_asks() {
    let operators = Operators::new(PROXY).await;
    let status = async |address: &str, path: &str, users: &[&[u8]]| {
        ask(&operators, address, "GET", path, users).await.status
    };
    let proxy = "127.0.0.5";
    assert_eq!(status(proxy, "/api/v1/state", &[]).await, 401);
    assert_eq!(status(proxy, "/api/v1/state", &[b"ben"]).await, 200);
    assert_eq!(status(proxy, "/api/v1/audit", &[b"ben"]).await, 403);
    assert_eq!(status(proxy, "/api/v1/audit", &[b"ann"]).await, 200);
    for address in ["127.0.0.1", "127.0.0.6"] {
        for _ in 0..3 {
            assert_eq!(
                status(address, "/api/v1/audit", &[b"ann"]).await,
                401,
                "{address}"
            );
        }
    }
    let log = operators.log();
    assert_eq!(
        log.matches("ignored a header that names the user").count(),
        1,
        "{log}"
    );
    let note = ask(&operators, proxy, "POST", "/api/v1/events", &[b"ann"]).await;
    assert_eq!(note.status, 201, "{note:?}");
    let log = ask(&operators, proxy, "GET", "/api/v1/audit", &[b"ann"])
        .await
        .json();
    let entry = &log["entries"][0];
    assert_eq!(
        (&entry["actor"], &entry["proof"]),
        (&"ann".into(), &"proxy".into())
    );
    // Who is named by a proxy has forms with tokens, too.
    let page = ask(&operators, proxy, "GET", "/login", &[b"ann"]).await;
    assert!(
        page.text.contains("Your proxy logs you in and out."),
        "{}",
        page.text
    );
    assert_eq!(
        ask(&operators, proxy, "POST", "/logout", &[b"ann"])
            .await
            .status,
        415
    );
}

#[tokio::test]
async fn what_the_proxy_sends_must_be_one_name() {
    let operators = Operators::new(PROXY).await;
    let proxy = "127.0.0.5";
    let long = "x".repeat(1_000);
    let hostile: [&[&[u8]]; 6] = [
        &[b"ben", b"ann"],
        &[b"ann", b"ann"],
        &[b"an\tn"],
        &[b"\xff\xfe"],
        &[b""],
        &[long.as_bytes()],
    ];
    for users in hostile {
        for path in ["/api/v1/state", "/metrics"] {
            let answer = ask(&operators, proxy, "GET", path, users).await;
            assert_eq!(answer.status, 400, "{users:?} {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_token_counts_behind_the_proxy_too() {
    let operators = Operators::new(PROXY).await;
    let token = operators.token("ci", "write").await;
    let request = client_from("127.0.0.5").post(operators.url("/api/v1/events"));
    let request = request
        .header("x-forwarded-user", "ben")
        .bearer_auth(&token);
    assert_eq!(send(request.body(r#"{"text": "x"}"#)).await.status, 201);
    // A token of somebody else's, as some proxies pass it on, is no failure.
    for guess in 0..20 {
        let request = client_from("127.0.0.5").get(operators.url("/api/v1/state"));
        let request = request.header("x-forwarded-user", "ben");
        let status = send(request.bearer_auth(format!("theirs {guess}")))
            .await
            .status;
        assert_eq!(status, 200, "{guess}");
    }
}
