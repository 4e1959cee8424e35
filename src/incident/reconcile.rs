//! What is written and what is true go in; what to write comes out. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::closed::{self, Respect};
use crate::incident::gate::{self, Gate};
use crate::incident::relation::{related, upstream};
use crate::incident::words;
use crate::model::board::Watch;
use crate::model::component::{Component, ComponentId, Severity};
use crate::model::incident::{Incident, IncidentId, Machine, Phase, Update};
use crate::model::verdict::{Publish, Verdict};

/// Everything that the decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What is written.
    pub incidents: &'a [Arc<Incident>],
    /// What is true.
    pub verdicts: &'a [Verdict],
    /// The components, with what they need.
    pub components: &'a [Component],
    /// How long all must be quiet before an incident is over.
    pub hold: Duration,
    /// The site's time zone, for times in words.
    pub zone: &'a TimeZone,
    /// The moment.
    pub now: Timestamp,
}

/// An incident to be written as a new file.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Heading, and the words of the file's name.
    pub title: String,
    /// First bad sample.
    pub date: Timestamp,
    /// Whether people must publish it.
    pub draft: bool,
    /// What changes from an empty incident.
    pub change: Change,
}

/// New values of the keys that change, and an update to put on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Names of the components concerned.
    pub affected: Option<Vec<String>>,
    /// What the service notes for itself.
    pub machine: Option<Machine>,
    /// When it was well again; says that it is over.
    pub resolved: Option<Timestamp>,
    /// What to tell.
    pub update: Option<Update>,
}

/// What to write, and what is being watched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// New incidents.
    pub openings: Vec<Opening>,
    /// Changes of those that exist, one each.
    pub changes: Vec<(IncidentId, Change)>,
    /// Open incidents that wait to be called over.
    pub watches: BTreeMap<IncidentId, Watch>,
}

/// Decides what to write so that the files say what is true.
pub fn reconcile(scene: &Scene<'_>) -> Outcome {
    let mut drafts: Vec<Draft<'_>> = scene
        .incidents
        .iter()
        .filter(|incident| incident.resolved == Some(false))
        .filter(|incident| !incident.machine.rules.is_empty())
        .map(|incident| Draft::of(incident, scene))
        .collect();
    for verdict in firing(scene) {
        if let Some(at) = place(&drafts, verdict, scene) {
            drafts[at].join(verdict, scene);
        } else {
            let mut draft = Draft::opened_by(verdict);
            draft.join(verdict, scene);
            drafts.push(draft);
        }
    }
    let mut outcome = Outcome::default();
    for draft in drafts {
        draft.settle(scene, &mut outcome);
    }
    let over = scene
        .incidents
        .iter()
        .filter(|incident| incident.resolved == Some(true));
    for incident in over.filter(|incident| !incident.machine.rules.is_empty()) {
        let Respect { end, machine } = closed::respect(incident, scene.verdicts, scene.now);
        let change = Change {
            resolved: end,
            machine,
            ..Change::default()
        };
        if change != Change::default() {
            outcome.changes.push((incident.id.clone(), change));
        }
    }
    outcome
}

/// Firing verdicts that need an incident, the one to name it after first.
fn firing<'a>(scene: &Scene<'a>) -> Vec<&'a Verdict> {
    let mut firing: Vec<_> = scene
        .verdicts
        .iter()
        .filter(|verdict| verdict.state.is_firing() && verdict.publish != Publish::Internal)
        .filter(|verdict| !closed::closed_by_hand(verdict, scene.incidents, scene.now))
        .collect();
    // Causes before symptoms: who needs nothing that fires comes first.
    firing.sort_by_cached_key(|verdict| {
        let reach = upstream(&verdict.components, scene.components);
        let causes = scene.verdicts.iter().filter(|other| {
            other.state.is_firing() && other.components.iter().any(|id| reach.contains(id))
        });
        (
            std::cmp::Reverse(verdict.severity),
            causes.count(),
            verdict.state.since(),
        )
    });
    firing
}

