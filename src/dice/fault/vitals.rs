//! What Redis says of itself, beside what any monitor makes of it.

use redis::aio::ConnectionManager;
use redis::{RedisResult, cmd};

use crate::dice::link;

/// How Redis is at a moment; counters since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RedisVitals {
    /// Memory in use, in bytes.
    pub used: u64,
    /// Its limit; zero if it has none.
    pub limit: u64,
    /// Writes refused for want of memory.
    pub refused: u64,
    /// Keys dropped for want of memory.
    pub evicted: u64,
}

impl RedisVitals {
    /// Asks Redis.
    pub async fn ask(link: &mut ConnectionManager) -> RedisResult<Self> {
        let info: String = link::ask(link, cmd("INFO").arg("everything")).await?;
        Ok(Self::read(&info))
    }

    fn read(info: &str) -> Self {
        let field = |name: &str| {
            let line = info.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|value| value.trim().parse().ok());
            number.unwrap_or_default()
        };
        Self {
            used: field("used_memory:"),
            limit: field("maxmemory:"),
            refused: field("errorstat_OOM:count="),
            evicted: field("evicted_keys:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_redis_never_counted_is_zero() {
        let info = "used_memory:10\r\nmaxmemory:20\r\nerrorstat_OOM:count=3\r\n";
        let expected = RedisVitals {
            used: 10,
            limit: 20,
            refused: 3,
            evicted: 0,
        };
        assert_eq!(RedisVitals::read(info), expected);
    }
}
