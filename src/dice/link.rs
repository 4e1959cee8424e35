//! The way to Redis: addresses, connections that come back, and what errors mean.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ErrorKind, FromRedisValue, RedisError, RedisResult};
use secrecy::{ExposeSecret, SecretString};

/// The longest that one ordinary command may take.
pub(crate) const PATIENCE: Duration = Duration::from_millis(700);

/// Where Redis is; it may hold a password, so it is never shown.
#[derive(Clone, Debug)]
pub struct RedisUrl(SecretString);

impl RedisUrl {
    /// Reads `redis://host:port/db` or `unix:///path`.
    pub fn new(url: String) -> RedisResult<Self> {
        Client::open(url.as_str())?;
        Ok(Self(SecretString::from(url)))
    }

    /// Gives the address to a child process; nobody else may ask.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Makes a client, which connects later.
    pub(crate) fn client(&self) -> RedisResult<Client> {
        Client::open(self.expose())
    }

    /// Makes a connection that opens on first use and again whenever it was lost.
    pub fn link(&self, patience: Duration) -> RedisResult<ConnectionManager> {
        // With the usual six retries a command waits over nine seconds for a dead server.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(patience));
        ConnectionManager::new_lazy_with_config(self.client()?, config)
    }
}

/// Asks something that may be asked twice.
///
/// A connection that failed long ago shows only at the next command; asking again is then
/// what finds the server that is back.
pub(crate) async fn ask<T: FromRedisValue>(
    link: &mut ConnectionManager,
    question: &redis::Cmd,
) -> RedisResult<T> {
    match question.query_async(link).await {
        Err(error) if is_lost(&error) => question.query_async(link).await,
        result => result,
    }
}

/// The same as [`ask`] for several questions at once.
pub(crate) async fn ask_all<T: FromRedisValue>(
    link: &mut ConnectionManager,
    questions: &redis::Pipeline,
) -> RedisResult<T> {
    match questions.query_async(link).await {
        Err(error) if is_lost(&error) => questions.query_async(link).await,
        result => result,
    }
}

/// Tells whether the connection was lost, as opposed to slow.
pub(crate) fn is_lost(error: &RedisError) -> bool {
    error.is_io_error() && !error.is_timeout()
}

/// Tells whether Redis itself said no, so that the command surely did nothing.
pub(crate) fn is_refusal(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
}

/// Tells whether the consumer group does not exist.
pub(crate) fn is_no_group(error: &RedisError) -> bool {
    error.code() == Some("NOGROUP")
}
