//! Rules as those see them who show them.

use crate::evaluate::rules::rule::Rule;
use crate::model::facts::rule_facts::RuleFacts;

/// What a rule asks for, and what it does.
pub(crate) fn facts(rule: &Rule) -> RuleFacts {
    let (settings, decisive) = (rule.settings().clone(), rule.decisive());
    RuleFacts {
        id: settings.id,
        title: settings.title,
        text: settings.text,
        expr: settings.expr,
        clear: settings.clear,
        source: settings.source,
        hold: settings.hold,
        keep_firing_for: settings.keep_firing_for,
        severity: settings.severity,
        components: settings.components,
        publish: settings.publish,
        unit: decisive.unit,
        bad: decisive.bad,
    }
}
