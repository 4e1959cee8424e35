//! Follows a table on a thread of its own: carries out requests, and reads the rows
//! again when another process changed them.
//!
//! Commands write into the database from another process. Whether any did is asked
//! four times a second, which costs a look at shared memory. Readers take the newest
//! rows from a channel and never wait for the disk.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::model::request::samples::push::{Push, PushRefusal};
use crate::store::file::Store;

/// How often the follower asks whether another process changed the database.
const INTERVAL: Duration = Duration::from_millis(250);

/// Requests that may wait.
const REQUESTS: usize = 64;

/// A table that other processes may change while we run.
pub trait FollowedTable {
    /// What the rows are called in logs.
    const ROWS: &'static str;
    /// What may be requested.
    type Request: Debug;
    /// What a request is answered with.
    type Answer: Debug;
    /// What readers see of a row.
    type Row: Debug + PartialEq;

    /// The database.
    fn store(&mut self) -> &mut Store;

    /// Carries out a request.
    fn execute(
        &mut self,
        request: Self::Request,
        now: Timestamp,
    ) -> Result<Self::Answer, PushRefusal>;

    /// Reads the rows that readers see.
    fn read(&self, now: Timestamp) -> rusqlite::Result<Vec<Self::Row>>;

    /// Writes into a new database what the deleted one had, if that must outlive it.
    fn restore(&self, _rows: &[Self::Row]) -> rusqlite::Result<()> {
        Ok(())
    }
}

/// A request on its way to a table.
type RequestOf<T> = Push<<T as FollowedTable>::Request, <T as FollowedTable>::Answer>;

/// The newest rows of a table.
type RowsOf<T> = Arc<Vec<<T as FollowedTable>::Row>>;

/// The thread, before it runs.
#[derive(Debug)]
pub struct Follower<T: FollowedTable> {
    pub(crate) table: T,
    clock: fn() -> Timestamp,
    requests: Receiver<RequestOf<T>>,
    rows: watch::Sender<RowsOf<T>>,
    /// The database's count of what other connections changed.
    version: i64,
    failing: bool,
}

/// Where requests go in and rows come out.
type FollowerChannels<T> = (SyncSender<RequestOf<T>>, watch::Receiver<RowsOf<T>>);

impl<T: FollowedTable> Follower<T> {
    /// Reads the rows of the table.
    pub(crate) fn new(
        mut table: T,
        clock: fn() -> Timestamp,
    ) -> rusqlite::Result<(Self, FollowerChannels<T>)> {
        // The version first: what is written in between is then read again.
        let version = version(table.store())?;
        let (rows, newest) = watch::channel(Arc::new(table.read(clock())?));
        let (sender, requests) = sync_channel(REQUESTS);
        let follower = Self {
            table,
            clock,
            requests,
            rows,
            version,
            failing: false,
        };
        Ok((follower, (sender, newest)))
    }

    /// Follows the table until nobody can send a request any more.
    pub fn run(mut self) {
        while self.step(INTERVAL) {}
    }

    /// Waits for a request, but not for long, and looks for changes; false at the end.
    pub(crate) fn step(&mut self, patience: Duration) -> bool {
        let request = match self.requests.recv_timeout(patience) {
            Ok(request) => Some(request),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return false,
        };
        let is_requested = request.is_some();
        let now = (self.clock)();
        let done = request.map(|Push { what, answer }| (self.table.execute(what, now), answer));
        let looked = self.look(is_requested, now);
        // The next reader finds the change; the one who asked may have gone away.
        if let Some((result, answer)) = done {
            let _ = answer.send(result);
        }
        match looked {
            Ok(()) if self.failing => {
                self.failing = false;
                tracing::info!("reading {} recovered", T::ROWS);
            }
            Err(error) if !self.failing => {
                self.failing = true;
                tracing::error!(%error, "cannot read {}; the last known ones stay", T::ROWS);
            }
            Ok(()) | Err(_) => {}
        }
        true
    }

    /// Reads the rows again if we or others may have changed them.
    fn look(&mut self, is_requested: bool, now: Timestamp) -> rusqlite::Result<()> {
        let is_new = self.table.store().renew()?;
        if is_new {
            self.table.restore(&self.rows.borrow())?;
        }
        let version = version(self.table.store())?;
        // Our own changes leave the version as it is.
        if version == self.version && !is_new && !is_requested && !self.failing {
            return Ok(());
        }
        let newest = self.table.read(now)?;
        self.version = version;
        self.rows.send_if_modified(|rows| {
            let is_modified = **rows != newest;
            if is_modified {
                *rows = Arc::new(newest);
            }
            is_modified
        });
        Ok(())
    }
}

fn version(store: &Store) -> rusqlite::Result<i64> {
    store.pragma_query_value(None, "data_version", |row| row.get(0))
}
