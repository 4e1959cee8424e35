//! Pages, metrics pages and servers of Prometheus as tables of the settings.

use crate::command::init::component_names::distinct;
use crate::command::init::found::{FoundPage, FoundSite};
use crate::command::init::proposal::{ProposedRule, SettingsProposal};
use crate::command::written::settings_text::kebab;
use crate::config::presets::catalogue::Preset;

impl SettingsProposal<'_> {
    /// What users open: the one website, or each by its address.
    pub(crate) fn sites(&mut self) {
        let sites = &self.findings.sites;
        if let [site] = &sites[..] {
            return self.site(site, "website", "Website", true);
        }
        let addresses: Vec<_> = sites.iter().map(|site| &*site.url.shown).collect();
        for (site, name) in sites.iter().zip(distinct(&addresses)) {
            // Rules of a preset have its name before theirs.
            let is_taken = Preset::named(&kebab(&name)).is_some();
            let words = if is_taken {
                format!("page {name}")
            } else {
                name.clone()
            };
            self.site(site, &words, &name, false);
        }
    }

    fn site(&mut self, site: &FoundSite, words: &str, name: &str, is_alone: bool) {
        let (component, name) = self.component(words, name, &[]);
        let id = self.collector(words, "http", &component);
        let text = &mut self.collectors;
        text.reference("url", &site.url.written);
        text.key("interval", "10s");
        text.key("timeout", "5s");
        self.addresses.insert(id.clone(), site.url.shown.clone());
        if is_alone {
            self.presets.push(("website", component.clone()));
        } else {
            self.unreachable(&id, "probe_success", "20s", (&component, &name));
        }
        self.slow(&id, is_alone, (&component, &name));
    }

    fn unreachable(
        &mut self,
        id: &str,
        metric: &str,
        hold: &'static str,
        (component, name): (&str, &str),
    ) {
        let title = format!("{name} does not answer");
        self.rule(&ProposedRule {
            id: format!("{id}-unreachable"),
            expr: format!("{metric}{{job=\"{id}\"}} == 0"),
            hold,
            severity: "down",
            component,
            text: &format!("{title}."),
            title: &title,
        });
    }

    /// When an answer is slow: by what was measured.
    fn slow(&mut self, id: &str, is_preset: bool, (component, name): (&str, &str)) {
        let Some((seconds, slowest)) = self.measured.slow(id) else {
            return;
        };
        let rule = if is_preset { "website" } else { id };
        self.rules.gap();
        self.rules.remark(&format!(
            "The slowest response took {:.0} ms when this was written.",
            slowest * 1000.0
        ));
        self.rule(&ProposedRule {
            id: format!("{rule}-slow"),
            expr: format!("probe_duration_seconds{{job=\"{id}\"}} > {seconds}"),
            hold: "1m",
            severity: "disrupted",
            component,
            title: &format!("{name} is slow"),
            text: "It takes {{ value | duration }} to answer.",
        });
    }

    /// Metrics pages: several of one kind are told apart by their addresses.
    pub(crate) fn pages(&mut self) {
        let pages = &self.findings.pages;
        let plain = pages.iter().filter(|page| !page.is_machine).count();
        let addresses: Vec<_> = pages.iter().map(|page| &*page.url.shown).collect();
        for (page, place) in pages.iter().zip(distinct(&addresses)) {
            let alike = pages.iter().filter(|other| other.name == page.name).count();
            let name = if alike > 1 {
                format!("{} {place}", page.name)
            } else {
                page.name.clone()
            };
            let (id, component, name) = self.page(page, &name);
            if page.is_machine {
                self.machine(&id, &component);
            } else if plain == 1 {
                self.presets.push(("prometheus", component));
            } else {
                self.unreachable(&id, "up", "15s", (&component, &name));
            }
        }
    }

    fn page(&mut self, page: &FoundPage, name: &str) -> (String, String, String) {
        let (component, name) = self.component(name, name, &[]);
        self.collectors.gap();
        let metrics = page.metrics;
        self.collectors.remark(&match metrics {
            1 => "The page had 1 metric when this was written.".to_owned(),
            _ => format!("The page had {metrics} metrics when this was written."),
        });
        let id = self.collector(&name, "prometheus", &component);
        let text = &mut self.collectors;
        text.reference("url", &page.url.written);
        text.key("interval", "5s");
        text.key("timeout", "3s");
        self.addresses.insert(id.clone(), page.url.shown.clone());
        (id, component, name)
    }

    fn machine(&mut self, id: &str, component: &str) {
        let job = format!("job=\"{id}\"");
        self.rule(&ProposedRule {
            id: format!("{id}-memory"),
            expr: format!(
                "node_memory_MemAvailable_bytes{{{job}}} / node_memory_MemTotal_bytes{{{job}}} < 0.1"
            ),
            hold: "2m",
            severity: "disrupted",
            component,
            title: "A machine is short of memory",
            text: "{{ value | percent }} of its memory is free. It may be slow.",
        });
        let of = format!("{job}, fstype!~\"tmpfs|ramfs|squashfs|overlay\"");
        self.rule(&ProposedRule {
            id: format!("{id}-disk"),
            expr: format!(
                "node_filesystem_avail_bytes{{{of}}} / node_filesystem_size_bytes{{{of}}} < 0.1"
            ),
            hold: "5m",
            severity: "notice",
            component,
            title: "A disk is nearly full",
            text: "{{ value | percent }} of {{ labels.mountpoint }} is free.",
        });
    }

    /// Servers of Prometheus, which evaluate a rule of ours.
    pub(crate) fn prometheus(&mut self) {
        let servers = &self.findings.prometheus;
        let addresses: Vec<_> = servers.iter().map(|server| &*server.url.shown).collect();
        for (server, place) in servers.iter().zip(distinct(&addresses)) {
            let name = if servers.len() > 1 {
                format!("Services of {place}")
            } else {
                "Services".to_owned()
            };
            let (component, _) = self.component(&name, &name, &[]);
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
            self.addresses.insert(id.clone(), server.url.shown.clone());
            let rule = format!("{id}-target-down");
            if self.measured.unseen.contains(&rule) {
                continue;
            }
            self.rules.gap();
            self.rules
                .remark("Only operators are notified of a draft, until somebody publishes it.");
            self.rule(&ProposedRule {
                id: rule,
                expr: "up == 0".to_owned(),
                hold: "2m",
                severity: "disrupted",
                component: &component,
                title: "A target does not answer",
                text: "{{ labels.exported_job }} does not answer.",
            });
            self.rules.key("source", &*id);
            self.rules.key("publish", "draft");
        }
    }
}
