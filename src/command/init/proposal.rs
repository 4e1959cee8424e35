//! From what a look found to the text of first settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::init::found::{FoundRedis, InitFindings};
use crate::command::init::measured::Measured;
use crate::command::init::queues::queue_tables;
use crate::command::written::settings_text::{SettingsText, TakenIds};
use crate::config::presets::catalogue::Preset;
use crate::evaluate::text::format::NumberFormat;

/// What stands above the settings.
const HEAD: &str = "\
First settings, written by `critwatch init`: components, collectors and rules with
thresholds. Change what you like, then run `critwatch check`.
docs/watching.md lists what else to watch, docs/rules.md explains rules.";

/// First settings.
#[derive(Clone, Debug)]
pub(crate) struct ProposedSettings {
    /// Their text.
    pub(crate) text: String,
    /// The addresses of its collectors, as people may see them, by their ids.
    pub(crate) addresses: BTreeMap<String, String>,
}

/// Writes settings for what was found, with thresholds from what was measured.
pub(crate) fn propose(findings: &InitFindings, measured: &Measured) -> ProposedSettings {
    let mut proposal = SettingsProposal {
        findings,
        measured,
        ids: TakenIds::default(),
        component_ids: TakenIds::default(),
        component_names: BTreeSet::new(),
        servers: BTreeSet::new(),
        addresses: BTreeMap::new(),
        presets: Vec::new(),
        components: SettingsText::default(),
        collectors: SettingsText::default(),
        rules: SettingsText::default(),
    };
    proposal.redis();
    proposal.sites();
    proposal.pages();
    proposal.prometheus();
    proposal.host();
    proposal.finish()
}

/// Settings that are being written, part by part.
pub(crate) struct SettingsProposal<'p> {
    pub(crate) findings: &'p InitFindings,
    pub(crate) measured: &'p Measured,
    ids: TakenIds,
    component_ids: TakenIds,
    component_names: BTreeSet<String>,
    /// Servers of which a database is watched already.
    servers: BTreeSet<&'p str>,
    pub(crate) addresses: BTreeMap<String, String>,
    pub(crate) presets: Vec<(&'static str, String)>,
    components: SettingsText,
    pub(crate) collectors: SettingsText,
    pub(crate) rules: SettingsText,
}

/// A rule that is to be written.
pub(crate) struct ProposedRule<'r> {
    pub(crate) id: String,
    pub(crate) expr: String,
    pub(crate) hold: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) component: &'r str,
    pub(crate) title: &'r str,
    pub(crate) text: &'r str,
}

impl<'p> SettingsProposal<'p> {
    /// Adds a component; its id and its name, which are unlike all others: components of
    /// one name would be one.
    pub(crate) fn component(
        &mut self,
        words: &str,
        name: &str,
        needs: &[String],
    ) -> (String, String) {
        let id = self.component_ids.id(words);
        let (mut own, mut number) = (name.to_owned(), 2);
        while !self.component_names.insert(own.to_lowercase()) {
            own = format!("{name} {number}");
            number += 1;
        }
        let text = &mut self.components;
        text.table("[[component]]");
        text.key("id", &*id);
        text.key("name", &*own);
        if !needs.is_empty() {
            text.list("needs", needs);
        }
        (id, own)
    }

    /// Begins a collector; `id` is unlike all others.
    pub(crate) fn collector(&mut self, words: &str, kind: &str, concerns: &str) -> String {
        let id = self.ids.id(words);
        self.begin(&id, kind, concerns);
        id
    }

    fn begin(&mut self, id: &str, kind: &str, concerns: &str) {
        let text = &mut self.collectors;
        text.table("[[collector]]");
        text.key("id", id);
        text.key("type", kind);
        text.list("concerns", &[concerns.to_owned()]);
    }

    fn redis(&mut self) {
        let (all, measured) = (&self.findings.redis, self.measured);
        if all.is_empty() {
            return;
        }
        let (component, _) = self.component("redis", "Redis", &[]);
        self.presets.push(("redis", component.clone()));
        let systems = queue_tables::systems(self.findings);
        for system in &systems {
            let name = queue_tables::component_name(system, systems.len());
            let (id, _) = self.component(system, &name, std::slice::from_ref(&component));
            if Preset::named(system).is_some() {
                self.presets.push((system, id));
                queue_tables::rules(&mut self.rules, system, measured);
            } else {
                queue_tables::stream_rule(&mut self.rules, &id, measured);
            }
        }
        for redis in all {
            self.database(redis, &component);
        }
        queue_tables::backlogs(&mut self.rules, &systems, measured);
    }

