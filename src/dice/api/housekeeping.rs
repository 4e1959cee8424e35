//! Writes down who was here, and deletes what nobody uses any more.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::dice::api::last_uses::LastUses;
use crate::dice::clock;
use crate::dice::database::connection::{Database, DatabaseError};
use crate::dice::database::sweeping::{self, KeepingTimes};

/// So many rows of each kind are deleted in one run.
const ROWS_MAX: u32 = 10_000;

/// How often is swept, and what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SweepSettings {
    /// Between two runs.
    pub(crate) every: Duration,
    /// How long things are kept.
    pub(crate) times: KeepingTimes,
}

/// Sweeps again and again.
pub(crate) async fn keep_house(
    database: Database,
    uses: LastUses,
    settings: SweepSettings,
) -> Infallible {
    let mut due = interval(settings.every);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick comes at once, before anybody who was away can come back.
    due.tick().await;
    loop {
        due.tick().await;
        if let Err(error) = run(&database, &uses, settings.times).await {
            tracing::debug!(%error, "cannot sweep the database");
        }
    }
}

async fn run(
    database: &Database,
    uses: &LastUses,
    times: KeepingTimes,
) -> Result<(), DatabaseError> {
    let now = clock::now();
    let noted = uses.take();
    let (guests, rooms) = (noted.users.into_iter(), noted.rooms.into_iter());
    sweeping::note_used(database, guests.collect(), rooms.collect(), now).await?;
    let swept = sweeping::sweep(database, now, times, ROWS_MAX).await?;
    if swept.rooms + swept.guests > 0 {
        tracing::info!(
            rooms = swept.rooms,
            guests = swept.guests,
            rolls = swept.rolls,
            "deleted what nobody uses any more"
        );
    }
    Ok(())
}
