//! One consistent view of everything, which every reader is given whole.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::component::{Component, ComponentId, Health, Severity};
use crate::model::finding::Finding;
use crate::model::honesty::Honesty;
use crate::model::incident::{Incident, IncidentId};
use crate::model::incidents::Incidents;
use crate::model::measure::FigureState;
use crate::model::planned::Planned;
use crate::model::related::Related;
use crate::model::revised::Revised;
use crate::model::silence::Silence;
use crate::model::uptime::Uptime;
use crate::model::verdict::{Publish, RuleId, State, Verdict};

/// What the monitor can see at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing is collected: people write the incidents.
    Unwatched,
    /// At least one collector brings fresh samples.
    Fresh {
        /// When the newest sample was measured.
        last: Timestamp,
    },
    /// Collectors are set up, but none brings fresh samples.
    Blind {
        /// When the last sample lost its worth, or when the monitor started.
        since: Timestamp,
    },
}

/// Something that must change before an incident may be called over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// These components still fail, by their names.
    Failing(Vec<String>),
    /// These cannot be seen.
    Unseen(Vec<String>),
    /// More waits to be worked off than before, or not less.
    Backlog {
        /// What waits, in the plural: `rolls`.
        what: String,
        /// How many.
        count: u64,
    },
    /// The machine may be asked for more than it has; somebody must mend or accept it.
    Capacity,
    /// Something was changed at that moment, so the hold began anew.
    Changed(Timestamp),
    /// All is well, and must stay so until the end of the hold.
    Hold,
    /// A person took the end into their own hands.
    Person,
}

/// What work waits to be done, and how long that takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Backlog {
    /// What waits, in the plural: `rolls`.
    pub what: String,
    /// Whom it concerns.
    pub components: Vec<ComponentId>,
    /// How many wait.
    pub count: f64,
    /// How long the oldest waits.
    pub wait: Option<Duration>,
    /// How long one usually waits.
    pub usual: Duration,
    /// How many more there are each second; below zero it clears.
    pub growth: Option<f64>,
    /// Since when it is gone or falls; `None` while it does not.
    pub well_since: Option<Timestamp>,
}

/// What an open incident of ours is at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outlook {
    /// First good sample of the present good run; `None` while something fails.
    pub good_since: Option<Timestamp>,
    /// When it may be called over if all goes well; `None` while something fails.
    pub until: Option<Timestamp>,
    /// What it waits for, what matters most first.
    pub waits: Vec<Wait>,
    /// What waits to be done in the components concerned.
    pub backlogs: Vec<Backlog>,
    /// When the next word is promised.
    pub next_word: Option<Timestamp>,
}

impl Outlook {
    /// Whether it seems well, is told to be watched, and until when.
    pub fn watched(&self) -> Option<(Timestamp, Timestamp)> {
        self.good_since.zip(self.until)
    }
}

/// A component with its health and its past.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentState {
    /// What it is.
    pub component: Component,
    /// How it is.
    pub health: Health,
    /// Whether planned work goes on in it.
    pub in_maintenance: bool,
    /// How it was.
    pub uptime: Arc<Uptime>,
}

/// The view itself; the newest replaces the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The moment that it shows.
    pub at: Timestamp,
    /// The worst of components and open incidents.
    pub health: Health,
    /// Components in the order of the settings.
    pub components: Vec<ComponentState>,
    /// Every incident that could be read, newest first.
    pub incidents: Arc<Incidents>,
    /// What each open incident of ours is at.
    pub outlooks: BTreeMap<IncidentId, Outlook>,
    /// What work waits, as far as it can be seen.
    pub backlogs: Vec<Backlog>,
    /// All planned work among the incidents, what is over as well, newest first.
    pub works: Vec<Planned>,
    /// What the rules say; for operators.
    pub verdicts: Vec<Verdict>,
    /// Incident files that cannot be read; for operators.
    pub faults: Arc<Vec<Finding>>,
    /// What providers report of themselves; never a cause of ours.
    pub related: Vec<Related>,
    /// Planned work that is public and not over, the earliest first.
    pub planned: Vec<Planned>,
    /// What people asked to be silent about; for operators.
    pub silences: Arc<Vec<Silence>>,
    /// Rules that may open nothing at present; for operators.
    pub hushed: BTreeSet<RuleId>,
    /// What the monitor can see.
    pub sight: Sight,
    /// Whether another monitor writes the incidents; this one tells nobody.
    pub reader: bool,
    /// Incident files that cannot be written at present; for operators.
    pub unwritten: Vec<String>,
    /// How well the monitor itself did.
    pub honesty: Arc<Honesty>,
    /// When the state of components and planned work changed last.
    pub revised: Arc<Revised>,
    /// What the operator publishes, with what was measured of it.
    pub figures: Arc<Vec<Arc<FigureState>>>,
}

/// What the stages know, before it is one view.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Components in the order of the settings, each with its past.
    pub components: Vec<(Component, Arc<Uptime>)>,
    /// Every incident that could be read, newest first.
    pub incidents: Arc<Incidents>,
    /// What each open incident of ours is at.
    pub outlooks: BTreeMap<IncidentId, Outlook>,
    /// What work waits, as far as it can be seen.
    pub backlogs: Vec<Backlog>,
    /// All planned work among the incidents, what is over as well, newest first.
    pub works: Vec<Planned>,
    /// What the rules say.
    pub verdicts: Vec<Verdict>,
    /// Incident files that cannot be read.
    pub faults: Arc<Vec<Finding>>,
    /// What providers report of themselves.
    pub related: Vec<Related>,
    /// Planned work that is public and not over, the earliest first.
    pub planned: Vec<Planned>,
    /// What people asked to be silent about; for operators.
    pub silences: Arc<Vec<Silence>>,
    /// Rules that may open nothing at present; for operators.
    pub hushed: BTreeSet<RuleId>,
    /// What the monitor can see.
    pub sight: Sight,
    /// How well the monitor itself did.
    pub honesty: Arc<Honesty>,
    /// Whether another monitor writes the incidents; this one tells nobody.
    pub reader: bool,
    /// Incident files that cannot be written at present; for operators.
    pub unwritten: Vec<String>,
}

