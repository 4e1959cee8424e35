//! The provider: asked where it answers, for its keys, and for the token of a login.

use std::sync::Arc;
use std::time::Duration;

use axum::http;
use jiff::Timestamp;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::model::request::access::OpenIdUser;
use crate::model::time::duration::elapsed;
use crate::model::token_hash;
use crate::web::ops::access::oidc::id_token::{ClaimsError, IdClaims};
use crate::web::ops::access::oidc::jws::{self, JwkSet, JwsError};
use crate::web::ops::access::oidc::settings::{OidcSettings, is_private};

/// Longest answer.
const MAX_ANSWER: usize = 512 * 1024;

/// How long an answer about addresses and keys is kept.
const KEPT: Duration = Duration::from_hours(1);

/// Why nobody can be named.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// It does not answer.
    #[error("the provider does not answer: {0}")]
    Away(#[source] reqwest::Error),
    /// It answers with something else.
    #[error("the provider answers {what} with {status}")]
    Status {
        /// What it was asked for.
        what: &'static str,
        /// The status of its answer.
        status: http::StatusCode,
    },
    /// It answers with too much.
    #[error("the provider answers with more than {MAX_ANSWER} bytes")]
    Long,
    /// Its answer cannot be read.
    #[error("the answer of the provider about {0} cannot be read")]
    Unreadable(&'static str),
    /// It says that it is somebody else.
    #[error("the provider calls itself by another address than `issuer` of `[ops.oidc]`")]
    Issuer,
    /// It names an address that others can listen to.
    #[error("the provider names an address that is not `https`")]
    Address,
    /// It does not take the code.
    #[error("the provider gives no token: {0}")]
    Refused(String),
    /// The token is not signed by it.
    #[error(transparent)]
    Signature(#[from] JwsError),
    /// The token is not for us.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
}

/// What a provider says of itself (OpenID Connect Discovery 1.0, 3).
#[derive(Clone, Debug, Deserialize)]
struct ProviderMetadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// The part of the answer that names the person.
#[derive(Clone, Serialize, Deserialize)]
struct IdTokenField {
    id_token: String,
}

impl std::fmt::Debug for IdTokenField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdTokenField(..)")
    }
}

impl ExtraTokenFields for IdTokenField {}

/// A client that knows where to send people and where to redeem their codes.
type OauthClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<IdTokenField, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Something that the provider said, and when.
type Cached<T> = Arc<watch::Sender<Option<(Arc<T>, Timestamp)>>>;

/// The provider; clones share what it said.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    http: reqwest::Client,
    metadata: Cached<ProviderMetadata>,
    keys: Cached<JwkSet>,
}

/// A login that may begin.
#[derive(Debug)]
pub(crate) struct Authorization {
    /// Where to send the person.
    pub(crate) url: String,
    /// What the provider gives back.
    pub(crate) state: SecretString,
    /// What its token must name.
    pub(crate) nonce: SecretString,
    /// What shows the provider that we began it.
    pub(crate) verifier: SecretString,
}

impl Provider {
    /// Asks by this client, which must follow no redirects.
    pub(crate) fn new(http: reqwest::Client) -> Self {
        Self {
            http,
            metadata: Arc::default(),
            keys: Arc::default(),
        }
    }

    /// Begins a login.
    pub(crate) async fn authorize(
        &self,
        settings: &OidcSettings,
        now: Timestamp,
    ) -> Result<Authorization, ProviderError> {
        let metadata = self.metadata(settings, now).await?;
        let client = client(settings, &metadata)?;
        let [state, nonce] = [(); 2].map(|()| token_hash::generate(""));
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state_sent = CsrfToken::new(state.expose_secret().to_owned());
        let request = client
            .authorize_url(|| state_sent)
            .add_scopes(settings.request.iter().cloned().map(Scope::new))
            .add_extra_param("nonce", nonce.expose_secret())
            .set_pkce_challenge(challenge);
        Ok(Authorization {
            url: request.url().0.into(),
            state,
            nonce,
            verifier: verifier.into_secret().into(),
        })
    }

