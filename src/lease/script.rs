//! What is done in the Redis of the lease, each in one step.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, Script};
use secrecy::ExposeSecret as _;

use crate::lease::settings::LeaseSettings;

/// Takes the lease if nobody has it, or prolongs ours. Each holder has a higher number
/// than the one before.
const TAKE: &str = "local holder = redis.call('GET', KEYS[1])\n\
    if holder == ARGV[1] then\n\
      redis.call('PEXPIRE', KEYS[1], ARGV[2])\n\
      return {1, tonumber(redis.call('GET', KEYS[2]) or '0')}\n\
    end\n\
    if holder then return {0, redis.call('PTTL', KEYS[1])} end\n\
    redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])\n\
    return {1, redis.call('INCR', KEYS[2])}";

/// Gives the lease back, if it is ours.
const GIVE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then\n\
      return redis.call('DEL', KEYS[1])\n\
    end\n\
    return 0";

/// Keeps a receipt, if the lease is ours at that very moment.
const KEEP: &str = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end\n\
    if ARGV[3] == '' then redis.call('HDEL', KEYS[2], ARGV[2])\n\
    else redis.call('HSET', KEYS[2], ARGV[2], ARGV[3]) end\n\
    return 1";

/// Who has the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeaseOwner {
    /// We do, as the holder of that number.
    Ours(i64),
    /// Somebody else does, for that long if it is not renewed.
    Theirs(Duration),
}

/// The Redis of the lease.
#[derive(Debug)]
pub(crate) struct LeaseRedis {
    client: Client,
    patience: Duration,
    connection: Option<MultiplexedConnection>,
    keys: [String; 3],
    ttl: Duration,
    /// Who we are; another run is somebody else.
    id: String,
}

impl LeaseRedis {
    /// Connects to nobody yet.
    pub(crate) fn new(settings: &LeaseSettings) -> RedisResult<Self> {
        let key = &settings.key;
        Ok(Self {
            client: Client::open(settings.redis.expose_secret())?,
            patience: settings.ttl / 6,
            connection: None,
            keys: [
                format!("{key}:lease"),
                format!("{key}:fence"),
                format!("{key}:receipts"),
            ],
            ttl: settings.ttl,
            id: uuid::Uuid::new_v4().to_string(),
        })
    }

    async fn connection(&mut self) -> RedisResult<MultiplexedConnection> {
        if let Some(connection) = &self.connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.patience))
            .set_response_timeout(Some(self.patience));
        let made = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        Ok(self.connection.insert(made).clone())
    }

    async fn invoke<T: redis::FromRedisValue>(
        &mut self,
        script: &str,
        keys: [usize; 2],
        arguments: &[&str],
    ) -> RedisResult<T> {
        let mut connection = self.connection().await?;
        let script = Script::new(script);
        let mut call = script.prepare_invoke();
        for key in keys {
            call.key(&self.keys[key]);
        }
        for argument in [self.id.as_str()].iter().chain(arguments) {
            call.arg(*argument);
        }
        let done = call.invoke_async(&mut connection).await;
        if done.is_err() {
            // The next attempt asks for the server anew.
            self.connection = None;
        }
        done
    }

    /// Takes the lease, or prolongs it.
    pub(crate) async fn take(&mut self) -> RedisResult<LeaseOwner> {
        let ttl = self.ttl.as_millis().to_string();
        let (is_ours, number): (i64, i64) = self.invoke(TAKE, [0, 1], &[&ttl]).await?;
        Ok(match is_ours {
            1 => LeaseOwner::Ours(number),
            _ => LeaseOwner::Theirs(Duration::from_millis(number.try_into().unwrap_or_default())),
        })
    }

    /// Gives the lease back.
    pub(crate) async fn give(&mut self) -> RedisResult<()> {
        self.invoke(GIVE, [0, 1], &[]).await
    }

    /// Keeps what was announced; false if the lease is not ours.
    pub(crate) async fn keep(&mut self, field: &str, receipt: &str) -> RedisResult<bool> {
        let kept: i64 = self.invoke(KEEP, [0, 2], &[field, receipt]).await?;
        Ok(kept == 1)
    }

    /// All that was announced.
    pub(crate) async fn kept(&mut self) -> RedisResult<Vec<(String, String)>> {
        let mut connection = self.connection().await?;
        let kept = redis::cmd("HGETALL")
            .arg(&self.keys[2])
            .query_async(&mut connection)
            .await;
        if kept.is_err() {
            self.connection = None;
        }
        kept
    }
}
