//! Follows the silences of the database, and does what operators ask for.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use crate::history::silences::table::{KeepError, Silences};
use crate::history::writer::pruning::Tidying;
use crate::model::request::push::{Push, PushRefusal};
use crate::model::request::silence_request::{Errand, PendingSilence, SilencesDoor};
use crate::model::silence::Silence;

/// How often is looked whether another program changed the database.
const LOOK: Duration = Duration::from_millis(250);

/// Errands that may wait.
const ERRANDS: usize = 64;

/// Follows what commands and operators change, on a thread of its own.
///
/// Nobody else waits for the disk: who wants the silences takes the newest list.
#[derive(Debug)]
pub struct Follower {
    silences: Silences,
    list: watch::Sender<Arc<Vec<Silence>>>,
    errands: Receiver<PendingSilence>,
    tidy: Receiver<()>,
    /// Whether old ones are to be forgotten as soon as the clock can be trusted.
    untidy: bool,
    tidying: Tidying,
    /// The stopwatch beside the clock.
    begun: Instant,
    clock: fn() -> Timestamp,
    seen: Option<i64>,
    failing: bool,
}

impl Follower {
    /// Reads what is kept, and opens the door; whoever sends to `tidy` lets old
    /// silences be forgotten.
    pub fn open(
        silences: Silences,
        tidy: Receiver<()>,
        clock: fn() -> Timestamp,
    ) -> rusqlite::Result<(Self, SilencesDoor)> {
        let seen = Some(silences.version()?);
        let (list, newest) = watch::channel(Arc::new(silences.list()?));
        let (sender, errands) = sync_channel(ERRANDS);
        let follower = Self {
            silences,
            list,
            errands,
            tidy,
            // A night that we missed is made up for.
            untidy: true,
            tidying: Tidying::default(),
            begun: Instant::now(),
            clock,
            seen,
            failing: false,
        };
        let door = SilencesDoor {
            errands: sender,
            newest,
        };
        Ok((follower, door))
    }