impl Findings {
    /// Nothing is known but what can be seen.
    pub fn of(sight: Sight) -> Self {
        Self {
            components: Vec::new(),
            incidents: Arc::default(),
            outlooks: BTreeMap::new(),
            backlogs: Vec::new(),
            works: Vec::new(),
            planned: Vec::new(),
            verdicts: Vec::new(),
            hushed: BTreeSet::new(),
            silences: Arc::default(),
            faults: Arc::default(),
            related: Vec::new(),
            sight,
            reader: false,
            unwritten: Vec::new(),
            honesty: Arc::default(),
        }
    }
}

impl Board {
    /// Makes one view of the findings of a moment.
    pub fn new(at: Timestamp, findings: Findings) -> Self {
        let Findings {
            components,
            incidents,
            outlooks,
            backlogs,
            works,
            verdicts,
            faults,
            related,
            planned,
            silences,
            hushed,
            sight,
            reader,
            unwritten,
            honesty,
        } = findings;
        let weights: Vec<_> = incidents
            .active()
            .filter_map(|incident| Some((incident, weight(incident)?)))
            .collect();
        let state = |(component, uptime): (Component, _)| ComponentState {
            health: health_of(&component, &weights, &verdicts),
            in_maintenance: planned
                .iter()
                .filter(|one| one.stage.is_going_on())
                .any(|one| one.components.contains(&component.name)),
            component,
            uptime,
        };
        let components: Vec<_> = components.into_iter().map(state).collect();
        let health = components
            .iter()
            .map(|state| state.health)
            .chain(weights.iter().map(|(_, severity)| Health::from(*severity)))
            .max()
            .unwrap_or(Health::Ok);
        Self {
            at,
            health,
            components,
            incidents,
            outlooks,
            backlogs,
            works,
            verdicts,
            faults,
            related,
            planned,
            silences,
            hushed,
            sight,
            reader,
            unwritten,
            honesty,
            revised: Arc::default(),
            figures: Arc::default(),
        }
    }

    /// The same in the words of a language; what nobody wrote in it stays as it is.
    pub fn in_language(&self, language: &str) -> Cow<'_, Self> {
        let Some(incidents) = self.incidents.in_language(language) else {
            return Cow::Borrowed(self);
        };
        let mut board = self.clone();
        for work in board.works.iter_mut().chain(&mut board.planned) {
            if let Some(said) = incidents.named(&work.id.0).next() {
                work.title.clone_from(&said.title);
            }
        }
        board.incidents = incidents;
        Cow::Owned(board)
    }

    /// Incidents that are open and public, newest first.
    pub fn active(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.active().map(Arc::as_ref)
    }

    /// The public incident of that name.
    pub fn incident(&self, id: &str) -> Option<&Incident> {
        let mut named = self.incidents.named(id).map(Arc::as_ref);
        named.find(|incident| incident.is_public())
    }
}

/// How a component is, by what incidents tell of it and by what is measured.
fn health_of(
    component: &Component,
    weights: &[(&Arc<Incident>, Severity)],
    verdicts: &[Verdict],
) -> Health {
    let told = weights
        .iter()
        .filter(|(incident, _)| incident.affected.contains(&component.name))
        .filter_map(|(incident, _)| weight_on(incident, &component.name))
        .map(Health::from)
        .max();
    told.max(measured(component, verdicts))
        .unwrap_or(Health::Ok)
}

/// What an incident adds to the health of one of the components that it affects.
///
/// Rules tell how bad each is; what a person says of the incident holds for all.
pub fn weight_on(incident: &Incident, component: &str) -> Option<Severity> {
    let whole = weight(incident)?;
    let ours = incident.machine.severity == incident.severity;
    let level = incident.machine.levels.get(component).filter(|_| ours);
    Some(level.map_or(whole, |level| whole.min(*level)))
}

/// What an incident adds to the health of the whole.
///
/// This is cState's rule; only an incident of ours that is being watched after
/// it got well weighs less than its file says.
pub fn weight(incident: &Incident) -> Option<Severity> {
    if !incident.is_active() {
        return None;
    }
    let watched = incident.machine.good_since.is_some();
    let most = if watched {
        Severity::Disrupted
    } else {
        Severity::Down
    };
    incident.severity.map(|severity| severity.min(most))
}

/// What the public rules alone say of a component; `None` if no rule watches it.
///
/// It is ok only if every one of its rules could look and found nothing.
pub fn measured(component: &Component, verdicts: &[Verdict]) -> Option<Health> {
    verdicts
        .iter()
        .filter(|verdict| verdict.publish == Publish::Auto)
        .filter(|verdict| verdict.components.contains(&component.id))
        .map(|verdict| match verdict.state {
            State::Firing { .. } => verdict.severity.into(),
            State::Unknown { .. } => Health::Unknown,
            State::Quiet { .. } | State::Pending { .. } => Health::Ok,
        })
        .max()
}
