//! Queue systems, recognized by the keys that they keep in a Redis.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::init::found::FoundQueues;
use crate::command::init::telling_keys::{RedisKeyKind, TellingKeys};

/// More names than these are found by a pattern.
const NAMES: usize = 100;

/// Streams that are watched at most.
const STREAMS: usize = 20;

/// What Horizon keeps; the first few only Horizon has.
const HORIZON: [&str; 7] = [
    "masters",
    "supervisors",
    "measured_queues",
    "measured_jobs",
    "recent_jobs",
    "completed_jobs",
    "pending_jobs",
];

impl TellingKeys {
    /// The queue systems that the keys belong to.
    pub(crate) fn queues(&self) -> Vec<FoundQueues> {
        let mut found = self.php();
        found.extend(self.rq());
        found.extend(self.ruby());
        found.extend(self.celery());
        found.extend(self.bullmq());
        found.extend(self.streams());
        found
    }

    fn is(&self, key: &str, kind: RedisKeyKind) -> bool {
        self.kinds.get(key) == Some(&kind)
    }

    fn of(&self, kind: RedisKeyKind) -> impl Iterator<Item = &str> {
        let kinds = self.kinds.iter();
        kinds
            .filter(move |(_, one)| **one == kind)
            .map(|(key, _)| key.as_str())
    }

    /// Laravel's queues by prefix, and Horizon's records beside them.
    fn php(&self) -> Vec<FoundQueues> {
        let mut laravel = self.laravel();
        let mut found = Vec::new();
        for horizon in self.horizon() {
            let stem = horizon.trim_end_matches(':').trim_end_matches("horizon");
            let prefix = laravel
                .keys()
                .find(|prefix| !stem.is_empty() && prefix.starts_with(stem) || stem.is_empty());
            let prefix = prefix.cloned();
            let names = prefix.as_ref().and_then(|prefix| laravel.remove(prefix));
            let prefix = prefix.filter(|prefix| !prefix.is_empty());
            let mut keys: Vec<_> = prefix
                .map(|prefix| ("prefix", prefix))
                .into_iter()
                .collect();
            keys.push(("horizon_prefix", horizon));
            found.push(FoundQueues {
                system: "horizon",
                names: names.unwrap_or_default().into_iter().collect(),
                keys,
            });
        }
        found.extend(laravel.into_iter().map(|(prefix, names)| FoundQueues {
            system: "laravel",
            names: names.into_iter().collect(),
            keys: some("prefix", prefix),
        }));
        found
    }

    fn laravel(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (key, kind) in &self.kinds {
            let Some(at) = key.find("queues:") else {
                continue;
            };
            let (prefix, name) = (&key[..at], &key[at + "queues:".len()..]);
            let is_whole = prefix.is_empty() || prefix.ends_with(['_', '-', ':']);
            let suffixes = [":reserved", ":delayed"];
            let name = match kind {
                RedisKeyKind::List => Some(name.strip_suffix(":notify").unwrap_or(name)),
                RedisKeyKind::SortedSet => suffixes.iter().find_map(|end| name.strip_suffix(end)),
                _ => None,
            };
            let name = name.filter(|name| !name.is_empty() && !name.contains(':'));
            if let (true, Some(name)) = (is_whole, name) {
                let names = found.entry(prefix.to_owned()).or_default();
                names.insert(name.to_owned());
            }
        }
        found
    }

    /// The prefixes of Horizon.
    fn horizon(&self) -> BTreeSet<String> {
        let keys = self.kinds.keys();
        let found = keys.filter_map(|key| {
            let end = key.find("horizon:")? + "horizon:".len();
            let rest = &key[end..];
            HORIZON.contains(&rest).then(|| key[..end].to_owned())
        });
        found.collect()
    }

    fn rq(&self) -> Option<FoundQueues> {
        let there =
            self.is("rq:queues", RedisKeyKind::Set) || self.is("rq:workers", RedisKeyKind::Set);
        there.then(|| FoundQueues {
            system: "rq",
            ..FoundQueues::default()
        })
    }

