//! Addresses of remote sides: encrypted, unless they are on this machine.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use crate::model::text::shape::SecretText;

/// What stays as it is in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':');

/// The address of a webhook. It has no real `Debug`, because whoever knows it can post.
#[derive(Clone, JsonSchema)]
#[schemars(inline, with = "SecretText")]
pub struct WebhookAddress(Url);

impl WebhookAddress {
    /// Reads an address.
    ///
    /// # Errors
    ///
    /// Fails if it is none, or not encrypted.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        read(text, "a webhook").map(Self)
    }

    /// The address itself.
    pub(crate) fn url(&self) -> Url {
        self.0.clone()
    }
}

impl fmt::Debug for WebhookAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookAddress(…)")
    }
}

impl<'de> Deserialize<'de> for WebhookAddress {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

/// The address of a server; those of its API are below it. It has no real `Debug`, because
/// it may hold a password.
#[derive(Clone, JsonSchema)]
#[schemars(inline, with = "SecretText")]
pub(crate) struct ApiAddress(String);

impl ApiAddress {
    /// The public server of a service.
    pub(crate) fn public(address: &str) -> Self {
        Self(address.to_owned())
    }

    /// An address of the API, by the parts of its path.
    pub(crate) fn at<'p>(&self, path: impl IntoIterator<Item = &'p str>) -> String {
        path.into_iter().fold(self.0.clone(), |address, part| {
            format!("{address}/{}", utf8_percent_encode(part, PART))
        })
    }
}

impl fmt::Debug for ApiAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiAddress(…)")
    }
}

impl<'de> Deserialize<'de> for ApiAddress {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let url = read(&String::deserialize(from)?, "a server").map_err(de::Error::custom)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(de::Error::custom(
                "write the address of the server alone, without `?` and `#`",
            ));
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

/// The host that an address leads to, as a name for the link.
pub(crate) fn host(address: &str) -> String {
    let host = Url::parse(address).ok();
    let host = host.and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| address.to_owned())
}

/// Reads an address; no message repeats it, because it may be a secret.
fn read(text: &str, what: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url else {
        return Err(format!(
            "this is not an address; {what} opens with `https://`"
        ));
    };
    if url.scheme() == "http" && !is_local(&url) {
        return Err(format!(
            "messages would be sent unencrypted; {what} opens with `https://`, unless it is on \
             this machine"
        ));
    }
    Ok(url)
}

fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> Result<ApiAddress, String> {
        ApiAddress::deserialize(toml::Value::from(text)).map_err(|error| error.to_string())
    }

    #[test]
    fn only_this_machine_is_asked_without_encryption() {
        for good in [
            "https://h",
            "http://127.0.0.1:80/x/",
            "http://[::1]:8",
            "http://localhost",
        ] {
            assert!(server(good).is_ok(), "{good}");
        }
        for bad in [
            "http://h",
            "http://10.0.0.1",
            "http://127.0.0.1.example.org",
            "ftp://h",
            "h",
            "https://h/?key=1",
        ] {
            let fault = server(bad).unwrap_err();
            assert!(
                !fault.contains(bad) || bad == "h",
                "{fault} repeats what may be a secret"
            );
        }
    }

    #[test]
    fn a_part_of_a_path_stays_one_part() {
        let server = server("https://h/base/").unwrap();
        let address = server.at(["rooms", "!a/../b?c#d:h"]);
        assert_eq!(address, "https://h/base/rooms/%21a%2F..%2Fb%3Fc%23d:h");
    }
}
