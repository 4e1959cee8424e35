//! From what a look found to the text of first settings.

use crate::command::init::found::{FoundPage, FoundRedis, InitFindings};
use crate::command::init::measured::Measured;
use crate::command::init::queue_tables;
use crate::command::written::settings_text::{SettingsText, TakenIds};
use crate::config::presets::catalogue::Preset;
use crate::evaluate::text::format::NumberFormat;

/// What stands above the settings.
const HEAD: &str = "\
First settings, written by `critwatch init`: components, collectors and rules with
thresholds. Change what you like, then run `critwatch check`.
docs/watching.md lists what else to watch, docs/rules.md explains rules.";

/// Writes settings for what was found, with thresholds from what was measured.
pub(crate) fn propose(findings: &InitFindings, measured: &Measured) -> String {
    let mut proposal = Proposal {
        findings,
        measured,
        ids: TakenIds::default(),
        component_ids: TakenIds::default(),
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
struct Proposal<'p> {
    findings: &'p InitFindings,
    measured: &'p Measured,
    ids: TakenIds,
    component_ids: TakenIds,
    presets: Vec<(&'static str, String)>,
    components: SettingsText,
    collectors: SettingsText,
    rules: SettingsText,
}

impl Proposal<'_> {
    /// Adds a component; its id is unlike all others.
    fn component(&mut self, words: &str, name: &str, needs: &[String]) -> String {
        let id = self.component_ids.id(words);
        let text = &mut self.components;
        text.table("[[component]]");
        text.key("id", &*id);
        text.key("name", name);
        if !needs.is_empty() {
            text.list("needs", needs);
        }
        id
    }

    /// Begins a collector; `id` is unlike all others.
    fn collector(&mut self, words: &str, kind: &str, concerns: &str) -> String {
        let id = self.ids.id(words);
        let text = &mut self.collectors;
        text.table("[[collector]]");
        text.key("id", &*id);
        text.key("type", kind);
        text.list("concerns", &[concerns.to_owned()]);
        id
    }

    fn redis(&mut self) {
        let (all, measured) = (&self.findings.redis, self.measured);
        if all.is_empty() {
            return;
        }
        let component = self.component("redis", "Redis", &[]);
        self.presets.push(("redis", component.clone()));
        let systems = queue_tables::systems(self.findings);
        for system in &systems {
            let name = queue_tables::component_name(system, systems.len());
            let id = self.component(system, &name, std::slice::from_ref(&component));
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

    fn database(&mut self, redis: &FoundRedis, component: &str) {
        let words = match redis.database {
            0 => "redis".to_owned(),
            number => format!("redis {number}"),
        };
        self.collectors.gap();
        for remark in &redis.remarks {
            self.collectors.remark(remark);
        }
        let id = self.collector(&words, "redis", component);
        let text = &mut self.collectors;
        text.reference("url", &redis.url.written);
        text.key_if("password_file", redis.password_file.clone());
        text.key("interval", "2s");
        text.key("timeout", "1500ms");
        if let Some(used) = self.measured.used(&id).filter(|used| *used > 0.8) {
            let used = NumberFormat::Percent.say(used);
            text.remark(&format!(
                "{used} of its memory was in use when this was written."
            ));
        }
        queue_tables::tables(text, &redis.queues);
    }

    fn sites(&mut self) {
        let sites = &self.findings.sites;
        let alone = sites.len() == 1;
        for site in sites {
            let words = if alone { "website" } else { &*site.host };
            let name = if alone { "Website" } else { &*site.host };
            let component = self.component(words, name, &[]);
            let id = self.collector(words, "http", &component);
            let text = &mut self.collectors;
            text.reference("url", &site.url.written);
            text.key("interval", "10s");
            text.key("timeout", "5s");
            if alone {
                self.presets.push(("website", component.clone()));
            } else {
                let expr = format!("probe_success{{job=\"{id}\"}} == 0");
                let rule = (format!("{id}-unreachable"), expr);
                let title = format!("{name} does not answer");
                self.rule(
                    rule,
                    "20s",
                    "down",
                    &component,
                    &title,
                    &format!("{title}."),
                );
            }
            self.slow(&id, alone, name, &component);
        }
    }

    /// When an answer is slow: by what was measured.
    fn slow(&mut self, id: &str, is_preset: bool, name: &str, component: &str) {
        let Some((seconds, slowest)) = self.measured.slow(id) else {
            return;
        };
        let rule = if is_preset {
            "website-slow".to_owned()
        } else {
            format!("{id}-slow")
        };
        self.rules.gap();
        self.rules.remark(&format!(
            "The slowest answer took {:.0} ms when this was written.",
            slowest * 1000.0
        ));
        let expr = format!("probe_duration_seconds{{job=\"{id}\"}} > {seconds}");
        let text = "It takes {{ value | duration }} to answer.";
        let title = format!("{name} is slow");
        self.rule((rule, expr), "1m", "disrupted", component, &title, text);
    }

    fn pages(&mut self) {
        let pages = &self.findings.pages;
        let plain = pages.iter().filter(|page| !page.is_machine).count();
        for page in pages {
            let (id, component) = self.page(page);
            if page.is_machine {
                self.machine(&id, &component);
            } else if plain == 1 {
                self.presets.push(("prometheus", component));
            } else {
                let rule = (
                    format!("{id}-unreachable"),
                    format!("up{{job=\"{id}\"}} == 0"),
                );
                let title = format!("{} does not answer", page.name);
                self.rule(
                    rule,
                    "15s",
                    "down",
                    &component,
                    &title,
                    &format!("{title}."),
                );
            }
        }
    }

    fn page(&mut self, page: &FoundPage) -> (String, String) {
        let component = self.component(&page.name, &page.name, &[]);
        self.collectors.gap();
        self.collectors
            .remark(&format!("{} metrics were on the page.", page.metrics));
        let id = self.collector(&page.name, "prometheus", &component);
        let text = &mut self.collectors;
        text.reference("url", &page.url.written);
        text.key("interval", "5s");
        text.key("timeout", "3s");
        (id, component)
    }

    fn machine(&mut self, id: &str, component: &str) {
        let job = format!("job=\"{id}\"");
        let memory = format!(
            "node_memory_MemAvailable_bytes{{{job}}} / node_memory_MemTotal_bytes{{{job}}} < 0.1"
        );
        self.rule(
            (format!("{id}-memory"), memory),
            "2m",
            "disrupted",
            component,
            "A machine is short of memory",
            "{{ value | percent }} of its memory is free. It may be slow.",
        );
        let of = format!("{job}, fstype!~\"tmpfs|ramfs|squashfs|overlay\"");
        let disk = format!(
            "node_filesystem_avail_bytes{{{of}}} / node_filesystem_size_bytes{{{of}}} < 0.1"
        );
        self.rule(
            (format!("{id}-disk"), disk),
            "5m",
            "notice",
            component,
            "A disk is nearly full",
            "{{ value | percent }} of {{ labels.mountpoint }} is free.",
        );
    }

    fn prometheus(&mut self) {
        for server in &self.findings.prometheus {
            let component = self.component("services", "Services", &[]);
            self.collectors.gap();
            if !server.jobs.is_empty() {
                let jobs = server.jobs.join(", ");
                self.collectors.remark(&format!("Its jobs: {jobs}."));
            }
            let id = self.collector("prometheus", "query", &component);
            let text = &mut self.collectors;
            text.reference("url", &server.url.written);
            text.key("interval", "15s");
            text.key("timeout", "5s");
            let rule = (format!("{id}-target-down"), "up == 0".to_owned());
            if self.measured.unseen.contains(&rule.0) {
                continue;
            }
            self.rules.gap();
            self.rules
                .remark("Drafts notify operators; they are public once somebody publishes them.");
            self.rule(
                rule,
                "2m",
                "disrupted",
                &component,
                "A target does not answer",
                "{{ labels.exported_job }} does not answer.",
            );
            self.rules.key("source", &*id);
            self.rules.key("publish", "draft");
        }
    }

    fn host(&mut self) {
        if self.findings.is_local {
            let component = self.component("host", "Host", &[]);
            self.collector("host", "host", &component);
            self.presets.push(("host", component));
        }
    }

    /// A rule, unless it found no data.
    fn rule(
        &mut self,
        (id, expr): (String, String),
        hold: &str,
        severity: &str,
        component: &str,
        title: &str,
        words: &str,
    ) {
        if self.measured.unseen.contains(&id) {
            return;
        }
        let text = &mut self.rules;
        text.table("[[rule]]");
        text.key("id", &*id);
        text.key("expr", expr);
        text.key("for", hold);
        text.key("severity", severity);
        text.list("components", &[component.to_owned()]);
        text.key("title", title);
        text.key("text", words);
    }

    fn finish(self) -> String {
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
                continue;
            }
            names.push((*name).to_owned());
            wishes.gap();
            if !without.is_empty() {
                wishes.remark(
                    "These rules had no data, or already fired, when this was written. \
                    Remove them from `without` once they work.",
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
        text.finish()
    }
}