    /// Sidekiq and Resque keep sets of the same name; Resque's namespace is its own.
    fn ruby(&self) -> Vec<FoundQueues> {
        let mut prefixes = BTreeSet::new();
        for key in self.of(RedisKeyKind::Set) {
            let words = ["queues", "processes", "workers"];
            let prefix = words.iter().find_map(|word| key.strip_suffix(word));
            let prefix = prefix.filter(|prefix| prefix.is_empty() || prefix.ends_with(':'));
            prefixes.extend(prefix.filter(|prefix| *prefix != "rq:"));
        }
        let found = prefixes.into_iter().filter_map(|prefix| {
            if prefix.starts_with("resque:") {
                let prefix = if prefix == "resque:" { "" } else { prefix };
                return Some(FoundQueues {
                    system: "resque",
                    names: Vec::new(),
                    keys: some("prefix", prefix.to_owned()),
                });
            }
            let list = format!("{prefix}queue:");
            let has_list = self
                .of(RedisKeyKind::List)
                .any(|key| key.starts_with(&list));
            let key = |name: &str| format!("{prefix}{name}");
            let is_it = has_list
                || self.is(&key("processes"), RedisKeyKind::Set)
                || self.is(&key("stat:processed"), RedisKeyKind::Text);
            is_it.then(|| FoundQueues {
                system: "sidekiq",
                names: Vec::new(),
                keys: some("prefix", prefix.to_owned()),
            })
        });
        found.collect()
    }

    fn celery(&self) -> Vec<FoundQueues> {
        let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for key in self.of(RedisKeyKind::Set) {
            let Some((prefix, name)) = key.split_once("_kombu.binding.") else {
                continue;
            };
            let inner = name == "celeryev" || name.contains("pidbox") || name.starts_with("reply");
            let names = found.entry(prefix).or_default();
            if !inner {
                names.insert(name.to_owned());
            }
        }
        if self.is("unacked", RedisKeyKind::Hash) && self.is("celery", RedisKeyKind::List) {
            found.entry("").or_default().insert("celery".to_owned());
        }
        let found = found.into_iter().filter(|(_, names)| !names.is_empty());
        let found = found.map(|(prefix, names)| FoundQueues {
            system: "celery",
            names: names.into_iter().collect(),
            keys: some("prefix", prefix.to_owned()),
        });
        found.collect()
    }

    fn bullmq(&self) -> Vec<FoundQueues> {
        let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (prefix, name) in self.bullmq_queues() {
            found.entry(prefix).or_default().insert(name);
        }
        let found = found.into_iter().map(|(prefix, names)| {
            let mut keys = Vec::new();
            if prefix != "bull" {
                keys.push(("prefix", prefix.to_owned()));
            }
            let many = names.len() > NAMES;
            if many {
                keys.push(("pattern", "*".to_owned()));
            }
            let names = names.into_iter().filter(|_| !many).map(str::to_owned);
            FoundQueues {
                system: "bullmq",
                names: names.collect(),
                keys,
            }
        });
        found.collect()
    }

    fn bullmq_queues(&self) -> impl Iterator<Item = (&str, &str)> {
        let kinds = self.kinds.iter();
        kinds.filter_map(|(key, kind)| {
            let (queue, last) = key.rsplit_once(':')?;
            let (prefix, name) = queue.split_once(':')?;
            let lists = ["wait", "active"].map(|word| format!("{queue}:{word}"));
            let sets = ["completed", "failed"].map(|word| format!("{queue}:{word}"));
            let works = || {
                lists.iter().any(|key| self.is(key, RedisKeyKind::List))
                    || sets.iter().any(|key| self.is(key, RedisKeyKind::SortedSet))
            };
            let is_it = match last {
                "meta" => *kind == RedisKeyKind::Hash,
                "id" => *kind == RedisKeyKind::Text && works(),
                _ => false,
            };
            (is_it && !name.is_empty() && !name.contains(':')).then_some((prefix, name))
        })
    }

    /// Streams that a consumer group works off, but for those of `BullMQ`'s events.
    fn streams(&self) -> Vec<FoundQueues> {
        let events: BTreeSet<_> = self
            .bullmq_queues()
            .map(|(prefix, name)| format!("{prefix}:{name}:events"))
            .collect();
        let groups = self.groups.iter();
        let groups = groups.filter(|(key, _)| !events.contains(*key));
        let found = groups.flat_map(|(key, groups)| {
            groups.iter().map(move |group| FoundQueues {
                system: "stream",
                names: vec![if groups.len() > 1 {
                    format!("{key} {group}")
                } else {
                    key.clone()
                }],
                keys: vec![("key", key.clone()), ("group", group.clone())],
            })
        });
        found.take(STREAMS).collect()
    }
}

