//! Sessions of the page: kept in Redis under a cookie, refreshed by a write on each request.
//!
//! Who is logged in is known to Redis alone. What evicts or flushes it logs people out.

use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use redis::aio::ConnectionManager;
use redis::{Cmd, RedisError, RedisResult};

use crate::dice::api::account::secret;
use crate::dice::roll::job::User;
use crate::dice::{keys, link};

/// The name of the cookie.
const NAME: &str = "dice_session";

/// A session that was found, and whether it lives longer now.
#[derive(Debug)]
pub(crate) struct FoundSession {
    /// Whose session it is.
    pub(crate) user: User,
    /// Why it could not be refreshed.
    pub(crate) refresh: Result<(), RedisError>,
}

/// Opens a session and returns its token.
pub(crate) async fn open(
    link: &mut ConnectionManager,
    user: &User,
    ttl: Duration,
) -> RedisResult<String> {
    let token = secret::secret();
    let text = serde_json::to_string(user).map_err(std::io::Error::other)?;
    write(&token, &text, ttl).exec_async(link).await?;
    Ok(token)
}

/// Finds a session and refreshes it.
pub(crate) async fn find(
    link: &mut ConnectionManager,
    token: &str,
    ttl: Duration,
) -> RedisResult<Option<FoundSession>> {
    let text: Option<String> = link::ask(link, &Cmd::get(keys::session(token))).await?;
    let Some((user, text)) = text.and_then(|text| Some((serde_json::from_str(&text).ok()?, text)))
    else {
        return Ok(None);
    };
    // XX: a session that ended between the two commands stays ended.
    let refresh = write(token, &text, ttl).arg("XX").exec_async(link).await;
    Ok(Some(FoundSession { user, refresh }))
}

/// Ends a session.
pub(crate) async fn close(link: &mut ConnectionManager, token: &str) -> RedisResult<()> {
    Cmd::del(keys::session(token)).exec_async(link).await
}

/// Finds the token in the cookies of a request.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).into_iter();
    let pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='));
    values.find(|token| secret::has_shape(token))
}

/// Writes the cookie of a session; without a token, the one that deletes it.
pub(crate) fn cookie(token: Option<&str>, ttl: Duration) -> HeaderValue {
    let age = token.map_or(0, |_| ttl.as_secs());
    let token = token.unwrap_or_default();
    let text = format!("{NAME}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

fn write(token: &str, text: &str, ttl: Duration) -> Cmd {
    let mut write = redis::cmd("SET");
    write
        .arg(keys::session(token))
        .arg(text)
        .arg("EX")
        .arg(ttl.as_secs().max(1));
    write
}
