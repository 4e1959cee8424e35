//! Values that tests are made of, whole; a test changes of them what it is about.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::board::{Board, Facts, Sight};
use crate::model::component::{Component, ComponentId, Severity};
use crate::model::facts::uptime::Uptime;
use crate::model::incident::{Incident, IncidentId};
use crate::model::verdict::{Publish, RuleId, RuleState, Verdict};

/// Compares a text with its golden file.
pub(crate) fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A component that needs no other.
pub(crate) fn component(id: &str, name: &str) -> Component {
    Component {
        id: ComponentId(id.into()),
        name: name.into(),
        ..Component::default()
    }
}

/// An issue that is open and public, named and entitled as its id.
pub(crate) fn incident(id: &str) -> Incident {
    Incident {
        id: IncidentId(id.into()),
        name: format!("{id}.md"),
        filename: format!("{id}.md"),
        is_issue: true,
        title: id.into(),
        resolved: Some(false),
        ..Incident::default()
    }
}

/// What a rule says of a component that is down whenever it fires.
pub(crate) fn verdict(rule: &str, component: &str, state: RuleState) -> Verdict {
    Verdict {
        rule: RuleId(rule.into()),
        state,
        reported_since: None,
        severity: Severity::Down,
        components: vec![ComponentId(component.into())],
        publish: Publish::Auto,
        title: format!("{rule} title"),
        text: format!("{rule} text."),
        evidence: Vec::new(),
    }
}

/// Components without a past, as a board takes them.
pub(crate) fn fresh(
    components: impl IntoIterator<Item = Component>,
) -> impl Iterator<Item = (Component, Arc<Uptime>)> {
    let components = components.into_iter();
    components.map(|one| (one, Arc::default()))
}

/// A board of components without a past, of which nothing is measured.
pub(crate) fn board(at: Timestamp, components: impl IntoIterator<Item = Component>) -> Board {
    Board::new(at, fresh(components), Facts::of(Sight::Unwatched))
}
