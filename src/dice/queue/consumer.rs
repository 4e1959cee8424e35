//! A child's end of the queue: jobs are taken, kept, given back, put aside and acknowledged.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use redis::aio::ConnectionManager;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use redis::{RedisResult, cmd};
use tokio::time::sleep;
use uuid::Uuid;

use crate::dice::link::{self, RedisUrl};
use crate::dice::queue::bookkeeping::Bookkeeping;
use crate::dice::queue::entry::Delivery;
use crate::dice::queue::name::{self, ANSWERED, GROUP, JOB_FIELD, QueueName};
use crate::dice::{clock, keys};

/// How long one read waits for a job.
const BLOCK: Duration = Duration::from_millis(500);
/// About how many dead letters are kept.
const DEAD_LETTERS_MAX: u64 = 1000;
/// How long a thumbnail can be read.
const THUMBNAIL_TTL_SECONDS: u64 = 3600;

/// One consumer of the group, on both queues.
#[derive(Clone)]
pub(crate) struct JobConsumer {
    link: ConnectionManager,
    name: String,
    claim_after: Duration,
    bookkeeping: Option<Bookkeeping>,
    /// Where the search for jobs that others left lying goes on, in each queue.
    claims: [Claim; 2],
    /// Taken by a read that brought more than one.
    held: VecDeque<Delivery>,
}

#[derive(Clone)]
struct Claim {
    cursor: String,
    ended_at: Option<Instant>,
}

impl JobConsumer {
    /// Makes a consumer; the name is used again by the child that follows this one.
    pub(crate) fn new(
        redis: &RedisUrl,
        child: u32,
        claim_after: Duration,
        bookkeeping: Option<Bookkeeping>,
    ) -> RedisResult<Self> {
        let link = redis.link(BLOCK + Duration::from_secs(2))?;
        let claim = Claim {
            cursor: "0-0".to_owned(),
            ended_at: None,
        };
        Ok(Self {
            link,
            name: format!("child-{child}"),
            claim_after,
            bookkeeping,
            claims: [claim.clone(), claim],
            held: VecDeque::new(),
        })
    }

    /// Takes the next job, of the preferred queue if it has one: one that another child has left
    /// lying, or a new one.
    pub(crate) async fn next(&mut self, first: QueueName) -> RedisResult<Option<Delivery>> {
        if let Some(held) = self.held.pop_front() {
            return Ok(Some(held));
        }
        for queue in [first, first.other()] {
            let taken = match self.claim_if_due(queue).await {
                Ok(None) => self.read(&[queue], false).await,
                taken => taken,
            };
            match taken {
                Err(error) if link::is_no_group(&error) => self.make_group(queue).await?,
                Ok(None) => {}
                taken => return taken,
            }
        }
        match self.read(&[first, first.other()], true).await {
            // The group went while this waited; the next call makes it again.
            Err(error) if link::is_no_group(&error) => Ok(None),
            taken => taken,
        }
    }

    /// Gives back what was taken and not begun.
    pub(crate) async fn give_back_held(&mut self) {
        while let Some(held) = self.held.pop_front() {
            self.give_back(&held).await.ok();
        }
    }

    /// Says again and again that a job is in hand, so that nobody claims it; never ends.
    pub(crate) async fn keep(mut self, delivery: &Delivery) {
        loop {
            sleep(self.claim_after / 3).await;
            // A failure here is repaired below or leads to a second child doing the job, whose
            // answer is then not stored.
            self.claim_again(delivery, Duration::ZERO).await.ok();
        }
    }

    /// Gives a job back, to be claimed by another child at once.
    pub(crate) async fn give_back(&mut self, delivery: &Delivery) -> RedisResult<()> {
        self.claim_again(delivery, self.claim_after * 2).await
    }

    /// Leaves a job alone for a while, after which it can be claimed.
    pub(crate) async fn rest(&mut self, delivery: &Delivery, pause: Duration) -> RedisResult<()> {
        let idle = self.claim_after.saturating_sub(pause);
        self.claim_again(delivery, idle).await
    }

