//! A child's end of the queue: jobs are taken, kept, answered and acknowledged.

use std::time::{Duration, Instant};

use redis::aio::ConnectionManager;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use redis::{RedisResult, cmd};
use tokio::time::sleep;
use uuid::Uuid;

use crate::dice::link::{self, RedisUrl};
use crate::dice::roll::job::RollAnswer;
use crate::dice::{clock, keys};

/// How long one read waits for a job.
const BLOCK: Duration = Duration::from_millis(500);
/// How long an answer can be read.
const ANSWER_TTL_SECONDS: u64 = 3600;
/// About how many failed jobs are kept.
const FAILED_MAX: u64 = 1000;

/// A job that this child has to do.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    /// Its id in the stream.
    pub(crate) id: String,
    /// The job as it was written.
    pub(crate) text: String,
    /// How often it was delivered, this time included.
    pub(crate) count: u64,
}

/// One consumer of the group.
#[derive(Clone)]
pub(crate) struct JobConsumer {
    link: ConnectionManager,
    name: String,
    claim_after: Duration,
    cursor: String,
    claimed_at: Option<Instant>,
}

impl JobConsumer {
    /// Makes a consumer; the name is used again by the child that follows this one.
    pub(crate) fn new(redis: &RedisUrl, child: u32, claim_after: Duration) -> RedisResult<Self> {
        let link = redis.link(BLOCK + Duration::from_secs(2))?;
        let name = format!("child-{child}");
        Ok(Self {
            link,
            name,
            claim_after,
            cursor: "0-0".to_owned(),
            claimed_at: None,
        })
    }

    /// Takes the next job: one that another child has left lying, or a new one.
    pub(crate) async fn next(&mut self) -> RedisResult<Option<Delivery>> {
        let taken = match self.claim_if_due().await {
            Ok(None) => self.read().await,
            taken => taken,
        };
        match taken {
            Err(error) if link::is_no_group(&error) => self.make_group().await.map(|()| None),
            taken => taken,
        }
    }

    /// Says again and again that a job is in hand, so that nobody claims it; never ends.
    pub(crate) async fn keep(mut self, id: &str) {
        loop {
            sleep(self.claim_after / 3).await;
            // JUSTID: keeping a job is no new delivery. A failure here is repaired below or
            // leads to a second child doing the job, whose answer is then not stored.
            self.claim_again(id, "0").await.ok();
        }
    }

    /// Gives a job back, to be claimed by another child at once.
    pub(crate) async fn give_back(&mut self, id: &str) -> RedisResult<()> {
        let long = (self.claim_after * 2).as_millis().to_string();
        self.claim_again(id, &long).await
    }

    /// Tells how slow the child shall be, and whether the roll has its answer already.
    pub(crate) async fn before(&mut self, uuid: Option<Uuid>) -> RedisResult<(Option<u64>, bool)> {
        let mut both = redis::pipe();
        both.get(keys::SLOW)
            .exists(keys::roll(uuid.unwrap_or_default()));
        let (slow, answered): (Option<String>, bool) = link::ask_all(&mut self.link, &both).await?;
        Ok((slow.and_then(|text| text.parse().ok()), answered))
    }

    /// Stores an answer, unless there is one, and tells everybody.
    pub(crate) async fn answer(&mut self, uuid: Uuid, answer: &RollAnswer) -> RedisResult<()> {
        let text = serde_json::to_string(answer).map_err(std::io::Error::other)?;
        let mut set = cmd("SET");
        set.arg(keys::roll(uuid))
            .arg(text)
            .arg("NX")
            .arg("EX")
            .arg(ANSWER_TTL_SECONDS);
        set.exec_async(&mut self.link).await?;
        // Who misses this reads the answer at the end of its wait.
        let mut publish = cmd("PUBLISH");
        publish.arg(keys::ANSWERED).arg(uuid.to_string());
        publish.exec_async(&mut self.link).await
    }

