//! Logins by an OpenID Connect provider that signs, and by one that lies.

use serde_json::json;

use crate::access::provider::{CLIENT, SECRET, StandIn};
use crate::access::{Answer, Operators, form_token, send};

/// A monitor with a provider, and somebody who looks at it by a browser.
struct Visited {
    provider: StandIn,
    operators: Operators,
}

impl Visited {
    async fn new() -> Self {
        let provider = StandIn::start().await;
        let operators = Operators::new(&settings(&provider, "@example.org")).await;
        Self {
            provider,
            operators,
        }
    }

    /// Begins a login: the cookie, and where the browser is sent.
    async fn begin(&self, path: &str) -> (String, String) {
        let sent = send(self.operators.get(path)).await;
        assert_eq!(sent.status, 303, "{sent:?}");
        let cookie = &sent.cookies[0];
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
        (sent.cookie(), sent.location)
    }

    /// Comes back from the provider.
    async fn back(&self, path: &str, cookie: &str) -> Answer {
        let request = self.operators.get(path).header("Cookie", cookie);
        send(request.header("Sec-Fetch-Site", "cross-site")).await
    }

    /// The whole way.
    async fn log_in(&self) -> Answer {
        self.log_in_by("/login/openid").await
    }

    /// The whole way from a link to it.
    async fn log_in_by(&self, path: &str) -> Answer {
        let (cookie, sent) = self.begin(path).await;
        let back = self.provider.approve(&sent);
        self.back(&back, &cookie).await
    }
}

fn settings(provider: &StandIn, allow: &str) -> String {
    let url = provider.url();
    format!(
        "[ops.oidc]\nissuer = '{url}'\nclient_id = '{CLIENT}'\nclient_secret = '{SECRET}'\n\
        url = 'http://localhost'\nallow = ['{allow}']\nscopes = ['write']\n\
        groups = {{ sre = ['admin'] }}\n"
    )
}

#[tokio::test]
async fn somebody_of_the_team_logs_in_by_the_account_that_they_have() {
    let visited = Visited::new().await;
    let operators = &visited.operators;
    let page = send(operators.get("/login")).await;
    assert!(page.text.contains("?next=%2Fconsole%2F\""), "{page:?}");
    let entered = visited.log_in().await;
    assert_eq!(entered.status, 200, "{entered:?}");
    // A redirect would lose the cookie, which no other site has a browser send.
    assert!(
        entered
            .text
            .contains("http-equiv=\"refresh\" content=\"0; url=/console/\"")
    );
    let session = entered.cookie();
    assert!(session.starts_with("critwatch="), "{session}");
    let page = send(operators.get("/login").header("Cookie", &session)).await;
    assert!(
        page.text.contains("<bdi>ann@example.org</bdi>"),
        "{}",
        page.text
    );
    assert_eq!(operators.try_cookie(&session).await, 200);
    let audit = operators.get("/api/v1/audit").header("Cookie", &session);
    assert_eq!(send(audit).await.status, 403);
    // Keys and addresses are asked for once, and again when the keys are others.
    visited.log_in().await;
    assert_eq!(visited.provider.looks(), 1);
    visited.provider.rotate();
    assert_eq!(visited.log_in().await.status, 200);
    assert_eq!(visited.provider.looks(), 2);
    visited
        .provider
        .claim(&json!({ "email_verified": false, "groups": ["sre"] }));
    let admin = visited.log_in().await.cookie();
    let audit = operators.get("/api/v1/audit").header("Cookie", &admin);
    let audit = send(audit).await.json();
    let entries = audit["entries"].as_array().unwrap();
    assert_eq!(
        (&entries[0]["actor"], &entries[0]["detail"]),
        (&"7".into(), &"subject 7".into())
    );
    assert_eq!(entries[1]["actor"], "ann@example.org");

    let page = send(operators.get("/login").header("Cookie", &session)).await;
    let out = operators.form("/logout", &[("form_token", &form_token(&page.text))]);
    assert_eq!(send(out.header("Cookie", &session)).await.status, 303);
    assert_eq!(operators.try_cookie(&session).await, 401);
    // Who is let in no more is out at once.
    let url = operators.place.path().join("alerts.toml");
    let text = std::fs::read_to_string(&url)
        .unwrap()
        .replace("sre", "other");
    std::fs::write(&url, text).unwrap();
    let reload = operators.form("/-/reload", &[]).header("Cookie", &admin);
    assert_eq!(send(reload).await.status, 200);
    assert_eq!(operators.try_cookie(&admin).await, 401);
    let log = operators.log();
    assert!(
        !log.contains(SECRET) && !log.contains(&admin["critwatch=".len()..]),
        "{log}"
    );
}

