//! A draft of one incident: which rules it accounts for, and its title.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::incident::reconcile::input::Input;
use crate::incident::reconcile::ownership::Locks;
use crate::incident::reconcile::relation::{related, upstream};
use crate::model::component::{ComponentId, Severity};
use crate::model::incident::Incident;
use crate::model::incidents::managed::Managed;
use crate::model::verdict::{Publish, RuleId, Verdict};

/// Faults that begin within this time of each other may be one storm.
const STORM_LASTS: Duration = Duration::from_mins(1);

/// The evidence of so many rules is recorded; the others are in the metrics.
const EVIDENCE: usize = 20;

/// The most sentences in one update.
pub const SENTENCES: usize = 4;

/// An incident as it should be written.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The incident as written; `None` for a new one.
    pub written: Option<&'a Incident>,
    /// The keys that a person has changed.
    pub locks: Locks,
    /// Whether it was over and recurred.
    pub again: bool,
    /// Its title.
    pub title: String,
    /// When it began.
    pub date: Timestamp,
    /// Whether people must publish it.
    pub hidden: bool,
    /// The affected components.
    pub components: Vec<ComponentId>,
    /// Their names, as written.
    pub affected: Vec<String>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// The managed keys.
    pub managed: Managed,
    /// Sentences of rules that joined just now.
    pub news: Vec<&'a str>,
    /// Sentences of its rules that fire, the gravest first, and how bad they are.
    pub firing: Vec<(Severity, &'a str)>,
}

impl<'a> Draft<'a> {
    /// A draft of an incident as it is written.
    pub fn of(incident: &'a Incident, input: &Input<'_>) -> Self {
        let components = input.observed.components.iter();
        let mut managed = incident.managed.clone();
        // A rule that is quiet again is no longer overruled.
        managed.overruled.retain(|rule| {
            let mut verdict = input.verdict(rule).into_iter();
            !verdict.any(|verdict| input.is_seen_quiet(verdict))
        });
        Self {
            written: Some(incident),
            locks: Locks::of(incident),
            again: false,
            title: incident.title.clone(),
            date: incident.date.unwrap_or(input.now),
            hidden: incident.draft,
            components: components
                .filter(|component| incident.affected.contains(&component.name))
                .map(|component| component.id.clone())
                .collect(),
            affected: incident.affected.clone(),
            severity: incident.severity,
            managed,
            news: Vec::new(),
            firing: Vec::new(),
        }
    }

    /// A draft of an incident that was over and recurs; its verdict joins next.
    ///
    /// The verdicts set a new severity, unless a person set it.
    pub fn again(incident: &'a Incident, input: &Input<'_>) -> Self {
        let mut draft = Self::of(incident, input);
        draft.again = true;
        draft.managed.ended = None;
        draft.managed.levels.clear();
        if !draft.locks.severity {
            draft.severity = None;
        }
        draft
    }

    /// A draft of a new incident, named after the verdict, which joins next.
    pub fn opened_by(verdict: &'a Verdict, input: &Input<'_>) -> Self {
        Self {
            written: None,
            locks: Locks::default(),
            again: false,
            title: verdict.title.clone(),
            date: began(verdict, input),
            hidden: verdict.publish == Publish::Draft,
            components: Vec::new(),
            affected: Vec::new(),
            severity: None,
            managed: Managed::default(),
            news: Vec::new(),
            firing: Vec::new(),
        }
    }

    /// Whether it accounts for the rule already.
    pub fn has(&self, rule: &RuleId) -> bool {
        self.managed.rules.contains(rule)
    }

    /// Whether the verdict of a further rule belongs to it.
    ///
    /// An incident of a person takes in only rules of the components that it names.
    pub fn takes_in(&self, verdict: &Verdict, input: &Input<'_>) -> bool {
        let shared = || {
            let mut ids = verdict.components.iter();
            ids.any(|id| self.components.contains(id))
        };
        self.hidden == (verdict.publish == Publish::Draft)
            && if self.managed.join {
                shared()
            } else {
                related(
                    &self.components,
                    &verdict.components,
                    input.observed.components,
                )
            }
    }

    /// Whether it began together with a verdict, so that both may be of one storm.
    pub fn is_of_storm(&self, verdict: &Verdict) -> bool {
        let apart = self.date.duration_since(verdict.since()).unsigned_abs();
        !self.again
            && !self.managed.join
            && self.hidden == (verdict.publish == Publish::Draft)
            && apart <= STORM_LASTS
    }

