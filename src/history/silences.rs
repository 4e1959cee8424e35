//! Silences that people asked for, kept in the database.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension as _, params};
use tokio::sync::watch;

use crate::history::writer::pruning::{self, Tidying};
use crate::model::request::push::{Push, PushRefusal};
use crate::model::request::silence_request::{Errand, PendingSilence, SilencesDoor};
use crate::model::series::matcher;
use crate::model::silence::{Crowded, MAX_SILENCES, Silence, SilenceRequest};
use crate::store::file::Store;

/// How long a silence is kept after its end, as Alertmanager keeps it.
const KEPT: SignedDuration = SignedDuration::from_hours(5 * 24);

/// What is forgotten of them in a night, from the oldest on.
const PART: Duration = Duration::from_hours(2 * 24);

/// How often is looked whether another program changed the database.
const LOOK: Duration = Duration::from_millis(250);

/// Errands that may wait.
const ERRANDS: usize = 64;

/// Why a silence is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// There are too many already.
    #[error(transparent)]
    Crowded(#[from] Crowded),
    /// The database did not take it.
    #[error("cannot write the silence")]
    Database(#[from] rusqlite::Error),
}

/// The only writer of the table `silence` (law 4).
#[derive(Debug)]
pub struct Silences {
    store: Store,
}

impl Silences {
    /// Takes the database, which others may have open as well.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Keeps a silence and gives it a number.
    pub fn add(&mut self, request: SilenceRequest, now: Timestamp) -> Result<Silence, KeepError> {
        self.keep(request, None, now)
    }

    /// Keeps a silence if there is room; the one that it takes the place of takes none.
    fn keep(
        &mut self,
        request: SilenceRequest,
        instead: Option<i64>,
        now: Timestamp,
    ) -> Result<Silence, KeepError> {
        // In one breath: a command and the service may add at the same time.
        let added = self.store.execute(
            "INSERT INTO silence (matchers, starts_ms, ends_ms, author, reason) \
            SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?6 > \
            (SELECT count(*) FROM silence WHERE ends_ms > ?7 AND id IS NOT ?8)",
            params![
                matcher::print(&request.matchers),
                request.starts.as_millisecond(),
                request.ends.as_millisecond(),
                request.author,
                request.reason,
                MAX_SILENCES,
                now.as_millisecond(),
                instead,
            ],
        )?;
        if added == 0 {
            return Err(Crowded.into());
        }
        let id = self.store.last_insert_rowid();
        Ok(Silence { id, request })
    }

    /// Lets a silence end now; `None` if there is none of that number.
    ///
    /// One that is over stays as it is; one that is still to begin never does.
    pub fn expire(&mut self, id: i64, now: Timestamp) -> rusqlite::Result<Option<Silence>> {
        self.store.execute(
            "UPDATE silence SET ends_ms = ?2, starts_ms = min(starts_ms, ?2) \
            WHERE id = ?1 AND ends_ms > ?2",
            [id, now.as_millisecond()],
        )?;
        self.one(id)
    }

    /// Keeps a silence in place of another one, which ends now; `None` if there is
    /// none of that number.
    pub fn replace(
        &mut self,
        id: i64,
        request: SilenceRequest,
        now: Timestamp,
    ) -> Result<Option<Silence>, KeepError> {
        if self.one(id)?.is_none() {
            return Ok(None);
        }
        // Nothing is heard in between.
        let added = self.keep(request, Some(id), now)?;
        self.expire(id, now)?;
        Ok(Some(added))
    }

    /// The silence of a number.
    pub fn one(&self, id: i64) -> rusqlite::Result<Option<Silence>> {
        let query = format!("{SELECT} WHERE id = ?1");
        let found = self.store.query_row(&query, [id], read).optional()?;
        Ok(found.flatten())
    }

    /// All that are kept, those that end first before the others.
    pub fn list(&self) -> rusqlite::Result<Vec<Silence>> {
        let mut rows = self
            .store
            .prepare(&format!("{SELECT} ORDER BY ends_ms, id"))?;
        let kept = rows.query_map([], read)?;
        let kept: Vec<_> = kept.collect::<rusqlite::Result<_>>()?;
        Ok(kept.into_iter().flatten().collect())
    }

    /// Writes into a new database what another one had.
    fn write_again(&self, known: &[Silence]) -> rusqlite::Result<()> {
        for Silence { id, request } in known {
            self.store.execute(
                "INSERT OR IGNORE INTO silence VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id,
                    matcher::print(&request.matchers),
                    request.starts.as_millisecond(),
                    request.ends.as_millisecond(),
                    request.author,
                    request.reason,
                ],
            )?;
        }
        Ok(())
    }

    /// Forgets a part of those that ended long ago; tells how many.
    pub fn forget(&mut self, now: Timestamp) -> rusqlite::Result<usize> {
        let before = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        let first = "SELECT min(ends_ms) FROM silence";
        let before = pruning::part_of(&self.store, first, before, PART)?;
        self.store
            .execute("DELETE FROM silence WHERE ends_ms < ?1", [before])
    }

    /// A number that changes when another program or thread changed the database.
    fn version(&self) -> rusqlite::Result<i64> {
        self.store
            .pragma_query_value(None, "data_version", |row| row.get(0))
    }
}

