//! Asks a Redis for its figures and its queues, in one pipelined round trip.

pub mod info;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, IntoConnectionInfo as _, RedisResult, Value,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::collect::failure::Failure;
use crate::collect::queue::{Queue, QueueSettings};
use crate::model::sample::Sample;

/// A `[[collector]]` of `type = "redis"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisSettings {
    /// `redis://[user:password@]host:port/db` or `unix:///path`.
    pub url: SecretString,
    /// Queues that live in this Redis.
    #[serde(default, rename = "queue")]
    pub queues: Vec<QueueSettings>,
}

/// A Redis, with the connection to it while there is one.
#[derive(Debug)]
pub struct RedisCollector {
    client: Client,
    connection: Option<MultiplexedConnection>,
    queues: Vec<Queue>,
}

/// Without the client library's own greeting: an older Redis counts it as an
/// error, and we must not raise what we measure.
fn quiet(info: ConnectionInfo) -> ConnectionInfo {
    let settings = info.redis_settings().clone().set_skip_set_lib_name();
    info.set_redis_settings(settings)
}

impl RedisCollector {
    /// Reads the address; connects when first asked.
    pub fn new(settings: &RedisSettings) -> RedisResult<Self> {
        Ok(Self {
            client: Client::open(quiet(settings.url.expose_secret().into_connection_info()?))?,
            connection: None,
            queues: settings.queues.iter().cloned().map(Queue::new).collect(),
        })
    }

    /// Takes all samples; the caller bounds the time.
    ///
    /// The connection is put back only after a good answer, so that one that
    /// hangs or was cut is never used again.
    pub async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let mut pipe = redis::pipe();
        pipe.ignore_errors();
        pipe.cmd("INFO").arg("all").cmd("TIME");
        for queue in &self.queues {
            queue.ask(&mut pipe);
        }
        let answers: Vec<RedisResult<Value>> = pipe.query_async(&mut connection).await?;
        let samples = self.read(answers)?;
        self.connection = Some(connection);
        Ok(samples)
    }

    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        // The collector's own timeout bounds connecting and answering alike.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let mut connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        let name: RedisResult<()> = redis::cmd("CLIENT")
            .arg(&["SETNAME", "critwatch"])
            .query_async(&mut connection)
            .await;
        if let Err(error) = name {
            tracing::debug!(%error, "the connection has no name");
        }
        Ok(connection)
    }

    fn read(&mut self, answers: Vec<RedisResult<Value>>) -> Result<Vec<Sample>, Failure> {
        let mut answers = answers.into_iter();
        let mut next = || answers.next().unwrap_or(Ok(Value::Nil));
        let info: String = redis::from_redis_value(next()?)?;
        let time: (i64, i64) = redis::from_redis_value(next()?)?;
        let mut samples = vec![Sample::new("redis_up", [], 1.0)];
        samples.extend(info::samples(&info));
        let now_ms = time.0 * 1000 + time.1 / 1000;
        for queue in &mut self.queues {
            samples.extend(queue.read(&mut next, now_ms));
        }
        Ok(samples)
    }
}
