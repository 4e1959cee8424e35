//! Who asks: by a token, by a login, or by the word of the operator's own proxy.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

use crate::model::access::{Actor, Proof, Scopes};
use crate::model::request::access::{
    AccessDoor, AccessRequest, AuditEntry, Credential, SessionOrigin, SessionRecord, TokenRecord,
    TokenState, USE_INTERVAL,
};
use crate::model::time::duration::elapsed;
use crate::model::token_hash::{self, TokenHash};
use crate::web::ops::access::acting::{Admitted, Identified, Requester};
use crate::web::ops::access::browser::cookies::OpsCookie;
use crate::web::ops::access::browser::form_token::FormToken;
use crate::web::ops::access::failures::Failures;
use crate::web::ops::access::proxy::NamedUser;
use crate::web::ops::access::settings::{AccessSettings, OPS, all_scopes};
use crate::web::serving::connections::client::ClientConnection;
use crate::web::serving::connections::visitor::{Proxies, Visitor};

/// What outlives other settings; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct AccessMemory {
    /// Where sessions and the audit log go in, and who may come in.
    pub(crate) door: AccessDoor,
    failures: Failures,
    /// When the use of a token or a session was written last.
    uses: Arc<watch::Sender<HashMap<[u8; 32], Timestamp>>>,
    /// Makes the form tokens of people whom a proxy names.
    form_key: SecretString,
    /// Whether a forged header was logged.
    warned: Arc<watch::Sender<bool>>,
}

impl AccessMemory {
    /// Knows nothing yet but the door.
    pub(crate) fn new(door: AccessDoor) -> Self {
        Self {
            door,
            failures: Failures::default(),
            uses: Arc::default(),
            form_key: token_hash::generate(""),
            warned: Arc::default(),
        }
    }
}

/// Tells who asks; clones share what they know.
#[derive(Clone, Debug)]
pub(crate) struct Authenticator(Arc<Grounds>);

/// By what we tell it.
#[derive(Debug)]
struct Grounds {
    settings: AccessSettings,
    proxies: Proxies,
    memory: AccessMemory,
    clock: fn() -> Timestamp,
}

