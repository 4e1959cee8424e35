//! What a Redis may refuse to tell, and when it is asked again.
//!
//! A refusal counts as an error of the very Redis that is watched. So what was
//! refused is not asked at each scrape, but rarely, and on a new connection.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use redis::RedisError;

use crate::collect::failure::reason;
use crate::model::sample::Sample;

/// How long a refusal is taken for granted.
const ASK_AGAIN: Duration = Duration::from_mins(5);

/// A part of what is asked, with commands of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RedisPart {
    /// The server's figures, without which there is hardly anything.
    Info,
    /// The server's clock.
    Time,
    /// Length and newest of the slow log.
    Slowlog,
    /// Events of the latency monitor.
    Latency,
    /// How long commands took, by command.
    Histogram,
    /// Settings that `INFO` does not tell.
    Config,
    /// The state and the map of a cluster.
    Cluster,
    /// The masters that a sentinel watches.
    Sentinel,
    /// The session of our own.
    Canary,
    /// The sizes of keys.
    Keys,
}

impl RedisPart {
    /// The value of the label `part`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Time => "time",
            Self::Slowlog => "slowlog",
            Self::Latency => "latency",
            Self::Histogram => "histogram",
            Self::Config => "config",
            Self::Cluster => "cluster",
            Self::Sentinel => "sentinel",
            Self::Canary => "canary",
            Self::Keys => "keys",
        }
    }

    /// What an access list must say to allow it.
    const fn permission(self) -> &'static str {
        match self {
            Self::Info => "+info",
            Self::Time => "+time",
            Self::Slowlog => "+slowlog|len +slowlog|get",
            Self::Latency => "+latency|latest",
            Self::Histogram => "+latency|histogram",
            Self::Config => "+config|get",
            Self::Cluster => "+cluster|info +cluster|slots",
            Self::Sentinel => "+sentinel|sentinels +sentinel|replicas +sentinel|ckquorum",
            Self::Canary => "+set +pttl and its key as in ~critwatch:canary*",
            Self::Keys => "+type +strlen +llen +scard +zcard +hlen +xlen and each key as in %R~key",
        }
    }
}

/// Whether an error says that the command is not to be had, rather than that
/// it failed this time.
pub(crate) fn is_refusal(error: &RedisError) -> bool {
    matches!(error.code(), Some("NOPERM" | "ERR"))
}

#[derive(Debug)]
struct RefusedPart {
    why: String,
    at: Instant,
}

/// The parts that one server refuses.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    refused: BTreeMap<RedisPart, RefusedPart>,
    /// On a new connection we may be somebody else.
    afresh: bool,
}

impl Parts {
    /// Asks for everything once more: the connection is a new one.
    pub(crate) fn afresh(&mut self) {
        self.afresh = true;
    }

    /// What to ask for at this moment.
    pub(crate) fn wanted(&mut self, parts: &[RedisPart], now: Instant) -> Vec<RedisPart> {
        let afresh = std::mem::take(&mut self.afresh);
        let wanted = parts.iter().copied().filter(|part| {
            let refusal = self.refused.get(part);
            afresh || refusal.is_none_or(|refusal| now.duration_since(refusal.at) >= ASK_AGAIN)
        });
        wanted.collect()
    }

    /// Notes how a part was answered, and logs when it begins and ceases to be refused.
    pub(crate) fn note(
        &mut self,
        part: RedisPart,
        error: Option<&RedisError>,
        place: &str,
        now: Instant,
    ) {
        let name = part.name();
        match error {
            Some(error) if is_refusal(error) => {
                let refusal = RefusedPart {
                    why: reason::of_redis(error),
                    at: now,
                };
                let before = self.refused.insert(part, refusal);
                let why = &self.refused[&part].why;
                if before.is_none_or(|before| before.why != *why) {
                    let permission = part.permission();
                    tracing::warn!(
                        part = name,
                        redis = place,
                        error = why,
                        "redis refuses {name}; if an access list forbids it, add {permission}"
                    );
                }
            }
            Some(_) => {}
            None => {
                if self.refused.remove(&part).is_some() {
                    tracing::info!(part = name, redis = place, "reading {name} recovered");
                }
            }
        }
    }

    /// A sample for each part that is missing.
    pub(crate) fn samples(&self) -> impl Iterator<Item = Sample> {
        self.refused
            .keys()
            .map(|part| Sample::new("critwatch_collector_missing", [("part", part.name())], 1.0))
    }
}

#[cfg(test)]
mod tests {
    use redis::{ErrorKind, ServerErrorKind};

    use super::*;

    #[test]
    fn what_was_refused_is_asked_again_rarely_and_on_a_new_connection() {
        let mut parts = Parts::default();
        let start = Instant::now();
        let all = [RedisPart::Info, RedisPart::Slowlog];
        assert_eq!(parts.wanted(&all, start), all);
        let refused = RedisError::from((ErrorKind::Server(ServerErrorKind::NoPerm), "no"));
        let busy = RedisError::from((ErrorKind::Server(ServerErrorKind::BusyLoading), "later"));
        parts.note(RedisPart::Info, Some(&busy), "here", start);
        parts.note(RedisPart::Slowlog, Some(&refused), "here", start);
        let later = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(parts.wanted(&all, later(1)), [RedisPart::Info]);
        assert_eq!(parts.wanted(&all, later(299)), [RedisPart::Info]);
        assert_eq!(parts.samples().count(), 1);
        assert_eq!(parts.wanted(&all, later(300)), all);
        parts.note(RedisPart::Slowlog, Some(&refused), "here", later(300));
        assert_eq!(parts.wanted(&all, later(301)), [RedisPart::Info]);
        parts.afresh();
        assert_eq!(parts.wanted(&all, later(302)), all);
        parts.note(RedisPart::Slowlog, None, "here", later(302));
        assert_eq!(parts.samples().count(), 0);
    }
}
