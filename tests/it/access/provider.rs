//! Stands in for an OpenID Connect provider: it signs with real keys, checks codes,
//! secrets and PKCE as a provider does, and can misbehave as an attacker would like.
//!
//! By OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749 and RFC 7636.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Url;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokio::sync::watch;

/// Our name and secret there.
pub(crate) const CLIENT: &str = "cw";
pub(crate) const SECRET: &str = "a secret: with/signs+";

/// A pair of keys, as PKCS 8.
fn generated() -> Vec<u8> {
    let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let made = EcdsaKeyPair::generate_pkcs8(kind, &SystemRandom::new()).unwrap();
    made.as_ref().to_vec()
}

fn pair(bytes: &[u8]) -> EcdsaKeyPair {
    let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
    EcdsaKeyPair::from_pkcs8(kind, bytes, &SystemRandom::new()).unwrap()
}

fn text(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[derive(Clone, Default)]
struct ProviderBooks {
    url: String,
    /// The key that it publishes, under this number.
    key: (u32, Vec<u8>),
    /// The key that it signs with instead.
    forged: Option<Vec<u8>>,
    /// What its tokens say instead.
    claims: BTreeMap<String, Value>,
    /// Nonce and challenge of each code.
    codes: BTreeMap<String, (String, String)>,
    issuer: Option<String>,
    /// How often its keys were asked for.
    looks: usize,
}

/// The provider.
pub(crate) struct StandIn(watch::Sender<ProviderBooks>);

impl StandIn {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let books = watch::Sender::new(ProviderBooks {
            url: format!("http://{}/realm", listener.local_addr().unwrap()),
            key: (1, generated()),
            ..ProviderBooks::default()
        });
        let routes = Router::new()
            .route("/realm/.well-known/openid-configuration", get(discover))
            .route("/realm/keys", get(keys))
            .route("/realm/token", post(redeem))
            .with_state(books.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self(books)
    }

    /// The address by which it calls itself.
    pub(crate) fn url(&self) -> String {
        self.0.borrow().url.clone()
    }

    /// Has its tokens say something else.
    pub(crate) fn claim(&self, claims: &Value) {
        let claims = claims.as_object().unwrap().clone();
        self.0
            .send_modify(|books| books.claims = claims.into_iter().collect());
    }

    /// Signs by new keys, which it publishes.
    pub(crate) fn rotate(&self) {
        self.0
            .send_modify(|books| books.key = (books.key.0 + 1, generated()));
    }

    /// Signs by keys that it does not publish.
    pub(crate) fn forge(&self) {
        self.0.send_modify(|books| books.forged = Some(generated()));
    }

    /// Calls itself by another address.
    pub(crate) fn rename(&self, issuer: &str) {
        self.0
            .send_modify(|books| books.issuer = Some(issuer.to_owned()));
    }

    /// How often its keys were asked for.
    pub(crate) fn looks(&self) -> usize {
        self.0.borrow().looks
    }

    /// Logs somebody in whom we sent there: where it sends them back to.
    pub(crate) fn approve(&self, sent: &str) -> String {
        let sent = Url::parse(sent).unwrap();
        let asked: BTreeMap<_, _> = sent.query_pairs().into_owned().collect();
        for (key, value) in [
            ("client_id", CLIENT),
            ("response_type", "code"),
            ("scope", "openid email profile"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(asked[key], value, "{sent}");
        }
        let code = format!("code {}", self.0.borrow().codes.len());
        let (nonce, challenge) = (asked["nonce"].clone(), asked["code_challenge"].clone());
        self.0.send_modify(|books| {
            books.codes.insert(code.clone(), (nonce, challenge));
        });
        let mut back = Url::parse(&asked["redirect_uri"]).unwrap();
        let pairs = [("code", &code), ("state", &asked["state"])];
        back.query_pairs_mut().extend_pairs(pairs);
        format!("{}?{}", back.path(), back.query().unwrap())
    }
}

async fn discover(State(books): State<watch::Sender<ProviderBooks>>) -> Json<Value> {
    let books = books.borrow();
    let url = &books.url;
    Json(json!({
        "issuer": books.issuer.as_ref().unwrap_or(url),
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
    }))
}

async fn keys(State(books): State<watch::Sender<ProviderBooks>>) -> Json<Value> {
    books.send_modify(|books| books.looks += 1);
    let (number, key) = books.borrow().key.clone();
    let pair = pair(&key);
    let point = pair.public_key().as_ref();
    Json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": number.to_string(),
        "x": text(&point[1..33]), "y": text(&point[33..]),
    }] }))
}

async fn redeem(
    State(books): State<watch::Sender<ProviderBooks>>,
    headers: HeaderMap,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
    // The parts of the header are encoded as in a form (RFC 6749, 2.3.1).
    let encoded = "cw:a+secret%3A+with%2Fsigns%2B";
    let basic = format!("Basic {}", STANDARD.encode(encoded));
    if headers
        .get("authorization")
        .is_none_or(|sent| *sent != *basic)
    {
        return refuse("invalid_client").into_response();
    }
    let mut known = None;
    books.send_modify(|books| known = books.codes.remove(&sent["code"]));
    let verifier = ring::digest::digest(&ring::digest::SHA256, sent["code_verifier"].as_bytes());
    let Some((nonce, challenge)) = known else {
        return refuse("invalid_grant").into_response();
    };
    if text(verifier) != challenge {
        return refuse("invalid_grant").into_response();
    }
    let token = signed(&books.borrow(), &nonce);
    Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": token })).into_response()
}

fn signed(books: &ProviderBooks, nonce: &str) -> String {
    let now = jiff::Timestamp::now().as_second();
    let mut claims = json!({
        "iss": books.url, "sub": "7", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
        "email": "ann@example.org", "email_verified": true,
    });
    for (key, value) in &books.claims {
        claims[key] = value.clone();
    }
    let (number, key) = &books.key;
    let head = json!({ "alg": "ES256", "kid": number.to_string() });
    let message = format!("{}.{}", text(head.to_string()), text(claims.to_string()));
    let pair = pair(books.forged.as_ref().unwrap_or(key));
    let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", text(signature))
}
