//! How a target over HTTP is spoken to: who we are, and whom we trust.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::collect::failure::cause::Failure;
use crate::collect::http::body;
use crate::collect::http::clients::HttpClients;
use crate::collect::probe::fault::SettingsFault;

/// What the settings say about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestSettings {
    /// A bearer token.
    pub(crate) bearer: Option<SecretString>,
    /// User and password of basic authentication.
    pub(crate) basic: Option<(String, SecretString)>,
    /// Further headers.
    pub(crate) headers: BTreeMap<String, SecretString>,
    /// Certificates, as PEM, that alone are trusted to sign the target's.
    pub(crate) ca: Option<String>,
}

/// An address, and the client and headers to ask it with.
#[derive(Debug)]
pub(crate) struct HttpAccess {
    client: Client,
    headers: HeaderMap,
    basic: Option<(String, SecretString)>,
    url: SecretUrl,
}

/// An address that may carry a password.
struct SecretUrl(Url);

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl HttpAccess {
    /// Checks the settings and chooses a client.
    pub(crate) fn new(
        url: &SecretString,
        keys: &RequestSettings,
        clients: &HttpClients,
    ) -> Result<Self, Failure> {
        check(url, keys).map_err(|fault| Failure::Answer(fault.message))?;
        let headers = headers(keys)?;
        let has_secrets = keys.basic.is_some() || !headers.is_empty();
        Ok(Self {
            url: SecretUrl(address(url)?),
            client: match &keys.ca {
                Some(pem) => trusting(pem)?,
                None if has_secrets => clients.direct.clone(),
                None => clients.redirecting.clone(),
            },
            headers,
            basic: keys.basic.clone(),
        })
    }

    /// A request to the address, with a path put behind its own.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut url = self.url.0.clone();
        if !path.is_empty() {
            let whole = format!("{}{path}", url.path().trim_end_matches('/'));
            url.set_path(&whole);
        }
        let request = self
            .client
            .request(method, url)
            .header(ACCEPT_ENCODING, body::PACKING)
            .headers(self.headers.clone());
        match &self.basic {
            Some((user, password)) => request.basic_auth(user, Some(password.expose_secret())),
            None => request,
        }
    }
}

/// Whether an address and its keys can be used at all.
pub(crate) fn check(url: &SecretString, keys: &RequestSettings) -> Result<(), SettingsFault> {
    let at = |key: &'static str| move |why: Failure| SettingsFault::new(key, why.to_string());
    address(url).map_err(at("url"))?;
    headers(keys).map_err(at("url"))?;
    if let Some(pem) = &keys.ca {
        certificates(pem).map_err(at("ca"))?;
    }
    if keys.bearer.is_some() && keys.basic.is_some() {
        let words = "`bearer` and `username` exclude each other; keep one of the two";
        return Err(SettingsFault::new("url", words));
    }
    Ok(())
}

/// Reads an address that is asked over HTTP.
pub(crate) fn address(url: &SecretString) -> Result<Url, Failure> {
    match Url::parse(url.expose_secret()) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err(Failure::Answer(
            "an address opens with http:// or https://".to_owned(),
        )),
        Err(error) => Err(Failure::Answer(format!("this is not an address: {error}"))),
    }
}

fn headers(keys: &RequestSettings) -> Result<HeaderMap, Failure> {
    let wrong =
        |name: &str| Failure::Answer(format!("`{name}` is not a header with a valid value"));
    let secret = |text: &str| {
        let mut value = HeaderValue::from_str(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    };
    let mut headers = HeaderMap::new();
    for (name, value) in &keys.headers {
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(name))?;
        let value = secret(value.expose_secret()).ok_or_else(|| wrong(name))?;
        headers.insert(header, value);
    }
    if let Some(token) = &keys.bearer {
        let value = secret(&format!("Bearer {}", token.expose_secret()));
        headers.insert(AUTHORIZATION, value.ok_or_else(|| wrong("bearer"))?);
    }
    Ok(headers)
}

fn certificates(pem: &str) -> Result<Vec<Certificate>, Failure> {
    Certificate::from_pem_bundle(pem.as_bytes())
        .ok()
        .filter(|certificates| !certificates.is_empty())
        .ok_or_else(|| Failure::Answer("there is no certificate; give a PEM file".to_owned()))
}

/// A client that follows no redirects and trusts only these authorities.
fn trusting(pem: &str) -> Result<Client, Failure> {
    Ok(Client::builder()
        .user_agent(concat!("critwatch/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .no_gzip()
        .referer(false)
        .redirect(Policy::none())
        .tls_certs_only(certificates(pem)?)
        .build()?)
}

/// User and password as the settings have them, if they name a user.
pub(crate) fn basic(
    username: Option<&String>,
    password: Option<&SecretString>,
) -> Option<(String, SecretString)> {
    let password = password.cloned().unwrap_or_default();
    username.map(|user| (user.clone(), password))
}
