//! Logins by a token: the cookie, the form, the end, and those who guess.

use crate::access::{Operators, client_from, form_token, send};
use crate::world::patience::until;

#[tokio::test]
async fn a_login_is_a_cookie_that_no_script_and_no_other_site_sends() {
    let operators = Operators::new("").await;
    let page = send(operators.get("/login")).await;
    assert!(page.text.contains("There is no token yet"), "{}", page.text);
    let token = operators.token("Ann <b>", "write").await;
    let page = send(operators.get("/login")).await;
    assert!(!page.text.contains("no token yet") && !page.text.contains("<script"));
    let entered = operators.log_in(&format!(" {token}\n")).await;
    assert_eq!((entered.status, &*entered.location), (303, "/console/"));
    let set = &entered.cookies[0];
    assert!(set.starts_with("critwatch=") && set.ends_with("; Path=/; HttpOnly; SameSite=Strict"));
    let cookie = entered.cookie();
    assert!(!cookie.contains(&token[3..]));
    let inside = send(operators.get("/login").header("Cookie", &cookie)).await;
    assert!(inside.text.contains("Ann &#60;b&#62;"), "{}", inside.text);
    assert_eq!(operators.try_cookie(&cookie).await, 200);
    let add = |origin: &str| {
        let request = operators.post("/api/v1/events").header("Cookie", &cookie);
        let request = if origin.is_empty() {
            request
        } else {
            request.header("Origin", origin)
        };
        send(request.body(r#"{"text": "Release 1"}"#))
    };
    assert_eq!(add(&operators.url("")).await.status, 201);
    // Neither another site, nor a program that found the cookie and says not from where.
    assert_eq!(add("http://evil.example").await.status, 403);
    let unsaid = add("").await;
    assert!(
        unsaid.status == 403 && unsaid.text.contains("Sec-Fetch-Site"),
        "{unsaid:?}"
    );
    let admin = send(operators.get("/api/v1/audit").header("Cookie", &cookie)).await;
    assert_eq!(admin.status, 403);
}

#[tokio::test]
async fn nobody_hands_somebody_a_session_and_one_that_ended_never_returns() {
    let operators = Operators::new("").await;
    let token = operators.token("ann", "read").await;
    let planted = "critwatch=planted-by-a-stranger";
    let login = operators.form("/login", &[("token", &token)]);
    let first = send(login.header("Cookie", planted)).await.cookie();
    assert_ne!(first, planted);
    assert_eq!(operators.try_cookie(planted).await, 401);
    // A new login ends the one before.
    let login = operators.form("/login", &[("token", &token)]);
    let second = send(login.header("Cookie", &first)).await.cookie();
    assert_ne!(first, second);
    assert_eq!(operators.try_cookie(&first).await, 401);
    // Two cookies of one name: one of them is not ours.
    let both = format!("{second}; {planted}");
    assert_eq!(operators.try_cookie(&both).await, 401);

    let out = |fields: &[(&str, &str)]| {
        let request = operators.form("/logout", fields).header("Cookie", &second);
        send(request)
    };
    assert_eq!(out(&[]).await.status, 403);
    assert_eq!(out(&[("form_token", "guessed")]).await.status, 403);
    let other = operators.log_in(&token).await.cookie();
    let page = send(operators.get("/login").header("Cookie", &other)).await;
    let theirs = form_token(&page.text);
    assert_eq!(out(&[("form_token", &theirs)]).await.status, 403);
    let page = send(operators.get("/login").header("Cookie", &second)).await;
    let own = form_token(&page.text);
    let left = out(&[("form_token", &own)]).await;
    assert!(
        left.status == 303 && left.cookies[0].contains("Max-Age=0"),
        "{left:?}"
    );
    assert_eq!(operators.try_cookie(&second).await, 401);
    assert_eq!(
        out(&[("form_token", &own)]).await.status,
        403,
        "nobody is there to leave"
    );
    assert_eq!(operators.try_cookie(&other).await, 200);
}

#[tokio::test]
async fn a_login_ends_with_its_token() {
    let operators = Operators::new("[ops]\ntoken = 'open the door please'\n").await;
    let named = operators.token("ann", "admin").await;
    let by_name = operators.log_in(&named).await.cookie();
    let by_settings = operators.log_in("open the door please").await.cookie();
    assert_eq!(operators.try_cookie(&by_settings).await, 200);
    operators
        .reconfigure("[ops]\ntoken = 'another door please'\n", &named)
        .await;
    assert_eq!(operators.try_cookie(&by_settings).await, 401);
    assert_eq!(operators.try_cookie(&by_name).await, 200);
    operators.command(&["revoke", "ann"]).await;
    until("the login has ended", async || {
        operators.try_cookie(&by_name).await == 401
    })
    .await;
}

#[tokio::test]
async fn by_tls_the_cookie_is_for_this_host_alone() {
    let operators = Operators::new("").await;
    let token = operators.token("ann", "read").await;
    let entered = async |address: &str, proto: &str| {
        let request = client_from(address)
            .post(operators.url("/login"))
            .header("X-Forwarded-Proto", proto)
            .header("Content-Type", "application/x-www-form-urlencoded");
        send(request.body(format!("token={token}")))
            .await
            .cookies
            .remove(0)
    };
    let secure = entered("127.0.0.9", "https").await;
    assert!(secure.starts_with("__Host-critwatch="), "{secure}");
    assert!(secure.ends_with("; SameSite=Strict; Secure"), "{secure}");
    for (address, proto) in [("127.0.0.9", "http"), ("127.0.0.8", "https")] {
        let plain = entered(address, proto).await;
        assert!(
            plain.starts_with("critwatch=") && !plain.contains("Secure"),
            "{plain}"
        );
    }
    // What was set for TLS counts for nothing without it.
    let value = secure.split(['=', ';']).nth(1).unwrap();
    assert_eq!(
        operators
            .try_cookie(&format!("__Host-critwatch={value}"))
            .await,
        401
    );
    let request = client_from("127.0.0.9").get(operators.url("/api/v1/events"));
    let request = request.header("X-Forwarded-Proto", "https");
    let request = request.header("Cookie", format!("__Host-critwatch={value}"));
    assert_eq!(send(request).await.status, 200);
}

#[tokio::test]
async fn who_guesses_tokens_waits_and_keeps_nobody_else_out() {
    let operators = Operators::new("[ops]\ntoken = 'open the door please'\n").await;
    let named = operators.token("ann", "read").await;
    let bad = |guess: usize| {
        let client = client_from("127.0.0.2");
        let request = client.get(operators.url("/api/v1/state"));
        send(request.bearer_auth(format!("guess {guess}")))
    };
    for _ in 0..30 {
        assert_eq!(bad(0).await.status, 401, "the same again is no guess");
    }
    for guess in 1..10 {
        assert_eq!(bad(guess).await.status, 401, "{guess}");
    }
    let late = bad(99).await;
    assert_eq!(late.status, 429);
    assert!(
        late.retry_after
            .is_some_and(|wait| (1..=600).contains(&wait)),
        "{late:?}"
    );
    let from = async |address: &str, token: &str| {
        let request = client_from(address).get(operators.url("/api/v1/state"));
        send(request.bearer_auth(token)).await.status
    };
    // What a person may have made up is not looked at; 256 bits are no guess.
    assert_eq!(from("127.0.0.2", "open the door please").await, 429);
    assert_eq!(from("127.0.0.2", &named).await, 200);
    assert_eq!(from("127.0.0.1", "open the door please").await, 200);
    let form = client_from("127.0.0.2")
        .post(operators.url("/login"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("token=guess");
    let page = send(form).await;
    assert!(page.status == 429 && page.retry_after.is_some(), "{page:?}");
    assert_eq!(operators.log().matches("too many failed logins").count(), 1);
    assert!(!operators.log().contains("guess "));
}