#[tokio::test]
async fn a_login_leads_to_the_page_that_was_wanted() {
    let visited = Visited::new().await;
    for (wanted, led) in [
        (
            "/console/rules?hours=6&x=a",
            "/console/rules?hours=6&#38;x=a",
        ),
        ("https://evil.example/console/", "/console/"),
    ] {
        let page = visited
            .operators
            .get(&format!("/login?next={}", wanted.replace('&', "%26")));
        let page = send(page).await.text;
        let (_, link) = page.split_once("href=\"/login/openid").unwrap();
        let (link, _) = link.split_once('"').unwrap();
        let entered = visited.log_in_by(&format!("/login/openid{link}")).await;
        let leads = format!("content=\"0; url={led}\"");
        assert!(entered.text.contains(&leads), "{}", entered.text);
    }
}

#[tokio::test]
async fn a_provider_that_lies_logs_nobody_in() {
    let visited = Visited::new().await;
    let now = jiff::Timestamp::now().as_second();
    for (claims, status) in [
        (json!({ "nonce": "another" }), 502),
        (json!({ "nonce": null }), 502),
        (json!({ "aud": "somebody-else" }), 502),
        (json!({ "aud": [CLIENT, "somebody-else"] }), 502),
        (json!({ "iss": "https://id.evil.example" }), 502),
        (json!({ "exp": now - 120 }), 502),
        (json!({ "iat": now + 600 }), 502),
        (json!({ "sub": "" }), 502),
        (json!({ "email_verified": false }), 403),
        (json!({ "email_verified": null }), 403),
        (json!({ "email": "ann@example.org.evil.example" }), 403),
        (
            json!({ "email": null, "preferred_username": "ann@example.org" }),
            403,
        ),
    ] {
        visited.provider.claim(&claims);
        let answer = visited.log_in().await;
        assert_eq!(answer.status, status, "{claims}: {answer:?}");
        assert!(
            answer.cookies.iter().all(|one| one.contains("Max-Age=0")),
            "{answer:?}"
        );
    }
    visited.provider.claim(&json!({}));
    assert_eq!(visited.log_in().await.status, 200);
    visited.provider.forge();
    let answer = visited.log_in().await;
    assert_eq!(answer.status, 502, "{answer:?}");
    let log = visited.operators.log();
    assert!(log.contains("the signature of the token is wrong"), "{log}");
    assert!(log.contains("the token belongs to another login"), "{log}");
}

#[tokio::test]
async fn nobody_continues_the_login_of_another_or_twice() {
    let visited = Visited::new().await;
    let (cookie, sent) = visited.begin("/login/openid").await;
    let back = visited.provider.approve(&sent);
    // Another browser, as in an attack that logs a victim in as the attacker.
    let (other, _) = visited.begin("/login/openid").await;
    assert_eq!(visited.back(&back, &other).await.status, 400);
    // It is spent, also for who began it.
    assert_eq!(visited.back(&back, &cookie).await.status, 400);
    let (cookie, sent) = visited.begin("/login/openid").await;
    let back = visited.provider.approve(&sent);
    assert_eq!(visited.back(&back, &cookie).await.status, 200);
    assert_eq!(
        visited.back(&back, &cookie).await.status,
        400,
        "a replayed state"
    );
    let (cookie, sent) = visited.begin("/login/openid").await;
    let back = visited.provider.approve(&sent);
    let forged = back.replace("code=code", "code=kode");
    assert_eq!(visited.back(&forged, &cookie).await.status, 502);
    for path in [
        "/login/callback",
        "/login/callback?code=x",
        "/login/callback?state=x",
        "/login/callback?state=x&state=y&code=z",
        "/login/callback?error=access_denied&state=x",
    ] {
        assert_eq!(visited.back(path, &cookie).await.status, 400, "{path}");
    }
    let (cookie, sent) = visited.begin("/login/openid").await;
    let back = visited
        .provider
        .approve(&sent)
        .replace("code=", "error=access_denied&x=");
    assert_eq!(visited.back(&back, &cookie).await.status, 403);
}

#[tokio::test]
async fn a_provider_that_is_away_or_somebody_else_is_said_so() {
    let provider = StandIn::start().await;
    provider.rename("https://id.evil.example");
    let operators = Operators::new(&settings(&provider, "@example.org")).await;
    let answer = send(operators.get("/login/openid")).await;
    assert_eq!(answer.status, 502, "{answer:?}");
    assert!(operators.log().contains("calls itself by another address"));
    let text = settings(&provider, "@example.org").replace("/realm", "/nobody");
    let operators = Operators::new(&text).await;
    assert_eq!(send(operators.get("/login/openid")).await.status, 502);
    assert!(
        operators
            .log()
            .contains("the provider answers its addresses with 404")
    );
    let operators = Operators::new("").await;
    for path in ["/login/openid", "/login/callback?state=x&code=y"] {
        assert_eq!(send(operators.get(path)).await.status, 404, "{path}");
    }
}