    /// Looks again and again, until nobody wants to know any more.
    pub fn run(mut self) {
        while !self.list.is_closed() {
            let asked = match self.errands.recv_timeout(LOOK) {
                Ok(asked) => Some(asked),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let is_asked = asked.is_some();
            let done = asked.map(|Push { what, answer }| (self.execute(what), answer));
            let result = if self.is_time_to_tidy(self.begun.elapsed()) {
                self.tidy()
            } else if is_asked {
                // Our own changes have no version.
                self.hand_on()
            } else {
                self.look()
            };
            // Who asks next finds it; who asked may have gone away.
            if let Some((done, answer)) = done {
                let _ = answer.send(done);
            }
            match result {
                Ok(()) => self.failing = false,
                Err(error) if !self.failing => {
                    self.failing = true;
                    tracing::error!(%error, "cannot read silences; the last known ones stay");
                }
                Err(_) => {}
            }
        }
    }

    fn execute(&mut self, request: Errand) -> Result<Option<Silence>, PushRefusal> {
        let now = (self.clock)();
        let done = match request {
            Errand::Add(request) => self.silences.add(request, now).map(Some),
            Errand::Replace(id, request) => self.silences.replace(id, request, now),
            Errand::End(id) => self.silences.expire(id, now).map_err(KeepError::from),
        };
        done.map_err(|error| match error {
            KeepError::Crowded(crowded) => crowded.into(),
            KeepError::Database(error) => {
                tracing::error!(%error, "cannot write silence");
                PushRefusal::Unwritten
            }
        })
    }

    /// Reads the list again if anything was changed by anybody else.
    fn look(&mut self) -> rusqlite::Result<()> {
        if self.silences.store.renew()? {
            // What people asked for outlives the file.
            self.silences.write_again(&self.list.borrow())?;
        }
        let version = self.silences.version()?;
        if self.seen != Some(version) {
            self.hand_on()?;
            self.seen = Some(version);
        }
        Ok(())
    }

    /// Whether old silences are to be forgotten, and the clock can be trusted.
    fn is_time_to_tidy(&mut self, watch: Duration) -> bool {
        self.untidy |= self.tidy.try_recv().is_ok();
        self.tidying.due((self.clock)(), watch).rest && std::mem::take(&mut self.untidy)
    }

    /// Forgets what is old.
    fn tidy(&mut self) -> rusqlite::Result<()> {
        let now = (self.clock)();
        let count = self.silences.forget(now)?;
        tracing::debug!(count, "deleted silences that ended long ago");
        self.hand_on()
    }

    fn hand_on(&mut self) -> rusqlite::Result<()> {
        let newest = self.silences.list()?;
        self.list.send_if_modified(|list| {
            let news = **list != newest;
            if news {
                *list = Arc::new(newest);
            }
            news
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use crate::model::silence::SilenceRequest;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn clock() -> Timestamp {
        at(1_000_000)
    }

    fn request(matcher: &str, starts: i64, ends: i64) -> SilenceRequest {
        let matchers = [matcher.to_owned()];
        SilenceRequest::new(&matchers, (at(starts), at(ends)), "Ann", "Move", at(starts)).unwrap()
    }

    fn open(folder: &tempfile::TempDir) -> Silences {
        Silences::new(crate::store::open(folder.path()).unwrap())
    }

    #[test]
    fn changes_of_others_are_followed_until_nobody_listens() {
        let folder = tempfile::tempdir().unwrap();
        let (_tidy, errands) = mpsc::channel();
        let (follower, mut door) = Follower::open(open(&folder), errands, clock).unwrap();
        let thread = std::thread::spawn(move || follower.run());
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.build().unwrap();
        let mut wait = |count: usize| {
            let fits = |list: &Arc<Vec<Silence>>| list.len() == count;
            runtime.block_on(door.newest.wait_for(fits)).unwrap().len()
        };
        let mut other = open(&folder);
        let added = other.add(request("rule=a", 100, 200), at(100)).unwrap();
        assert_eq!(wait(1), 1);
        other
            .add(request("rule=b", 999_000, 2_000_000), at(100))
            .unwrap();
        assert_eq!(wait(2), 2);
        other.expire(added.id, at(150)).unwrap();
        let fits = |list: &Arc<Vec<Silence>>| list[0].request.ends == at(150);
        runtime.block_on(door.newest.wait_for(fits)).unwrap();
        drop(door);
        thread.join().unwrap();
    }

    #[test]
    fn nothing_is_forgotten_by_a_clock_that_has_just_leapt() {
        let folder = tempfile::tempdir().unwrap();
        let mut silences = open(&folder);
        silences.add(request("rule=a", 100, 200), at(100)).unwrap();
        let (tidy, errands) = mpsc::channel();
        let (mut follower, _door) = Follower::open(silences, errands, clock).unwrap();
        let mut is_time = |watch: u64| follower.is_time_to_tidy(Duration::from_secs(watch));
        tidy.send(()).unwrap();
        assert!(!is_time(1) && !is_time(900), "the clock stands still");
        let (mut passed, mut tidied) = (900, false);
        // A stopwatch that goes along with it.
        for _ in 0..601 {
            passed += 1;
            tidied |= is_time(passed);
        }
        assert!(tidied);
        follower.tidy().unwrap();
        assert!(follower.silences.list().unwrap().is_empty());
    }

    #[test]
    fn an_errand_is_done_answered_and_known() {
        let folder = tempfile::tempdir().unwrap();
        let (_tidy, errands) = mpsc::channel();
        let (follower, door) = Follower::open(open(&folder), errands, clock).unwrap();
        let thread = std::thread::spawn(move || follower.run());
        let ask = |what: Errand| {
            let (answer, wait) = tokio::sync::oneshot::channel();
            door.errands.try_send(Push { what, answer }).unwrap();
            wait.blocking_recv().unwrap().unwrap()
        };
        let states = || {
            let list = door.newest.borrow();
            let states = list.iter().map(|one| (one.id, one.state(clock()).word()));
            states.collect::<Vec<_>>()
        };
        let wish = |matcher| request(matcher, 999_000, 2_000_000);
        let first = ask(Errand::Add(wish("rule=a"))).unwrap();
        assert_eq!(states(), [(first.id, "active")]);
        let second = ask(Errand::Replace(first.id, wish("rule=b"))).unwrap();
        assert_eq!(states(), [(first.id, "expired"), (second.id, "active")]);
        assert_eq!(ask(Errand::Replace(99, wish("rule=c"))), None);
        let ended = ask(Errand::End(second.id)).unwrap();
        assert_eq!(ended.request.ends, clock());
        assert_eq!(ask(Errand::End(99)), None);
        assert_eq!(states(), [(first.id, "expired"), (second.id, "expired")]);
        drop(door);
        thread.join().unwrap();
    }
}
