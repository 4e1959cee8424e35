//! Better Stack: the JSON of its API, a page of answers in a file each.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::Value as Toml;

use crate::command::import::services::betterstack_history::{incident, report};
use crate::command::import::services::imported_page::{
    ImportedComponent, ImportedHeartbeat, ImportedPage, ImportedProbe, PastSubscriber, PastUpdate,
    ProbeTarget,
};
use crate::command::import::services::words::{
    certificate_is_checked, heading, key, list, markdown, moment, number, text,
};

/// Which entries are read before others: names are known by then.
const ORDER: [&str; 6] = [
    "status_page",
    "monitor",
    "heartbeat",
    "status_page_resource",
    "status_update",
    "status_report",
];

/// What several answers say together.
#[derive(Debug, Default)]
struct Together {
    /// Updates of reports by the id of their report.
    said: BTreeMap<String, Vec<PastUpdate>>,
    /// Components by the id of the resource that shows them.
    resources: BTreeMap<String, String>,
}

/// Reads answers, each with its file: monitors, heartbeats, pages, resources, reports,
/// incidents, readers.
pub(crate) fn read(answers: &[(String, Value)], page: &mut ImportedPage) {
    let mut all = Vec::new();
    for (file, value) in answers {
        let before = all.len();
        all.extend(entries(value).map(|entry| (file.as_str(), entry)));
        if all.len() == before && value.get("data").is_none() {
            let message =
                "it has no `data`; it is not a response of the Better Stack API".to_owned();
            page.leave_out(file, None, message);
        }
    }
    let place = |entry: &Value| {
        let kind = text(&entry["type"]).unwrap_or_default();
        ORDER
            .iter()
            .position(|known| *known == kind)
            .unwrap_or(ORDER.len())
    };
    all.sort_by_key(|(_, entry)| place(entry));
    let mut together = Together::default();
    for (file, entry) in all {
        one(entry, file, page, &mut together);
    }
}

fn one(entry: &Value, file: &str, page: &mut ImportedPage, together: &mut Together) {
    let id = key(&entry["id"]).unwrap_or_default();
    let attributes = &entry["attributes"];
    match text(&entry["type"]).unwrap_or_default() {
        "monitor" => monitor(&id, attributes, file, page),
        "heartbeat" => heartbeat(&id, attributes, file, page),
        "status_page" => {
            page.title = text(&attributes["company_name"]).map(str::to_owned);
            page.url = text(&attributes["custom_domain"]).map(|host| format!("https://{host}"));
        }
        "status_page_resource" => {
            together
                .resources
                .extend(resource(&id, attributes, page).map(|key| (id, key)));
        }
        "status_report" | "status_page_report" => {
            let said = together.said.remove(&id).unwrap_or_default();
            report(attributes, said, file, page, &together.resources);
        }
        "incident" => incident(attributes, file, page),
        "status_page_subscriber" | "subscriber" => {
            if let Some(address) = text(&attributes["email"]) {
                page.subscribers.push(PastSubscriber {
                    address: address.to_owned(),
                    components: Vec::new(),
                });
            }
        }
        "status_update" => note_update(entry, &mut together.said),
        kind => page.leave_out(file, None, format!("`{kind}` has no equivalent here")),
    }
}

/// Keeps an update for its report.
fn note_update(entry: &Value, said: &mut BTreeMap<String, Vec<PastUpdate>>) {
    let attributes = &entry["attributes"];
    let report = key(&entry["relationships"]["status_report"]["data"]["id"])
        .or_else(|| key(&attributes["status_report_id"]));
    let at = moment(&attributes["published_at"]);
    if let Some((report, at)) = report.zip(at) {
        said.entry(report).or_default().push(PastUpdate {
            at,
            word: "Update",
            text: markdown(attributes["message"].as_str().unwrap_or_default()),
        });
    }
}

/// The entries of an answer: one, or a list.
fn entries(value: &Value) -> impl Iterator<Item = &Value> {
    let data = &value["data"];
    let single = data.is_object().then_some(data);
    list(data)
        .iter()
        .chain(single)
        .chain(list(&value["included"]))
}

