//! Every route against no token, a wrong one, one that ended, and the wrong scope.

use crate::access::{Operators, client, send};

/// Every route, and the scope that it takes as soon as there is a token.
const ROUTES: [(&str, &str, &str); 127] = [
    ("GET", "/-/healthy", ""),
    ("GET", "/-/ready", ""),
    ("GET", "/metrics", ""),
    ("GET", "/login", ""),
    ("POST", "/login", ""),
    ("POST", "/logout", ""),
    ("GET", "/login/openid", ""),
    ("GET", "/login/callback", ""),
    ("GET", "/style.css", ""),
    ("GET", "/console.js", ""),
    ("GET", "/", ""),
    ("GET", "/console", ""),
    ("GET", "/console/", "read"),
    ("GET", "/console/rules", "read"),
    ("GET", "/console/rules/x", "read"),
    ("GET", "/console/rules/x/try", "read"),
    ("GET", "/console/explore", "read"),
    ("GET", "/console/incidents", "read"),
    ("GET", "/console/incidents/new", "write"),
    ("POST", "/console/incidents/new", "write"),
    ("GET", "/console/incidents/x", "read"),
    ("GET", "/console/incidents/x/update", "write"),
    ("POST", "/console/incidents/x/update", "write"),
    ("GET", "/console/maintenance", "read"),
    ("GET", "/console/maintenance/new", "write"),
    ("POST", "/console/maintenance/new", "write"),
    ("GET", "/console/silences", "read"),
    ("GET", "/console/silences/new", "write"),
    ("POST", "/console/silences/new", "write"),
    ("GET", "/console/silences/1", "write"),
    ("POST", "/console/silences/1", "write"),
    ("POST", "/console/silences/1/end", "write"),
    ("GET", "/console/events", "read"),
    ("POST", "/console/events", "write"),
    ("GET", "/console/subscribers", "admin"),
    ("POST", "/console/subscribers", "admin"),
    ("GET", "/console/deliveries", "read"),
    ("GET", "/console/settings", "read"),
    ("POST", "/console/settings/reload", "admin"),
    ("GET", "/console/audit", "admin"),
    ("GET", "/federate?match[]=up", "read"),
    ("GET", "/api/v1/query?query=1", "read"),
    ("POST", "/api/v1/query", "read"),
    ("GET", "/api/v1/query_range", "read"),
    ("POST", "/api/v1/query_range", "read"),
    ("GET", "/api/v1/labels", "read"),
    ("POST", "/api/v1/labels", "read"),
    ("GET", "/api/v1/label/job/values", "read"),
    ("GET", "/api/v1/series", "read"),
    ("POST", "/api/v1/series", "read"),
    ("GET", "/api/v1/state", "read"),
    ("GET", "/api/v1/notifications", "read"),
    ("GET", "/api/v2/alerts", "read"),
    ("GET", "/api/v2/alerts/groups", "read"),
    ("GET", "/api/v2/receivers", "read"),
    ("GET", "/api/v2/status", "read"),
    ("GET", "/api/v1/events", "read"),
    ("GET", "/api/v1/incidents", "read"),
    ("GET", "/api/v1/silences", "read"),
    ("GET", "/api/v1/silence/1", "read"),
    ("GET", "/api/v2/silences", "read"),
    ("GET", "/api/v2/silence/1", "read"),
    ("POST", "/api/v1/heartbeat/backup", "push"),
    ("POST", "/api/v2/alerts", "push"),
    ("POST", "/webhook/alertmanager", "push"),
    ("POST", "/webhook/grafana", "push"),
    ("POST", "/api/v1/events", "write"),
    ("POST", "/api/v1/silences", "write"),
    ("DELETE", "/api/v1/silence/1", "write"),
    ("POST", "/api/v2/silences", "write"),
    ("DELETE", "/api/v2/silence/1", "write"),
    ("POST", "/webhook/git", ""),
    ("GET", "/api/v1/openapi.json", "read"),
    ("GET", "/api/v1/incidents/x", "read"),
    ("GET", "/api/v1/incidents/x/file", "read"),
    ("GET", "/api/v1/maintenance", "read"),
    ("GET", "/api/v1/maintenance/x", "read"),
    ("GET", "/api/v1/components", "read"),
    ("GET", "/api/v1/components/x", "read"),
    ("POST", "/api/v1/incidents", "write"),
    ("POST", "/api/v1/incidents/x/updates", "write"),
    ("POST", "/api/v1/incidents/x/resolve", "write"),
    ("POST", "/api/v1/incidents/x/reopen", "write"),
    ("POST", "/api/v1/incidents/x/withdraw", "write"),
    ("POST", "/api/v1/incidents/x/publish", "write"),
    ("POST", "/api/v1/incidents/x/accept", "write"),
    ("POST", "/api/v1/maintenance", "write"),
    ("POST", "/api/v1/maintenance/x/extend", "write"),
    ("POST", "/api/v1/maintenance/x/end", "write"),
    ("POST", "/api/v1/maintenance/x/cancel", "write"),
    ("PATCH", "/api/v1/incidents/x", "write"),
    ("DELETE", "/api/v1/incidents/x", "write"),
    ("PUT", "/api/v1/incidents/x/file", "write"),
    ("PUT", "/api/v1/incidents/x/post-mortem", "write"),
    ("PATCH", "/api/v1/incidents/x/updates/newest", "write"),
    ("PUT", "/api/v1/components/x/state", "write"),
    ("GET", "/api/v1/subscribers", "admin"),
    ("POST", "/api/v1/subscribers", "admin"),
    ("GET", "/api/v1/subscribers/ann@example.org", "admin"),
    ("DELETE", "/api/v1/subscribers/ann@example.org", "admin"),
    ("GET", "/v1/pages/x", "read"),
    ("GET", "/v1/pages/x/incidents", "read"),
    ("GET", "/v1/pages/x/incidents.json", "read"),
    ("GET", "/v1/pages/x/incidents/x", "read"),
    ("GET", "/v1/pages/x/components", "read"),
    ("GET", "/v1/pages/x/components.json", "read"),
    ("GET", "/v1/pages/x/components/x", "read"),
    ("GET", "/v1/pages/x/component-groups", "read"),
    ("GET", "/v1/pages/x/component-groups.json", "read"),
    ("POST", "/v1/pages/x/incidents", "write"),
    ("POST", "/v1/pages/x/incidents.json", "write"),
    ("POST", "/v1/pages/x/components", "write"),
    ("POST", "/v1/pages/x/components.json", "write"),
    ("PUT", "/v1/pages/x/components", "write"),
    ("PUT", "/v1/pages/x/components.json", "write"),
    ("PATCH", "/v1/pages/x/incidents/x", "write"),
    ("PUT", "/v1/pages/x/incidents/x", "write"),
    ("DELETE", "/v1/pages/x/incidents/x", "write"),
    ("PATCH", "/v1/pages/x/components/x", "write"),
    ("PUT", "/v1/pages/x/components/x", "write"),
    ("DELETE", "/v1/pages/x/components/x", "write"),
    (
        "PATCH",
        "/v1/pages/x/incidents/x/incident_updates/newest",
        "write",
    ),
    (
        "PUT",
        "/v1/pages/x/incidents/x/incident_updates/newest",
        "write",
    ),
    ("POST", "/api/v1/notifications/1/resend", "write"),
    ("POST", "/console/deliveries/1/resend", "write"),
    ("GET", "/api/v1/audit", "admin"),
    ("POST", "/-/reload", "admin"),
];

