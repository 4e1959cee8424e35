//! Rules that find no data although their collectors answer: a slip in a name or
//! a label, told with what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;

use crate::evaluate::promql::inspect::selectors::WrittenSelector;
use crate::evaluate::promql::selected::select;
use crate::evaluate::rules::rule::Rule;
use crate::evaluate::window::Window;
use crate::evaluate::window::labels::Labels;
use crate::model::sample::{CollectorId, Expected, Metric, Scrape, UP};
use crate::model::text::nearest::nearest;
use crate::model::time::duration::elapsed;
use crate::model::verdict::{RuleId, RuleState, Verdict};

/// How many near series are told, and how many collectors.
const MOST: usize = 3;

/// A common beginning of two names that is worth a mention.
const LEAST_COMMON: usize = 5;

/// What a collector brought last.
#[derive(Debug)]
struct BroughtSeries {
    /// Three intervals and the timeout.
    good_for: Duration,
    series: usize,
    names: BTreeSet<String>,
}

/// Remembers what collectors bring while a rule finds nothing, and tells it once.
#[derive(Debug, Default)]
pub(crate) struct Unmatched {
    /// Whether a rule lacks data, and what collectors bring is worth remembering.
    watching: bool,
    brought: BTreeMap<CollectorId, BroughtSeries>,
    logged: BTreeSet<RuleId>,
}

impl Unmatched {
    /// Begins to remember, whatever the rules say.
    pub(crate) fn watch(&mut self) {
        self.watching = true;
    }

    /// Takes notice of all that a collector brought.
    pub(crate) fn note(&mut self, scrape: &Scrape) {
        if !self.watching {
            return;
        }
        if scrape.failed() {
            self.brought.remove(&scrape.collector);
            return;
        }
        let names = scrape.samples.iter().map(|one| one.metric.name.clone());
        let brought = BroughtSeries {
            good_for: elapsed(scrape.at, scrape.good_until),
            series: scrape.samples.len(),
            names: names.collect(),
        };
        self.brought.insert(scrape.collector.clone(), brought);
    }

    /// Logs every rule that has found no data for three intervals of its
    /// collectors, once, and once that it does again.
    pub(crate) fn log(
        &mut self,
        (rules, verdicts): (&[Rule], &[Verdict]),
        found: (&Window, &[Expected]),
        now: Timestamp,
    ) {
        let mut lacking = false;
        for (rule, verdict) in rules.iter().zip(verdicts) {
            let RuleState::Unknown { since } = verdict.state else {
                if self.logged.remove(&verdict.rule) {
                    let rule = &verdict.rule;
                    tracing::info!(rule.id = %rule, "rule `{rule}` finds data again");
                }
                continue;
            };
            if self.logged.contains(&verdict.rule) {
                continue;
            }
            lacking = true;
            if let Some((words, patience)) = self.sentence(rule, found, now)
                && elapsed(since, now) >= patience
            {
                tracing::warn!(rule.id = %verdict.rule, "{words}");
                self.logged.insert(verdict.rule.clone());
            }
        }
        self.watching = lacking;
        if !lacking {
            self.brought.clear();
        }
    }

    /// What every rule without data does not find, in a sentence each.
    pub(crate) fn all(
        &self,
        (rules, verdicts): (&[Rule], &[Verdict]),
        found: (&Window, &[Expected]),
        now: Timestamp,
    ) -> Vec<String> {
        let rules = rules.iter().zip(verdicts);
        let lacking = rules.filter(|(_, one)| matches!(one.state, RuleState::Unknown { .. }));
        let sentences = lacking.filter_map(|(rule, _)| self.sentence(rule, found, now));
        sentences.map(|(words, _)| words).collect()
    }

    /// The selector of a rule that finds nothing, in a sentence, and how long its
    /// collectors may take to bring something; `None` while one of them is silent.
    fn sentence(
        &self,
        rule: &Rule,
        (window, expected): (&Window, &[Expected]),
        now: Timestamp,
    ) -> Option<(String, Duration)> {
        let is_empty = |one: &WrittenSelector| {
            let found = select(&one.text, window, now);
            found.is_ok_and(|found| found.is_empty())
        };
        let selector = rule.selectors().into_iter().find(is_empty)?;
        let may_bring = |one: &&Expected| {
            let job = selector.wants("job");
            let name = selector.name.as_deref();
            job.is_none_or(|job| job == one.collector.0)
                && name.is_none_or(|name| is_of_all(name) || one.brings.may_be(name))
        };
        let mut asked: Vec<_> = expected.iter().filter(may_bring).collect();
        if asked.is_empty() {
            asked = expected.iter().collect();
        }
        let known = asked.iter().map(|one| {
            let brought = self.brought.get(&one.collector)?;
            Some((&*one.collector.0, brought))
        });
        let known: Vec<_> = known.collect::<Option<_>>()?;
        let patience = known.iter().map(|(_, one)| one.good_for).max()?;
        let alike = selector.name.as_deref().map(|name| {
            let found = select(name, window, now).unwrap_or_default();
            found.into_iter().map(|one| one.metric).collect::<Vec<_>>()
        });
        let collectors = known.iter().map(|(id, one)| (*id, one.series));
        let names = known.iter().flat_map(|(_, one)| &one.names);
        let words = nothing_matches(
            &rule.name().0.0,
            &selector,
            &collectors.collect::<Vec<_>>(),
            &near(
                &selector,
                &alike.unwrap_or_default(),
                names.map(String::as_str),
            ),
        );
        Some((words, patience))
    }
}