    fn database(&mut self, redis: &'p FoundRedis, component: &str) {
        let words = match redis.database {
            0 => "redis".to_owned(),
            number => format!("redis {number}"),
        };
        self.collectors.gap();
        let is_first = self.servers.insert(&redis.server);
        if is_first && redis.is_unlimited {
            self.collectors
                .remark("This Redis has no `maxmemory`; the memory rules need one.");
        }
        for remark in &redis.remarks {
            self.collectors.remark(remark);
        }
        let id = self.ids.id(&words);
        if let Some(used) = self.measured.used(&id).filter(|used| *used > 0.8) {
            let used = NumberFormat::Percent.say(used);
            self.collectors.remark(&format!(
                "{used} of its memory was in use when this was written."
            ));
        }
        self.begin(&id, "redis", component);
        let text = &mut self.collectors;
        text.reference("url", &redis.url.written);
        text.key_if("password_file", redis.password_file.clone());
        if !is_first {
            // Another collector reports what the databases of a server share.
            text.key("server", false);
        }
        text.key("interval", "2s");
        text.key("timeout", "1500ms");
        queue_tables::tables(text, &redis.queues);
        self.addresses.insert(id, redis.url.shown.clone());
    }

    fn host(&mut self) {
        if self.findings.is_local {
            let (component, _) = self.component("host", "Host", &[]);
            self.collector("host", "host", &component);
            self.presets.push(("host", component));
        }
    }

    /// Adds a rule, unless it found no data.
    pub(crate) fn rule(&mut self, rule: &ProposedRule<'_>) {
        if self.measured.unseen.contains(&rule.id) {
            return;
        }
        let text = &mut self.rules;
        text.table("[[rule]]");
        text.key("id", &*rule.id);
        text.key("expr", &*rule.expr);
        text.key("for", rule.hold);
        text.key("severity", rule.severity);
        text.list("components", &[rule.component.to_owned()]);
        text.key("title", rule.title);
        text.key("text", rule.text);
    }

    fn finish(self) -> ProposedSettings {
        let mut text = SettingsText::default();
        let mut wishes = SettingsText::default();
        let mut names = Vec::new();
        text.remark(HEAD);
        text.gap();
        for (name, component) in &self.presets {
            let Some(preset) = Preset::named(name) else {
                continue;
            };
            let without = queue_tables::without(preset, self.measured);
            if without.len() == preset.ids().len() {
                wishes.gap();
                wishes.remark(&format!(
                    "No rule of the preset `{name}` had data when this was written. Add it to `use` \
                    once there is some."
                ));
                continue;
            }
            names.push((*name).to_owned());
            wishes.gap();
            if let Some(stuck) = queue_tables::stuck(name, self.measured) {
                wishes.remark(&stuck);
            }
            if !without.is_empty() {
                wishes.remark(
                    "The rules in `without` had no data, or already fired, when this was written.\n\
                    Remove them from the list once they work.",
                );
            }
            wishes.table(&format!("[preset.{name}]"));
            wishes.list("components", std::slice::from_ref(component));
            if !without.is_empty() {
                wishes.list("without", &without);
            }
        }
        if !names.is_empty() {
            text.remark("Ready-made rules; `critwatch rules list` shows them.");
            text.list("use", &names);
        }
        text.gap();
        text.table("[site]");
        text.key("title", &*self.findings.title);
        text.remark("Public URL of the page, for links in feeds and messages:");
        text.remark("url = \"https://status.example.org\"");
        for part in [&self.components, &self.collectors, &wishes, &self.rules] {
            text.append(part);
        }
        text.gap();
        text.remark(
            "Notifications go to the log. See docs/notifications.md for chat, phone and e-mail.",
        );
        text.table("[[notifier]]");
        text.key("id", "log");
        text.key("type", "console");
        ProposedSettings {
            text: text.finish(),
            addresses: self.addresses,
        }
    }
}