    /// Redeems the code of a login: who the person is.
    pub(crate) async fn redeem(
        &self,
        settings: &OidcSettings,
        code: String,
        (nonce, verifier): (&SecretString, &SecretString),
        now: Timestamp,
    ) -> Result<OpenIdUser, ProviderError> {
        let metadata = self.metadata(settings, now).await?;
        let client = client(settings, &metadata)?;
        let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
        let http = self.http.clone();
        let send = move |request: HttpRequest| send(http.clone(), request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(verifier)
            .request_async(&send)
            .await;
        let answer = answer.map_err(refused)?;
        let token = &answer.extra_fields().id_token;
        let claims: IdClaims = match jws::verify(token, &*self.keys(&metadata, now).await?) {
            // It may have new keys.
            Err(JwsError::UnknownKey) => {
                self.keys.send_replace(None);
                jws::verify(token, &*self.keys(&metadata, now).await?)?
            }
            other => other?,
        };
        let nonce = nonce.expose_secret();
        Ok(claims.user(&settings.issuer, &settings.client_id, nonce, now)?)
    }

    async fn metadata(
        &self,
        settings: &OidcSettings,
        now: Timestamp,
    ) -> Result<Arc<ProviderMetadata>, ProviderError> {
        if let Some(known) = newest(&self.metadata, now) {
            return Ok(known);
        }
        let issuer = settings.issuer.trim_end_matches('/');
        let address = format!("{issuer}/.well-known/openid-configuration");
        let metadata: ProviderMetadata = self.get(&address, "its addresses").await?;
        if metadata.issuer != settings.issuer {
            return Err(ProviderError::Issuer);
        }
        let named = [
            &metadata.authorization_endpoint,
            &metadata.token_endpoint,
            &metadata.jwks_uri,
        ];
        let is_safe = |address: &&String| {
            let address = address.split('?').next().unwrap_or_default();
            is_private(address)
        };
        if !named.iter().all(is_safe) {
            return Err(ProviderError::Address);
        }
        Ok(keep(&self.metadata, metadata, now))
    }

    async fn keys(
        &self,
        metadata: &ProviderMetadata,
        now: Timestamp,
    ) -> Result<Arc<JwkSet>, ProviderError> {
        if let Some(known) = newest(&self.keys, now) {
            return Ok(known);
        }
        let keys = self.get(&metadata.jwks_uri, "its keys").await?;
        Ok(keep(&self.keys, keys, now))
    }

    async fn get<T: DeserializeOwned>(
        &self,
        address: &str,
        what: &'static str,
    ) -> Result<T, ProviderError> {
        let answer = self.http.get(address).send().await;
        let answer = answer.map_err(|error| ProviderError::Away(error.without_url()))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(ProviderError::Status { what, status });
        }
        let body = bounded(answer).await?;
        serde_json::from_slice(&body).map_err(|_| ProviderError::Unreadable(what))
    }
}

/// Sends a request of the library.
async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, ProviderError> {
    let away = |error: reqwest::Error| ProviderError::Away(error.without_url());
    let request = reqwest::Request::try_from(request).map_err(away)?;
    let answer = client.execute(request).await.map_err(away)?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = http::Response::new(bounded(answer).await?);
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    Ok(response)
}

/// Reads an answer, but no endless one.
async fn bounded(mut answer: reqwest::Response) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    let away = |error: reqwest::Error| ProviderError::Away(error.without_url());
    while let Some(chunk) = answer.chunk().await.map_err(away)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(ProviderError::Long);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Why no token came, without what stands in the answer: that may be a token.
fn refused(error: oauth2::RequestTokenError<ProviderError, BasicErrorResponse>) -> ProviderError {
    match error {
        oauth2::RequestTokenError::Request(error) => error,
        oauth2::RequestTokenError::ServerResponse(answer) => {
            ProviderError::Refused(answer.error().to_string())
        }
        oauth2::RequestTokenError::Parse(..) | oauth2::RequestTokenError::Other(_) => {
            ProviderError::Unreadable("the token")
        }
    }
}

fn newest<T>(cached: &Cached<T>, now: Timestamp) -> Option<Arc<T>> {
    let cached = cached.borrow();
    let (value, at) = cached.as_ref()?;
    (elapsed(*at, now) < KEPT).then(|| Arc::clone(value))
}

fn keep<T>(cached: &Cached<T>, value: T, now: Timestamp) -> Arc<T> {
    let value = Arc::new(value);
    cached.send_replace(Some((Arc::clone(&value), now)));
    value
}

fn client(
    settings: &OidcSettings,
    metadata: &ProviderMetadata,
) -> Result<OauthClient, ProviderError> {
    let unusable = |_| ProviderError::Address;
    let methods = &metadata.token_endpoint_auth_methods_supported;
    let by = |word: &str| methods.iter().any(|method| method == word);
    let auth = if by("client_secret_post") && !by("client_secret_basic") {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    };
    let authorization = AuthUrl::new(metadata.authorization_endpoint.clone()).map_err(unusable)?;
    let token = TokenUrl::new(metadata.token_endpoint.clone()).map_err(unusable)?;
    let redirect = RedirectUrl::new(settings.redirect()).map_err(unusable)?;
    let client = Client::new(ClientId::new(settings.client_id.clone()))
        .set_auth_type(auth)
        .set_auth_uri(authorization)
        .set_token_uri(token)
        .set_redirect_uri(redirect);
    Ok(match &settings.client_secret {
        Some(secret) => {
            let secret = ClientSecret::new(secret.expose_secret().to_owned());
            client.set_client_secret(secret)
        }
        None => client,
    })
}
