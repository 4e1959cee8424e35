//! One consistent view of everything, which every reader is given whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::component::{Component, ComponentId, Health};
use crate::model::facts::detection::Honesty;
use crate::model::facts::firsthand::Firsthand;
use crate::model::facts::planned::Planned;
use crate::model::facts::provider_status::Related;
use crate::model::facts::revised::Revised;
use crate::model::facts::suppression::SuppressedRules;
use crate::model::facts::uptime::Uptime;
use crate::model::facts::weight::{ComponentState, Weighing, ignored, weighed};
use crate::model::finding::Finding;
use crate::model::incident::{Incident, IncidentId};
use crate::model::incidents::list::Incidents;
use crate::model::series::measure::ChartState;
use crate::model::silence::Silence;
use crate::model::verdict::Verdict;

/// What the monitor can see at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sight {
    /// Nothing is collected: people write the incidents.
    #[default]
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

/// Current progress of an open incident that we manage.
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

/// What the stages know at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Every incident that could be read, newest first.
    pub incidents: Arc<Incidents>,
    /// Current progress of each open incident that we manage.
    pub outlooks: BTreeMap<IncidentId, Outlook>,
    /// What work waits, as far as it can be seen.
    pub backlogs: Vec<Backlog>,
    /// All public maintenance, past and to come, newest first.
    pub maintenance: Vec<Planned>,
    /// What the rules say; for operators.
    pub verdicts: Vec<Verdict>,
    /// Incident files that cannot be read; for operators.
    pub faults: Arc<Vec<Finding>>,
    /// What providers report of themselves; never a cause of ours.
    pub related: Vec<Related>,
    /// What probes and visitors saw a moment ago.
    pub firsthand: Firsthand,
    /// The silences that people asked for; for operators.
    pub silences: Arc<Vec<Silence>>,
    /// Rules that may open nothing at present, each with the reason.
    pub suppressed: SuppressedRules,
    /// What the monitor can see.
    pub sight: Sight,
    /// Collectors whose first scrape since the start is not in yet; for operators.
    pub awaited: Vec<String>,
    /// Whether another monitor writes the incidents; this one notifies nobody.
    pub reader: bool,
    /// Incident files that cannot be written at present; for operators.
    pub unwritten: Vec<String>,
    /// How well the monitor itself did.
    pub honesty: Arc<Honesty>,
}

impl Facts {
    /// Nothing is known but what can be seen.
    pub fn of(sight: Sight) -> Self {
        Self {
            sight,
            ..Self::default()
        }
    }

    /// Maintenance that is not over, the earliest first.
    pub fn planned(&self) -> Vec<&Planned> {
        let open = self.maintenance.iter().filter(|work| work.stage.is_open());
        let mut open: Vec<_> = open.collect();
        open.sort_by_key(|work| (work.from, &work.id.0));
        open
    }

    fn weighing(&self) -> Weighing<'_> {
        let maintenance = self.planned();
        Weighing {
            weights: weighed(&self.incidents, &maintenance),
            maintenance,
            ignored: ignored(&self.incidents, &self.suppressed, &self.verdicts),
            verdicts: &self.verdicts,
            at_best: self.at_best(),
        }
    }

    /// How anything measured is at best: rules that look back over minutes still find
    /// nothing for a while after the last sample.
    fn at_best(&self) -> Health {
        match self.sight {
            Sight::Blind { .. } => Health::Unknown,
            Sight::Fresh { .. } | Sight::Unwatched => Health::Ok,
        }
    }
}

/// The view itself; the newest replaces the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The moment that it shows.
    pub at: Timestamp,
    /// The worst of components and open incidents, but for those under planned
    /// work; unknown at best while nothing can be seen.
    pub health: Health,
    /// The same as cState counts.
    pub counted: Health,
    /// Components in the order of the settings.
    pub components: Vec<ComponentState>,
    /// What the stages know.
    pub facts: Facts,
    /// When the state of components and maintenance changed last.
    pub revised: Arc<Revised>,
    /// What the operator publishes, with what was measured of it.
    pub charts: Arc<Vec<Arc<ChartState>>>,
}

impl Board {
    /// Makes one view of the facts of a moment; components are in the order of the
    /// settings, each with its past.
    pub fn new(
        at: Timestamp,
        components: impl IntoIterator<Item = (Component, Arc<Uptime>)>,
        facts: Facts,
    ) -> Self {
        let weighing = facts.weighing();
        let components = components.into_iter();
        let components: Vec<_> = components.map(|part| weighing.state(part)).collect();
        let (health, counted) = weighing.whole(&components);
        let sure = |health: Option<Health>| health.unwrap_or(Health::Ok).max(facts.at_best());
        Self {
            at,
            health: sure(health),
            counted: sure(counted),
            components,
            facts,
            revised: Arc::default(),
            charts: Arc::default(),
        }
    }

    /// The same in the words of a language; what nobody wrote in it stays as it is.
    pub fn in_language(&self, language: &str) -> Cow<'_, Self> {
        let Some(incidents) = self.facts.incidents.in_language(language) else {
            return Cow::Borrowed(self);
        };
        let mut board = self.clone();
        for work in &mut board.facts.maintenance {
            if let Some(translated) = incidents.named(&work.id.0).next() {
                work.title.clone_from(&translated.title);
            }
        }
        board.facts.incidents = incidents;
        Cow::Owned(board)
    }

    /// Incidents that are open and public, newest first.
    pub fn active(&self) -> impl Iterator<Item = &Incident> {
        self.facts.incidents.active().map(Arc::as_ref)
    }

    /// How a name is that is no component of ours, by what incidents tell of it.
    pub fn state_of(&self, name: &str) -> ComponentState {
        let component = Component {
            name: name.to_owned(),
            ..Component::default()
        };
        // What is measured of components says nothing of other names.
        let weighing = Weighing {
            ignored: BTreeMap::new(),
            verdicts: &[],
            ..self.facts.weighing()
        };
        weighing.state((component, Arc::default()))
    }

    /// Whether a rule can look at any component.
    pub fn is_measured(&self) -> bool {
        let mut components = self.components.iter();
        matches!(self.facts.sight, Sight::Fresh { .. }) && components.any(|state| state.is_measured)
    }

    /// Those that tell of trouble: neither planned work nor mere posts.
    pub fn troubles(&self) -> impl Iterator<Item = &Incident> {
        self.active()
            .filter(|incident| !incident.informational && !self.is_planned(incident))
    }

    /// What operators have to do with: open incidents and drafts that wait, but no
    /// planned work.
    pub fn waiting(&self) -> impl Iterator<Item = &Incident> {
        let all = self.facts.incidents.iter().map(Arc::as_ref);
        all.filter(|one| one.is_active() || one.is_waiting_draft())
            .filter(|one| !self.is_planned(one))
    }

    fn is_planned(&self, incident: &Incident) -> bool {
        let mut maintenance = self.facts.maintenance.iter();
        maintenance.any(|work| work.id == incident.id)
    }

    /// Maintenance that is in progress.
    pub fn running(&self) -> impl Iterator<Item = &Planned> {
        self.facts
            .maintenance
            .iter()
            .filter(|work| work.stage.is_going_on())
    }

    /// The public incident of that name.
    pub fn incident(&self, id: &str) -> Option<&Incident> {
        let mut named = self.facts.incidents.named(id).map(Arc::as_ref);
        named.find(|incident| incident.is_public())
    }
}
