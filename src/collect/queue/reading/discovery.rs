//! Finds names: in a set that a system keeps of them, or among the keys.

use std::collections::BTreeMap;

use redis::Value;

use crate::collect::queue::reading::answers::{Answers, bytes};
use crate::collect::queue::reading::question::Question;

/// How many names of a set one scrape looks at, roughly.
const OF_SET: &str = "100";

/// How many keys one scrape looks at: about half a millisecond of Redis' time.
const OF_KEYS: &str = "250";

/// A key is there only while its queue has jobs: a name that was found among
/// the keys is kept for a day, in milliseconds.
const KEPT_MS: i64 = 24 * 3_600_000;

/// No longer name is taken.
const LONGEST: usize = 512;

/// How a name stands in what is found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// What stands before it.
    pub(crate) before: Vec<u8>,
    /// What stands behind it.
    pub(crate) after: &'static str,
    /// Texts that no name contains: such keys belong to other things.
    pub(crate) never: &'static [&'static str],
}

impl Shape {
    fn name<'m>(&self, member: &'m [u8]) -> Option<&'m [u8]> {
        let name = member
            .strip_prefix(&self.before[..])?
            .strip_suffix(self.after.as_bytes())?;
        let contains = |text: &&str| {
            name.windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        let good = !name.is_empty() && name.len() <= LONGEST && !self.never.iter().any(contains);
        good.then_some(name)
    }
}

/// What is looked through, a part at each scrape.
#[derive(Debug)]
enum NamePlace {
    Set(Vec<u8>),
    Keys {
        pattern: Vec<u8>,
        kind: &'static str,
    },
}

/// The names found so far.
#[derive(Debug)]
pub(crate) struct Discovery {
    place: NamePlace,
    shape: Shape,
    limit: usize,
    /// Where the next scrape goes on.
    cursor: Vec<u8>,
    /// When the round that is under way began.
    began_ms: Option<i64>,
    /// Whether one round was finished.
    round: bool,
    /// Each name, and when it was seen last.
    names: BTreeMap<Vec<u8>, i64>,
    /// Names beyond the limit, in this round and in the last.
    beyond: (u64, u64),
}

impl Discovery {
    /// Looks through a set of names.
    pub(crate) fn in_set(key: Vec<u8>, shape: Shape, limit: usize) -> Self {
        Self::new(NamePlace::Set(key), shape, limit)
    }

    /// Looks through all keys for those of a type that match a pattern.
    pub(crate) fn in_keys(
        pattern: Vec<u8>,
        kind: &'static str,
        shape: Shape,
        limit: usize,
    ) -> Self {
        Self::new(NamePlace::Keys { pattern, kind }, shape, limit)
    }

    fn new(place: NamePlace, shape: Shape, limit: usize) -> Self {
        Self {
            place,
            shape,
            limit,
            cursor: b"0".to_vec(),
            began_ms: None,
            round: false,
            names: BTreeMap::new(),
            beyond: (0, 0),
        }
    }

    /// What to ask to go on.
    pub(crate) fn question(&self) -> Question {
        let cursor = self.cursor.clone();
        match &self.place {
            NamePlace::Set(key) => Question::new("SSCAN", &key[..])
                .with(cursor)
                .with("COUNT")
                .with(OF_SET),
            NamePlace::Keys { pattern, kind } => Question::new("SCAN", cursor)
                .with("MATCH")
                .with(&pattern[..])
                .with("COUNT")
                .with(OF_KEYS)
                .with("TYPE")
                .with(*kind),
        }
    }

    /// Reads what was found; says whether Redis answered.
    pub(crate) fn read(&mut self, answers: &mut Answers) -> bool {
        let Some(Value::Array(parts)) = answers.value(&self.question()) else {
            return false;
        };
        let mut parts = parts.into_iter();
        let (Some(cursor), Some(Value::Array(members))) =
            (parts.next().and_then(bytes), parts.next())
        else {
            return false;
        };
        let now_ms = answers.now_ms;
        let began_ms = *self.began_ms.get_or_insert(now_ms);
        for member in members.into_iter().filter_map(bytes) {
            let Some(name) = self.shape.name(&member) else {
                continue;
            };
            if let Some(seen) = self.names.get_mut(name) {
                *seen = now_ms;
            } else if self.names.len() < self.limit {
                self.names.insert(name.to_vec(), now_ms);
            } else {
                self.beyond.0 += 1;
            }
        }
        if cursor == b"0" {
            let kept_ms = match self.place {
                NamePlace::Set(_) => 0,
                NamePlace::Keys { .. } => KEPT_MS,
            };
            self.names.retain(|_, seen| *seen >= began_ms - kept_ms);
            self.began_ms = None;
            self.round = true;
            self.beyond = (0, self.beyond.0);
        }
        self.cursor = cursor;
        true
    }

    /// The names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.names.keys()
    }

    /// Whether a name is among them.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.names.contains_key(name)
    }

    /// Whether these are all that there are.
    pub(crate) fn is_whole(&self) -> bool {
        self.round && self.beyond() == 0
    }

    /// How many more there are than are taken.
    pub(crate) fn beyond(&self) -> u64 {
        self.beyond.0.max(self.beyond.1)
    }
}

/// A text as part of a pattern that stands for itself.
pub(crate) fn literal(text: &[u8]) -> Vec<u8> {
    let special = b"*?[]\\";
    let mut out = Vec::new();
    for byte in text {
        if special.contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}
