//! One incident as it is to become: who joins it, and what there is to tell.

use jiff::Timestamp;

use crate::incident::gate::{self, Gate};
use crate::incident::reconcile::scene::{Change, Opening, Outcome, Scene};
use crate::incident::relation::related;
use crate::incident::words;
use crate::model::component::{ComponentId, Severity};
use crate::model::incident::{Incident, Machine, Phase, Update};
use crate::model::verdict::{Publish, RuleId, Verdict};

/// An incident as it is to become.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The incident as written; `None` for a new one.
    written: Option<&'a Incident>,
    /// What a new one is called and when it began.
    title: &'a str,
    date: Timestamp,
    hidden: bool,
    components: Vec<ComponentId>,
    affected: Vec<String>,
    severity: Option<Severity>,
    machine: Machine,
    /// Sentences of rules that joined just now.
    news: Vec<&'a str>,
    /// Sentences of its rules that fire, the gravest first.
    firing: Vec<&'a str>,
}

impl<'a> Draft<'a> {
    /// Begins with what is written.
    pub fn of(incident: &'a Incident, scene: &Scene<'_>) -> Self {
        let components = scene.components.iter();
        Self {
            written: Some(incident),
            title: &incident.title,
            date: incident.date.unwrap_or(scene.now),
            hidden: incident.draft,
            components: components
                .filter(|component| incident.affected.contains(&component.name))
                .map(|component| component.id.clone())
                .collect(),
            affected: incident.affected.clone(),
            severity: incident.severity,
            machine: incident.machine.clone(),
            news: Vec::new(),
            firing: Vec::new(),
        }
    }

    /// Begins a new one, named after the verdict; it joins next.
    pub fn opened_by(verdict: &'a Verdict) -> Self {
        Self {
            written: None,
            title: &verdict.title,
            date: verdict.state.since(),
            hidden: verdict.publish == Publish::Draft,
            components: Vec::new(),
            affected: Vec::new(),
            severity: None,
            machine: Machine::default(),
            news: Vec::new(),
            firing: Vec::new(),
        }
    }

    /// Whether it accounts for the rule already.
    pub fn has(&self, rule: &RuleId) -> bool {
        self.machine.rules.contains(rule)
    }

    /// Whether a verdict of a rule that it does not know yet belongs to it.
    pub fn takes_in(&self, verdict: &Verdict, scene: &Scene<'_>) -> bool {
        self.hidden == (verdict.publish == Publish::Draft)
            && related(&self.components, &verdict.components, scene.components)
    }

    /// Takes a firing verdict in.
    pub fn join(&mut self, verdict: &'a Verdict, scene: &Scene<'_>) {
        if !self.firing.contains(&verdict.text.as_str()) {
            self.firing.push(&verdict.text);
        }
        if !self.machine.rules.contains(&verdict.rule) {
            self.machine.rules.push(verdict.rule.clone());
            // What is milder than what is known is evidence, not news.
            let milder = Some(verdict.severity) < self.severity;
            if !milder && !self.news.contains(&verdict.text.as_str()) {
                self.news.push(&verdict.text);
            }
        }
        if self.written.is_none() {
            self.date = self.date.min(verdict.state.since());
        }
        // What a person changed stays as that person wrote it (law 6).
        if self
            .machine
            .severity
            .is_none_or(|ours| self.severity == Some(ours))
        {
            self.severity = self.severity.max(Some(verdict.severity));
            self.machine.severity = self.severity;
        }
        let ours = self.machine.affected.is_empty() || self.affected == self.machine.affected;
        for component in scene.components {
            if verdict.components.contains(&component.id) {
                if !self.components.contains(&component.id) {
                    self.components.push(component.id.clone());
                }
                if ours && !self.affected.contains(&component.name) {
                    self.affected.push(component.name.clone());
                }
            }
        }
        if ours {
            self.machine.affected.clone_from(&self.affected);
        }
    }

    /// Compares with what is written and says what must change.
    pub fn settle(mut self, scene: &Scene<'_>, outcome: &mut Outcome) {
        let Some(written) = self.written else {
            let update = self.update(Phase::Investigating, self.news.join(" "), scene);
            outcome.openings.push(Opening {
                title: self.title.to_owned(),
                date: self.date,
                draft: self.hidden,
                change: Change {
                    severity: self.severity,
                    affected: Some(self.affected),
                    machine: Some(self.machine),
                    resolved: None,
                    update: Some(update),
                },
            });
            return;
        };
        let gate = gate::judge(written, scene.verdicts, scene.now, scene.hold);
        if let Gate::Watching(watch) = gate {
            outcome.watches.insert(written.id.clone(), watch);
        }
        let resolved = match gate {
            Gate::Open { good_since } if self.firing.is_empty() => Some(good_since),
            _ => None,
        };
        let update = self.next_update(written, gate, scene);
        let change = Change {
            severity: (self.severity != written.severity)
                .then_some(self.severity)
                .flatten(),
            affected: (self.affected != written.affected).then(|| self.affected.clone()),
            machine: (self.machine != written.machine).then_some(self.machine),
            resolved,
            update,
        };
        if change != Change::default() {
            outcome.changes.push((written.id.clone(), change));
        }
    }

    /// What there is to tell; notes from when on it is being watched.
    fn next_update(&mut self, written: &Incident, gate: Gate, scene: &Scene<'_>) -> Option<Update> {
        if !self.firing.is_empty() {
            let again = self.machine.good_since.take().is_some();
            let phase = match written.phase() {
                Phase::Identified => Phase::Identified,
                Phase::Investigating | Phase::Monitoring | Phase::Resolved => Phase::Investigating,
            };
            return if again {
                let text = words::failing_again(&self.firing.join(" "));
                Some(self.update(Phase::Investigating, text, scene))
            } else {
                let news = (!self.news.is_empty()).then(|| self.news.join(" "));
                news.map(|text| self.update(phase, text, scene))
            };
        }
        match gate {
            Gate::Open { good_since } => {
                self.machine.good_since = None;
                let text = words::over(self.date, good_since, scene.zone);
                Some(self.update(Phase::Resolved, text, scene))
            }
            Gate::Watching(watch) if self.machine.good_since.is_none() => {
                self.machine.good_since = Some(watch.good_since);
                Some(self.update(Phase::Monitoring, words::watching(watch, scene.zone), scene))
            }
            Gate::Watching(_) | Gate::Settling | Gate::Shut => None,
        }
    }

    fn update(&self, phase: Phase, text: String, scene: &Scene<'_>) -> Update {
        // What opens an incident is dated by its first bad sample.
        let at = if self.written.is_none() {
            self.date
        } else {
            scene.now
        };
        Update::new(at, phase, text)
    }
}
