//! The `[site]` and its components, alone or upon a cState site.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::de::DeTable;

use crate::config::cstate::names::{names_of, with_tongues};
use crate::config::cstate::site::CstateSite;
use crate::config::reading::places::{Table, span, texts};
use crate::config::reading::reader::{TableReader, is_web, unique};
use crate::model::component::{Component, ComponentId};
use crate::model::text::language::Language;
use crate::model::text::shape::DurationText;
use crate::model::time::duration;
use crate::web::parts::look::colour::Colour;
use crate::web::parts::look::style;
use crate::web::serving::connections::visitor::{ForwardingHeader, Proxies};
use crate::web::site::Names;
use crate::web::site_elements::{Colours, Logo, Picture};

/// The `[site]` table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteTable {
    /// The title of the page.
    title: Option<String>,
    /// The text below the title, as markdown.
    description: Option<String>,
    /// The public address of the page, for links in feeds and messages.
    url: Option<String>,
    /// The zone of all times on the page, as in `Europe/Berlin`.
    timezone: Option<String>,
    /// The language of the page, as in `en` or `de`.
    #[serde(rename = "language")]
    _language: Option<String>,
    /// The colour of the page, as in `#7c3aed`.
    #[serde(rename = "brand")]
    _brand: Option<String>,
    /// The URL of a picture for the header of the page.
    #[serde(rename = "logo")]
    _logo: Option<String>,
    /// Whether visitors may report a problem.
    reports: Option<bool>,
    /// Whether visitors see who wrote an update.
    #[serde(default)]
    authors: bool,
    /// How long everything must be quiet before an incident resolves.
    #[serde(default = "default_hold", deserialize_with = "duration::deserialize")]
    #[schemars(with = "DurationText")]
    hold: Duration,
    /// Addresses and networks of trusted proxies, which name the client.
    #[serde(default)]
    trusted_proxies: Vec<String>,
    /// The header in which these proxies name the client.
    #[serde(default)]
    proxies_say: ForwardingHeader,
}

/// What `[site]` says.
#[derive(Debug)]
pub struct SiteSettings {
    /// The site's own words.
    pub names: Names,
    /// How long all must be quiet before an incident is over.
    pub(crate) hold: Duration,
    /// The proxies before the page.
    pub(crate) proxies: Proxies,
}

fn default_hold() -> Duration {
    Duration::from_mins(15)
}

/// A `[[component]]` table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComponentTable {
    /// Its name in rules and addresses.
    id: ComponentId,
    /// Its name for visitors.
    name: String,
    /// A text for visitors.
    description: Option<String>,
    /// The heading above it.
    category: Option<String>,
    /// The ids of components that it depends on.
    #[serde(default)]
    needs: Vec<ComponentId>,
}

/// Reads `[site]`; what it does not say is taken from the cState site.
pub fn names(
    reader: &mut TableReader,
    table: Option<Table<'_>>,
    cstate: Option<&CstateSite>,
) -> Option<SiteSettings> {
    let below = cstate.map(names_of);
    let Some(table) = table else {
        if below.is_none() {
            reader.fault(0..1, "there is no `[site]`; it needs a `title` at least");
        }
        return Some(SiteSettings {
            names: with_tongues(below?, cstate),
            hold: default_hold(),
            proxies: Proxies::default(),
        });
    };
    let site: SiteTable = reader.read(&table)?;
    check(reader, &table);
    let mut names = match (below, &site.title) {
        (Some(below), _) => below,
        (None, Some(_)) => Names::new("", TimeZone::UTC),
        (None, None) => {
            reader.fault(span(&table, "title"), "missing key `title`");
            return None;
        }
    };
    if let Some(title) = site.title {
        names.title = title;
    }
    if let Some(zone) = site.timezone.and_then(|zone| TimeZone::get(&zone).ok()) {
        names.zone = zone;
    }
    look(reader, &table, &mut names);
    let url = site.url.filter(|url| !url.is_empty());
    names.url = url
        .map(|url| url.trim_end_matches('/').to_owned())
        .or(names.url);
    names.description = site.description.or(names.description);
    names.reports = site.reports;
    names.authors = site.authors;
    Some(SiteSettings {
        names: with_tongues(names, cstate),
        hold: site.hold,
        proxies: Proxies {
            trusted: site
                .trusted_proxies
                .iter()
                .filter_map(|proxy| network(proxy))
                .collect(),
            says: site.proxies_say,
        },
    })
}

