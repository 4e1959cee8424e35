//! What another program knows, as settings of ours.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::command::import::services::imported_page::{
    ImportedHeartbeat, ImportedPage, ImportedProbe, ProbeTarget,
};
use crate::command::init::reference::has_secret;
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

/// The settings of an imported page.
#[derive(Debug, Default)]
pub(crate) struct ImportedSettings {
    /// The settings.
    pub(crate) text: String,
    /// Variables that hold addresses with a login or a query, which may be secrets, each
    /// with the address and the component that it is about.
    pub(crate) variables: Vec<(String, String, String)>,
}

/// Writes the settings of an imported page; `from` says where it came from.
pub(crate) fn settings(
    page: &ImportedPage,
    taken: &ComponentNamesTaken,
    from: &str,
) -> ImportedSettings {
    let mut variables = Vec::new();
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
        let id = ids.id(&taken.ids[&probe.component]);
        let url = probe.target.url().filter(|url| has_secret(url));
        let variable = url.map(|url| {
            let variable = format!("{}_URL", id.to_uppercase().replace('-', "_"));
            let name = taken.names[&probe.component].clone();
            variables.push((variable.clone(), url.to_owned(), name));
            variable
        });
        let reference = variable.map(|variable| format!("${{{variable}}}"));
        write_probe(
            probe,
            taken,
            (&id, reference.as_deref()),
            &mut text,
            &mut rules,
        );
    }
    heartbeats(&page.heartbeats, taken, &mut text, &mut rules);
    text.append(&rules);
    ImportedSettings {
        text: text.finish(),
        variables,
    }
}

fn write_probe(
    probe: &ImportedProbe,
    taken: &ComponentNamesTaken,
    (id, reference): (&str, Option<&str>),
    text: &mut SettingsText,
    rules: &mut SettingsText,
) {
    let (component, name) = (&taken.ids[&probe.component], &taken.names[&probe.component]);
    text.table("[[collector]]");
    text.key("id", id);
    let is_tls = write_target(&probe.target, reference, text);
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
            format!("The certificate of {plain} expires soon"),
            "It expires in {{ value | duration }}.".to_owned(),
        );
        let expr = format!("probe_ssl_earliest_cert_expiry{{{job}}} - time() < {seconds}");
        rule("certificate", expr, 60.0, ("notice", true), words);
    }
}

/// Writes how something is asked, by a reference if its URL may hold a secret; whether
/// it shows a certificate.
fn write_target(target: &ProbeTarget, reference: Option<&str>, text: &mut SettingsText) -> bool {
    let write_url = |text: &mut SettingsText, url: &str| match reference {
        Some(reference) => text.reference("url", reference),
        None => text.key("url", url),
    };
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
            write_url(text, url);
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
            write_url(text, url);
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
        rules.key(
            "text",
            "The last successful run was {{ value | duration }} ago.",
        );
        listed.push(name);
    }
    text.gap();
    text.remark(
        "Each job reports a successful run to the operators' listener (docs/alerts.md):\n\
        curl -fsS -X POST http://127.0.0.1:9180/api/v1/heartbeat/NAME",
    );
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
