//! The way to the database: one thread that writes, one that reads.
//!
//! A call to `SQLite` blocks, so it does not run on the threads that answer requests. What waits
//! to be written is written in one transaction: with many rolls under way, one commit serves
//! many of them.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::dice::database::plan::SizePlan;
use crate::dice::database::schema::MIGRATIONS;

/// The variable in which the parts of the service find the file.
pub(crate) const DATABASE_VARIABLE: &str = "DICE_DATABASE";

/// How long a write waits for the other processes' writes.
const PATIENCE: Duration = Duration::from_secs(2);
/// So many calls may wait; more are refused, since the database has fallen behind.
const WAITING_MAX: usize = 1024;
/// So many writes share a commit at most.
const BATCH_MAX: usize = 128;

/// Says why the database did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// `SQLite` says no; with [`DatabaseError::is_full`] because its file may not grow.
    #[error("the database refuses: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The transaction that held this write failed, and the write with it.
    #[error("the database could not commit: {0}")]
    Commit(CommitFault),
    /// Too many calls wait.
    #[error("the database has fallen behind")]
    Busy,
}

impl DatabaseError {
    /// Whether the file has the size that its plan allows.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            Self::Sqlite(error) => is_full(error),
            Self::Commit(fault) => fault.is_full,
            Self::Busy => false,
        }
    }
}

/// Why a whole transaction failed.
#[derive(Clone, Debug)]
pub struct CommitFault {
    is_full: bool,
    why: String,
}

impl fmt::Display for CommitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl From<rusqlite::Error> for CommitFault {
    fn from(error: rusqlite::Error) -> Self {
        Self {
            is_full: is_full(&error),
            why: error.to_string(),
        }
    }
}

/// The database of the service; a clone uses the same threads.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    writes: mpsc::Sender<WriteCall>,
    reads: mpsc::Sender<ReadCall>,
}

type ReadCall = Box<dyn FnOnce(&Connection) + Send>;
/// Does its work within a transaction; what it returns is called with how that ended.
type WriteCall = Box<dyn FnOnce(&Connection) -> WriteReply + Send>;
type WriteReply = Box<dyn FnOnce(Result<(), CommitFault>) + Send>;

impl Database {
    /// Opens the file, makes it if there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// The file cannot be opened or is no database.
    pub(crate) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let mut write_connection = Connection::open(path)?;
        write_connection.busy_timeout(PATIENCE)?;
        write_connection.pragma_update(None, "journal_mode", "wal")?;
        // A killed process loses nothing; only a power cut takes the last commits.
        write_connection.pragma_update(None, "synchronous", "normal")?;
        migrate(&mut write_connection)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(path, flags)?;
        reader.busy_timeout(PATIENCE)?;
        let (writes, write_calls) = mpsc::channel(WAITING_MAX);
        let (reads, read_calls) = mpsc::channel(WAITING_MAX);
        let plan = SizePlan::of(path);
        std::thread::spawn(move || write_all(&write_connection, plan, write_calls));
        std::thread::spawn(move || read_all(&reader, read_calls));
        Ok(Self { writes, reads })
    }

    /// Reads; waits for no write.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let (reply, answer) = oneshot::channel();
        let call: ReadCall = Box::new(move |connection| {
            // Who asked may have gone away.
            let _ = reply.send(work(connection));
        });
        self.reads.try_send(call).map_err(|_| DatabaseError::Busy)?;
        Ok(answer.await.map_err(|_| DatabaseError::Busy)??)
    }

    /// Writes all or nothing of `work`; when this returns well, it is committed.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let (reply, answer) = oneshot::channel();
        let call: WriteCall = Box::new(move |connection| {
            // Without a transaction, which could not be begun, nothing may be written.
            let result = (!connection.is_autocommit()).then(|| within_savepoint(connection, work));
            Box::new(move |committed| {
                let result = match (result, committed) {
                    (Some(Err(error)), _) => Err(error.into()),
                    (_, Err(fault)) => Err(DatabaseError::Commit(fault)),
                    (Some(Ok(value)), Ok(())) => Ok(value),
                    (None, Ok(())) => Err(DatabaseError::Busy),
                };
                // Who asked may have gone away.
                let _ = reply.send(result);
            })
        });
        self.writes
            .try_send(call)
            .map_err(|_| DatabaseError::Busy)?;
        answer.await.map_err(|_| DatabaseError::Busy)?
    }
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    // Several processes may open a new file at once.
    let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done: u32 = all.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for step in MIGRATIONS
        .iter()
        .skip(usize::try_from(done).unwrap_or(usize::MAX))
    {
        all.execute_batch(step)?;
    }
    all.pragma_update(
        None,
        "user_version",
        done.max(u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)),
    )?;
    all.commit()
}

