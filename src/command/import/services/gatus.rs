//! Gatus: its configuration in YAML.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::command::import::services::gatus_conditions::{self, GatusConditions, seconds};
use crate::command::import::services::imported_page::{
    ImportedComponent, ImportedHeartbeat, ImportedPage, ImportedProbe, ProbeTarget,
};
use crate::command::import::services::words::heading;
use crate::command::terminal::input::BadInput;
use crate::model::text::yaml_fault::YamlFault;

/// The file, as far as it has something like it here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct GatusFile {
    #[serde(default, alias = "services")]
    endpoints: Vec<Spanned<GatusEndpoint>>,
    #[serde(default)]
    external_endpoints: Vec<Spanned<GatusExternal>>,
    #[serde(default)]
    ui: Option<GatusUi>,
    #[serde(default)]
    alerting: Option<GatusKeys>,
    #[serde(default)]
    maintenance: Option<IgnoredAny>,
    #[serde(default)]
    remote: Option<IgnoredAny>,
}

/// The keys of a map whose values may be secrets, and are not kept.
#[derive(Debug, Default)]
struct GatusKeys(Vec<String>);

impl<'de> Deserialize<'de> for GatusKeys {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = GatusKeys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<GatusKeys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                    keys.push(key);
                }
                Ok(GatusKeys(keys))
            }
        }
        from.deserialize_map(Keys)
    }
}

