//! Who may use the operators' listener, through the running program.

mod audit;
mod login;
mod oidc;
mod provider;
mod proxy;
mod routes;
mod tokens;

use std::path::Path;
use std::time::Duration;

use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::process::Command;

use crate::world::patience::until;
use crate::world::{LOG, Monitor, PROGRAM};

/// A monitor to which everything may be pushed.
const SETTINGS: &str = r#"
[site]
title = "Dice & Co"
url = "https://status.example.org"
trusted_proxies = ["127.0.0.9"]

[[component]]
id = "api"
name = "API"

[[collector]]
id = "jobs"
type = "heartbeat"
names = ["backup"]

[[collector]]
id = "alerts"
type = "alerts"
watchdog = "Watchdog"
"#;

/// Its operators.
struct Operators {
    place: tempfile::TempDir,
    monitor: Monitor,
}

/// What came back, whole.
#[derive(Debug)]
struct Answer {
    status: u16,
    text: String,
    /// Where it leads.
    location: String,
    /// The cookies that it sets.
    cookies: Vec<String>,
    retry_after: Option<u64>,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let headers = response.headers();
        let one = |name| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let cookies = headers.get_all(SET_COOKIE).iter();
        Self {
            status: response.status().as_u16(),
            location: one(LOCATION.as_str()).unwrap_or_default(),
            cookies: cookies
                .map(|one| one.to_str().unwrap().to_owned())
                .collect(),
            retry_after: one("retry-after").map(|seconds| seconds.parse().unwrap()),
            text: response.text().await.unwrap(),
        }
    }

    /// `name=value` of the only cookie that is set.
    fn cookie(&self) -> String {
        let set: Vec<_> = self
            .cookies
            .iter()
            .filter(|one| !one.contains("Max-Age=0"))
            .collect();
        assert_eq!(set.len(), 1, "{self:?}");
        set[0].split(';').next().unwrap().to_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

/// A client that goes nowhere by itself; it may call itself another address of this
/// machine.
fn client_from(address: &str) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .local_address(Some(address.parse().unwrap()))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .tls_certs_only([])
        .build()
        .unwrap()
}

fn client() -> Client {
    client_from("127.0.0.1")
}

async fn send(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.unwrap()).await
}

impl Operators {
    async fn new(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        write(place.path(), settings);
        let monitor = Monitor::serve(place.path(), &[]).await;
        Self { place, monitor }
    }

    /// Other settings, in force.
    async fn reconfigure(&self, settings: &str, token: &str) {
        write(self.place.path(), settings);
        let answer = send(self.post("/-/reload").bearer_auth(token)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.monitor.ops)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        client().get(self.url(path))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        client().post(self.url(path))
    }

    /// Posts a form as a page of this listener has a browser do it.
    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let mut url = reqwest::Url::parse("http://x").unwrap();
        url.query_pairs_mut().extend_pairs(fields);
        self.post(path)
            .header("Origin", self.url(""))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(url.query().unwrap_or_default().to_owned())
    }

    /// Logs in by a token.
    async fn log_in(&self, token: &str) -> Answer {
        send(self.form("/login", &[("token", token)])).await
    }

    /// Runs `critwatch token`: its exit code, output and errors.
    async fn command(&self, arguments: &[&str]) -> (i32, String, String) {
        let state = self.place.path().join("state");
        let ran = Command::new(PROGRAM)
            .arg("token")
            .args(arguments)
            .arg("--state")
            .arg(state)
            .env("USER", "ann")
            .env_remove("SUDO_USER")
            .output()
            .await
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            ran.status.code().unwrap(),
            text(ran.stdout),
            text(ran.stderr),
        )
    }

    /// Makes a token, which the server knows afterwards.
    async fn token(&self, name: &str, scopes: &str) -> String {
        let (code, token, errors) = self.command(&["add", name, "--scope", scopes]).await;
        assert_eq!(code, 0, "{errors}");
        let token = token.trim().to_owned();
        until("the server knows the token", async || {
            let answer = send(self.get("/api/v1/events").bearer_auth(&token)).await;
            let lacks = answer.text.contains("needs the scope");
            (answer.status == 200 || lacks).then_some(()).ok_or(answer)
        })
        .await;
        token
    }

    /// What somebody with a token is answered.
    async fn try_token(&self, token: &str) -> u16 {
        send(self.get("/api/v1/events").bearer_auth(token))
            .await
            .status
    }

    /// What somebody with a cookie is answered.
    async fn try_cookie(&self, cookie: &str) -> u16 {
        send(self.get("/api/v1/events").header("Cookie", cookie))
            .await
            .status
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.place.path().join(LOG)).unwrap()
    }
}

fn write(place: &Path, settings: &str) {
    std::fs::write(place.join("alerts.toml"), format!("{SETTINGS}{settings}")).unwrap();
}

/// The token that a form of a page has.
fn form_token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}
