//! Uptime Kuma: the JSON of its backup, as versions 1 write it.

use serde_json::Value;
use toml::Value as Toml;

use crate::command::import::services::imported_page::{
    ImportedComponent, ImportedHeartbeat, ImportedPage, ImportedProbe, ProbeTarget,
};
use crate::command::import::services::words::{
    certificate_is_checked, heading, key, list, number, text,
};

/// Reads a backup: its monitors; history is not part of it.
pub(crate) fn read(value: &Value, file: &str, page: &mut ImportedPage) {
    let monitors = list(&value["monitorList"]);
    if value.get("monitorList").is_none() {
        let message = "it has no `monitorList`; it is not a backup of Uptime Kuma".to_owned();
        page.leave_out(file, None, message);
    }
    for monitor in monitors {
        self::monitor(monitor, monitors, file, page);
    }
    for notification in list(&value["notificationList"]) {
        let name = heading(notification["name"].as_str().unwrap_or_default());
        let message = format!(
            "the notification `{name}` contains secrets; write a [[notifier]] (docs/notifications.md)"
        );
        page.leave_out(file, None, message);
    }
    for (list_name, what) in [("proxyList", "proxies"), ("statusPageList", "status pages")] {
        if !list(&value[list_name]).is_empty() {
            page.leave_out(
                file,
                None,
                format!("{what} are settings of Uptime Kuma alone"),
            );
        }
    }
    if !monitors.is_empty() {
        let message = "a backup of Uptime Kuma has no history and no incidents".to_owned();
        page.change(file, None, message);
    }
}

fn monitor(monitor: &Value, all: &[Value], file: &str, page: &mut ImportedPage) {
    let name = heading(monitor["name"].as_str().unwrap_or_default());
    let kind = text(&monitor["type"]).unwrap_or_default();
    if kind == "group" {
        return;
    }
    if [Value::from(0), Value::from(false)].contains(&monitor["active"]) {
        page.leave_out(file, None, format!("the monitor `{name}` is paused"));
        return;
    }
    let id = key(&monitor["id"]).unwrap_or_else(|| name.clone());
    let parent = key(&monitor["parent"]).and_then(|parent| {
        let group = all
            .iter()
            .find(|one| key(&one["id"]).as_ref() == Some(&parent))?;
        text(&group["name"]).map(str::to_owned)
    });
    let interval = number(&monitor["interval"]).unwrap_or(60.0);
    let component = ImportedComponent {
        key: id.clone(),
        name: name.clone(),
        description: text(&monitor["description"]).map(str::to_owned),
        category: parent,
    };
    if kind == "push" {
        page.component(component);
        page.heartbeats.push(ImportedHeartbeat {
            component: id,
            name: name.clone(),
            late: 2.0 * interval,
        });
        page.change(
            file,
            None,
            format!("`{name}` is pushed: point the job to the new address"),
        );
        return;
    }
    let target = match target(monitor, kind) {
        Ok(target) => target,
        Err(why) => {
            let message = format!("the monitor `{name}` is skipped: {why}");
            return page.leave_out(file, None, message);
        }
    };
    if monitor["ignoreTls"] == true {
        page.change(file, None, certificate_is_checked(&name));
    }
    let tries = number(&monitor["maxretries"]).unwrap_or(0.0);
    let pause = number(&monitor["retryInterval"]).unwrap_or(interval);
    let certificate = monitor["expiryNotification"] == true;
    page.component(component);
    page.probes.push(ImportedProbe {
        component: id,
        target,
        interval,
        timeout: number(&monitor["timeout"]),
        hold: tries * pause,
        slow: None,
        certificate: certificate.then_some(14.0 * 86_400.0),
    });
}

/// How a monitor asks, or why we do not ask like that.
fn target(monitor: &Value, kind: &str) -> Result<ProbeTarget, String> {
    match kind {
        "http" | "keyword" => http(monitor, kind == "keyword"),
        "port" => {
            let host = text(&monitor["hostname"]);
            let port = number(&monitor["port"]).filter(|port| *port < 65_536.0);
            let (host, port) = host.zip(port).ok_or("it has no host and port")?;
            Ok(ProbeTarget::Tcp {
                address: format!("{host}:{port}"),
                tls: false,
            })
        }
        "redis" => {
            Err("write a [[collector]] of type `redis`: critwatch init --redis URL".to_owned())
        }
        kind => Err(format!(
            "critwatch has no probe of type `{kind}`; it probes HTTP, TCP and WebSocket"
        )),
    }
}

fn http(monitor: &Value, has_keyword: bool) -> Result<ProbeTarget, String> {
    let url = text(&monitor["url"]).filter(|url| url.starts_with("http"));
    let url = url.ok_or("it has no address")?;
    let secrets = [
        "basic_auth_pass",
        "oauth_client_secret",
        "tlsKey",
        "headers",
        "body",
    ];
    if let Some(key) = secrets.iter().find(|key| text(&monitor[**key]).is_some()) {
        return Err(format!("its `{key}` may be a secret; write it by hand"));
    }
    if monitor["upsideDown"] == true {
        return Err("it is upside down".to_owned());
    }
    let keyword = text(&monitor["keyword"]).filter(|_| has_keyword);
    let keyword = keyword.map(regex::escape);
    let (body, body_not) = if monitor["invertKeyword"] == true {
        (None, keyword)
    } else {
        (keyword, None)
    };
    let method = text(&monitor["method"]).filter(|method| *method != "GET");
    let statuses = list(&monitor["accepted_statuscodes"]).iter();
    Ok(ProbeTarget::Http {
        url: url.to_owned(),
        method: method.map(str::to_owned),
        status: statuses.flat_map(status).collect(),
        body,
        body_not,
        json: Vec::new(),
    })
}

/// Statuses as we write them: `200-299` is `2xx`.
fn status(value: &Value) -> Vec<Toml> {
    let Some(text) = text(value) else {
        return Vec::new();
    };
    let range = text.split_once('-').and_then(|(from, to)| {
        let (from, to): (i64, i64) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        Some((from, to))
    });
    match range {
        Some((from, to)) if from % 100 == 0 && to == from + 99 => {
            vec![Toml::from(format!("{}xx", from / 100))]
        }
        Some((from, to)) if from <= to && to - from < 100 => (from..=to).map(Toml::from).collect(),
        Some(_) => Vec::new(),
        None => text
            .parse::<i64>()
            .ok()
            .map(Toml::from)
            .into_iter()
            .collect(),
    }
}
