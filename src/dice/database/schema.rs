//! The tables of the service's database, as steps that are taken once each.

/// Each step brings the database from its index to the next; `user_version` counts them.
pub(crate) const MIGRATIONS: [&str; 1] = [ROLLS];

/// A row for each accepted roll; what its `state` means is in `rolls.rs`.
const ROLLS: &str = "
CREATE TABLE roll (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    room TEXT,
    state TEXT NOT NULL,
    answer TEXT,
    accepted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX roll_open ON roll (id) WHERE state IN ('waiting', 'unsure');
CREATE INDEX roll_room ON roll (room, id) WHERE state = 'answered';
";