fn read_all(connection: &Connection, mut calls: mpsc::Receiver<ReadCall>) {
    while let Some(call) = calls.blocking_recv() {
        call(connection);
    }
}

fn write_all(connection: &Connection, mut plan: SizePlan, mut calls: mpsc::Receiver<WriteCall>) {
    while let Some(first) = calls.blocking_recv() {
        if let Err(error) = plan.apply(connection) {
            tracing::warn!(%error, "cannot apply the plan of the database");
        }
        let begun = connection.execute_batch("BEGIN IMMEDIATE");
        let mut replies = vec![first(connection)];
        // SQLite itself rolls back after some faults; nothing more may then be written.
        while replies.len() < BATCH_MAX
            && !connection.is_autocommit()
            && let Ok(next) = calls.try_recv()
        {
            replies.push(next(connection));
        }
        let committed = begun
            .and_then(|()| connection.execute_batch("COMMIT"))
            .map_err(CommitFault::from);
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "cannot roll back a write to the database");
        }
        for reply in replies {
            reply(committed.clone());
        }
    }
}

fn within_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.execute_batch("SAVEPOINT one")?;
    let value = work(connection).inspect_err(|_| {
        // It fails only where SQLite has rolled back everything by itself.
        let _ = connection.execute_batch("ROLLBACK TO one; RELEASE one");
    })?;
    connection.execute_batch("RELEASE one")?;
    Ok(value)
}

fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::database::plan;

    async fn table(folder: &tempfile::TempDir) -> Database {
        let database = Database::open(&folder.path().join("dice.db")).unwrap();
        let made = |connection: &Connection| {
            connection.execute_batch("CREATE TABLE IF NOT EXISTS number (value INTEGER UNIQUE)")
        };
        database.write(made).await.unwrap();
        database
    }

    async fn insert(database: &Database, value: u32) -> Result<usize, DatabaseError> {
        let insert = move |connection: &Connection| {
            connection.execute("INSERT INTO number VALUES (?1)", [value])
        };
        database.write(insert).await
    }

    async fn count(database: &Database) -> u32 {
        let count = |connection: &Connection| {
            connection.query_row("SELECT count(*) FROM number", [], |row| row.get(0))
        };
        database.read(count).await.unwrap()
    }

    #[tokio::test]
    async fn a_write_that_fails_takes_no_other_write_of_its_commit_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = table(&folder).await;
        let (first, again, third) = tokio::join!(
            insert(&database, 1),
            insert(&database, 1),
            insert(&database, 2)
        );
        assert!(first.is_ok() && third.is_ok());
        assert!(matches!(again, Err(DatabaseError::Sqlite(_))));
        assert_eq!(count(&database).await, 2);
    }

    #[tokio::test]
    async fn nothing_is_written_while_another_process_holds_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let database = table(&folder).await;
        let other = Connection::open(folder.path().join("dice.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        assert!(matches!(
            insert(&database, 1).await,
            Err(DatabaseError::Commit(_))
        ));
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(count(&database).await, 0);
        insert(&database, 1).await.unwrap();
    }

    #[tokio::test]
    async fn a_file_at_its_size_says_that_it_is_full_and_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let database = table(&folder).await;
        insert(&database, 1).await.unwrap();
        std::fs::write(plan::path(&folder.path().join("dice.db")), "1").unwrap();
        let fill = |connection: &Connection| {
            connection.execute_batch("CREATE TABLE large AS SELECT zeroblob(100000) AS x")
        };
        assert!(
            database
                .write(fill)
                .await
                .is_err_and(|error| error.is_full())
        );
        assert_eq!(count(&database).await, 1);
        std::fs::remove_file(plan::path(&folder.path().join("dice.db"))).unwrap();
        database.write(fill).await.unwrap();
    }
}