fn some(key: &'static str, value: String) -> Vec<(&'static str, String)> {
    if value.is_empty() {
        Vec::new()
    } else {
        vec![(key, value)]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::command::init::telling_keys::is_telling;

    use super::*;

    /// Keys by their types, a line each: `list a b`.
    fn keys(lines: &str) -> TellingKeys {
        let mut keys = TellingKeys::default();
        for line in lines.lines() {
            let mut words = line.split_whitespace();
            let Some(kind) = words.next() else { continue };
            for key in words {
                if let Some((key, group)) = key.split_once('@') {
                    let groups = keys.groups.entry(key.to_owned()).or_default();
                    groups.push(group.to_owned());
                } else {
                    assert!(is_telling(key) || kind == "stream", "{key}");
                }
                let key = key.split('@').next().unwrap().to_owned();
                keys.kinds.insert(key, RedisKeyKind::from_word(kind));
            }
        }
        keys
    }

    fn said(lines: &str) -> Vec<String> {
        let found = keys(lines).queues().into_iter();
        let found = found.map(|one| {
            let keys = one
                .keys
                .iter()
                .map(|(key, value)| format!(" {key}={value}"));
            let keys: String = keys.collect();
            format!("{} [{}]{keys}", one.system, one.names.join(" "))
        });
        found.collect()
    }

    #[test]
    fn each_system_is_known_by_its_keys() {
        for (lines, expected) in [
            (
                "list shop_database_queues:default shop_database_queues:mail:notify\n\
                zset shop_database_queues:video:reserved",
                vec!["laravel [default mail video] prefix=shop_database_"],
            ),
            ("list queues:default", vec!["laravel [default]"]),
            (
                "list shop_database_queues:default\nzset shop_horizon:recent_jobs\nset x",
                vec!["horizon [default] prefix=shop_database_ horizon_prefix=shop_horizon:"],
            ),
            (
                "zset shop_horizon:masters",
                vec!["horizon [] horizon_prefix=shop_horizon:"],
            ),
            (
                "set queues processes\nlist queue:default",
                vec!["sidekiq []"],
            ),
            (
                "set app:queues\nlist app:queue:a",
                vec!["sidekiq [] prefix=app:"],
            ),
            ("set queues", vec![]),
            ("set resque:queues\nlist resque:queue:a", vec!["resque []"]),
            ("set rq:queues", vec!["rq []"]),
            (
                "set _kombu.binding.celery _kombu.binding.mail _kombu.binding.celeryev \
                _kombu.binding.celery.pidbox",
                vec!["celery [celery mail]"],
            ),
            ("list celery\nhash unacked", vec!["celery [celery]"]),
            (
                "hash bull:mail:meta\nstring bull:video:id\nlist bull:video:wait\n\
                stream bull:mail:events@g",
                vec!["bullmq [mail video]"],
            ),
            ("hash {b}:mail:meta", vec!["bullmq [mail] prefix={b}"]),
            ("string a:b:id", vec![]),
            (
                "stream rolls@workers mails@a mails@b",
                vec![
                    "stream [mails a] key=mails group=a",
                    "stream [mails b] key=mails group=b",
                    "stream [rolls] key=rolls group=workers",
                ],
            ),
        ] {
            let lines = lines.replace("set x", "");
            assert_eq!(said(&lines), expected, "{lines}");
        }
    }

    proptest! {
        #[test]
        fn no_keys_make_it_panic(names in prop::collection::vec("[a-z:{}_é.]{0,20}(queues|queue:|horizon:masters|:meta|:id|:events)[a-z:]{0,9}", 0..9), kind in 0..6usize) {
            let words = ["string", "list", "set", "zset", "hash", "stream"];
            let kind = RedisKeyKind::from_word(words[kind]);
            let kinds = names.iter().map(|name| (name.clone(), kind)).collect();
            let groups = names.into_iter().map(|name| (name, vec!["g".to_owned()])).collect();
            TellingKeys { kinds, groups }.queues();
        }
    }
}