const SELECT: &str = "SELECT id, matchers, starts_ms, ends_ms, author, reason FROM silence";

/// Reads a row; `None` for what cannot have been written by us.
fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Silence>> {
    let id = row.get(0)?;
    let text: String = row.get(1)?;
    let moments = (
        Timestamp::from_millisecond(row.get(2)?),
        Timestamp::from_millisecond(row.get(3)?),
    );
    let (author, reason) = (row.get(4)?, row.get(5)?);
    let (Ok(matchers), (Ok(starts), Ok(ends))) = (matcher::parse(&text), moments) else {
        return Ok(None);
    };
    let request = SilenceRequest {
        matchers,
        starts,
        ends,
        author,
        reason,
    };
    Ok(Some(Silence { id, request }))
}

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
            let done = asked.map(|Push { what, answer }| (self.run_errand(what), answer));
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
                    tracing::error!(%error, "cannot read the silences; those that are known stay");
                }
                Err(_) => {}
            }
        }
    }

    fn run_errand(&mut self, errand: Errand) -> Result<Option<Silence>, PushRefusal> {
        let now = (self.clock)();
        let done = match errand {
            Errand::Add(request) => self.silences.add(request, now).map(Some),
            Errand::Replace(id, request) => self.silences.replace(id, request, now),
            Errand::End(id) => self.silences.expire(id, now).map_err(KeepError::from),
        };
        done.map_err(|error| match error {
            KeepError::Crowded(crowded) => crowded.into(),
            KeepError::Database(error) => {
                tracing::error!(%error, "cannot write a silence");
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
        tracing::debug!(count, "forgot silences that ended long ago");
        self.hand_on()
    }

    fn hand_on(&mut self) -> rusqlite::Result<()> {
        let newest = self.silences.list()?;
        self.list.send_if_modified(|known| {
            let news = **known != newest;
            if news {
                *known = Arc::new(newest);
            }
            news
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use crate::model::silence::SilenceState;

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
    fn a_silence_is_kept_ends_early_and_is_forgotten_five_days_later() {
        let folder = tempfile::tempdir().unwrap();
        let mut silences = open(&folder);
        let long = silences
            .add(request("rule=~\"a|b\"", 100, 900), at(100))
            .unwrap();
        let short = silences.add(request("rule=c", 100, 200), at(100)).unwrap();
        let later = silences.add(request("rule=d", 500, 600), at(100)).unwrap();
        let listed = open(&folder).list().unwrap();
        assert_eq!(listed, [short.clone(), later.clone(), long.clone()]);

        let ended = silences.expire(long.id, at(300)).unwrap().unwrap();
        assert_eq!(ended.request.ends, at(300));
        assert_eq!(ended.state(at(300)), SilenceState::Expired);
        // What is over stays as it was; what never began never does.
        assert_eq!(silences.expire(short.id, at(300)).unwrap().unwrap(), short);
        let never = silences.expire(later.id, at(300)).unwrap().unwrap();
        assert_eq!(
            (never.request.starts, never.request.ends),
            (at(300), at(300))
        );
        assert_eq!(silences.expire(99, at(300)).unwrap(), None);

        let days = 5 * 24 * 3600;
        assert_eq!(silences.forget(at(200 + days)).unwrap(), 0);
        assert_eq!(silences.forget(at(250 + days)).unwrap(), 1);
        assert_eq!(silences.list().unwrap().len(), 2);
        // A number is never given twice, or somebody might remove the wrong one.
        silences.forget(at(9000 + days)).unwrap();
        let next = silences.add(request("rule=e", 100, 900), at(100)).unwrap();
        assert!(next.id > later.id);
    }

    #[test]
    fn only_so_many_last_at_a_time_and_what_is_over_takes_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let mut silences = open(&folder);
        let one = |starts| request("rule=a", starts, 900);
        let first = silences.add(request("rule=a", 100, 200), at(100)).unwrap();
        for _ in 1..MAX_SILENCES {
            silences.add(one(500), at(100)).unwrap();
        }
        let refused = silences.add(one(100), at(199)).unwrap_err();
        assert!(matches!(refused, KeepError::Crowded(_)), "{refused:?}");
        silences.add(one(200), at(200)).unwrap();
        // What it takes the place of must have had some.
        let late = silences.replace(first.id, one(200), at(200));
        assert!(matches!(late, Err(KeepError::Crowded(_))), "{late:?}");
        let id = first.id + 1;
        assert!(silences.replace(id, one(200), at(200)).unwrap().is_some());
        let none = silences.replace(9_999_999, one(200), at(200)).unwrap();
        assert_eq!(none, None);
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
