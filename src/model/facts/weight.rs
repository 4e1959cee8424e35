//! How a component and the whole are, by what is written and what is measured.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::component::{Component, ComponentId, Health, Severity};
use crate::model::facts::planned::Planned;
use crate::model::facts::suppression::{SuppressedRules, Suppression};
use crate::model::facts::uptime::Uptime;
use crate::model::incident::Incident;
use crate::model::incidents::list::Incidents;
use crate::model::verdict::{Publish, RuleId, RuleState, Verdict};

/// What the team decided about checks of a component that still fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SilencedByTeam {
    /// They are silenced, the last of them until then.
    Until(Timestamp),
    /// A person called their incident over.
    Overruled,
}

/// A component with its health and its past.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentState {
    /// What it is.
    pub component: Component,
    /// How it is, as all that we show says: without what is only planned, and
    /// without rules that people do not want to hear.
    pub health: Health,
    /// How it is as cState counts, for which planned work is a notice at once.
    pub counted: Health,
    /// Whether a public rule watches it: else nothing but incidents tells how it is.
    pub is_measured: bool,
    /// Whether planned work goes on in it and nothing worse is told of it.
    pub in_maintenance: bool,
    /// Whether checks of it fail that do not count, as the team decided so.
    pub silenced: Option<SilencedByTeam>,
    /// How it was.
    pub uptime: Arc<Uptime>,
}

/// What the health of components is made of.
pub(crate) struct Weighing<'a> {
    /// Open incidents that weigh something, and whether each is planned work.
    pub(crate) weights: Vec<(&'a Incident, Severity, bool)>,
    /// Maintenance that is not over.
    pub(crate) maintenance: Vec<&'a Planned>,
    /// Rules that drive no public state if they fire, with what the team decided;
    /// nothing for planned work.
    pub(crate) ignored: BTreeMap<&'a RuleId, Option<SilencedByTeam>>,
    /// What the rules say.
    pub(crate) verdicts: &'a [Verdict],
    /// What is known of components at best: unknown while nothing can be seen.
    pub(crate) at_best: Health,
}

impl Weighing<'_> {
    /// How a component is.
    pub(crate) fn state(&self, (component, uptime): (Component, Arc<Uptime>)) -> ComponentState {
        let name = &component.name;
        let seen = measured_but(&component, self.verdicts, &self.ignored);
        let seen = seen.map(|health| health.max(self.at_best));
        let own = || {
            self.weights
                .iter()
                .filter(|reported| reported.0.affected.contains(name))
        };
        let weight = |reported: &(&Incident, Severity, bool)| weight_on(reported.0, name);
        let counted = own().filter_map(weight).max().map(Health::from);
        let unplanned = || own().filter(|(_, _, is_planned)| !is_planned);
        let reported = unplanned().filter_map(weight).max().map(Health::from);
        let mut going_on = self
            .maintenance
            .iter()
            .filter(|one| one.stage.is_going_on());
        let is_troubled = unplanned().any(|(incident, _, _)| !incident.informational)
            || seen > Some(Health::Unknown);
        ComponentState {
            silenced: self.silenced(&component),
            is_measured: seen.is_some(),
            in_maintenance: !is_troubled && going_on.any(|one| one.components.contains(name)),
            health: reported.max(seen).unwrap_or(Health::Ok),
            counted: counted.max(seen).unwrap_or(Health::Ok),
            component,
            uptime,
        }
    }

    /// What the team decided about the rules of a component that fire.
    fn silenced(&self, component: &Component) -> Option<SilencedByTeam> {
        let own = rules_of(component, self.verdicts);
        let firing = own.filter(|verdict| verdict.state.is_firing());
        let decided = firing.filter_map(|verdict| *self.ignored.get(&verdict.rule)?);
        decided.max()
    }

    /// How the whole is: as we show it, and as cState counts.
    pub(crate) fn whole(&self, components: &[ComponentState]) -> (Option<Health>, Option<Health>) {
        let shown = components.iter().filter(|state| !state.in_maintenance);
        let troubles = self
            .weights
            .iter()
            .filter(|(incident, _, is_planned)| !is_planned && !incident.informational);
        let troubles = troubles.map(|(_, severity, _)| Health::from(*severity));
        let all = self
            .weights
            .iter()
            .map(|(_, severity, _)| Health::from(*severity));
        (
            shown.map(|state| state.health).chain(troubles).max(),
            components
                .iter()
                .map(|state| state.counted)
                .chain(all)
                .max(),
        )
    }
}