/// Whether every collector brings a metric of this name.
fn is_of_all(name: &str) -> bool {
    name == UP || name.starts_with("scrape_")
}

/// Says that a selector of a rule finds nothing, what its collectors bring, and
/// what it may have meant.
pub(crate) fn nothing_matches(
    rule: &str,
    selector: &WrittenSelector,
    collectors: &[(&str, usize)],
    near: &[String],
) -> String {
    let mut text = format!("rule `{rule}`: nothing matches `{}`", selector.text);
    for (id, series) in collectors.iter().take(MOST) {
        // Writing to a text cannot fail.
        let _ = write!(text, "; collector `{id}` returned {series} series");
    }
    if collectors.len() > MOST {
        let _ = write!(
            text,
            ", and {} others returned none",
            collectors.len() - MOST
        );
    }
    if near.is_empty() {
        return text + ", none with a similar name";
    }
    let near: Vec<_> = near.iter().map(|one| format!("`{one}`")).collect();
    format!("{text}; near: {}", near.join(", "))
}

/// The series that are nearest to what a selector asks for: of the same name with
/// other labels, else names that are alike.
fn near<'n>(
    selector: &WrittenSelector,
    alike: &[Metric],
    names: impl Iterator<Item = &'n str> + Clone,
) -> Vec<String> {
    if alike.is_empty() {
        let Some(name) = &selector.name else {
            return Vec::new();
        };
        return like(name, names);
    }
    let fits = |metric: &Metric| {
        let labels = metric.labels.iter();
        labels
            .filter(|(label, value)| selector.wants(label) == Some(value.as_str()))
            .count()
    };
    let mut alike: Vec<_> = alike.iter().map(|one| (fits(one), one)).collect();
    alike.sort_by_key(|(fits, _)| std::cmp::Reverse(*fits));
    let best = alike.first().map_or(0, |(fits, _)| *fits);
    let alike = alike.into_iter().take_while(|(fits, _)| *fits == best);
    let mut shown = Vec::new();
    for (_, metric) in alike {
        let series = of_these_labels(metric, selector);
        if !shown.contains(&series) && shown.len() < MOST {
            shown.push(series);
        }
    }
    shown
}

/// A series with those labels that the selector names, or all if it has none of them.
fn of_these_labels(metric: &Metric, selector: &WrittenSelector) -> String {
    let mut short = metric.clone();
    let named = |label: &String| selector.labels.iter().any(|(name, _)| name == label);
    short.labels.retain(|label, _| named(label));
    let short = if short.labels.is_empty() {
        metric.clone()
    } else {
        short
    };
    Labels::of(&short).to_string()
}

/// Names that are like one: a slip away, else with the longest common beginning.
fn like<'n>(name: &str, names: impl Iterator<Item = &'n str> + Clone) -> Vec<String> {
    if let Some(meant) = nearest(name, names.clone()) {
        return vec![meant.to_owned()];
    }
    let common = |other: &str| {
        let both = name.bytes().zip(other.bytes());
        both.take_while(|(one, other)| one == other).count()
    };
    let longest = names.clone().map(common).max().unwrap_or_default();
    if longest < LEAST_COMMON.max(name.len() / 3) {
        return Vec::new();
    }
    let mut shown: Vec<_> = names
        .filter(|other| common(other) == longest)
        .map(str::to_owned)
        .collect();
    shown.sort();
    shown.dedup();
    shown.truncate(MOST);
    shown
}

#[cfg(test)]
mod tests {
    use crate::evaluate::promql::inspect::selectors::selectors;

    use super::*;

    #[test]
    fn the_sentence_names_what_there_is_and_what_is_near() {
        let check = |text: &str, alike: &[Metric], names: &[&str], end: &str| {
            let selector = selectors(text).remove(0);
            let near = near(&selector, alike, names.iter().copied());
            let said = nothing_matches("no-worker", &selector, &[("redis", 812)], &near);
            let head = format!(
                "rule `no-worker`: nothing matches `{text}`; collector `redis` returned 812 series"
            );
            assert_eq!(said, head + end);
        };
        let workers = |system: &str, queue: &str| {
            Metric::new("queue_workers", [("system", system), ("queue", queue)])
        };
        check(
            "queue_workers{system=\"rq\"}",
            &[workers("horizon", "a"), workers("horizon", "b")],
            &[],
            "; near: `queue_workers{system=\"horizon\"}`",
        );
        check(
            "queue_workers{queue=\"b\",system=\"rq\"}",
            &[workers("horizon", "a"), workers("horizon", "b")],
            &[],
            "; near: `queue_workers{queue=\"b\", system=\"horizon\"}`",
        );
        let names = ["queue_workers", "queue_jobs", "redis_up"];
        check("queue_wokers", &[], &names, "; near: `queue_workers`");
        check(
            "queue_age_seconds",
            &[],
            &names,
            "; near: `queue_jobs`, `queue_workers`",
        );
        check("mail_jobs", &[], &names, ", none with a similar name");
    }
}
