//! Sessions of guests: kept in Redis, refreshed by a write on each request.

use std::time::Duration;

use rand::Rng as _;
use rand::distr::Alphanumeric;
use redis::aio::ConnectionManager;
use redis::{Cmd, RedisError, RedisResult};
use uuid::Uuid;

use crate::dice::roll::job::User;
use crate::dice::{clock, keys, link};

const TOKEN_LENGTH: usize = 40;

/// A session that was found, and whether it lives longer now.
#[derive(Debug)]
pub(crate) struct FoundSession {
    /// Whose session it is.
    pub(crate) user: User,
    /// Why it could not be refreshed.
    pub(crate) refresh: Result<(), RedisError>,
}

/// Makes a guest and a session, and returns the token.
pub(crate) async fn open(link: &mut ConnectionManager, ttl: Duration) -> RedisResult<String> {
    let token: String = rand::rng()
        .sample_iter(Alphanumeric)
        .take(TOKEN_LENGTH)
        .map(char::from)
        .collect();
    let uuid = Uuid::new_v4();
    let short: String = uuid.simple().to_string().chars().take(8).collect();
    let now = clock::stamp(clock::now());
    let user = User {
        uuid,
        name: "Guest".to_owned(),
        username: format!("guest-{short}"),
        has_external_accounts: false,
        subscription: None,
        created_at: now.clone(),
        updated_at: now,
    };
    let text = serde_json::to_string(&user).map_err(std::io::Error::other)?;
    write(&token, &text, ttl).exec_async(link).await?;
    Ok(token)
}

/// Finds a session and refreshes it; a token of the wrong shape is never looked up.
pub(crate) async fn find(
    link: &mut ConnectionManager,
    token: &str,
    ttl: Duration,
) -> RedisResult<Option<FoundSession>> {
    if token.len() != TOKEN_LENGTH || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let text: Option<String> = link::ask(link, &Cmd::get(keys::session(token))).await?;
    let Some((user, text)) = text.and_then(|text| Some((serde_json::from_str(&text).ok()?, text)))
    else {
        return Ok(None);
    };
    // XX: a session that ended between the two commands stays ended.
    let refresh = write(token, &text, ttl).arg("XX").exec_async(link).await;
    Ok(Some(FoundSession { user, refresh }))
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
