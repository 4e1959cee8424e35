//! Asks sentinels where the master is.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use redis::{RedisResult, Value};

use crate::collect::failure::Failure;
use crate::collect::redis::address::{Access, Address};
use crate::collect::redis::link::{Link, Request, answered};
use crate::collect::redis::settings::RedisSettings;

/// How long the answer is believed while the master answers and is one.
const BELIEVED: Duration = Duration::from_secs(10);

/// The sentinels of one master.
#[derive(Debug)]
pub struct Sentinels {
    addresses: Vec<Address>,
    access: Access,
    master: String,
    /// When they were asked with success; none asks them anew.
    asked: Option<Instant>,
}

impl Sentinels {
    /// Reads the addresses; the master's TLS settings hold for sentinels, too.
    pub fn new(settings: &RedisSettings, access: &Access) -> Result<Self, Failure> {
        let address = |text: &String| {
            Address::parse(text).ok_or_else(|| {
                Failure::Answer(format!(
                    "`{text}` is no address of a sentinel; write host:26379"
                ))
            })
        };
        Ok(Self {
            addresses: settings
                .sentinels
                .iter()
                .map(address)
                .collect::<Result<_, _>>()?,
            access: Access {
                password: settings.sentinel_password.clone(),
                tls: access.tls.clone(),
                ..Access::default()
            },
            master: settings.master.clone().unwrap_or_default(),
            asked: None,
        })
    }

    /// Whether it is time to ask them.
    pub fn are_due(&self) -> bool {
        self.asked.is_none_or(|asked| asked.elapsed() >= BELIEVED)
    }

    /// Asks them the next time, whenever that is.
    pub fn doubt(&mut self) {
        self.asked = None;
    }

    /// Asks all at once; the address that most of them name is the master's.
    ///
    /// A majority is waited for no longer than it takes, so that one sentinel
    /// that hangs delays nothing; `within` bounds the others.
    pub async fn ask(&mut self, within: Duration) -> Result<Address, Failure> {
        let mut votes: BTreeMap<Address, usize> = BTreeMap::new();
        let mut failure = None;
        let this = &*self;
        let mut answers: FuturesUnordered<_> = this
            .addresses
            .iter()
            .map(|address| async move { tokio::time::timeout(within, this.ask_one(address)).await })
            .collect();
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(Ok(Some(address))) => {
                    let count = votes.entry(address).or_default();
                    *count += 1;
                    if *count > self.addresses.len() / 2 {
                        break;
                    }
                }
                Ok(Ok(None)) => {}
                Ok(Err(error)) => failure = Some(Failure::Redis(error)),
                Err(_) => failure = Some(Failure::Timeout),
            }
        }
        drop(answers);
        let found = votes.into_iter().max_by_key(|(_, count)| *count);
        if let Some((address, _)) = found {
            self.asked = Some(Instant::now());
            return Ok(address);
        }
        let why = failure.map_or_else(
            || format!("they know no master of the name `{}`", self.master),
            |failure| failure.to_string(),
        );
        Err(Failure::Answer(format!(
            "no sentinel names the master: {why}"
        )))
    }

    async fn ask_one(&self, address: &Address) -> RedisResult<Option<Address>> {
        let mut link = Link::open(address, &self.access).await?;
        let mut request = Request::default();
        let mut command = redis::cmd("SENTINEL");
        command.arg("get-master-addr-by-name").arg(&self.master);
        request.add(&command);
        let mut answers = link.ask(&request).await?;
        let answer = answered(answers.pop().unwrap_or(Value::Nil))?;
        let named: Option<(String, u16)> = redis::from_redis_value(answer)?;
        Ok(named.map(|(host, port)| Address::Tcp(host, port)))
    }
}