/// Which incident accounts for a firing verdict: its own, else one that is related.
fn place(drafts: &[Draft<'_>], verdict: &Verdict, scene: &Scene<'_>) -> Option<usize> {
    let own = drafts
        .iter()
        .position(|draft| draft.machine.rules.contains(&verdict.rule));
    own.or_else(|| {
        drafts.iter().position(|draft| {
            draft.hidden == (verdict.publish == Publish::Draft)
                && related(&draft.components, &verdict.components, scene.components)
        })
    })
}

/// An incident as it is to become.
struct Draft<'a> {
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
    fn of(incident: &'a Incident, scene: &Scene<'_>) -> Self {
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

    fn opened_by(verdict: &'a Verdict) -> Self {
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

    fn join(&mut self, verdict: &'a Verdict, scene: &Scene<'_>) {
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
    fn settle(mut self, scene: &Scene<'_>, outcome: &mut Outcome) {
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

#[cfg(test)]
mod tests {
    use crate::model::verdict::{RuleId, State};

    use super::*;

    const HOLD: Duration = Duration::from_secs(100);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn component(id: &str, needs: &[&str]) -> Component {
        Component {
            id: ComponentId(id.into()),
            name: id.to_uppercase(),
            description: None,
            category: None,
            needs: needs
                .iter()
                .map(|need| ComponentId((*need).into()))
                .collect(),
        }
    }

    fn verdict(rule: &str, component: &str, severity: Severity, state: State) -> Verdict {
        Verdict {
            rule: RuleId(rule.into()),
            state,
            severity,
            components: vec![ComponentId(component.into())],
            publish: Publish::Auto,
            title: format!("{rule} title"),
            text: format!("{rule} text."),
            evidence: Vec::new(),
        }
    }

    fn firing(rule: &str, component: &str, severity: Severity, since: i64) -> Verdict {
        verdict(
            rule,
            component,
            severity,
            State::Firing { since: at(since) },
        )
    }

    fn incident(rules: &[&str], severity: Severity, affected: &[&str], phase: Phase) -> Incident {
        Incident {
            id: IncidentId("one".into()),
            name: "one.md".into(),
            filename: "one.md".into(),
            is_issue: true,
            title: "One".into(),
            date: Some(at(0)),
            resolved: Some(false),
            resolved_when: None,
            severity: Some(severity),
            affected: affected.iter().map(|name| (*name).to_owned()).collect(),
            draft: false,
            expires: None,
            informational: false,
            pin: None,
            weight: 0,
            machine: Machine {
                rules: rules.iter().map(|rule| RuleId((*rule).into())).collect(),
                severity: Some(severity).filter(|_| !rules.is_empty()),
                affected: affected
                    .iter()
                    .filter(|_| !rules.is_empty())
                    .map(|name| (*name).to_owned())
                    .collect(),
                good_since: (phase == Phase::Monitoring).then(|| at(50)),
                muted: Vec::new(),
            },
            updates: vec![Update::new(at(0), phase, "")],
            body: String::new(),
        }
    }

    fn decide(incidents: &[Incident], verdicts: &[Verdict], now: i64) -> Outcome {
        let components = [
            component("cache", &[]),
            component("worker", &["cache"]),
            component("api", &["worker"]),
            component("blog", &[]),
        ];
        let incidents: Vec<_> = incidents.iter().cloned().map(Arc::new).collect();
        reconcile(&Scene {
            incidents: &incidents,
            verdicts,
            components: &components,
            hold: HOLD,
            zone: &TimeZone::UTC,
            now: at(now),
        })
    }

    fn names(rules: &[RuleId]) -> Vec<&str> {
        rules.iter().map(|rule| &*rule.0).collect()
    }

    #[test]
    fn a_firing_rule_opens_an_incident_dated_by_its_first_bad_sample() {
        let outcome = decide(&[], &[firing("oom", "cache", Severity::Down, 5)], 9);
        let [opening] = &outcome.openings[..] else {
            panic!("{outcome:?}")
        };
        assert_eq!(
            (opening.title.as_str(), opening.date, opening.draft),
            ("oom title", at(5), false)
        );
        assert_eq!(opening.change.affected, Some(vec!["CACHE".to_owned()]));
        assert_eq!(opening.change.severity, Some(Severity::Down));
        let update = opening.change.update.as_ref().unwrap();
        assert_eq!(
            (update.at, update.phase.unwrap(), &*update.text),
            (Some(at(5)), Phase::Investigating, "oom text.")
        );
    }

    #[test]
    fn symptoms_fold_into_the_cause_and_strangers_do_not() {
        let verdicts = [
            firing("rolls", "api", Severity::Down, 4),
            firing("oom", "cache", Severity::Down, 5),
            firing("slow", "blog", Severity::Notice, 5),
        ];
        let outcome = decide(&[], &verdicts, 9);
        let openings: Vec<_> = outcome
            .openings
            .iter()
            .map(|opening| {
                (
                    &*opening.title,
                    opening.date,
                    names(&opening.change.machine.as_ref().unwrap().rules),
                )
            })
            .collect();
        assert_eq!(
            openings,
            [
                ("oom title", at(4), vec!["oom", "rolls"]),
                ("slow title", at(5), vec!["slow"])
            ]
        );
    }

    #[test]
    fn a_cause_that_fires_after_its_symptom_joins_the_same_incident() {
        let open = [incident(
            &["rolls"],
            Severity::Disrupted,
            &["API"],
            Phase::Investigating,
        )];
        let verdicts = [
            firing("rolls", "api", Severity::Disrupted, 0),
            firing("oom", "cache", Severity::Down, 3),
        ];
        let outcome = decide(&open, &verdicts, 9);
        assert!(outcome.openings.is_empty());
        let [(_, change)] = &outcome.changes[..] else {
            panic!("{outcome:?}")
        };
        assert_eq!(change.severity, Some(Severity::Down));
        assert_eq!(
            change.affected,
            Some(vec!["API".to_owned(), "CACHE".to_owned()])
        );
        assert_eq!(
            names(&change.machine.as_ref().unwrap().rules),
            ["rolls", "oom"]
        );
        assert_eq!(change.update.as_ref().unwrap().text, "oom text.");
    }

    #[test]
    fn what_is_milder_joins_without_words_and_severity_never_falls() {
        let open = [incident(
            &["oom"],
            Severity::Down,
            &["CACHE"],
            Phase::Investigating,
        )];
        let verdicts = [
            firing("oom", "cache", Severity::Down, 0),
            firing("high", "cache", Severity::Notice, 3),
        ];
        let outcome = decide(&open, &verdicts, 9);
        let [(_, change)] = &outcome.changes[..] else {
            panic!("{outcome:?}")
        };
        assert_eq!(
            names(&change.machine.as_ref().unwrap().rules),
            ["oom", "high"]
        );
        assert_eq!((change.severity, &change.update), (None, &None));
    }

    #[test]
    fn what_is_written_already_is_not_written_again() {
        let open = [incident(
            &["oom"],
            Severity::Down,
            &["CACHE"],
            Phase::Investigating,
        )];
        let outcome = decide(&open, &[firing("oom", "cache", Severity::Down, 7)], 9);
        assert_eq!(outcome, Outcome::default());
    }

    #[test]
    fn an_incident_is_watched_for_the_hold_and_then_over_since_its_first_good_sample() {
        let quiet = [verdict(
            "oom",
            "cache",
            Severity::Down,
            State::Quiet { since: at(50) },
        )];
        let open = [incident(
            &["oom"],
            Severity::Down,
            &["CACHE"],
            Phase::Investigating,
        )];
        assert_eq!(decide(&open, &quiet, 60), Outcome::default());

        let outcome = decide(&open, &quiet, 75);
        let watch = Watch {
            good_since: at(50),
            until: at(150),
        };
        assert_eq!(outcome.watches, [(IncidentId("one".into()), watch)].into());
        assert_eq!(
            outcome.changes[0].1.update.as_ref().unwrap().phase.unwrap(),
            Phase::Monitoring
        );

        let watched = [incident(
            &["oom"],
            Severity::Down,
            &["CACHE"],
            Phase::Monitoring,
        )];
        assert!(decide(&watched, &quiet, 149).changes.is_empty());
        let outcome = decide(&watched, &quiet, 150);
        assert_eq!(outcome.changes[0].1.resolved, Some(at(50)));
        assert_eq!(
            outcome.changes[0].1.update.as_ref().unwrap().phase.unwrap(),
            Phase::Resolved
        );
    }

    #[test]
    fn missing_data_resolves_nothing_and_opens_nothing() {
        let blind = [verdict(
            "oom",
            "cache",
            Severity::Down,
            State::Unknown { since: at(50) },
        )];
        assert_eq!(decide(&[], &blind, 900), Outcome::default());
        let open = [incident(
            &["oom"],
            Severity::Down,
            &["CACHE"],
            Phase::Investigating,
        )];
        assert_eq!(decide(&open, &blind, 900), Outcome::default());
    }

    #[test]
    fn what_fails_again_while_it_is_watched_is_the_same_incident() {
        let watched = [incident(
            &["oom"],
            Severity::Down,
            &["CACHE"],
            Phase::Monitoring,
        )];
        let outcome = decide(&watched, &[firing("oom", "cache", Severity::Down, 80)], 81);
        assert!(outcome.openings.is_empty());
        let update = outcome.changes[0].1.update.as_ref().unwrap();
        assert_eq!(
            (update.phase.unwrap(), &*update.text),
            (Phase::Investigating, "Failing again. oom text.")
        );
    }

    fn closed(end: Option<i64>, muted: &[&str]) -> Incident {
        let mut closed = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Resolved);
        closed.resolved = Some(true);
        closed.resolved_when = end.map(at);
        closed.machine.good_since = None;
        closed.machine.muted = muted.iter().map(|rule| RuleId((*rule).into())).collect();
        closed
    }

    fn muted(outcome: &Outcome) -> Option<Vec<&str>> {
        assert!(outcome.openings.is_empty(), "{outcome:?}");
        let (_, change) = outcome.changes.first()?;
        Some(names(&change.machine.as_ref()?.muted))
    }

    #[test]
    fn an_end_that_a_person_wrote_is_respected_until_the_rule_fires_anew() {
        let fires = |since| [firing("oom", "cache", Severity::Down, since)];
        let quiet = [verdict(
            "oom",
            "cache",
            Severity::Down,
            State::Quiet { since: at(45) },
        )];
        // It is noted at once, whether the end has a time or not.
        for end in [Some(40), None] {
            assert_eq!(
                muted(&decide(&[closed(end, &[])], &fires(10), 60)),
                Some(vec!["oom"])
            );
        }
        // A restart sees the rule fire since then only, and opens nothing.
        assert_eq!(
            muted(&decide(&[closed(Some(40), &["oom"])], &fires(50), 60)),
            None
        );
        // Once quiet it is forgotten, and an end without a time gets one.
        let outcome = decide(&[closed(None, &["oom"])], &quiet, 60);
        assert_eq!(muted(&outcome), Some(vec![]));
        assert_eq!(outcome.changes[0].1.resolved, Some(at(45)));
        let anew = decide(&[closed(Some(45), &[])], &fires(50), 60);
        assert_eq!(anew.openings.len(), 1);
    }

    #[test]
    fn an_end_that_cannot_be_true_is_respected_once_and_mutes_nothing_later() {
        let quiet = [verdict(
            "oom",
            "cache",
            Severity::Down,
            State::Quiet { since: at(45) },
        )];
        // Long before it began, and far in the future.
        for end in [-500, 9_000] {
            let firing_on = [firing("oom", "cache", Severity::Down, 10)];
            assert_eq!(
                muted(&decide(&[closed(Some(end), &[])], &firing_on, 60)),
                Some(vec!["oom"])
            );
            let outcome = decide(&[closed(Some(end), &["oom"])], &quiet, 60);
            let machine = outcome.changes[0].1.machine.clone().unwrap();
            assert_eq!(
                (outcome.changes[0].1.resolved, machine.good_since),
                (None, Some(at(45)))
            );
            let mut noted = closed(Some(end), &[]);
            noted.machine = machine;
            let anew = decide(&[noted], &[firing("oom", "cache", Severity::Down, 50)], 60);
            assert_eq!(anew.openings.len(), 1);
        }
    }

    #[test]
    fn a_severity_and_a_list_that_a_person_changed_stay() {
        let mut theirs = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Investigating);
        theirs.severity = Some(Severity::Notice);
        theirs.affected = vec!["Something else".into()];
        let verdicts = [
            firing("oom", "cache", Severity::Down, 0),
            firing("rolls", "api", Severity::Down, 3),
        ];
        let outcome = decide(&[theirs], &verdicts, 9);
        let [(_, change)] = &outcome.changes[..] else {
            panic!("{outcome:?}")
        };
        assert_eq!((change.severity, &change.affected), (None, &None));
        assert_eq!(
            names(&change.machine.as_ref().unwrap().rules),
            ["oom", "rolls"]
        );
    }

    #[test]
    fn a_restart_while_it_is_watched_keeps_when_it_got_well_and_begins_the_hold_anew() {
        let watched = [incident(
            &["oom"],
            Severity::Down,
            &["CACHE"],
            Phase::Monitoring,
        )];
        let quiet = [verdict(
            "oom",
            "cache",
            Severity::Down,
            State::Quiet { since: at(120) },
        )];
        let outcome = decide(&watched, &quiet, 160);
        assert_eq!(
            outcome.watches[&watched[0].id],
            Watch {
                good_since: at(50),
                until: at(220)
            }
        );
        assert_eq!(
            decide(&watched, &quiet, 220).changes[0].1.resolved,
            Some(at(50))
        );
    }

    #[test]
    fn a_phase_that_a_person_wrote_during_the_fault_is_no_recovery() {
        let mut theirs = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Monitoring);
        theirs.machine.good_since = None;
        let oom = firing("oom", "cache", Severity::Down, 0);
        assert_eq!(
            decide(&[theirs.clone()], std::slice::from_ref(&oom), 9),
            Outcome::default()
        );
        theirs.updates[0] = Update::new(at(0), Phase::Resolved, "I think so.");
        let outcome = decide(
            &[theirs],
            &[oom, firing("rolls", "api", Severity::Down, 3)],
            9,
        );
        let update = outcome.changes[0].1.update.as_ref().unwrap();
        assert_eq!(
            (update.phase, &*update.text),
            (Some(Phase::Investigating), "rolls text.")
        );
    }

    #[test]
    fn an_incident_without_a_date_ends_all_the_same() {
        let mut undated = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Investigating);
        undated.date = None;
        let quiet = [verdict(
            "oom",
            "cache",
            Severity::Down,
            State::Quiet { since: at(50) },
        )];
        assert_eq!(
            decide(&[undated], &quiet, 150).changes[0].1.resolved,
            Some(at(50))
        );
    }

    #[test]
    fn a_draft_rule_writes_a_draft_and_an_internal_one_nothing() {
        let mut hidden = firing("oom", "cache", Severity::Down, 5);
        hidden.publish = Publish::Internal;
        assert_eq!(
            decide(&[], std::slice::from_ref(&hidden), 9),
            Outcome::default()
        );
        hidden.publish = Publish::Draft;
        let public = firing("rolls", "api", Severity::Notice, 5);
        let drafts: Vec<_> = decide(&[], &[hidden, public], 9)
            .openings
            .iter()
            .map(|opening| opening.draft)
            .collect();
        assert_eq!(drafts, [true, false]);
    }

    #[test]
    fn incidents_of_people_are_left_alone() {
        let theirs = [incident(
            &[],
            Severity::Notice,
            &["CACHE"],
            Phase::Investigating,
        )];
        let outcome = decide(&theirs, &[firing("oom", "cache", Severity::Down, 5)], 9);
        assert_eq!((outcome.openings.len(), outcome.changes.len()), (1, 0));
    }
}