    /// Puts a job that is given up aside.
    pub(crate) async fn put_aside(&mut self, delivery: &Delivery, why: &str) -> RedisResult<()> {
        let mut add = cmd("XADD");
        add.arg(keys::FAILED)
            .arg("MAXLEN")
            .arg("~")
            .arg(FAILED_MAX)
            .arg("*");
        add.arg(keys::JOB_FIELD)
            .arg(&delivery.text)
            .arg("reason")
            .arg(why);
        add.arg("at").arg(clock::stamp(clock::now()));
        add.exec_async(&mut self.link).await
    }

    /// Takes a job out of the queue for good.
    pub(crate) async fn finish(&mut self, id: &str, uuid: Option<Uuid>) -> RedisResult<()> {
        // Not as a transaction: a full Redis refuses whole transactions, but not these three.
        // The acknowledgement comes last, so that what was cut short is done again.
        let mut all = redis::pipe();
        if let Some(uuid) = uuid {
            all.hdel(keys::WAITING, uuid.to_string()).ignore();
        }
        all.cmd("XDEL").arg(keys::JOBS).arg(id).ignore();
        all.cmd("XACK")
            .arg(keys::JOBS)
            .arg(keys::GROUP)
            .arg(id)
            .ignore();
        link::ask_all(&mut self.link, &all).await
    }

    async fn claim_again(&mut self, id: &str, idle_ms: &str) -> RedisResult<()> {
        let mut claim = cmd("XCLAIM");
        claim
            .arg(keys::JOBS)
            .arg(keys::GROUP)
            .arg(&self.name)
            .arg(0)
            .arg(id);
        claim.arg("IDLE").arg(idle_ms).arg("JUSTID");
        claim.exec_async(&mut self.link).await
    }

    async fn claim_if_due(&mut self) -> RedisResult<Option<Delivery>> {
        let pause = self.claim_after / 2;
        if self.claimed_at.is_some_and(|at| at.elapsed() < pause) {
            return Ok(None);
        }
        let mut claim = cmd("XAUTOCLAIM");
        claim.arg(keys::JOBS).arg(keys::GROUP).arg(&self.name);
        claim
            .arg(self.claim_after.as_millis().to_string())
            .arg(&self.cursor);
        let reply: StreamAutoClaimReply = claim
            .arg("COUNT")
            .arg(1)
            .query_async(&mut self.link)
            .await?;
        self.cursor = reply.next_stream_id;
        let Some(entry) = reply.claimed.into_iter().next() else {
            if self.cursor == "0-0" {
                self.claimed_at = Some(Instant::now());
            }
            return Ok(None);
        };
        let mut pending = cmd("XPENDING");
        pending
            .arg(keys::JOBS)
            .arg(keys::GROUP)
            .arg(&entry.id)
            .arg(&entry.id)
            .arg(1);
        let pending: Vec<(String, String, u64, u64)> = link::ask(&mut self.link, &pending).await?;
        let count = pending.first().map_or(1, |(.., count)| *count);
        Ok(Some(delivery(&entry, count)))
    }

    async fn read(&mut self) -> RedisResult<Option<Delivery>> {
        let mut read = cmd("XREADGROUP");
        read.arg("GROUP")
            .arg(keys::GROUP)
            .arg(&self.name)
            .arg("COUNT")
            .arg(1);
        read.arg("BLOCK").arg(BLOCK.as_millis().to_string());
        read.arg("STREAMS").arg(keys::JOBS).arg(">");
        let reply: Option<StreamReadReply> = read.query_async(&mut self.link).await?;
        let entry = reply.and_then(|reply| reply.keys.into_iter().next()?.ids.into_iter().next());
        Ok(entry.map(|entry| delivery(&entry, 1)))
    }

    async fn make_group(&mut self) -> RedisResult<()> {
        let mut create = cmd("XGROUP");
        // From 0: jobs that were queued before the group existed are to be done, too.
        create
            .arg("CREATE")
            .arg(keys::JOBS)
            .arg(keys::GROUP)
            .arg("0")
            .arg("MKSTREAM");
        match create.exec_async(&mut self.link).await {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            made => made,
        }
    }
}

fn delivery(entry: &StreamId, count: u64) -> Delivery {
    // An entry without the field is malformed, which the empty text is, too.
    let text = entry.get(keys::JOB_FIELD).unwrap_or_default();
    Delivery {
        id: entry.id.clone(),
        text,
        count,
    }
}
