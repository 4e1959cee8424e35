//! One incident as it is to become: who joins it, and what there is to tell.

use std::time::Duration;

use jiff::Timestamp;

use crate::incident::gate::{self, Gate};
use crate::incident::reconcile::scene::{Change, Opening, Outcome, Scene, Turn};
use crate::incident::relation::related;
use crate::incident::words;
use crate::model::board::{Outlook, Wait};
use crate::model::component::{ComponentId, Severity};
use crate::model::incident::{Incident, Machine, Phase, Update};
use crate::model::verdict::{Publish, RuleId, State, Verdict};

/// An incident as it is to become.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The incident as written; `None` for a new one.
    written: Option<&'a Incident>,
    /// Whether it was over, and came back.
    again: bool,
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
        let components = scene.truth.components.iter();
        Self {
            written: Some(incident),
            again: false,
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

    /// Begins with one that was over; who brings it back joins next.
    ///
    /// How bad it is now, the rules of now say, unless a person said it.
    pub fn again(incident: &'a Incident, scene: &Scene<'_>) -> Self {
        let mut draft = Self::of(incident, scene);
        draft.again = true;
        if draft.machine.severity == draft.severity {
            draft.severity = None;
            draft.machine.severity = None;
        }
        draft
    }

    /// Begins a new one, named after the verdict; it joins next.
    pub fn opened_by(verdict: &'a Verdict) -> Self {
        Self {
            written: None,
            again: false,
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
            && related(
                &self.components,
                &verdict.components,
                scene.truth.components,
            )
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
        self.machine.worst = self.machine.worst.max(Some(verdict.severity));
        let ours = self.machine.affected.is_empty() || self.affected == self.machine.affected;
        for component in scene.truth.components {
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
                    turn: None,
                    update: Some(update),
                },
            });
            return;
        };
        let hold = gate::hold(scene.hold, self.machine.recurrences);
        let gate = gate::judge(written, scene.truth.verdicts, scene.now, hold);
        if let Gate::Watching(watch) = gate {
            outcome.outlooks.insert(
                written.id.clone(),
                Outlook {
                    good_since: Some(watch.good_since),
                    until: Some(watch.until),
                    waits: vec![Wait::Hold],
                    ..Outlook::default()
                },
            );
        }
        let turn = match gate {
            _ if self.again => Some(Turn::Again),
            Gate::Open { good_since } if self.firing.is_empty() => Some(Turn::Over(good_since)),
            _ => None,
        };
        let eased = self.ease(hold, scene);
        let update = self.next_update(written, gate, eased, scene);
        let change = Change {
            severity: (self.severity != written.severity)
                .then_some(self.severity)
                .flatten(),
            affected: (self.affected != written.affected).then(|| self.affected.clone()),
            machine: (self.machine != written.machine).then_some(self.machine),
            turn,
            update,
        };
        if change != Change::default() {
            outcome.changes.push((written.id.clone(), change));
        }
    }

    /// Whether the service itself wrote the severity, so that it may change it.
    fn judges(&self) -> bool {
        self.machine.severity.is_some() && self.machine.severity == self.severity
    }

    /// Lets the severity fall to what still counts; says so if it does.
    ///
    /// What has been quiet for the hold counts no more. While all is quiet the
    /// severity stays: then the incident is being watched.
    fn ease(&mut self, hold: Duration, scene: &Scene<'_>) -> Option<String> {
        let before = self.severity.filter(|_| self.judges())?;
        if self.firing.is_empty() {
            return None;
        }
        let counts = |verdict: &&Verdict| match verdict.state {
            State::Quiet { since } => {
                Duration::try_from(scene.now.duration_since(since)).unwrap_or_default() < hold
            }
            State::Pending { .. } | State::Firing { .. } | State::Unknown { .. } => true,
        };
        let own = scene
            .truth
            .verdicts
            .iter()
            .filter(|verdict| self.has(&verdict.rule));
        let level = own.filter(counts).map(|verdict| verdict.severity).max()?;
        (level < before).then(|| {
            self.severity = Some(level);
            self.machine.severity = self.severity;
            words::eased(before, hold, &self.firing.join(" "))
        })
    }

    /// What there is to tell; notes from when on it is being watched.
    fn next_update(
        &mut self,
        written: &Incident,
        gate: Gate,
        eased: Option<String>,
        scene: &Scene<'_>,
    ) -> Option<Update> {
        if !self.firing.is_empty() {
            let again = self.machine.good_since.take().is_some() || self.again;
            let phase = match written.phase() {
                Phase::Identified => Phase::Identified,
                Phase::Investigating | Phase::Monitoring | Phase::Resolved => Phase::Investigating,
            };
            return if again {
                self.machine.recurrences += 1;
                let text = words::failing_again(&self.firing.join(" "));
                Some(self.update(Phase::Investigating, text, scene))
            } else {
                let news = (!self.news.is_empty()).then(|| self.news.join(" "));
                eased.or(news).map(|text| self.update(phase, text, scene))
            };
        }
        match gate {
            Gate::Open { good_since } => {
                self.machine.good_since = None;
                // What is over is remembered by how bad it was.
                if self.judges() {
                    self.severity = self.machine.worst;
                    self.machine.severity = self.severity;
                }
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
