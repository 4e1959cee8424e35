//! Which users and rooms were used, noted without a write and written down now and then.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::watch;
use uuid::Uuid;

/// So many are noted between two writes; who is missed is noted the next time.
const NOTED_MAX: usize = 10_000;

/// Users and rooms that were used since this was last written down.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastUses(Arc<watch::Sender<UsedSince>>);

/// What was used.
#[derive(Clone, Debug, Default)]
pub(crate) struct UsedSince {
    /// Users by their ids.
    pub(crate) users: HashSet<Uuid>,
    /// Rooms by their numbers.
    pub(crate) rooms: HashSet<i64>,
}

impl LastUses {
    /// Notes that a user came.
    pub(crate) fn note_user(&self, user: Uuid) {
        self.0.send_modify(|used| {
            if used.users.len() < NOTED_MAX {
                used.users.insert(user);
            }
        });
    }

    /// Notes that somebody looked into a room.
    pub(crate) fn note_room(&self, room: i64) {
        self.0.send_modify(|used| {
            if used.rooms.len() < NOTED_MAX {
                used.rooms.insert(room);
            }
        });
    }

    /// Takes what was noted, and begins anew.
    pub(crate) fn take(&self) -> UsedSince {
        self.0.send_replace(UsedSince::default())
    }
}