    /// Tells by how many milliseconds each job is made slower.
    pub(crate) async fn slow_ms(&mut self) -> RedisResult<u64> {
        let get = redis::Cmd::get(keys::SLOW);
        let slow: Option<String> = link::ask(&mut self.link, &get).await?;
        Ok(slow.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Notes that the job is in hand, where records of jobs are kept.
    pub(crate) async fn note_reserved(&mut self, uuid: Uuid) -> RedisResult<()> {
        match self.bookkeeping {
            Some(records) => {
                let at = clock::stamp(clock::now());
                records.reserved(&mut self.link, uuid, at).await
            }
            None => Ok(()),
        }
    }

    /// Tells everybody that a roll has its answer.
    pub(crate) async fn announce(&mut self, uuid: Uuid) -> RedisResult<()> {
        let mut publish = cmd("PUBLISH");
        publish.arg(ANSWERED).arg(uuid.to_string());
        publish.exec_async(&mut self.link).await
    }

    /// Fetches the image of a job; none if it is gone.
    pub(crate) async fn image(&mut self, uuid: Uuid) -> RedisResult<Option<Vec<u8>>> {
        link::ask(&mut self.link, &redis::Cmd::get(name::image(uuid))).await
    }

    /// Stores a thumbnail, or why there is none.
    pub(crate) async fn store_thumbnail(
        &mut self,
        uuid: Uuid,
        made: &Result<Vec<u8>, String>,
    ) -> RedisResult<()> {
        let set = match made {
            Ok(bytes) => redis::Cmd::set_ex(name::thumbnail(uuid), &**bytes, THUMBNAIL_TTL_SECONDS),
            Err(why) => {
                redis::Cmd::set_ex(name::thumbnail_failure(uuid), why, THUMBNAIL_TTL_SECONDS)
            }
        };
        set.exec_async(&mut self.link).await
    }

    /// Puts a job that is given up aside.
    pub(crate) async fn put_aside(&mut self, delivery: &Delivery, why: &str) -> RedisResult<()> {
        let mut add = cmd("XADD");
        add.arg(delivery.queue.dead_letters())
            .arg("MAXLEN")
            .arg("~")
            .arg(DEAD_LETTERS_MAX)
            .arg("*");
        add.arg(JOB_FIELD)
            .arg(&delivery.text)
            .arg("reason")
            .arg(why);
        add.arg("deliveries").arg(delivery.count);
        add.arg("at").arg(clock::stamp(clock::now()));
        add.exec_async(&mut self.link).await
    }

    /// Takes a job out of the queue for good.
    pub(crate) async fn finish(&mut self, delivery: &Delivery) -> RedisResult<()> {
        let (queue, id) = (delivery.queue, &delivery.id);
        // Not as a transaction: a full Redis refuses whole transactions, but not these.
        // The acknowledgement comes last, so that what was cut short is done again.
        let mut all = redis::pipe();
        let uuid = delivery.uuid();
        if let Some(uuid) = uuid {
            all.hdel(queue.waiting(), uuid.to_string()).ignore();
            if queue == QueueName::Assets {
                all.del(name::image(uuid)).ignore();
            }
        }
        all.cmd("XDEL").arg(queue.stream()).arg(id).ignore();
        all.cmd("XACK")
            .arg(queue.stream())
            .arg(GROUP)
            .arg(id)
            .ignore();
        link::ask_all::<()>(&mut self.link, &all).await?;
        let Some((records, uuid)) = self.bookkeeping.zip(uuid) else {
            return Ok(());
        };
        let mut notes = redis::pipe();
        records.completed(&mut notes, queue, uuid, clock::now());
        notes.query_async(&mut self.link).await
    }

    async fn claim_again(&mut self, delivery: &Delivery, idle: Duration) -> RedisResult<()> {
        let mut claim = cmd("XCLAIM");
        claim.arg(delivery.queue.stream()).arg(GROUP);
        claim.arg(&self.name).arg(0).arg(&delivery.id);
        claim.arg("IDLE").arg(idle.as_millis().to_string());
        // To keep a job, or to let it rest, is no new delivery.
        claim.arg("JUSTID");
        claim.exec_async(&mut self.link).await
    }

    async fn claim_if_due(&mut self, queue: QueueName) -> RedisResult<Option<Delivery>> {
        // Often enough that a pause of the shortest kind is not much prolonged.
        let pause = self.claim_after / 16;
        let Some(state) = self.claims.get_mut(queue.index()) else {
            return Ok(None);
        };
        if state.ended_at.is_some_and(|at| at.elapsed() < pause) {
            return Ok(None);
        }
        let mut claim = cmd("XAUTOCLAIM");
        claim.arg(queue.stream()).arg(GROUP).arg(&self.name);
        claim
            .arg(self.claim_after.as_millis().to_string())
            .arg(&state.cursor);
        let reply: StreamAutoClaimReply = claim
            .arg("COUNT")
            .arg(1)
            .query_async(&mut self.link)
            .await?;
        state.cursor = reply.next_stream_id;
        let Some(entry) = reply.claimed.into_iter().next() else {
            if state.cursor == "0-0" {
                state.ended_at = Some(Instant::now());
            }
            return Ok(None);
        };
        let mut pending = cmd("XPENDING");
        pending
            .arg(queue.stream())
            .arg(GROUP)
            .arg(&entry.id)
            .arg(&entry.id)
            .arg(1);
        let pending: Vec<(String, String, u64, u64)> = link::ask(&mut self.link, &pending).await?;
        let count = pending.first().map_or(1, |(.., count)| *count);
        Ok(Some(delivery(queue, &entry, count)))
    }

    async fn read(&mut self, queues: &[QueueName], waits: bool) -> RedisResult<Option<Delivery>> {
        let mut read = cmd("XREADGROUP");
        read.arg("GROUP")
            .arg(GROUP)
            .arg(&self.name)
            .arg("COUNT")
            .arg(1);
        if waits {
            read.arg("BLOCK").arg(BLOCK.as_millis().to_string());
        }
        read.arg("STREAMS");
        for queue in queues {
            read.arg(queue.stream());
        }
        for _ in queues {
            read.arg(">");
        }
        let reply: Option<StreamReadReply> = read.query_async(&mut self.link).await?;
        for stream in reply.map_or_else(Vec::new, |reply| reply.keys) {
            let queue = queues.iter().find(|queue| queue.stream() == stream.key);
            let Some(queue) = queue else { continue };
            let entries = stream.ids.iter().map(|entry| delivery(*queue, entry, 1));
            self.held.extend(entries);
        }
        Ok(self.held.pop_front())
    }

    async fn make_group(&mut self, queue: QueueName) -> RedisResult<()> {
        let mut create = cmd("XGROUP");
        // From 0: jobs that were queued before the group existed are to be done, too.
        create
            .arg("CREATE")
            .arg(queue.stream())
            .arg(GROUP)
            .arg("0")
            .arg("MKSTREAM");
        match create.exec_async(&mut self.link).await {
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            made => made,
        }
    }
}

fn delivery(queue: QueueName, entry: &StreamId, count: u64) -> Delivery {
    // An entry without the field is malformed, which the empty text is, too.
    let text = entry.get(JOB_FIELD).unwrap_or_default();
    Delivery {
        queue,
        id: entry.id.clone(),
        text,
        count,
    }
}