/// Open incidents that weigh something, and whether each is planned work.
pub(crate) fn weighed<'a>(
    incidents: &'a Incidents,
    maintenance: &[&Planned],
) -> Vec<(&'a Incident, Severity, bool)> {
    let reported = incidents.active().map(Arc::as_ref);
    let reported = reported.filter_map(|incident| {
        let is_planned = maintenance.iter().any(|one| one.id == incident.id);
        Some((incident, weight(incident)?, is_planned))
    });
    reported.collect()
}

/// Rules that fire, but of which nobody is to hear: silenced, under planned work,
/// or overruled by a person.
pub(crate) fn ignored<'a>(
    incidents: &'a Incidents,
    suppressed: &'a SuppressedRules,
    verdicts: &[Verdict],
) -> BTreeMap<&'a RuleId, Option<SilencedByTeam>> {
    // Of ten thousand files most tell of nothing that fires.
    if !verdicts.iter().any(|verdict| verdict.state.is_firing()) {
        return BTreeMap::new();
    }
    let overruled = incidents
        .iter()
        .flat_map(|incident| &incident.managed.overruled)
        .map(|rule| (rule, Some(SilencedByTeam::Overruled)));
    let suppressed = suppressed.iter().map(|(rule, reason)| {
        let decided = match reason {
            Suppression::Maintenance => None,
            Suppression::Silenced { until, .. } => Some(SilencedByTeam::Until(*until)),
        };
        (rule, decided)
    });
    overruled.chain(suppressed).collect()
}

/// What an incident adds to the health of one of the components that it affects.
///
/// Rules tell how bad each is; what a person says of the incident holds for all,
/// and what a person says of one component holds for that.
pub fn weight_on(incident: &Incident, component: &str) -> Option<Severity> {
    let whole = weight(incident)?;
    if let Some(level) = incident.managed.component_severity.get(component) {
        return Some(whole.min(*level));
    }
    let ours = incident.managed.severity == incident.severity;
    let level = incident.managed.levels.get(component).filter(|_| ours);
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
    let watched = incident.managed.good_since.is_some();
    let most = if watched {
        Severity::Disrupted
    } else {
        Severity::Down
    };
    incident.severity.map(|severity| severity.min(most))
}

/// How bad an incident is shown to be, wherever it is shown: what it weighs while it
/// is open, and what its file says of it once it is over.
pub fn shown_severity(incident: &Incident) -> Option<Severity> {
    weight(incident).or(incident.severity)
}

/// What the public rules alone say of a component; `None` if no rule watches it.
///
/// It is ok only if every one of its rules could look and found nothing.
pub fn measured(component: &Component, verdicts: &[Verdict]) -> Option<Health> {
    measured_but(component, verdicts, &BTreeMap::new())
}

/// The measured health of every component that a rule watches.
pub fn measured_health(
    components: &[Component],
    verdicts: &[Verdict],
) -> Vec<(ComponentId, Health)> {
    let health = |component: &Component| {
        let health = measured(component, verdicts)?;
        Some((component.id.clone(), health))
    };
    components.iter().filter_map(health).collect()
}

/// What the public rules of a component say.
fn rules_of<'v>(
    component: &'v Component,
    verdicts: &'v [Verdict],
) -> impl Iterator<Item = &'v Verdict> {
    verdicts
        .iter()
        .filter(|verdict| verdict.publish == Publish::Auto)
        .filter(|verdict| verdict.components.contains(&component.id))
}

/// The same, where some rules may fire as they like; whether they can see counts.
fn measured_but(
    component: &Component,
    verdicts: &[Verdict],
    ignored: &BTreeMap<&RuleId, Option<SilencedByTeam>>,
) -> Option<Health> {
    rules_of(component, verdicts)
        .map(|verdict| match verdict.state {
            RuleState::Firing { .. } if ignored.contains_key(&verdict.rule) => Health::Ok,
            RuleState::Firing { .. } => verdict.severity.into(),
            RuleState::Unknown { .. } => Health::Unknown,
            RuleState::Quiet { .. } | RuleState::Pending { .. } => Health::Ok,
        })
        .max()
}