#[derive(Debug, Deserialize)]
struct GatusUi {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    header: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct GatusEndpoint {
    name: String,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    url: String,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    interval: Option<String>,
    #[serde(default)]
    conditions: Vec<String>,
    #[serde(default)]
    alerts: Vec<GatusAlert>,
    #[serde(default)]
    headers: Option<IgnoredAny>,
    #[serde(default)]
    body: Option<IgnoredAny>,
    #[serde(default)]
    client: Option<GatusKeys>,
    #[serde(default)]
    dns: Option<IgnoredAny>,
    #[serde(default)]
    graphql: Option<IgnoredAny>,
    #[serde(default)]
    ssh: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct GatusExternal {
    name: String,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    heartbeat: Option<GatusHeartbeat>,
}

#[derive(Debug, Deserialize)]
struct GatusHeartbeat {
    interval: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct GatusAlert {
    #[serde(default)]
    failure_threshold: Option<u32>,
}

/// Reads a configuration; endpoints become components with a probe each.
pub(crate) fn read(text: &str, file: &str, page: &mut ImportedPage) -> Result<(), BadInput> {
    let read: GatusFile = serde_saphyr::from_str(text).map_err(|error| {
        let fault = YamlFault::from(&error).in_file(file);
        BadInput::new(format!("{fault}; is this the configuration of Gatus?"))
    })?;
    if let Some(ui) = read.ui {
        page.title = ui.header.or(ui.title);
    }
    for endpoint in &read.endpoints {
        let line = usize::try_from(endpoint.referenced.line()).ok();
        self::endpoint(&endpoint.value, file, line, page);
    }
    for external in &read.external_endpoints {
        let line = usize::try_from(external.referenced.line()).ok();
        self::external(&external.value, file, line, page);
    }
    for kind in read.alerting.unwrap_or_default().0 {
        let message = format!("alerting by `{kind}`: write a [[notifier]] (docs/notifications.md)");
        page.leave_out(file, None, message);
    }
    let others = [
        (
            "maintenance",
            read.maintenance.is_some(),
            "write a [[maintenance]] (docs/maintenance.md)",
        ),
        (
            "remote",
            read.remote.is_some(),
            "critwatch shows its own endpoints",
        ),
    ];
    for (key, is_there, why) in others {
        if is_there {
            page.leave_out(file, None, format!("`{key}`: {why}"));
        }
    }
    Ok(())
}

fn component(name: &str, group: Option<&String>, page: &mut ImportedPage) -> String {
    let key = match group {
        Some(group) => format!("{group} {name}"),
        None => name.to_owned(),
    };
    page.component(ImportedComponent {
        key: key.clone(),
        name: heading(name),
        description: None,
        category: group.map(|group| heading(group)),
    });
    key
}

fn endpoint(endpoint: &GatusEndpoint, file: &str, line: Option<usize>, page: &mut ImportedPage) {
    let name = &endpoint.name;
    if endpoint.enabled == Some(false) {
        page.leave_out(file, line, format!("`{name}` is not enabled"));
        return;
    }
    let read = gatus_conditions::read(&endpoint.conditions);
    for condition in &read.left_out {
        let message = format!("`{name}`: the condition `{condition}` has no equivalent here");
        page.leave_out(file, line, message);
    }
    let target = match target(endpoint, &read) {
        Ok(target) => target,
        Err(why) => return page.leave_out(file, line, format!("`{name}` is skipped: {why}")),
    };
    if let Some(GatusKeys(keys)) = &endpoint.client
        && !keys.is_empty()
    {
        let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
        page.leave_out(
            file,
            line,
            format!("`{name}`: `client` with {}", keys.join(", ")),
        );
    }
    let interval = endpoint
        .interval
        .as_deref()
        .and_then(seconds)
        .unwrap_or(60.0);
    let failures = endpoint
        .alerts
        .iter()
        .filter_map(|alert| alert.failure_threshold)
        .min();
    let failures = f64::from(failures.unwrap_or(if endpoint.alerts.is_empty() { 1 } else { 3 }));
    let component = component(name, endpoint.group.as_ref(), page);
    page.probes.push(ImportedProbe {
        component,
        target,
        interval,
        timeout: None,
        hold: (failures - 1.0).max(0.0) * interval,
        slow: read.slow,
        certificate: read.certificate,
    });
}

/// How an endpoint is asked, or why we do not.
fn target(endpoint: &GatusEndpoint, read: &GatusConditions) -> Result<ProbeTarget, &'static str> {
    if endpoint.headers.is_some() || endpoint.body.is_some() {
        return Err("its headers or body may contain secrets; write the collector by hand");
    }
    if endpoint.dns.is_some() || endpoint.ssh.is_some() || endpoint.graphql.is_some() {
        return Err("critwatch probes HTTP, TCP and WebSocket");
    }
    let (scheme, rest) = endpoint
        .url
        .split_once("://")
        .ok_or("its `url` has no scheme")?;
    let rest = rest.trim_end_matches('/').to_owned();
    match scheme {
        "http" | "https" => Ok(ProbeTarget::Http {
            url: endpoint.url.clone(),
            method: endpoint.method.clone().filter(|method| method != "GET"),
            status: read.status.clone(),
            body: read.body.clone(),
            body_not: None,
            json: read.json.clone(),
        }),
        "tcp" => Ok(ProbeTarget::Tcp {
            address: rest,
            tls: false,
        }),
        "tls" => Ok(ProbeTarget::Tcp {
            address: rest,
            tls: true,
        }),
        "ws" | "wss" => Ok(ProbeTarget::WebSocket {
            url: endpoint.url.clone(),
        }),
        _ => Err("critwatch probes HTTP, TCP and WebSocket"),
    }
}

fn external(external: &GatusExternal, file: &str, line: Option<usize>, page: &mut ImportedPage) {
    let name = &external.name;
    let interval = external
        .heartbeat
        .as_ref()
        .and_then(|one| seconds(&one.interval));
    let Some(late) = interval else {
        let message =
            format!("`{name}` has no heartbeat; push it to /api/v1/heartbeat (docs/alerts.md)");
        page.leave_out(file, line, message);
        return;
    };
    let component = component(name, external.group.as_ref(), page);
    page.heartbeats.push(ImportedHeartbeat {
        component,
        name: name.clone(),
        late,
    });
    page.change(
        file,
        line,
        format!("`{name}` is pushed: point the job to the new address"),
    );
}
