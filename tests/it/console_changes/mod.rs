//! What operators change by the console of a running monitor: by plain forms, and in a
//! real browser at night.

mod conflicts;
mod forms;
mod pages;
mod pictures;
mod resent;
mod story;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use tokio::process::Command;

use crate::world::patience::until;
use crate::world::{Monitor, PROGRAM};

/// A service of which one rule opens an incident, one a draft, and one nothing.
const SETTINGS: &str = r#"
[site]
title = "Dice & Co"
url = "https://status.example.org"
timezone = "Europe/Berlin"

[ops]
token = "open the door please"

[[component]]
id = "api"
name = "API"

[[component]]
id = "cache"
name = "Cache"

[[component]]
id = "web"
name = "Web & App"

[[rule]]
id = "rolls-fail"
expr = "vector(0.42)"
severity = "disrupted"
components = ["api", "cache"]
title = "Rolls are failing"
text = "{{ value | percent }} of all rolls fail."

[[rule]]
id = "app-slow"
expr = "vector(4.2)"
severity = "notice"
components = ["web"]
publish = "draft"
title = "The app is slow"
text = "A page takes {{ value }} s."

[[rule]]
id = "disk-filling"
expr = "vector(1)"
severity = "notice"
components = ["api"]
publish = "internal"
title = "A disk fills"
text = "It is full in 3 days."

[[notifier]]
id = "log"
type = "console"
updates = "post"

[[notifier]]
id = "team"
type = "webhook"
url = "http://127.0.0.1:9/hook"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"#;

/// A monitor at night, and somebody who is logged in.
struct Night {
    place: tempfile::TempDir,
    monitor: Monitor,
    cookie: String,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    location: String,
    text: String,
}

impl Answer {
    /// The value of a field of a form that the page has.
    #[track_caller]
    fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let found = self.text.split_once(&mark);
        let (_, rest) = found.unwrap_or_else(|| panic!("no {name} in\n{}", self.text));
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    #[track_caller]
    fn has(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "no `{words}` in\n{}", self.text);
        self
    }

    #[track_caller]
    fn lacks(&self, words: &str) -> &Self {
        assert!(!self.text.contains(words), "`{words}` in\n{}", self.text);
        self
    }

    #[track_caller]
    fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// The form of work that is planned.
const WORK: [(&str, &str); 4] = [
    ("title", "Move the cache"),
    ("from", "in 2h"),
    ("to", "in 3h"),
    ("affected", "cache"),
];

impl Night {
    /// A monitor whose rules have fired.
    async fn new() -> Self {
        let mut night = Self::of(SETTINGS).await;
        night.cookie = night.log_in("open the door please").await;
        until("both incidents are written", async || {
            night.id("rolls").is_some() && night.id("slow").is_some()
        })
        .await;
        until("the board has them", async || {
            let page = night.get("/console/incidents").await.text;
            page.contains("Rolls are failing") && page.contains("The app is slow")
        })
        .await;
        night
    }

    async fn of(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let monitor = Monitor::serve(place.path(), &[]).await;
        Self {
            place,
            monitor,
            cookie: String::new(),
        }
    }

    /// The cookie of somebody who logs in by a token.
    async fn log_in(&self, token: &str) -> String {
        let request = client().post(self.url("/login"));
        let request = request.header("Origin", self.url(""));
        let answer = form(request, &[("token", token)]).send().await.unwrap();
        let set = answer.headers()[SET_COOKIE].to_str().unwrap();
        set.split(';').next().unwrap().to_owned()
    }

    /// The cookie of somebody who has a token of some scope.
    async fn somebody(&self, name: &str, scope: &str) -> String {
        let made = Command::new(PROGRAM)
            .args(["token", "add", name, "--scope", scope, "--state"])
            .arg(self.place.path().join("state"))
            .output()
            .await
            .unwrap();
        let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        until("the server knows the token", async || {
            let asked = client().get(self.url("/api/v1/events")).bearer_auth(&token);
            asked.send().await.unwrap().status() == 200
        })
        .await;
        self.log_in(&token).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.monitor.ops)
    }

    async fn get(&self, path: &str) -> Answer {
        self.get_as(&self.cookie, path).await
    }

    async fn get_as(&self, cookie: &str, path: &str) -> Answer {
        let request = client().get(self.url(path)).header("Cookie", cookie);
        send(request).await
    }

    /// Sends a form as a browser without a script does.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_as(&self.cookie, path, fields).await
    }

    async fn post_as(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = client().post(self.url(path)).header("Cookie", cookie);
        let request = request.header("Origin", self.url(""));
        send(form(request, fields)).await
    }

    /// Opens a form, and sends it with the token and the version that it has.
    async fn fill(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await;
        let token = page.field("form_token");
        let seen = page.text.contains("name=\"seen\"");
        let seen = seen.then(|| page.field("seen"));
        let mut all = vec![("form_token", &*token)];
        all.extend(seen.as_deref().map(|seen| ("seen", seen)));
        all.extend(fields);
        self.post(path, &all).await
    }

    /// The id of the only file whose name has the word.
    fn id(&self, word: &str) -> Option<String> {
        let files = crate::world::files(&self.place.path().join("incidents"));
        let names = files
            .iter()
            .filter_map(|(name, _)| name.strip_suffix(".md"));
        let mut found = names.filter(|name| name.contains(word));
        Some(found.next()?.to_owned())
    }

    /// The page of that file.
    fn page(&self, word: &str) -> String {
        let id = self.id(word).unwrap().replace('-', "%2D");
        format!("/console/incidents/{id}")
    }

    /// The text of that file.
    fn file(&self, word: &str) -> String {
        let name = format!("{}.md", self.id(word).unwrap());
        std::fs::read_to_string(self.place.path().join("incidents").join(name)).unwrap()
    }

    fn folder(&self) -> std::path::PathBuf {
        self.place.path().join("incidents")
    }

    /// Writes a file as an editor does.
    fn write(&self, name: &str, text: &str) {
        write(&self.folder(), name, text);
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .default_headers(HeaderMap::from_iter([(
            ACCEPT,
            HeaderValue::from_static("text/html"),
        )]))
        .tls_certs_only([])
        .build()
        .unwrap()
}

fn form(request: RequestBuilder, fields: &[(&str, &str)]) -> RequestBuilder {
    let mut url = reqwest::Url::parse("http://x").unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(url.query().unwrap_or_default().to_owned())
}

async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let location = answer.headers().get(LOCATION);
    Answer {
        status: answer.status().as_u16(),
        location: location.map_or(String::new(), |to| to.to_str().unwrap().to_owned()),
        text: answer.text().await.unwrap(),
    }
}

/// An incident as a person writes it, which began so long ago.
fn written(title: &str, minutes: i64, rest: &str) -> String {
    let began = Timestamp::now() - jiff::SignedDuration::from_mins(minutes);
    let began = began.strftime("%Y-%m-%dT%H:%M:%SZ");
    format!("---\nsection: issue\ntitle: {title}\ndate: {began}\n{rest}")
}