    /// Takes a firing verdict in.
    pub fn join(&mut self, verdict: &'a Verdict, input: &Input<'_>) {
        let sentence = (verdict.severity, verdict.text.as_str());
        if !self.firing.iter().any(|(_, text)| *text == sentence.1) {
            self.firing.push(sentence);
        }
        // A notice is not an outage, which begins with the first worse sample.
        let worse = self.severity == Some(Severity::Notice)
            && verdict.severity > Severity::Notice
            && !self.locks.severity;
        if !self.has(&verdict.rule) {
            self.take_news(verdict);
            let first = if self.leads(verdict, input) {
                self.title.clone_from(&verdict.title);
                0
            } else {
                self.managed.rules.len()
            };
            self.managed.rules.insert(first, verdict.rule.clone());
            if self.managed.evidence.len() < EVIDENCE {
                let (rule, text) = (verdict.rule.clone(), verdict.text.clone());
                self.managed.evidence.insert(rule, text);
            }
        } else if self.rises(verdict) {
            self.take_news(verdict);
        }
        self.begin(began(verdict, input), verdict.severity, worse);
        if !self.locks.severity {
            self.severity = self.severity.max(Some(verdict.severity));
        }
        self.managed.worst = self.managed.worst.max(Some(verdict.severity));
        self.affect(verdict, input);
    }

    /// Whether a rule that it accounts for makes it graver than its file says.
    fn rises(&self, verdict: &Verdict) -> bool {
        let is_graver = self.severity.is_some_and(|told| verdict.severity > told);
        is_graver && self.written.is_some() && !self.locks.severity
    }

    /// Takes the sentence of a rule that joins into the next update, if it is news.
    fn take_news(&mut self, verdict: &'a Verdict) {
        // A milder verdict is evidence, not news.
        let milder = Some(verdict.severity) < self.severity;
        if !milder && !self.news.contains(&verdict.text.as_str()) {
            self.news.push(&verdict.text);
        }
    }

    /// What fails at present, in a few sentences of the gravest rules. The symptoms
    /// of a fault would add nothing.
    pub fn summary(&self) -> String {
        let gravest = self.firing.iter().map(|(severity, _)| severity).max();
        let texts = self
            .firing
            .iter()
            .filter(|(severity, _)| Some(severity) == gravest);
        let texts: Vec<_> = texts.take(SENTENCES).map(|(_, text)| *text).collect();
        texts.join(" ")
    }

    /// Whether a verdict outranks the one that the incident is named after: it is
    /// graver, or as grave and the cause of it.
    fn leads(&self, verdict: &Verdict, input: &Input<'_>) -> bool {
        let lead = self.managed.rules.first();
        let Some(before) = lead.and_then(|rule| input.verdict(rule)) else {
            return false;
        };
        let reach = upstream(&before.components, input.observed.components);
        let causes = verdict.components.iter().any(|id| reach.contains(id));
        let graver = verdict.severity > before.severity;
        !self.locks.title && (graver || verdict.severity == before.severity && causes)
    }

    /// Lets it begin with its first bad sample.
    fn begin(&mut self, since: Timestamp, severity: Severity, worse: bool) {
        if worse && !self.locks.date {
            self.date = since;
        } else if self.written.is_none() && severity > Severity::Notice {
            self.date = self.date.min(since);
        }
    }

    /// Names the components of a verdict.
    fn affect(&mut self, verdict: &Verdict, input: &Input<'_>) {
        for component in input.observed.components {
            if verdict.components.contains(&component.id) {
                if !self.components.contains(&component.id) {
                    self.components.push(component.id.clone());
                }
                if !self.locks.affected && !self.affected.contains(&component.name) {
                    self.affected.push(component.name.clone());
                }
            }
        }
    }
}

/// When the fault behind a verdict began: not before the end of the last incident
/// of its rule, whatever other sources report.
fn began(verdict: &Verdict, input: &Input<'_>) -> Timestamp {
    let own = |incident: &&Arc<Incident>| incident.managed.rules.contains(&verdict.rule);
    let over = input.incidents.iter().filter(own);
    let over = over.filter(|incident| incident.resolved == Some(true));
    let ended = over.filter_map(|incident| incident.resolved_when).max();
    let since = verdict.since();
    let after = ended.map_or(since, |ended| since.max(ended));
    after.min(verdict.state.since())
}
