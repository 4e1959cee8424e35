//! What another program knows, as settings of ours.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::command::import::services::imported_page::{
    ImportedHeartbeat, ImportedPage, ImportedProbe, ProbeTarget,
};
use crate::command::written::settings_text::{SettingsText, TakenIds};
use crate::model::time::duration;

/// Names that components have here: unlike each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct ComponentNamesTaken {
    /// Ids by the other program's names.
    pub(crate) ids: BTreeMap<String, String>,
    /// Names by the other program's.
    pub(crate) names: BTreeMap<String, String>,
}

impl ComponentNamesTaken {
    /// Gives each component an id and a name of its own.
    pub(crate) fn of(page: &ImportedPage) -> Self {
        let mut taken = Self::default();
        let mut ids = TakenIds::default();
        for component in &page.components {
            let mut name: String = component
                .name
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            let group = component.category.as_deref().unwrap_or("2");
            if name.is_empty() {
                name.push_str("Unnamed");
            }
            while taken.names.values().any(|other| *other == name) {
                name = format!("{name} ({group})");
            }
            let words = match &component.category {
                Some(group) => format!("{group} {name}"),
                None => name.clone(),
            };
            taken.ids.insert(component.key.clone(), ids.id(&words));
            taken.names.insert(component.key.clone(), name);
        }
        taken
    }
}

/// Writes the settings of an imported page; `from` says where it came from.
pub(crate) fn settings(page: &ImportedPage, taken: &ComponentNamesTaken, from: &str) -> String {
    let mut text = SettingsText::default();
    text.remark(&format!("Imported from {from} by `critwatch import`."));
    text.gap();
    text.table("[site]");
    text.key("title", page.title.as_deref().unwrap_or("Status"));
    if let Some(url) = page
        .url
        .as_deref()
        .filter(|url| url.starts_with("https://"))
    {
        text.remark(&format!("The page was at {url}; its new URL:"));
        text.remark("url = \"https://status.example.org\"");
    }
    for component in &page.components {
        text.table("[[component]]");
        text.key("id", &*taken.ids[&component.key]);
        text.key("name", &*taken.names[&component.key]);
        text.key_if("description", component.description.clone());
        text.key_if("category", component.category.clone());
    }
    let mut ids = TakenIds::default();
    let mut rules = SettingsText::default();
    for probe in &page.probes {
        write_probe(probe, taken, &mut ids, &mut text, &mut rules);
    }
    heartbeats(&page.heartbeats, taken, &mut text, &mut rules);
    text.append(&rules);
    text.finish()
}

fn write_probe(
    probe: &ImportedProbe,
    taken: &ComponentNamesTaken,
    ids: &mut TakenIds,
    text: &mut SettingsText,
    rules: &mut SettingsText,
) {
    let (component, name) = (&taken.ids[&probe.component], &taken.names[&probe.component]);
    let id = ids.id(component);
    text.table("[[collector]]");
    text.key("id", &*id);
    let is_tls = write_target(&probe.target, text);
    let interval = probe.interval.clamp(1.0, 86_400.0);
    let timeout = probe.timeout.unwrap_or(10.0).clamp(0.5, 60.0);
    text.key("interval", length(interval));
    text.key("timeout", length(timeout.min(interval.max(1.0))));
    text.list("concerns", std::slice::from_ref(component));
    let mut rule =
        |suffix: &str, expr: String, hold: f64, level: (&str, bool), words: (String, String)| {
            rules.table("[[rule]]");
            rules.key("id", format!("{id}-{suffix}"));
            rules.key("expr", expr);
            if hold > 0.0 {
                rules.key("for", length(hold));
            }
            rules.key("severity", level.0);
            if level.1 {
                rules.key("publish", "internal");
            }
            rules.list("components", std::slice::from_ref(component));
            rules.key("title", words.0);
            rules.key("text", words.1);
        };
    let job = format!("job=\"{id}\"");
    let plain = name.replace("{{", "{ {");
    let words = (
        format!("{plain} does not answer"),
        format!("{plain} does not answer as it should."),
    );
    let down = format!("probe_success{{{job}}} == 0");
    rule("unreachable", down, probe.hold, ("down", false), words);
    if let Some(slow) = probe.slow {
        let words = (
            format!("{plain} is slow"),
            "It takes {{ value | duration }} to answer.".to_owned(),
        );
        let expr = format!("probe_duration_seconds{{{job}}} > {slow}");
        rule("slow", expr, 60.0, ("notice", false), words);
    }
    if let Some(seconds) = probe.certificate.filter(|_| is_tls) {
        let words = (
            format!("The certificate of {plain} ends soon"),
            "It ends in {{ value | duration }}.".to_owned(),
        );
        let expr = format!("probe_ssl_earliest_cert_expiry{{{job}}} - time() < {seconds}");
        rule("certificate", expr, 60.0, ("notice", true), words);
    }
}

/// Writes how something is asked; whether it shows a certificate.
fn write_target(target: &ProbeTarget, text: &mut SettingsText) -> bool {
    match target {
        ProbeTarget::Http {
            url,
            method,
            status,
            body,
            body_not,
            json,
        } => {
            text.key("type", "http");
            text.key("url", &**url);
            text.key_if("method", method.clone());
            match &status[..] {
                [] => {}
                [one] => text.key("status", one.clone()),
                all => text.key("status", all.to_vec()),
            }
            text.key_if("body", body.clone());
            text.key_if("body_not", body_not.clone());
            if !json.is_empty() {
                let all = json.iter().cloned().map(Table::into);
                text.key("json", all.collect::<Vec<Value>>());
            }
            url.starts_with("https")
        }
        ProbeTarget::Tcp { address, tls } => {
            text.key("type", "tcp");
            text.key("address", &**address);
            if *tls {
                text.key("tls", true);
            }
            *tls
        }
        ProbeTarget::WebSocket { url } => {
            text.key("type", "websocket");
            text.key("url", &**url);
            url.starts_with("wss")
        }
    }
}

fn heartbeats(
    all: &[ImportedHeartbeat],
    taken: &ComponentNamesTaken,
    text: &mut SettingsText,
    rules: &mut SettingsText,
) {
    if all.is_empty() {
        return;
    }
    let mut names = TakenIds::default();
    let mut listed = Vec::new();
    for heartbeat in all {
        let component = &taken.ids[&heartbeat.component];
        let name = names.id(&heartbeat.name);
        rules.table("[[rule]]");
        rules.key("id", format!("heartbeat-{name}-late"));
        rules.key(
            "expr",
            format!(
                "heartbeat_age_seconds{{name=\"{name}\"}} > {}",
                heartbeat.late
            ),
        );
        rules.key("severity", "disrupted");
        rules.list("components", std::slice::from_ref(component));
        let shown = taken.names[&heartbeat.component].replace("{{", "{ {");
        rules.key("title", format!("{shown} is late"));
        rules.key("text", "The last good run was {{ value | duration }} ago.");
        listed.push(name);
    }
    text.remark("Each job calls POST /api/v1/heartbeat/NAME of the operators' listener.");
    text.table("[[collector]]");
    text.key("id", "heartbeats");
    text.key("type", "heartbeat");
    text.list("names", &listed);
}

/// Seconds as a duration.
fn length(seconds: f64) -> String {
    let length = std::time::Duration::try_from_secs_f64(seconds).unwrap_or_default();
    duration::print(length)
}