/// What is closed while nobody needs a token, because visitors see it or it names people.
const CLOSED: [&str; 11] = [
    "/console",
    "/events",
    "/incidents",
    "/maintenance",
    "/components",
    "/subscribers",
    "/openapi",
    "/v1/pages",
    "/silence",
    "/resend",
    "/audit",
];

/// What a scope may do.
fn may(has: &str, needs: &str) -> bool {
    has == "admin" || has == needs || (has, needs) == ("write", "read")
}

impl Operators {
    async fn status(&self, method: &str, path: &str, token: Option<&str>) -> (u16, String) {
        let request = client().request(method.parse().unwrap(), self.url(path));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = send(request.body("[]")).await;
        (answer.status, answer.text)
    }
}

#[tokio::test]
async fn every_route_takes_its_scope_and_nothing_less() {
    let operators = Operators::new("").await;
    let mut tokens = Vec::new();
    for scope in ["read", "write", "push", "admin"] {
        tokens.push((scope, operators.token(scope, scope).await));
    }
    let ended = operators.token("gone", "admin").await;
    assert_eq!(operators.command(&["revoke", "gone"]).await.0, 0);
    let add = ["add", "short", "--scope", "admin", "--expires", "1ms"];
    let (_, expired, _) = operators.command(&add).await;
    crate::world::patience::until("the revoked one is out", async || {
        operators.try_token(&ended).await == 401
    })
    .await;
    for (method, path, needs) in ROUTES {
        let bad = [
            None,
            Some("cw_wrong"),
            Some(&*ended),
            Some(expired.trim()),
            Some(""),
        ];
        for token in bad {
            let (status, said) = operators.status(method, path, token).await;
            let is_out = status == 401 && said.contains("critwatch token add");
            assert_eq!(
                is_out,
                !needs.is_empty(),
                "{method} {path} {token:?}: {status} {said}"
            );
        }
        for (has, token) in &tokens {
            let (status, said) = operators.status(method, path, Some(token)).await;
            let lacks = said.contains(&format!("needs the scope `{needs}`"));
            let is_out = status == 403 && lacks;
            let expected = !needs.is_empty() && !may(has, needs);
            assert_eq!(is_out, expected, "{method} {path} {has}: {status} {said}");
            if expected {
                assert!(said.contains(&format!("`{has}` has {has}")), "{said}");
            }
        }
    }
}

#[tokio::test]
async fn without_any_token_what_strangers_may_do_stays_as_it_was() {
    let operators = Operators::new("").await;
    for (method, path, needs) in ROUTES {
        let (status, said) = operators.status(method, path, None).await;
        let is_closed = CLOSED.iter().any(|part| path.contains(part));
        assert_eq!(
            status == 403 && said.contains("the operators' API is closed"),
            is_closed && !needs.is_empty(),
            "{method} {path}: {status} {said}"
        );
        assert_ne!(status, 401, "{method} {path}: {said}");
    }
}

#[tokio::test]
async fn what_is_no_route_no_method_or_too_long_is_refused() {
    let operators = Operators::new("").await;
    let token = operators.token("ann", "admin").await;
    for (method, path, expected) in [
        ("PUT", "/api/v1/events", 405),
        ("PUT", "/api/v1/incidents", 405),
        ("OPTIONS", "/-/reload", 405),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/login/", 404),
        ("GET", "//login", 404),
        ("HEAD", "/api/v1/state", 200),
    ] {
        let (status, said) = operators.status(method, path, Some(&token)).await;
        assert_eq!(status, expected, "{method} {path}: {said}");
    }
    let (status, _) = operators.status("HEAD", "/api/v1/state", None).await;
    assert_eq!(status, 401);
    let long = |path: &str, bytes| operators.form(path, &[("token", &"x".repeat(bytes))]);
    assert_eq!(send(long("/login", 5_000)).await.status, 400);
    assert_eq!(
        send(long("/api/v1/events", 70_000).bearer_auth(&token))
            .await
            .status,
        413
    );
}
