//! The operators' listener of a running `serve`, asked by a command.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use reqwest::{Method, StatusCode, Url};
use serde_json::Value;

use crate::command::terminal::input::BadInput;
use crate::config::reading::reader::{Environment, is_web};
use crate::files;
use crate::runtime::client;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The longest answer that is read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;

/// Where a running `serve` is, and who asks it.
#[derive(Clone, Debug, Args)]
pub(crate) struct RunningServer {
    /// Address of the operators' listener of the running server, as HOST:PORT or URL
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:9180",
        env = "CRITWATCH_OPS_LISTEN",
        value_parser = server
    )]
    ops: Url,
    /// File with a token [default: `CRITWATCH_TOKEN`]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// Reads where a server is: its address, or the URL that it prints when it starts.
fn server(text: &str) -> Result<Url, String> {
    let port = |(_, port): (&str, &str)| port.parse::<u16>().ok();
    let url = if text.contains("://") {
        text.to_owned()
    } else if text.rsplit_once(':').and_then(port).is_some() {
        format!("http://{text}")
    } else {
        String::new()
    };
    let url = Url::parse(&url).ok().filter(|_| is_web(&url));
    url.ok_or_else(|| "write HOST:PORT or an http:// or https:// URL".to_owned())
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct ServerAnswer {
    /// Its status.
    pub(crate) status: StatusCode,
    body: Vec<u8>,
}

impl ServerAnswer {
    /// Its body as JSON.
    pub(crate) fn json(&self, url: &str) -> anyhow::Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("{url} sends an unexpected response"))
    }
}

impl RunningServer {
    /// The token of the operator, if there is one.
    pub(crate) fn token(&self, environment: &Environment) -> anyhow::Result<Option<String>> {
        let Some(path) = &self.token_file else {
            return Ok(environment.get("CRITWATCH_TOKEN").cloned());
        };
        let token = files::secret(path)
            .map_err(|error| BadInput::new(format!("{}: {error}", path.display())))?;
        Ok(Some(token.trim().to_owned()))
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.ops.as_str().trim_end_matches('/'))
    }

    /// Asks an address of the listener.
    pub(crate) async fn get(&self, url: &str, token: Option<&str>) -> anyhow::Result<ServerAnswer> {
        self.ask((Method::GET, "read"), url, token).await
    }

    /// Has the listener do something that needs no body.
    pub(crate) async fn post(
        &self,
        url: &str,
        token: Option<&str>,
    ) -> anyhow::Result<ServerAnswer> {
        self.ask((Method::POST, "write"), url, token).await
    }

    async fn ask(
        &self,
        (method, scope): (Method, &str),
        url: &str,
        token: Option<&str>,
    ) -> anyhow::Result<ServerAnswer> {
        let request = client::direct(TIMEOUT)?.request(method, url);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let mut answer = request.send().await.with_context(|| {
            format!(
                "nothing answers at {}; is `critwatch serve` running there? name its \
                operators' listener with --ops",
                self.url("")
            )
        })?;
        let status = answer.status();
        if status == StatusCode::UNAUTHORIZED {
            return Err(BadInput::new(format!(
                "the listener requires a token of scope `{scope}`; pass it with --token-file, or set \
                CRITWATCH_TOKEN",
            ))
            .into());
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await? {
            anyhow::ensure!(
                body.len() + part.len() <= LONGEST,
                "{url} sends too long a response"
            );
            body.extend_from_slice(&part);
        }
        Ok(ServerAnswer { status, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_address_or_its_url() {
        for (text, expected) in [
            ("127.0.0.1:9180", "http://127.0.0.1:9180/"),
            ("[::1]:9180", "http://[::1]:9180/"),
            ("localhost:9180", "http://localhost:9180/"),
            ("monitor:80", "http://monitor/"),
            ("http://127.0.0.1:9090", "http://127.0.0.1:9090/"),
            (
                "https://example.org/prometheus/",
                "https://example.org/prometheus/",
            ),
        ] {
            assert_eq!(server(text).unwrap().as_str(), expected, "{text}");
        }
        for text in ["", "localhost", "9180", "ftp://a:1", "http://", "a b:1"] {
            assert!(server(text).is_err(), "{text}");
        }
    }
}
