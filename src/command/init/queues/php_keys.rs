//! Queues of Laravel, with or without Horizon, recognized by their keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::init::found::FoundQueues;
use crate::command::init::queues::telling_keys::{RedisKeyKind, TellingKeys, horizon_key};

impl TellingKeys {
    /// Laravel's queues by prefix, and Horizon's records beside them.
    pub(crate) fn php(&self) -> Vec<FoundQueues> {
        let mut laravel = self.laravel();
        let horizon = self.horizon_prefixes().into_iter();
        let mut found: Vec<_> = horizon
            .map(|prefix| self.horizon(&prefix, &mut laravel))
            .collect();
        let laravel = laravel.into_iter();
        found.extend(laravel.map(|(prefix, names)| FoundQueues::named("laravel", names, &prefix)));
        found
    }

    /// The queues of a Horizon: it records their names, also of empty ones, but not
    /// their prefix.
    fn horizon(
        &self,
        horizon: &str,
        laravel: &mut BTreeMap<String, BTreeSet<String>>,
    ) -> FoundQueues {
        let app = horizon.trim_end_matches(':').trim_end_matches("horizon");
        let with_jobs = of_app(app, laravel.keys());
        let mut names = self.horizon_names(horizon);
        names.extend(
            with_jobs
                .as_ref()
                .and_then(|prefix| laravel.remove(prefix))
                .into_iter()
                .flatten(),
        );
        let known = with_jobs.or_else(|| of_app(app, self.laravel_prefixes.iter()));
        let mut remark = None;
        let prefix = if names.is_empty() {
            remark = Some(
                "Horizon is here, but it names no queue, so no queue is watched. Write their \
                `names` and the `prefix` of Laravel's keys (docs/queues.md)."
                    .to_owned(),
            );
            String::new()
        } else {
            known.unwrap_or_else(|| {
                remark = Some(
                    "No job waited when this was written, so `prefix` is a guess: compare it with \
                    `database.redis.options.prefix` of the application."
                        .to_owned(),
                );
                guessed(app)
            })
        };
        let mut found = FoundQueues::named("horizon", names, &prefix);
        found.keys.push(("horizon_prefix", horizon.to_owned()));
        found.remark = remark;
        found
    }

    /// The queues in Horizon's records: of its supervisors, and those that it measured.
    fn horizon_names(&self, horizon: &str) -> BTreeSet<String> {
        let recorded = self.horizon.get(horizon).into_iter().flatten().cloned();
        let measured = self.of(RedisKeyKind::Hash).filter_map(|key| {
            let (prefix, rest) = horizon_key(key)?;
            let name = rest.strip_prefix("queue:")?;
            (prefix == horizon && !name.is_empty()).then(|| name.to_owned())
        });
        // One that is worked off with others is measured under the names of all.
        let all = recorded.chain(measured);
        let names = all.flat_map(|names| names.split(',').map(str::to_owned).collect::<Vec<_>>());
        names.filter(|name| !name.is_empty()).collect()
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
}

/// The prefix of Laravel that belongs to an application, as in `shop_`; dashes and
/// underscores differ between versions.
fn of_app<'p>(app: &str, prefixes: impl Iterator<Item = &'p String> + Clone) -> Option<String> {
    let alike = |text: &str| text.replace('-', "_");
    let app = alike(app);
    let usual = format!("{app}database_");
    let mut exact = prefixes.clone();
    let exact = exact.find(|prefix| alike(prefix) == usual);
    let mut others = prefixes;
    exact
        .or_else(|| others.find(|prefix| alike(prefix).starts_with(&app)))
        .cloned()
}

/// Laravel's default, which follows from the same name as Horizon's.
fn guessed(app: &str) -> String {
    match app {
        "" => String::new(),
        app => format!("{app}database_"),
    }
}