fn monitor(id: &str, attributes: &Value, file: &str, page: &mut ImportedPage) {
    let name = text(&attributes["pronounceable_name"]).or(text(&attributes["url"]));
    let name = heading(name.unwrap_or_default());
    let target = match target(attributes) {
        Ok(target) => target,
        Err(why) => {
            let message = format!("the monitor `{name}` is skipped: {why}");
            return page.leave_out(file, None, message);
        }
    };
    if attributes["verify_ssl"] == false {
        page.change(file, None, certificate_is_checked(&name));
    }
    let days = number(&attributes["ssl_expiration"]);
    page.component(ImportedComponent {
        key: format!("Monitor {id}"),
        name,
        ..ImportedComponent::default()
    });
    page.probes.push(ImportedProbe {
        component: format!("Monitor {id}"),
        target,
        interval: number(&attributes["check_frequency"]).unwrap_or(60.0),
        timeout: number(&attributes["request_timeout"]).map(|time| {
            // Seconds, but milliseconds for ports.
            if time > 300.0 { time / 1000.0 } else { time }
        }),
        hold: number(&attributes["confirmation_period"]).unwrap_or(0.0),
        slow: None,
        certificate: days.map(|days| days * 86_400.0),
    });
}

/// How a monitor asks, or why we do not ask like that.
fn target(attributes: &Value) -> Result<ProbeTarget, String> {
    if attributes["paused"] == true || text(&attributes["paused_at"]).is_some() {
        return Err("it is paused".to_owned());
    }
    let secret = !list(&attributes["request_headers"]).is_empty()
        || text(&attributes["request_body"]).is_some()
        || text(&attributes["auth_password"]).is_some();
    if secret {
        let why = "its headers, body or password may be secrets; write them by hand";
        return Err(why.to_owned());
    }
    let url = text(&attributes["url"]).unwrap_or_default();
    let keyword = text(&attributes["required_keyword"]).map(regex::escape);
    let statuses = list(&attributes["expected_status_codes"]).iter();
    let http = |body, body_not| ProbeTarget::Http {
        url: url.to_owned(),
        method: text(&attributes["http_method"])
            .map(str::to_uppercase)
            .filter(|method| method != "GET"),
        status: statuses
            .clone()
            .filter_map(Value::as_i64)
            .map(Toml::from)
            .collect(),
        body,
        body_not,
        json: Vec::new(),
    };
    match text(&attributes["monitor_type"]).unwrap_or("status") {
        "status" | "expected_status_code" if url.starts_with("http") => Ok(http(None, None)),
        "keyword" if url.starts_with("http") => Ok(http(keyword, None)),
        "keyword_absence" if url.starts_with("http") => Ok(http(None, keyword)),
        "tcp" | "smtp" | "pop" | "imap" => {
            let port = key(&attributes["port"]).ok_or("it has no port")?;
            Ok(ProbeTarget::Tcp {
                address: format!("{url}:{port}"),
                tls: false,
            })
        }
        kind => Err(format!("critwatch has no probe of type `{kind}`")),
    }
}

fn heartbeat(id: &str, attributes: &Value, file: &str, page: &mut ImportedPage) {
    let name = heading(attributes["name"].as_str().unwrap_or_default());
    let Some(period) = number(&attributes["period"]) else {
        page.leave_out(file, None, format!("the heartbeat `{name}` has no period"));
        return;
    };
    page.component(ImportedComponent {
        key: format!("Heartbeat {id}"),
        name: name.clone(),
        ..ImportedComponent::default()
    });
    page.heartbeats.push(ImportedHeartbeat {
        component: format!("Heartbeat {id}"),
        name: name.clone(),
        late: period + number(&attributes["grace"]).unwrap_or(0.0),
    });
    page.change(
        file,
        None,
        format!("`{name}` is pushed: point the job to the new address"),
    );
}

/// A resource of a page gives a monitor the name that visitors know; the component.
fn resource(id: &str, attributes: &Value, page: &mut ImportedPage) -> Option<String> {
    let kind = text(&attributes["resource_type"]).unwrap_or_default();
    let resource = key(&attributes["resource_id"]).unwrap_or_default();
    let name = text(&attributes["public_name"])?;
    let monitored = format!("{kind} {resource}");
    let known = page.components.iter_mut().find(|one| one.key == monitored);
    if let Some(component) = known {
        name.clone_into(&mut component.name);
        return Some(monitored);
    }
    let own = format!("resource {id}");
    page.component(ImportedComponent {
        key: own.clone(),
        name: name.to_owned(),
        description: text(&attributes["explanation"]).map(str::to_owned),
        category: None,
    });
    Some(own)
}
