//! Looks at a Redis: which database holds which queues.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use redis::Value;
use secrecy::SecretString;

use crate::collect::redis::settings::RedisSettings;
use crate::collect::redis::wire::address::{self, Login, ServerAddress};
use crate::collect::redis::wire::connection::{CommandBatch, RedisConnection, answered};
use crate::command::init::look::horizon_look;
use crate::command::init::look::redis_answer::{one, text, whole_text};
use crate::command::init::queues::telling_keys::{
    FIXED, RedisKeyKind, TellingKeys, is_telling, laravel_prefix,
};

/// Keys that are looked at in a database at most.
const KEYS: usize = 200_000;

/// Keys whose type is asked for at most.
const TELLING: usize = 5_000;

/// Databases that are looked at.
const DATABASES: usize = 16;

/// How long a look at one database may take.
const LONGEST: Duration = Duration::from_secs(10);

/// Prefixes of Laravel that are remembered at most.
const PREFIXES: usize = 100;

/// How many keys are asked for at once.
const STEP: usize = 1_000;

/// What one database holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct DatabaseLook {
    /// Its number.
    pub(crate) number: i64,
    /// Keys that tell of queues.
    pub(crate) keys: TellingKeys,
    /// How many keys were looked at, and whether those were all.
    pub(crate) seen: usize,
    /// Whether there are more keys than were looked at.
    pub(crate) is_partial: bool,
    /// Whether the memory of its server has no limit.
    pub(crate) is_unlimited: bool,
    /// What tells its server from others.
    pub(crate) server: String,
    /// Keys that we had no permission to inspect.
    pub(crate) refused: usize,
}

/// A server that answers.
struct AnsweringServer {
    address: ServerAddress,
    login: Login,
    info: String,
}

/// Whether a Redis answers at an address; the error says why it does not.
pub(crate) async fn reach(url: &str, password: Option<&str>) -> Result<(), String> {
    greet(url, password).await.map(|_| ())
}

async fn greet(url: &str, password: Option<&str>) -> Result<AnsweringServer, String> {
    let settings = RedisSettings {
        url: Some(SecretString::from(url)),
        password: password.map(SecretString::from),
        ..RedisSettings::default()
    };
    let (address, login) = address::read(&settings).map_err(|error| error.to_string())?;
    let within = async {
        let mut first = RedisConnection::open(&address, &login).await?;
        let info = one(&mut first, redis::cmd("INFO")).await?;
        Ok::<_, redis::RedisError>(text(&info))
    };
    let info = match tokio::time::timeout(LONGEST, within).await {
        Ok(info) => info.map_err(|error| reason(&error))?,
        Err(_) => return Err(format!("it did not answer within {} s", LONGEST.as_secs())),
    };
    Ok(AnsweringServer {
        address,
        login,
        info,
    })
}

/// Looks at every database with keys, or at the one that the address names.
pub(crate) async fn look(url: &str, password: Option<&str>) -> Result<Vec<DatabaseLook>, String> {
    let AnsweringServer {
        address,
        login,
        info,
    } = greet(url, password).await?;
    let field = |name: &str| info.lines().find_map(|line| line.trim().strip_prefix(name));
    let is_unlimited = field("maxmemory:") == Some("0");
    // Two addresses may lead to one server.
    let server = field("run_id:").map_or_else(|| address.to_string(), str::to_owned);
    let databases = if login.database != 0 || names_database(url) {
        vec![login.database]
    } else {
        databases(&info)
    };
    let mut looks = Vec::new();
    for number in databases.into_iter().take(DATABASES) {
        let login = Login {
            database: number,
            ..login.clone()
        };
        let look = look_at(&address, &login)
            .await
            .map_err(|error| reason(&error))?;
        looks.push(DatabaseLook {
            number,
            is_unlimited,
            server: server.clone(),
            ..look
        });
    }
    Ok(looks)
}

/// Whether an address names a database, be it the first.
fn names_database(url: &str) -> bool {
    let path = url
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'));
    !url.contains("unix:")
        && path.is_some_and(|(_, path)| path.starts_with(|c: char| c.is_ascii_digit()))
}

/// The databases that have keys; the first always counts.
fn databases(info: &str) -> Vec<i64> {
    let numbers = info.lines().filter_map(|line| {
        let (number, _) = line.strip_prefix("db")?.split_once(":keys=")?;
        number.parse().ok()
    });
    let mut all: BTreeSet<_> = numbers.collect();
    if all.is_empty() {
        all.insert(0);
    }
    all.into_iter().collect()
}

