//! Finds accepted rolls whose jobs are gone.

use std::convert::Infallible;
use std::time::Duration;

use redis::aio::ConnectionManager;
use tokio::time::sleep;

use crate::dice::clock;
use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::rolls;
use crate::dice::metrics::ApiMetrics;
use crate::dice::queue::name::QueueName;
use crate::dice::queue::producer;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// So many rolls are compared with the queue in one look.
const LOOK_AT: u32 = 500;

/// Looks again and again; a roll that has waited for less than `patience` is not looked for.
pub(crate) async fn watch(
    database: Database,
    mut link: ConnectionManager,
    metrics: ApiMetrics,
    patience: Duration,
) -> Infallible {
    // The number is that of the service, not of this process.
    if let Ok(known) = rolls::count_lost(&database).await {
        metrics.lost.inc_by(known.into());
    }
    let mut after = 0;
    loop {
        sleep(LOOK_EVERY).await;
        match look(&database, &mut link, after, patience).await {
            Ok((next, lost)) => {
                after = next;
                if lost > 0 {
                    tracing::warn!(
                        rolls = lost,
                        "accepted rolls are lost: the queue has lost them"
                    );
                    metrics.lost.inc_by(lost);
                }
            }
            Err(error) => tracing::debug!(%error, "cannot look for lost rolls"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Redis(#[from] redis::RedisError),
}

/// Compares some open rolls with the queue; returns where to go on and how many are lost.
async fn look(
    database: &Database,
    link: &mut ConnectionManager,
    after: i64,
    patience: Duration,
) -> Result<(i64, u64), LookError> {
    let open = rolls::open(database, after, clock::now() - patience, LOOK_AT).await?;
    let Some(last) = open.last() else {
        return Ok((0, 0));
    };
    let next = last.row;
    let uuids = open.into_iter().map(|roll| roll.uuid).collect();
    let missing = producer::missing(link, QueueName::Rolls, uuids).await?;
    if missing.is_empty() {
        return Ok((next, 0));
    }
    let rolls = rolls::give_up(database, missing).await?;
    Ok((next, u64::try_from(rolls).unwrap_or(u64::MAX)))
}
