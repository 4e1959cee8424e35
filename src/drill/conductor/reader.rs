//! Reads the public page over HTTP, and the incident files, as everybody can.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use reqwest::Client;
use serde_json::Value;

use crate::drill::conductor::clock::OutageClock;
use crate::drill::record::{FileSeen, PageSeen, UpdateSeen};
use crate::incident::file::document::Document;
use crate::model::component::Health;
use crate::model::incident::{Incident, Phase};
use crate::runtime::client;

/// The longest that the page may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Reads a page as a visitor does.
#[derive(Clone, Debug)]
pub(crate) struct PublicPageReader {
    client: Client,
    base: String,
}

impl PublicPageReader {
    /// Reads the page at an address.
    pub(crate) fn new(address: std::net::SocketAddr) -> reqwest::Result<Self> {
        Ok(Self {
            client: client::direct(ANSWER_WITHIN)?,
            base: format!("http://{address}"),
        })
    }

    /// Reads it once; none if it does not answer.
    pub(crate) async fn read(&self) -> Option<PageSeen> {
        let (html, index, summary) = tokio::join!(
            self.get("/"),
            self.get("/index.json"),
            self.get("/api/v2/summary.json")
        );
        let index = serde_json::from_str(&index?).ok()?;
        let summary = serde_json::from_str(&summary?).ok()?;
        page(&html?, &index, &summary)
    }

    async fn get(&self, path: &str) -> Option<String> {
        let answer = self.client.get(format!("{}{path}", self.base)).send();
        let answer = answer.await.ok()?.error_for_status().ok()?;
        answer.text().await.ok()
    }
}

fn page(html: &str, index: &Value, summary: &Value) -> Option<PageSeen> {
    let between = |text: &str, from: &str, to: &str| {
        let (_, rest) = text.split_once(from)?;
        Some(rest.split_once(to)?.0.to_owned())
    };
    let overall = Health::from_word(&between(html, "class=\"banner is-", "\"")?)?;
    let heading = between(html, "<h1 id=\"state\"", "</h1>")?;
    let banner = plain(heading.split_once('>')?.1);
    let systems = index["systems"].as_array()?.iter();
    let components = systems.filter_map(|system| {
        let state = Health::from_word(system["status"].as_str()?)?;
        Some((system["name"].as_str()?.to_owned(), state))
    });
    let components: BTreeMap<_, _> = components.collect();
    let incidents = summary["incidents"].as_array()?.iter();
    let open = incidents.filter_map(|incident| {
        let phase = Phase::from_word(incident["status"].as_str()?)?;
        Some((incident["name"].as_str()?.to_owned(), phase))
    });
    Some(PageSeen {
        overall,
        banner,
        components,
        open: open.collect(),
    })
}

/// The text of a heading without its marks.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut is_mark = false;
    for character in html.chars() {
        match character {
            '<' => is_mark = true,
            '>' => is_mark = false,
            _ if !is_mark => text.push(character),
            _ => {}
        }
    }
    let text = text.replace("&#39;", "'").replace("&#34;", "\"");
    text.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .trim()
        .to_owned()
}

/// Reads every incident file of a folder, oldest first.
pub(crate) fn files(folder: &Path, clock: &OutageClock) -> std::io::Result<Vec<FileSeen>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = Path::new(&name).extension().is_some_and(|end| end == "md");
        if !is_file || name.starts_with('.') {
            continue;
        }
        let document = Document::parse(std::fs::read(entry.path())?);
        let document = document.map_err(std::io::Error::other)?;
        found.push(file(&document.incident(&name), clock));
    }
    found.sort_by(|one, other| one.date.total_cmp(&other.date));
    Ok(found)
}

fn file(incident: &Incident, clock: &OutageClock) -> FileSeen {
    let updates = incident.updates.iter().rev();
    let updates = updates.map(|update| UpdateSeen {
        t: update.at.map(|at| clock.minute(at)),
        word: update.word.clone(),
        text: update.text.clone(),
    });
    FileSeen {
        name: incident.name.clone(),
        title: incident.title.clone(),
        date: incident.date.map_or(f64::NAN, |at| clock.minute(at)),
        resolved_when: incident.resolved_when.map(|at| clock.minute(at)),
        severity: incident.severity,
        affected: incident.affected.clone(),
        updates: updates.collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_is_read_as_visitors_see_it() {
        let html = "<section class=\"banner is-down\" x>\n<h1 id=\"state\" dir=\"auto\">Rolls \
                    <wbr>fail &#38; wait</h1>";
        let index = json!({ "systems": [{ "name": "Cache", "status": "down" }] });
        let summary = json!({ "incidents": [{ "name": "Rolls fail", "status": "monitoring" }] });
        let expected = PageSeen {
            overall: Health::Down,
            banner: "Rolls fail & wait".to_owned(),
            components: [("Cache".to_owned(), Health::Down)].into(),
            open: vec![("Rolls fail".to_owned(), Phase::Monitoring)],
        };
        assert_eq!(page(html, &index, &summary), Some(expected));
        assert_eq!(page("", &index, &summary), None);
    }
}
