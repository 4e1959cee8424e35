//! Rooms and who is in them: one Redis hash per room, which ends a day after its last use.

use rand::Rng as _;
use redis::RedisResult;
use redis::aio::ConnectionManager;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::dice::roll::job::User;
use crate::dice::{clock, keys, link};

const TTL_SECONDS: i64 = 24 * 60 * 60;
const LISTED_MAX: usize = 100;
const ROOM_FIELD: &str = "room";
const SLUG_LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
const COLORS: [&str; 6] = [
    "#E4572E", "#17BEBB", "#FFC914", "#2E282A", "#76B041", "#4A6FA5",
];

/// What a caller may set about a room.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Wish {
    /// The name shown.
    pub(crate) name: Option<String>,
    /// Whether anybody may look.
    #[serde(default)]
    pub(crate) is_public: bool,
    /// The word that opens the room.
    pub(crate) passcode: Option<String>,
}

/// The part of a room that does not change.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Base {
    id: u32,
    slug: String,
    name: String,
    is_public: bool,
    passcode: Option<String>,
    user: User,
    created_at: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Participant {
    id: u32,
    username: String,
    color: String,
    user: User,
    created_at: String,
}

/// A room as it is at the moment.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    base: Base,
    participants: Vec<Participant>,
}

impl Room {
    /// Tells whether a user is in.
    pub(crate) fn has(&self, user: Uuid) -> bool {
        self.participants
            .iter()
            .any(|participant| participant.user.uuid == user)
    }

    /// Tells whether a passcode opens the room.
    pub(crate) fn opens_to(&self, passcode: Option<&str>) -> bool {
        self.base.passcode.is_none() || self.base.passcode.as_deref() == passcode
    }

    /// Tells whether a user may look at the room.
    pub(crate) fn shows_to(&self, user: Uuid, passcode: Option<&str>) -> bool {
        self.has(user)
            || (self.base.is_public && self.opens_to(passcode))
            || (self.base.passcode.is_some() && self.opens_to(passcode))
    }

    /// Writes the room as clients read it.
    pub(crate) fn to_json(&self) -> Value {
        let participants: Vec<Value> = self
            .participants
            .iter()
            .map(|participant| {
                json!({
                    "id": participant.id,
                    "username": participant.username,
                    "color": participant.color,
                    "user": participant.user,
                    "dice_tray": [],
                    "position": 0,
                    "created_at": participant.created_at,
                    "updated_at": participant.created_at,
                })
            })
            .collect();
        json!({
            "id": self.base.id,
            "slug": self.base.slug,
            "name": self.base.name,
            "is_public": self.base.is_public,
            "passcode": self.base.passcode,
            "participants": participants,
            "user": self.base.user,
            "settings": {},
            "created_at": self.base.created_at,
            "updated_at": self.base.created_at,
        })
    }
}

/// Makes a room, with its maker as the first participant.
pub(crate) async fn open(
    link: &mut ConnectionManager,
    wish: Wish,
    user: &User,
) -> RedisResult<Room> {
    let base = Base {
        id: rand::rng().random_range(1..=i32::MAX.unsigned_abs()),
        slug: slug(),
        name: wish.name.unwrap_or_else(|| "Room".to_owned()),
        is_public: wish.is_public,
        passcode: wish.passcode,
        user: user.clone(),
        created_at: clock::stamp(clock::now()),
    };
    let first = participant(user);
    let key = keys::room(&base.slug);
    let mut all = redis::pipe();
    all.atomic();
    all.hset(&key, ROOM_FIELD, text(&base)?).ignore();
    all.hset(&key, user.uuid.to_string(), text(&first)?)
        .ignore();
    all.sadd(keys::rooms(user.uuid), &base.slug).ignore();
    all.expire(&key, TTL_SECONDS).ignore();
    all.expire(keys::rooms(user.uuid), TTL_SECONDS).ignore();
    all.exec_async(link).await?;
    Ok(Room {
        base,
        participants: vec![first],
    })
}

/// Reads a room, and lets it live on; `EXPIRE` works even when Redis is full.
pub(crate) async fn find(link: &mut ConnectionManager, slug: &str) -> RedisResult<Option<Room>> {
    if slug.len() > 32 || !slug.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let mut all = redis::pipe();
    all.hgetall(keys::room(slug))
        .expire(keys::room(slug), TTL_SECONDS)
        .ignore();
    let (fields,): (Vec<(String, String)>,) = link::ask_all(link, &all).await?;
    let mut base = None;
    let mut participants: Vec<Participant> = Vec::new();
    for (field, text) in fields {
        if field == ROOM_FIELD {
            base = serde_json::from_str(&text).ok();
        } else {
            participants.extend(serde_json::from_str::<Participant>(&text));
        }
    }
    participants.sort_by(|one, other| one.created_at.cmp(&other.created_at));
    Ok(base.map(|base| Room { base, participants }))
}

/// Lists the rooms that a user made or joined.
pub(crate) async fn list(link: &mut ConnectionManager, user: Uuid) -> RedisResult<Vec<Room>> {
    let mut slugs: Vec<String> = link::ask(link, &redis::Cmd::smembers(keys::rooms(user))).await?;
    slugs.sort();
    let mut rooms = Vec::new();
    for slug in slugs.iter().take(LISTED_MAX) {
        rooms.extend(find(link, slug).await?);
    }
    Ok(rooms)
}

/// Takes a user into a room; false if in already.
pub(crate) async fn join(
    link: &mut ConnectionManager,
    slug: &str,
    user: &User,
) -> RedisResult<bool> {
    let mut all = redis::pipe();
    all.atomic();
    all.hset_nx(
        keys::room(slug),
        user.uuid.to_string(),
        text(&participant(user))?,
    );
    all.sadd(keys::rooms(user.uuid), slug).ignore();
    all.expire(keys::rooms(user.uuid), TTL_SECONDS).ignore();
    let (is_new,): (bool,) = all.query_async(link).await?;
    Ok(is_new)
}

fn participant(user: &User) -> Participant {
    let mut rng = rand::rng();
    let color = COLORS
        .get(rng.random_range(0..COLORS.len()))
        .copied()
        .unwrap_or("#17BEBB");
    Participant {
        id: rng.random_range(1..=i32::MAX.unsigned_abs()),
        username: user.username.clone(),
        color: color.to_owned(),
        user: user.clone(),
        created_at: clock::stamp(clock::now()),
    }
}

fn slug() -> String {
    let mut rng = rand::rng();
    let letter = |_| {
        SLUG_LETTERS
            .get(rng.random_range(0..SLUG_LETTERS.len()))
            .copied()
    };
    (0..10).filter_map(letter).map(char::from).collect()
}

fn text<T: Serialize>(value: &T) -> RedisResult<String> {
    Ok(serde_json::to_string(value).map_err(std::io::Error::other)?)
}
