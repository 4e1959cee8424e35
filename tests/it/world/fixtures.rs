//! Values that tests are made of, whole; a test changes of them what it is about.

use critwatch::model::component::{Component, ComponentId, Severity};
use critwatch::model::verdict::{Publish, RuleId, RuleState, Verdict};

/// A component that needs no other.
pub(crate) fn component(id: &str, name: &str) -> Component {
    Component {
        id: ComponentId(id.into()),
        name: name.into(),
        ..Component::default()
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
