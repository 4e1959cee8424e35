//! Imported rules as settings.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::command::written::settings_text::SettingsText;
use crate::model::finding::Finding;
use crate::model::time::duration;
use crate::model::verdict::Publish;

/// What a rule file became.
#[derive(Clone, Debug, Default)]
pub(crate) struct ImportedRules {
    /// The rules, in the file's order.
    pub(crate) rules: Vec<ImportedRule>,
    /// The components that they need, as id and name.
    pub(crate) components: Vec<(String, String)>,
    /// The jobs that they ask for.
    pub(crate) jobs: BTreeSet<String>,
    /// How far back samples must be kept, if for longer than usual.
    pub(crate) window: Option<Duration>,
    /// What is not taken, or not as it was.
    pub(crate) findings: Vec<Finding>,
    /// How many alerts are not taken.
    pub(crate) not_taken: usize,
    /// How many rules record.
    pub(crate) recorded: usize,
}

/// A rule of ours that was one of Prometheus.
#[derive(Clone, Debug)]
pub(crate) struct ImportedRule {
    /// The group that it stood in.
    pub(crate) group: String,
    /// Its name.
    pub(crate) id: String,
    /// PromQL.
    pub(crate) expr: String,
    /// How long it must hold.
    pub(crate) hold: Option<String>,
    /// How long it goes on.
    pub(crate) keep_firing_for: Option<String>,
    /// One of our three words.
    pub(crate) severity: &'static str,
    /// How far it may go.
    pub(crate) publish: Publish,
    /// What it is about.
    pub(crate) components: Vec<String>,
    /// The collector whose server evaluates it.
    pub(crate) source: Option<String>,
    /// Fixed words.
    pub(crate) title: String,
    /// Words with values.
    pub(crate) text: String,
    /// What else the alert said.
    pub(crate) remarks: Vec<String>,
}

impl ImportedRules {
    /// The rules as tables, each group under its name.
    pub(crate) fn rules_text(&self) -> SettingsText {
        let mut text = SettingsText::default();
        let mut group = None;
        for rule in &self.rules {
            if group != Some(&rule.group) {
                text.gap();
                text.remark(&format!("--- {} ---", rule.group));
                text.gap();
                group = Some(&rule.group);
            }
            rule.write(&mut text);
        }
        text
    }

    /// How far back samples are kept, if that must be said.
    pub(crate) fn keep_text(&self) -> SettingsText {
        let mut text = SettingsText::default();
        if let Some(window) = self.window {
            text.remark("As far as the rules look back; each sample takes 16 bytes of memory.");
            text.table("[keep]");
            text.key("window", duration::print(window));
        }
        text
    }

    /// The components as tables.
    pub(crate) fn components_text(&self) -> SettingsText {
        let mut text = SettingsText::default();
        for (id, name) in &self.components {
            text.table("[[component]]");
            text.key("id", &**id);
            text.key("name", if name.is_empty() { &**id } else { &**name });
        }
        text
    }
}

impl ImportedRule {
    fn write(&self, text: &mut SettingsText) {
        text.gap();
        for remark in &self.remarks {
            text.remark(remark);
        }
        text.table("[[rule]]");
        text.key("id", &*self.id);
        text.key("expr", &*self.expr);
        let length = |length: &Option<String>| {
            let length = length.clone();
            length.filter(|text| !["0", "0s", "0m"].contains(&text.as_str()))
        };
        text.key_if("for", length(&self.hold));
        text.key_if("keep_firing_for", length(&self.keep_firing_for));
        text.key_if("source", self.source.clone());
        text.key("severity", self.severity);
        if self.publish != Publish::Auto {
            text.key("publish", self.publish.word());
        }
        text.list("components", &self.components);
        text.key("title", &*self.title);
        text.key("text", &*self.text);
    }
}
