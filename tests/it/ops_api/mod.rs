//! The operators' API of a running monitor; every answer is held against its description.

mod documented;
mod keyed;
mod refused;
mod statuspage;
mod working;

use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::world::Monitor;

const TOKEN: &str = "open the door please";

const SITE: &str = "[site]\ntitle = 'Dice'\nurl = 'https://status.example.org'\n\
    [ops]\ntoken = 'open the door please'\n\
    [[component]]\nid = 'cache'\nname = 'Cache'\n[[component]]\nid = 'api'\nname = 'API'\n\
    [[component]]\nid = 'web'\nname = 'Web & App'\n";

/// A monitor whose operators use the API.
struct Operated {
    place: tempfile::TempDir,
    monitor: Monitor,
    description: Value,
}

/// What was answered.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> String {
        let value = self.headers.get(name);
        value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
    }

    /// The pointers to all that is wrong.
    fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().unwrap().iter();
        errors
            .map(|error| error["pointer"].as_str().unwrap())
            .collect()
    }

    fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

impl Operated {
    async fn new() -> Self {
        Self::of(SITE).await
    }

    async fn of(settings: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        let monitor = Monitor::serve(place.path(), &[]).await;
        let mut operated = Self {
            place,
            monitor,
            description: Value::Null,
        };
        let described = operated
            .send("GET", "/api/v1/openapi.json", &[], String::new())
            .await;
        operated.description = described.is(200).body;
        operated
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.place.path().join("incidents").join(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.place.path().join("incidents").join(name), text).unwrap();
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.place.path().join("incidents"))
            .unwrap()
            .count()
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let client = critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap();
        let url = format!("{}{path}", self.monitor.ops);
        let mut request = client.request(method.parse().unwrap(), url).body(body);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.bearer_auth(TOKEN);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer {
            status,
            headers,
            body,
            text,
        };
        if !self.description.is_null() && path.starts_with("/api/v1/") {
            self.check(method, path, &answer);
        }
        answer
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.ask_with(method, path, &[], body).await
    }

    async fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(method, path, headers, body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &Value::Null).await.is(200)
    }

    /// Begins an incident; its id.
    async fn open(&self, title: &str) -> String {
        let body =
            json!({ "title": title, "severity": "down", "affected": ["api"], "text": "We look." });
        self.ask("POST", "/api/v1/incidents", &body)
            .await
            .is(201)
            .id()
    }

    /// Holds an answer against the description.
    fn check(&self, method: &str, path: &str, answer: &Answer) {
        let path = path.split('?').next().unwrap();
        let parts: Vec<_> = path.split('/').collect();
        let fits = |pattern: &str| {
            let pattern: Vec<_> = pattern.split('/').collect();
            pattern.len() == parts.len()
                && pattern
                    .iter()
                    .zip(&parts)
                    .all(|(one, part)| one.starts_with('{') || one == part)
        };
        let paths = self.description["paths"].as_object().unwrap();
        let (pattern, described) = paths
            .iter()
            .find(|(pattern, _)| fits(pattern))
            .unwrap_or_else(|| panic!("{path} is not described"));
        let operation = &described[method.to_lowercase()];
        assert!(operation.is_object(), "{method} {pattern} is not described");
        let mut response = &operation["responses"][answer.status.to_string()];
        if let Some(reference) = response["$ref"].as_str() {
            response = self.description.pointer(&reference[1..]).unwrap();
        }
        assert!(
            response.is_object(),
            "{method} {pattern} does not describe {}: {}",
            answer.status,
            answer.text
        );
        let (kind, content) = response["content"]
            .as_object()
            .unwrap()
            .iter()
            .next()
            .unwrap();
        assert_eq!(answer.header("content-type"), *kind, "{method} {pattern}");
        if kind.ends_with("json") {
            let mut schema = content["schema"].clone();
            schema["components"] = self.description["components"].clone();
            schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let faults: Vec<_> = validator
                .iter_errors(&answer.body)
                .map(|error| format!("{error} at {}", error.instance_path()))
                .collect();
            assert!(
                faults.is_empty(),
                "{method} {pattern}: {faults:#?}\n{}",
                answer.text
            );
        }
        for header in response["headers"].as_object().into_iter().flatten() {
            let name = header.0.to_lowercase();
            let is_optional = name == "link" || answer.body.get("difference").is_some();
            assert!(
                is_optional || answer.headers.contains_key(&*name),
                "{method} {pattern} has no {name}"
            );
        }
    }
}