impl Authenticator {
    /// Goes by the settings, and by the tokens and sessions; `page` are
    /// the proxies of the page.
    pub(crate) fn new(
        settings: AccessSettings,
        page: &Proxies,
        memory: AccessMemory,
        clock: fn() -> Timestamp,
    ) -> Self {
        Self(Arc::new(Grounds {
            proxies: settings.proxies(page),
            settings,
            memory,
            clock,
        }))
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &AccessSettings {
        &self.0.settings
    }

    /// The proxies before the listener.
    pub(crate) fn proxies(&self) -> &Proxies {
        &self.0.proxies
    }

    /// The moment.
    pub(crate) fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// Whether anybody can prove who they are, or ever could: a token that has ended
    /// opens the listener to nobody.
    pub(crate) fn is_locked(&self) -> bool {
        let is_token = |one: &Credential| matches!(one, Credential::Token(_));
        self.0.settings.locks() || self.0.memory.door.credentials.borrow().iter().any(is_token)
    }

    /// Who sent a request, as far as the connection and our proxies tell.
    fn requester(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Requester {
        let proxies = &self.0.proxies;
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.to_canonical());
        let told = headers.get_all("x-forwarded-proto").iter().next_back();
        let told = told.and_then(|line| line.to_str().ok()?.rsplit(',').next());
        let is_https = told.is_some_and(|told| told.trim().eq_ignore_ascii_case("https"));
        Requester {
            visitor: Visitor::of(peer, headers, proxies),
            is_secure: proxies.has(&peer) && is_https,
        }
    }

    /// Tells who asks.
    fn identify(
        &self,
        peer: Option<IpAddr>,
        requester: Requester,
        headers: &HeaderMap,
    ) -> Identified {
        let by_token = bearer(headers).map(|secret| self.admit(secret, requester.visitor));
        if let Some(Ok(admission)) = by_token {
            return Identified::Known(admission);
        }
        if let Some(identified) = self.by_proxy(peer, headers) {
            return identified;
        }
        match by_token {
            Some(Err(Some(wait))) => Identified::Limited(wait),
            Some(_) => Identified::Nobody,
            None => {
                let secret = OpsCookie::Session.read(headers, requester.is_secure);
                let session = secret.and_then(|secret| self.by_session(secret));
                session.map_or(Identified::Nobody, Identified::Known)
            }
        }
    }

    /// Lets somebody in by a token; otherwise says how long others of theirs are not
    /// even looked at.
    pub(crate) fn admit(
        &self,
        secret: &str,
        visitor: Visitor,
    ) -> Result<Admitted, Option<Duration>> {
        let (grounds, now, hash) = (&self.0, self.now(), TokenHash::of(secret));
        let failures = &grounds.memory.failures;
        let wait = failures.wait(visitor, now);
        let named = self.named(&hash, now);
        let is_own = grounds
            .settings
            .key
            .is_some_and(|key| key.ct_eq(&hash).into());
        if let Some(token) = named {
            self.used(&hash, now, || AccessRequest::Used(token.id));
            let actor = Actor::new(token.name, Proof::Token);
            return Ok(Admitted::new(actor, token.scopes));
        }
        if is_own && wait.is_none() {
            return Ok(Admitted::new(Actor::new(OPS, Proof::Token), all_scopes()));
        }
        if !is_own && self.is_locked() {
            failures.add(visitor, hash, now);
        }
        Err(wait)
    }

    /// The token with a hash that is in force. Every one is compared, in constant time:
    /// how long it takes says nothing of any.
    fn named(&self, hash: &TokenHash, now: Timestamp) -> Option<TokenRecord> {
        let credentials = Arc::clone(&self.0.memory.door.credentials.borrow());
        let mut found = None;
        for credential in credentials.iter() {
            if let Credential::Token(token) = credential
                && token.hash.ct_eq(hash).into()
            {
                found = Some(token);
            }
        }
        found
            .filter(|token| token.state(now) == TokenState::Valid)
            .cloned()
    }

    /// Who is logged in with this cookie, if that still holds.
    fn by_session(&self, secret: &str) -> Option<Admitted> {
        let (now, hash) = (self.now(), TokenHash::of(secret));
        let credentials = Arc::clone(&self.0.memory.door.credentials.borrow());
        let mut found = None;
        for credential in credentials.iter() {
            if let Credential::Session(session) = credential
                && session.hash.ct_eq(&hash).into()
            {
                found = Some(session);
            }
        }
        let session = found.filter(|session| session.lasts(now))?;
        let (actor, scopes) = self.still(&session.origin, now)?;
        self.used(&hash, now, || AccessRequest::Seen(hash));
        let form_token = FormToken::of(secret, "session");
        Some(Admitted::new(actor, scopes).by_browser(Some(hash), form_token))
    }

    /// Who logged in, and what they may do by now; `None` if what they logged in by is
    /// in force no more.
    fn still(&self, origin: &SessionOrigin, now: Timestamp) -> Option<(Actor, Scopes)> {
        match origin {
            SessionOrigin::Token(hash) => {
                if let Some(token) = self.named(hash, now) {
                    return Some((Actor::new(token.name, Proof::Token), token.scopes));
                }
                let is_own = self.0.settings.key? == *hash;
                is_own.then(|| (Actor::new(OPS, Proof::Token), all_scopes()))
            }
            SessionOrigin::OpenId(user) => {
                let scopes = self.0.settings.scopes_of(user)?;
                Some((Actor::new(&*user.name, Proof::OpenId), scopes))
            }
        }
    }

    /// Whom the operator's proxy names; `None` if nobody.
    fn by_proxy(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<Identified> {
        let proxy = self.0.settings.proxy.as_ref()?;
        match proxy.read(peer, headers) {
            NamedUser::Nobody => None,
            NamedUser::Unusable => Some(Identified::Unusable),
            NamedUser::User(name, scopes) => {
                let key = self.0.memory.form_key.expose_secret();
                let form_token = FormToken::of(key, &name);
                let admission = Admitted::new(Actor::new(name, Proof::Proxy), scopes);
                Some(Identified::Known(admission.by_browser(None, form_token)))
            }
            NamedUser::Forged => {
                let warned = &self.0.memory.warned;
                if warned.send_if_modified(|warned| !std::mem::replace(warned, true)) {
                    tracing::warn!(
                        header = %proxy.header(), peer = peer.map(|peer| peer.to_string()),
                        "ignored a header that names the user, as it came from elsewhere than \
                         the proxy; list the proxy in `from` of `[ops.proxy]`",
                    );
                }
                None
            }
        }
    }

    /// Has a use written, but not each.
    fn used(&self, hash: &TokenHash, now: Timestamp, request: impl FnOnce() -> AccessRequest) {
        let Ok(key) = <[u8; 32]>::try_from(hash.bytes()) else {
            return;
        };
        let is_due = self.0.memory.uses.send_if_modified(|uses| {
            uses.retain(|_, at| elapsed(*at, now) < USE_INTERVAL);
            uses.insert(key, now).is_none()
        });
        if is_due {
            // What is not written this time is written the next.
            let _ = self.0.memory.door.send(request());
        }
    }

    /// Begins a session and ends the one before; tells the secret of its cookie. `None`
    /// if it cannot be kept.
    pub(crate) async fn begin(
        &self,
        origin: SessionOrigin,
        before: Option<TokenHash>,
    ) -> Option<SecretString> {
        let (now, secret) = (self.now(), token_hash::generate(""));
        let session = SessionRecord {
            hash: TokenHash::of(secret.expose_secret()),
            origin,
            created: now,
            seen: now,
        };
        self.0
            .memory
            .door
            .ask(AccessRequest::Begin(session))
            .await?;
        if let Some(before) = before {
            self.end(before).await?;
        }
        Some(secret)
    }

    /// Ends a session; `None` if that cannot be written.
    pub(crate) async fn end(&self, session: TokenHash) -> Option<()> {
        self.0
            .memory
            .door
            .ask(AccessRequest::End(session))
            .await
            .map(drop)
    }

    /// Writes down what somebody did.
    pub(crate) async fn note(&self, entry: AuditEntry) {
        self.0.memory.door.note(entry).await;
    }
}

/// The bearer token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = sent.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Tells routes who asks.
pub(crate) async fn identify(
    State(authenticator): State<Authenticator>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get::<Arc<ClientConnection>>();
    let peer = client.map(|client| client.peer());
    let requester = authenticator.requester(peer, request.headers());
    let identified = authenticator.identify(peer, requester, request.headers());
    let extensions = request.extensions_mut();
    if let Identified::Known(admission) = &identified {
        extensions.insert(admission.clone());
    }
    extensions.insert(requester);
    extensions.insert(identified);
    next.run(request).await
}