/// Tells what is no zone, no address and no network.
fn check(reader: &mut TableReader, table: &Table<'_>) {
    for (zone, span) in texts(table, "timezone") {
        if TimeZone::get(&zone).is_err() {
            let message = "unknown time zone; write a name as in `UTC` or `Europe/Berlin`";
            reader.fault(span, message);
        }
    }
    for (proxy, span) in texts(table, "trusted_proxies") {
        if network(&proxy).is_none() {
            let message = "this is not an IP address; write one as in `10.0.0.7`, or a network as in `10.0.0.0/8`";
            reader.fault(span, message);
        }
    }
    for (url, span) in texts(table, "url") {
        if !url.is_empty() && !is_web(&url) {
            reader.fault(
                span,
                "write the whole address of the page: `https://status.example.org`",
            );
        }
    }
}

/// Reads an address, or a network of them.
fn network(text: &str) -> Option<IpNet> {
    let net = text.parse::<IpNet>();
    net.or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .ok()
}

/// Reads how the page looks and in which language it speaks.
fn look(reader: &mut TableReader, table: &Table<'_>, names: &mut Names) {
    for (language, span) in texts(table, "language") {
        let known = Language::from_tag(&language);
        if known.is_none() {
            let all = Language::ALL.map(|one| format!("`{one}`")).join(", ");
            let message = format!(
                "there is no translation of the page into `{language}`; write one of {all}"
            );
            reader.fault(span, message);
        }
        names.language = known.or(names.language);
    }
    for (brand, span) in texts(table, "brand") {
        if Colour::parse(&brand).is_none() {
            reader.fault(span, "write a colour as in \"#7c3aed\"");
        }
        let others = names.colours.take().unwrap_or_else(style::colours);
        names.colours = Some(Colours { brand, ..others });
    }
    for (logo, span) in texts(table, "logo") {
        if !logo.starts_with("https://") {
            let message = "write the address of a picture: `https://example.org/logo.svg`";
            reader.fault(span, message);
        }
        names.logo = Some(Logo {
            source: Picture::Elsewhere(logo),
            alone: false,
        });
    }
}

/// Reads the components; on a cState site they are those of the site, and the
/// tables only add what rules need: an id, and `needs`.
pub(crate) fn components(
    reader: &mut TableReader,
    file: &mut DeTable<'_>,
    cstate: Option<&CstateSite>,
) -> Vec<Component> {
    let tables = reader.tables(file, "component");
    let mut components = cstate
        .map(|site| site.components.clone())
        .unwrap_or_default();
    let known: Vec<_> = components
        .iter()
        .map(|component| component.id.0.clone())
        .collect();
    let ids = tables
        .iter()
        .flat_map(|table| texts(table, "id"))
        .map(|(id, _)| id);
    let ids: Vec<_> = ids.chain(known).collect();
    let mut seen = BTreeSet::new();
    let mut names = BTreeSet::new();
    for table in &tables {
        unique(reader, &mut seen, table);
        for (name, span) in texts(table, "name") {
            if !names.insert(name.clone()) {
                let message = format!(
                    "another component is called `{name}` as well; incidents say by its name which \
                    one is affected, so give each its own"
                );
                reader.fault(span, message);
            }
        }
        for (need, span) in texts(table, "needs") {
            if !ids.contains(&need) {
                reader.fault(span, format!("there is no component `{need}`"));
            }
        }
        let Some(read) = reader.read::<ComponentTable>(table) else {
            continue;
        };
        let place = components
            .iter_mut()
            .find(|component| component.name == read.name);
        match place {
            Some(component) => {
                component.id = read.id;
                component.needs = read.needs;
                component.description = read.description.or(component.description.take());
            }
            None if cstate.is_some() => reader.fault(
                span(table, "name"),
                "the site has no system of this name; add it to the site's own settings first",
            ),
            None => components.push(Component {
                id: read.id,
                name: read.name,
                description: read.description,
                category: read.category,
                needs: read.needs,
            }),
        }
    }
    components
}
