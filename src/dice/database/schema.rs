//! The tables of the service's database, as steps that are taken once each.

/// Each step brings the database from its index to the next; `user_version` counts them.
pub(crate) const MIGRATIONS: [&str; 3] = [ROLLS, ACCOUNTS_AND_ROOMS, LAST_USES];

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

/// Users with their keys, rooms with their participants, and what was done to rolls afterwards.
///
/// Of keys and secrets there are only hashes. Times are text as in the API, except those that
/// only the service compares.
const ACCOUNTS_AND_ROOMS: &str = "
CREATE TABLE user (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    username TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE bearer_key (
    hash BLOB PRIMARY KEY,
    user TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE activation (
    code TEXT PRIMARY KEY,
    secret BLOB NOT NULL,
    user TEXT,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE dice_box (
    user TEXT NOT NULL,
    theme TEXT NOT NULL,
    PRIMARY KEY (user, theme)
) STRICT, WITHOUT ROWID;
CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    is_public INTEGER NOT NULL,
    passcode TEXT,
    owner TEXT NOT NULL,
    history_from TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE participant (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL,
    user TEXT NOT NULL,
    username TEXT NOT NULL,
    color TEXT NOT NULL,
    dice_tray TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (room, user)
) STRICT;
CREATE INDEX participant_user ON participant (user, room);
CREATE TABLE roll_change (
    roll TEXT PRIMARY KEY,
    dice TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE clearing (
    room TEXT NOT NULL,
    user TEXT NOT NULL,
    cleared_at TEXT NOT NULL,
    PRIMARY KEY (room, user)
) STRICT, WITHOUT ROWID;
";

/// When users and rooms were used last, so that those that nobody uses can be found; what was
/// there before counts as used when this is added. Changes of rolls that are gone go.
const LAST_USES: &str = "
ALTER TABLE user ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE room ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
UPDATE user SET used_at = 1000 * unixepoch();
UPDATE room SET used_at = 1000 * unixepoch();
CREATE INDEX user_used ON user (used_at);
CREATE INDEX room_used ON room (used_at);
CREATE INDEX room_owner ON room (owner);
CREATE INDEX bearer_key_user ON bearer_key (user);
CREATE INDEX clearing_age ON clearing (cleared_at);
DELETE FROM roll_change WHERE roll NOT IN (SELECT uuid FROM roll);
";
