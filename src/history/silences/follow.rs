//! Follows the table of silences: operators and commands change them while we run.

use jiff::Timestamp;

use crate::history::silences::table::{KeepError, Silences};
use crate::model::request::samples::push::PushRefusal;
use crate::model::request::samples::silence_request::{Errand, SilencesDoor};
use crate::model::silence::Silence;
use crate::store::file::Store;
use crate::store::follower::{FollowedTable, Follower};

/// Changes silences, and reads all that are retained.
pub type SilenceFollower = Follower<Silences>;

impl FollowedTable for Silences {
    const ROWS: &'static str = "silences";
    type Request = Errand;
    /// The silence as it is then; none if there is none of that number.
    type Answer = Option<Silence>;
    type Row = Silence;

    fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    fn execute(&mut self, request: Errand, now: Timestamp) -> Result<Option<Silence>, PushRefusal> {
        let done = match request {
            Errand::Add(request) => self.add(request, now).map(Some),
            Errand::Replace(id, request) => self.replace(id, request, now),
            Errand::End(id) => self.expire(id, now).map_err(KeepError::from),
        };
        done.map_err(|error| match error {
            KeepError::Crowded(crowded) => crowded.into(),
            KeepError::Database(error) => {
                tracing::error!(%error, "cannot write silence");
                PushRefusal::Unwritten
            }
        })
    }

    fn read(&self, _now: Timestamp) -> rusqlite::Result<Vec<Silence>> {
        self.list()
    }

    /// What people asked for outlives the file.
    fn restore(&self, silences: &[Silence]) -> rusqlite::Result<()> {
        self.write_again(silences)
    }
}

impl SilenceFollower {
    /// Reads the silences, and opens the door for changes.
    pub fn open(
        silences: Silences,
        clock: fn() -> Timestamp,
    ) -> rusqlite::Result<(Self, SilencesDoor)> {
        let (follower, (errands, newest)) = Self::new(silences, clock)?;
        Ok((follower, SilencesDoor { errands, newest }))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::model::request::samples::push::Push;
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
        let (follower, mut door) = SilenceFollower::open(open(&folder), clock).unwrap();
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
    fn an_errand_is_done_answered_and_known() {
        let folder = tempfile::tempdir().unwrap();
        let (follower, door) = SilenceFollower::open(open(&folder), clock).unwrap();
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
