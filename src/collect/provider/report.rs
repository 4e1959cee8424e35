//! What a provider says of itself, in our words.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::Value;

use crate::model::component::Health;

/// Longer titles are cut, in characters.
const LONGEST_TITLE: usize = 160;

/// More open incidents of one page are not looked at.
const MOST: usize = 100;

/// A provider's page, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderReport {
    /// How the page says that all is; the worst of it and what follows counts.
    pub(crate) health: Health,
    /// Parts of the provider that the page lists.
    pub(crate) parts: Vec<ProviderComponent>,
    /// What is open.
    pub troubles: Vec<ProviderIncident>,
}

/// A part of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderComponent {
    /// Its name on the page.
    pub(crate) name: String,
    /// How it is; `Unknown` if the page uses a word that we do not know.
    pub(crate) health: Health,
}

/// An incident or maintenance that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderIncident {
    /// One line of plain text.
    pub title: String,
    /// How bad it is.
    pub(crate) health: Health,
    /// Since when, if the page says so.
    pub(crate) since: Option<Timestamp>,
    /// Where to read more.
    pub link: Option<String>,
    /// Parts that it is about, if the page says so.
    pub(crate) parts: Vec<String>,
}

/// What of a provider is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Parts by name; all if empty.
    pub components: Vec<String>,
    /// Region or location; all if absent.
    pub region: Option<String>,
    /// Services or products; all if empty.
    pub services: Vec<String>,
}

impl Filter {
    /// Whether one of the names is a service that is wanted, or a longer name of one.
    pub(crate) fn wants_service<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> bool {
        self.services.is_empty()
            || names.any(|name| self.services.iter().any(|wanted| within(wanted, name)))
    }

    /// Whether one of the names is the region that is wanted.
    pub(crate) fn wants_region<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> bool {
        let Some(wanted) = &self.region else {
            return true;
        };
        // What is said to be everywhere is also here.
        names.any(|name| same(wanted, name) || same("global", name))
    }
}

impl ProviderReport {
    /// Narrows it to the components that are wanted; names those that the page lacks.
    pub fn narrow(mut self, wanted: &[String]) -> Result<Self, String> {
        if wanted.is_empty() {
            self.parts.clear();
            let troubles = self.troubles.iter().map(|trouble| trouble.health);
            self.health = troubles.fold(self.health, Health::max);
            return Ok(self);
        }
        let is_wanted = |name: &str| wanted.iter().any(|wanted| same(wanted, name));
        if let Some(missing) = wanted
            .iter()
            .find(|wanted| !self.parts.iter().any(|part| same(wanted, &part.name)))
        {
            return Err(missing.clone());
        }
        self.parts.retain(|part| is_wanted(&part.name));
        self.troubles
            .retain(|trouble| trouble.parts.iter().any(|part| is_wanted(part)));
        let parts = self.parts.iter().map(|part| part.health);
        let troubles = self.troubles.iter().map(|trouble| trouble.health);
        self.health = parts.chain(troubles).max().unwrap_or(Health::Unknown);
        Ok(self)
    }
}

/// Whether two names are one.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn within(wanted: &str, name: &str) -> bool {
    name.to_lowercase().contains(&wanted.trim().to_lowercase())
}

/// The items of a list that may be absent or null; `None` if it is something else.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> Option<&'v [Value]> {
    match &value[key] {
        Value::Null => Some(&[]),
        Value::Array(items) => Some(&items[..items.len().min(MOST)]),
        _ => None,
    }
}

/// A moment as pages write it: RFC 3339, that of mails and feeds (RFC 2822),
/// Go's own form, or seconds since 1970.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    let seconds = |seconds| Timestamp::from_second(seconds).ok();
    let go = |text: &str| {
        let text = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
        Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", text).ok()
    };
    match value {
        Value::String(text) => {
            let text = text.trim();
            let mail = || DateTimeParser::new().parse_timestamp(text).ok();
            if let Ok(number) = text.parse::<i64>() {
                return seconds(number);
            }
            text.parse().ok().or_else(|| go(text)).or_else(mail)
        }
        Value::Number(number) => seconds(number.as_i64()?),
        _ => None,
    }
}

/// One line of plain text, without marks that could turn it around.
pub(crate) fn line(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let turns = |c: &char| !matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let spaced: String = text
        .chars()
        .filter(turns)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST_TITLE {
        let cut: String = line.chars().take(LONGEST_TITLE).collect();
        return Some(format!("{}…", cut.trim_end()));
    }
    (!line.is_empty()).then_some(line)
}

/// An address that a visitor may follow.
pub(crate) fn link(value: &Value) -> Option<String> {
    let url = reqwest::Url::parse(value.as_str()?).ok()?;
    let good = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none();
    good.then(|| url.to_string())
}

/// The names of a list of objects.
pub(crate) fn names(value: &Value, key: &str) -> Vec<String> {
    let items = list(value, key).unwrap_or_default();
    let name = |item: &Value| item["name"].as_str().map(str::to_owned);
    items.iter().filter_map(name).collect()
}
