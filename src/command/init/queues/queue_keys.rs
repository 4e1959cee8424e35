//! Queue systems, recognized by the keys that they keep in a Redis.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::init::found::FoundQueues;
use crate::command::init::queues::telling_keys::{RedisKeyKind, TellingKeys};

/// Streams that are watched at most.
const STREAMS: usize = 20;

impl TellingKeys {
    /// The queue systems that the keys belong to.
    pub(crate) fn queues(&self) -> Vec<FoundQueues> {
        let mut found = self.php();
        found.extend(self.python());
        found.extend(self.ruby());
        found.extend(self.bullmq());
        found.extend(self.streams());
        found
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
                return Some(FoundQueues::listed("resque", prefix));
            }
            let list = format!("{prefix}queue:");
            let has_list = self
                .of(RedisKeyKind::List)
                .any(|key| key.starts_with(&list));
            let key = |name: &str| format!("{prefix}{name}");
            let is_it = has_list
                || self.is(&key("processes"), RedisKeyKind::Set)
                || self.is(&key("stat:processed"), RedisKeyKind::Text);
            is_it.then(|| FoundQueues::listed("sidekiq", prefix))
        });
        found.collect()
    }

    fn bullmq(&self) -> Vec<FoundQueues> {
        let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (prefix, name) in self.bullmq_queues() {
            let names = found.entry(prefix).or_default();
            names.insert(name.to_owned());
        }
        let found = found.into_iter().map(|(prefix, names)| {
            let prefix = if prefix == "bull" { "" } else { prefix };
            FoundQueues::named("bullmq", names, prefix)
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
                remark: None,
            })
        });
        found.take(STREAMS).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::command::init::queues::telling_keys::is_telling;

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

    fn check(cases: &[(&str, &[&str])]) {
        for (lines, expected) in cases {
            let lines = lines.replace("set x", "");
            assert_eq!(said(&lines), *expected, "{lines}");
        }
    }

    #[test]
    fn each_system_of_php_and_ruby_is_known_by_its_keys() {
        check(&[
            (
                "list shop_database_queues:default shop_database_queues:mail:notify\n\
                zset shop_database_queues:video:reserved",
                &["laravel [default mail video] prefix=shop_database_"],
            ),
            ("list queues:default", &["laravel [default]"]),
            (
                "list shop_database_queues:default\nzset shop_horizon:recent_jobs\nset x",
                &["horizon [default] prefix=shop_database_ horizon_prefix=shop_horizon:"],
            ),
            (
                "zset shop_horizon:masters",
                &["horizon [] horizon_prefix=shop_horizon:"],
            ),
            (
                "zset shop_horizon:masters\nhash shop_horizon:queue:mail,default",
                &["horizon [default mail] prefix=shop_database_ horizon_prefix=shop_horizon:"],
            ),
            (
                "list my-app-database-queues:a\nzset my_app_horizon:masters",
                &["horizon [a] prefix=my-app-database- horizon_prefix=my_app_horizon:"],
            ),
            (
                "zset horizon:masters\nhash horizon:queue:a",
                &["horizon [a] horizon_prefix=horizon:"],
            ),
            ("set queues processes\nlist queue:default", &["sidekiq []"]),
            (
                "set app:queues\nlist app:queue:a",
                &["sidekiq [] prefix=app:"],
            ),
            ("set queues", &[]),
            ("set resque:queues\nlist resque:queue:a", &["resque []"]),
            ("set rq:queues", &["rq []"]),
        ]);
    }

    #[test]
    fn each_system_of_other_languages_is_known_by_its_keys() {
        check(&[
            (
                "set _kombu.binding.celery _kombu.binding.mail _kombu.binding.celeryev \
                _kombu.binding.celery.pidbox",
                &["celery [celery mail]"],
            ),
            ("list celery\nhash unacked", &["celery [celery]"]),
            ("set _kombu.binding.celery.pidbox", &["celery [celery]"]),
            (
                "zset arq:queue arq:queue:mail",
                &["arq [arq:queue arq:queue:mail]"],
            ),
            ("string arq:queue:health-check", &["arq [arq:queue]"]),
            ("string other:health-check", &[]),
            ("zset dramatiq:__heartbeats__", &["dramatiq [] pattern=*"]),
            (
                "zset dramatiq:__heartbeats__\nset dramatiq:__acks__.1-2.video.DQ\n\
                list dramatiq:default dramatiq:default.DQ\nhash dramatiq:default.msgs \
                dramatiq:mail.XQ.msgs",
                &["dramatiq [default mail video]"],
            ),
            (
                "zset jobs:__heartbeats__\nhash jobs:a.msgs",
                &["dramatiq [a] prefix=jobs:"],
            ),
            (
                "hash bull:mail:meta\nstring bull:video:id\nlist bull:video:wait\n\
                stream bull:mail:events@g",
                &["bullmq [mail video]"],
            ),
            ("hash {b}:mail:meta", &["bullmq [mail] prefix={b}"]),
            ("string a:b:id", &[]),
            (
                "stream rolls@workers mails@a mails@b",
                &[
                    "stream [mails a] key=mails group=a",
                    "stream [mails b] key=mails group=b",
                    "stream [rolls] key=rolls group=workers",
                ],
            ),
        ]);
    }

    /// What is not known is said: nothing that was found is watched in silence, or not.
    #[test]
    fn what_was_guessed_or_not_found_has_a_remark() {
        let remark = |lines: &str| {
            let found = keys(lines).queues().remove(0);
            found.remark.unwrap_or_default()
        };
        for (lines, words) in [
            ("zset shop_horizon:masters", "no queue is watched"),
            (
                "zset shop_horizon:masters\nhash shop_horizon:queue:a",
                "`prefix` is a guess",
            ),
            (
                "set _kombu.binding.celery.pidbox",
                "`celery` is its default",
            ),
            ("zset dramatiq:__heartbeats__", "while they have jobs"),
            ("list shop_database_queues:a\nzset shop_horizon:masters", ""),
        ] {
            let said = remark(lines);
            assert!(
                said.contains(words) && words.is_empty() == said.is_empty(),
                "{said}"
            );
        }
        let mut keys = keys("zset shop_horizon:masters\nhash shop_horizon:queue:a");
        keys.laravel_prefixes.insert("shop-database-".to_owned());
        let found = keys.queues().remove(0);
        assert_eq!(found.remark, None);
        assert_eq!(found.keys[0], ("prefix", "shop-database-".to_owned()));
    }

    proptest! {
        #[test]
        fn no_keys_make_it_panic(names in prop::collection::vec("[a-z:{}_é.]{0,20}(queues|queue:|horizon:masters|:meta|:id|:events)[a-z:]{0,9}", 0..9), kind in 0..6usize) {
            let words = ["string", "list", "set", "zset", "hash", "stream"];
            let kind = RedisKeyKind::from_word(words[kind]);
            let kinds = names.iter().map(|name| (name.clone(), kind)).collect();
            let groups = names.into_iter().map(|name| (name, vec!["g".to_owned()])).collect();
            TellingKeys { kinds, groups, ..TellingKeys::default() }.queues();
        }
    }
}