async fn look_at(address: &ServerAddress, login: &Login) -> redis::RedisResult<DatabaseLook> {
    let mut connection = RedisConnection::open(address, login).await?;
    let until = Instant::now() + LONGEST;
    let mut look = DatabaseLook::default();
    let mut telling: BTreeSet<String> = FIXED.iter().map(|key| (*key).to_owned()).collect();
    let walk = scan(&mut connection, None, until, |keys| {
        look.seen += keys.len();
        let prefixes = &mut look.keys.laravel_prefixes;
        for prefix in keys.iter().filter_map(|key| laravel_prefix(key)) {
            if prefixes.len() < PREFIXES && !prefixes.contains(prefix) {
                prefixes.insert(prefix.to_owned());
            }
        }
        let room = TELLING.saturating_sub(telling.len());
        let found = keys.into_iter().filter(|key| is_telling(key));
        telling.extend(found.take(room));
    });
    look.is_partial = !walk.await?;
    (look.keys.kinds, look.refused) = kinds(&mut connection, &telling).await?;
    look.keys.horizon = horizon_look::queues(&mut connection, &look.keys).await?;
    let mut streams = BTreeSet::new();
    let walk = scan(&mut connection, Some("stream"), until, |keys| {
        streams.extend(keys.into_iter().take(STEP));
    });
    // Before version 6, and without the right to it, streams stay unseen.
    let _ = walk.await;
    for stream in streams.into_iter().take(STEP) {
        let mut command = redis::cmd("XINFO");
        command.arg("GROUPS").arg(&stream);
        match one(&mut connection, command)
            .await
            .as_ref()
            .map(names_of_groups)
        {
            Ok(groups) if groups.is_empty() => {}
            Ok(groups) => {
                look.keys.groups.insert(stream, groups);
            }
            Err(error) => look.refused += usize::from(error.code() == Some("NOPERM")),
        }
    }
    Ok(look)
}

/// Walks over the keys of a database; false if it ends before all are seen.
async fn scan(
    connection: &mut RedisConnection,
    kind: Option<&str>,
    until: Instant,
    mut each: impl FnMut(Vec<String>),
) -> redis::RedisResult<bool> {
    let (mut cursor, mut seen) = ("0".to_owned(), 0);
    loop {
        let mut command = redis::cmd("SCAN");
        command.arg(&cursor).arg("COUNT").arg(STEP);
        if let Some(kind) = kind {
            command.arg("TYPE").arg(kind);
        }
        let Value::Array(parts) = one(connection, command).await? else {
            return Ok(false);
        };
        let [next, Value::Array(keys)] = &parts[..] else {
            return Ok(false);
        };
        // A key that is no text belongs to no queue that has a name.
        each(keys.iter().filter_map(whole_text).collect());
        seen += STEP;
        cursor = text(next);
        if cursor == "0" || cursor.is_empty() {
            return Ok(true);
        }
        if seen >= KEYS || Instant::now() > until {
            return Ok(false);
        }
    }
}

async fn kinds(
    connection: &mut RedisConnection,
    keys: &BTreeSet<String>,
) -> redis::RedisResult<(BTreeMap<String, RedisKeyKind>, usize)> {
    let keys: Vec<_> = keys.iter().collect();
    let mut kinds = BTreeMap::new();
    let mut refused = 0;
    for part in keys.chunks(STEP) {
        let mut batch = CommandBatch::default();
        for key in part {
            let mut command = redis::cmd("TYPE");
            command.arg(key);
            batch.add(&command);
        }
        let answers = connection.ask(&batch).await?;
        for (key, answer) in part.iter().zip(answers) {
            match answered(answer).map(|word| text(&word)) {
                Ok(word) if word == "none" => {}
                Ok(word) => {
                    kinds.insert((*key).clone(), RedisKeyKind::from_word(&word));
                }
                // Some of these keys are asked for whether they exist or not.
                Err(_) if FIXED.contains(&key.as_str()) => {}
                Err(_) => refused += 1,
            }
        }
    }
    Ok((kinds, refused))
}

fn names_of_groups(answer: &Value) -> Vec<String> {
    let Value::Array(groups) = answer else {
        return Vec::new();
    };
    let names = groups.iter().filter_map(|group| {
        let Value::Array(fields) = group else {
            return None;
        };
        let at = fields.iter().position(|field| text(field) == "name")?;
        whole_text(fields.get(at + 1)?)
    });
    names.collect()
}

/// Why it does not answer, in words, without what it was sent.
fn reason(error: &redis::RedisError) -> String {
    match error.code() {
        Some("NOAUTH") => {
            "it requires a password: use --redis-password-file FILE, or set REDIS_URL to \
            redis://:PASSWORD@host"
                .to_owned()
        }
        Some("WRONGPASS") => "it rejects the user name or the password".to_owned(),
        Some("NOPERM") => "the user needs more permissions; docs/init.md lists them".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_those_with_keys() {
        let info = "# Keyspace\r\ndb0:keys=5,expires=0\r\ndb3:keys=1,expires=0\r\n";
        assert_eq!(databases(info), [0, 3]);
        assert_eq!(databases(""), [0]);
        assert!(names_database("redis://h/0") && !names_database("redis://h/"));
        assert!(!names_database("redis://h") && !names_database("unix:///0"));
    }
}
