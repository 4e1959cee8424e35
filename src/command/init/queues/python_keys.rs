//! Queue systems of Python, recognized by their keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::init::found::FoundQueues;
use crate::command::init::queues::telling_keys::{RedisKeyKind, TellingKeys};

/// What arq's workers append to the name of their queue, for a sign of life.
const HEALTH: &str = ":health-check";

/// What the keys of Dramatiq's broker begin with, unless its namespace is another.
const DRAMATIQ: &str = "dramatiq:";

impl TellingKeys {
    /// The queues of RQ, Celery, arq and Dramatiq.
    pub(crate) fn python(&self) -> Vec<FoundQueues> {
        let mut found = Vec::from_iter(self.rq());
        found.extend(self.celery());
        found.extend(self.arq());
        found.extend(self.dramatiq());
        found
    }

    fn rq(&self) -> Option<FoundQueues> {
        let there =
            self.is("rq:queues", RedisKeyKind::Set) || self.is("rq:workers", RedisKeyKind::Set);
        there.then(|| FoundQueues::listed("rq", ""))
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
        let found = found.into_iter().map(|(prefix, mut names)| {
            let remark = names.is_empty().then(|| {
                "Celery is here, but none of its queues is named: `celery` is its default. \
                Write the names of yours."
                    .to_owned()
            });
            if names.is_empty() {
                names.insert("celery".to_owned());
            }
            FoundQueues {
                remark,
                ..FoundQueues::named("celery", names, prefix)
            }
        });
        found.collect()
    }

    /// arq's default queue, and those whose workers live.
    fn arq(&self) -> Option<FoundQueues> {
        let signs = self.of(RedisKeyKind::Text);
        // Others name keys like that, too.
        let is_its = |name: &&str| name.starts_with("arq:");
        let alive = signs.filter_map(|key| key.strip_suffix(HEALTH));
        let alive = alive.filter(is_its);
        let sets = self.of(RedisKeyKind::SortedSet);
        let waiting = sets.filter(|key| key.starts_with("arq:queue"));
        let mut names: Vec<_> = alive.chain(waiting).map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| FoundQueues {
            system: "arq",
            names,
            ..FoundQueues::default()
        })
    }

    /// Dramatiq's queues by namespace: an idle one leaves nothing but the sign of life of
    /// its workers.
    fn dramatiq(&self) -> Vec<FoundQueues> {
        let sets = self.of(RedisKeyKind::SortedSet);
        let prefixes = sets.filter_map(|key| key.strip_suffix("__heartbeats__"));
        let mut prefixes: BTreeSet<_> = prefixes.filter(|prefix| prefix.ends_with(':')).collect();
        let keys = self.kinds.keys();
        let starts =
            |key: &String| key.starts_with(DRAMATIQ) && key.strip_suffix(".msgs").is_some();
        prefixes.extend(keys.clone().any(starts).then_some(DRAMATIQ));
        let found = prefixes.into_iter().map(|prefix| {
            let kinds = self.kinds.iter();
            let names = kinds.filter_map(|(key, kind)| {
                let rest = key.strip_prefix(prefix)?;
                let name = match kind {
                    RedisKeyKind::Hash => rest.strip_suffix(".msgs")?,
                    RedisKeyKind::Set => rest.strip_prefix("__acks__.")?.split_once('.')?.1,
                    RedisKeyKind::List => rest,
                    _ => return None,
                };
                let plain = [".DQ", ".XQ"].iter().find_map(|end| name.strip_suffix(end));
                let name = plain.unwrap_or(name);
                (!name.is_empty() && !name.starts_with("__")).then(|| name.to_owned())
            });
            let names: BTreeSet<_> = names.collect();
            let is_unnamed = names.is_empty();
            let prefix = if prefix == DRAMATIQ { "" } else { prefix };
            let mut found = FoundQueues::named("dramatiq", names, prefix);
            if is_unnamed {
                found.keys.push(("pattern", "*".to_owned()));
                found.remark = Some(
                    "Dramatiq is here, but no queue has a job: `pattern` finds queues while they \
                    have jobs. Better write their `names` instead."
                        .to_owned(),
                );
            }
            found
        });
        found.collect()
    }
}
