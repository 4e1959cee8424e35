//! Reads a cState site's settings from the tree, with cState's defaults.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::config::cstate::components;
use crate::config::cstate::layout::go_layout;
use crate::config::cstate::site::{
    ColourSettings, CstateSite, HeaderText, HistoryFormat, TabSettings,
};
use crate::config::cstate::tree::node::{TreeMap, TreePlace};
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::value;
use crate::model::text::language::Language;
use crate::web::parts::look::colour::{self, Colour};
use crate::web::parts::look::style;

/// The language whose settings lie over the others.
pub(crate) fn language(root: &TreeMap, notes: &mut SiteNotes) -> String {
    let named = value::text(root, "defaultContentLanguage", notes);
    named.unwrap_or_else(|| "en".to_owned())
}

/// Reads the settings; what is not as meant takes cState's default.
pub(crate) fn read(
    root: &TreeMap,
    language: String,
    incidents: PathBuf,
    notes: &mut SiteNotes,
) -> CstateSite {
    let nothing = TreeMap::default();
    let params = root.map("params").unwrap_or(&nothing);
    let base_url = base_url(root, notes);
    spoken(root, &language, notes);
    let categories = components::categories(params, notes);
    let (components, shown) = components::components(params, &categories, notes);
    let code =
        value::text(root, "languageCode", notes).or_else(|| value::text(root, "locale", notes));
    CstateSite {
        title: title(root, notes),
        description: value::text(params, "description", notes),
        base_url,
        written_url: value::text(root, "baseURL", notes),
        components,
        shown,
        categories,
        colours: colours(params, notes),
        logo: value::link(params, "logo", notes),
        picture: None,
        statics: Vec::new(),
        pages: BTreeMap::new(),
        use_logo: value::flag(params, "useLogo", false, notes),
        header_text: header_text(params, notes),
        always_keep_brand_colour: value::flag(params, "alwaysKeepBrandColor", true, notes),
        language_code: code.filter(|code| *code != language),
        language_name: value::text(root, "languageName", notes),
        languages: Vec::new(),
        others: Vec::new(),
        language,
        date_format: layout(params, "dateFormat", "January 2, 2006 at 3:04 PM", notes),
        short_date_format: layout(params, "shortDateFormat", "15:04 — Jan 2", notes),
        tabs: tabs(params, notes),
        build_future: value::flag(root, "buildFuture", false, notes),
        raw_html: raw_html(root, notes),
        time_zone: time_zone(root, notes),
        posts_per_page: value::number(params, "incidentPostsPerPage", notes).unwrap_or(10),
        history_format: history_format(params, notes),
        max_age_years: value::number(params, "incidentMaxAgeYears", notes),
        disable_history: value::flag(params, "disableIncidentHistory", false, notes),
        incidents,
    }
}

/// Tells when the page does not speak the site's language.
fn spoken(root: &TreeMap, language: &str, notes: &mut SiteNotes) {
    let keys = ["languageCode", "locale", "defaultContentLanguage"];
    let entry = keys.iter().find_map(|key| root.get(key));
    let code = entry.and_then(|entry| value::plain(&entry.value));
    let code = code.as_deref().unwrap_or(language);
    if let (None, Some(entry)) = (Language::from_tag(code), entry) {
        let known = Language::ALL.map(|known| format!("`{known}`")).join(", ");
        let message = format!(
            "there is no translation of the page into `{code}`; visitors read it in their own language, or in English (there are {known})"
        );
        notes.hint("unspoken-language", &entry.place, message);
    }
}

fn title(root: &TreeMap, notes: &mut SiteNotes) -> String {
    value::text(root, "title", notes).unwrap_or_else(|| {
        notes.warn(
            "no-title",
            &beginning(root, "title"),
            "the site has no name; add `title:`",
        );
        "Status".to_owned()
    })
}

/// Where a key stands, or else the file that it belongs into.
fn beginning(root: &TreeMap, key: &str) -> TreePlace {
    let first = root
        .0
        .first()
        .map(|entry| TreePlace::file(&entry.place.file));
    root.get(key)
        .map(|entry| entry.place.clone())
        .or(first)
        .unwrap_or_else(|| TreePlace::file("config.yml"))
}

fn base_url(root: &TreeMap, notes: &mut SiteNotes) -> Option<String> {
    let place = beginning(root, "baseURL");
    let example = "write it as in `https://status.example.org`";
    let Some(url) = value::text(root, "baseURL", notes) else {
        let message = format!(
            "the site has no address, which feeds and links need; add `baseURL`, {example}"
        );
        notes.warn("no-base-url", &place, message);
        return None;
    };
    let url = url.trim();
    if url == "/" {
        let message = format!("with `/` feeds and links lack the address of the site; {example}");
        notes.hint("no-base-url", &place, message);
        return None;
    }
    let host = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| url.strip_prefix(scheme))
        .and_then(|rest| rest.split('/').next());
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>\"'`\\?#".contains(c);
    if host.is_none_or(|host| host.is_empty() || host.starts_with(':')) || url.contains(odd) {
        notes.warn(
            "invalid-base-url",
            &place,
            format!("`{url}` is not the address of a site; {example}"),
        );
        return None;
    }
    Some(url.trim_end_matches('/').to_owned())
}

fn colours(params: &TreeMap, notes: &mut SiteNotes) -> ColourSettings {
    let brand = value::colour(params, "brand", "#0a0c0f", notes);
    let mut colour = |key, default| {
        let colour = value::colour(params, key, default, notes);
        if let Some(shown) = params.get(key).and_then(|_| adjusted(&colour)) {
            let message = format!(
                "`{colour}` cannot be read on a white page; shown as \"{shown}\", of the same hue"
            );
            notes.hint("faint-colour", &beginning(params, key), message);
        }
        colour
    };
    ColourSettings {
        brand,
        ok: colour("ok", "#008000"),
        notice: colour("notice", "#24478f"),
        disrupted: colour("disrupted", "#cc4400"),
        down: colour("down", "#e60000"),
    }
}

/// The colour that is shown in the place of one that cannot be read.
fn adjusted(text: &str) -> Option<String> {
    let (own, ground) = (Colour::parse(text)?, style::ground(false));
    // What is adjusted for its own tint alone is not worth a word.
    (own.contrast(ground.paper) < colour::WORDS).then(|| own.readable(&ground).to_string())
}

fn header_text(params: &TreeMap, notes: &mut SiteNotes) -> HeaderText {
    let words = [("white", HeaderText::White), ("black", HeaderText::Black)];
    word(params, "headerTextColor", &words, notes).unwrap_or(HeaderText::None)
}

fn history_format(params: &TreeMap, notes: &mut SiteNotes) -> HistoryFormat {
    let words = [
        ("yearly", HistoryFormat::Yearly),
        ("monthly", HistoryFormat::Monthly),
        ("none", HistoryFormat::None),
    ];
    word(params, "incidentHistoryFormat", &words, notes).unwrap_or(HistoryFormat::Yearly)
}

fn word<T: Copy>(
    params: &TreeMap,
    key: &str,
    words: &[(&str, T)],
    notes: &mut SiteNotes,
) -> Option<T> {
    let text = value::text(params, key, notes)?;
    let found = words.iter().find(|(word, _)| *word == text.trim());
    if found.is_none() {
        let all: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let message = format!("`{text}` is unknown; write {}", all.join(" or "));
        notes.warn("unknown-word", &beginning(params, key), message);
    }
    found.map(|(_, value)| *value)
}

fn layout(params: &TreeMap, key: &str, default: &str, notes: &mut SiteNotes) -> String {
    let Some(layout) = value::text(params, key, notes) else {
        return default.to_owned();
    };
    let message = match go_layout(&layout) {
        Ok(format) if format.replace("%%", "").contains('%') => return layout,
        Ok(_) => format!("nothing in `{layout}` is a part of a date; write it as in `{default}`"),
        Err(message) => message,
    };
    notes.warn("bad-layout", &beginning(params, key), message);
    default.to_owned()
}

fn tabs(params: &TreeMap, notes: &mut SiteNotes) -> Vec<TabSettings> {
    let mut tabs = Vec::new();
    for (node, table) in value::tables(params, "customTabs", notes) {
        let before = notes.findings.len();
        let name = value::text(table, "name", notes);
        let link = value::link(table, "link", notes);
        let description = value::text(table, "description", notes);
        match (name, link) {
            (Some(name), Some(link)) => tabs.push(TabSettings {
                name,
                link,
                description,
            }),
            _ if notes.findings.len() > before => {}
            _ => notes.warn("no-name", &node.place, "a tab needs a `name` and a `link`"),
        }
    }
    tabs
}

fn raw_html(root: &TreeMap, notes: &mut SiteNotes) -> bool {
    let renderer = ["markup", "goldmark", "renderer"]
        .into_iter()
        .try_fold(root, |map, key| map.map(key));
    renderer.is_some_and(|renderer| value::flag(renderer, "unsafe", false, notes))
}

fn time_zone(root: &TreeMap, notes: &mut SiteNotes) -> Option<String> {
    let name = value::text(root, "timeZone", notes)?;
    if TimeZone::get(&name).is_err() {
        let message =
            format!("there is no time zone `{name}`; write a name as in `UTC` or `Europe/Berlin`");
        notes.warn("unknown-time-zone", &beginning(root, "timeZone"), message);
        return None;
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::cstate::tree::parse;

    fn site(text: &str) -> (CstateSite, Vec<&'static str>) {
        let root = parse::parse(text, "config.yml").unwrap();
        let mut notes = SiteNotes::default();
        let language = language(&root, &mut notes);
        let site = read(&root, language, Path::new("x").to_owned(), &mut notes);
        let kinds = notes.findings.iter().map(|finding| finding.kind).collect();
        (site, kinds)
    }

    #[test]
    fn an_address_is_checked() {
        for (text, expected, finding) in [
            (
                "https://a.example.org/b/",
                Some("https://a.example.org/b"),
                None,
            ),
            ("http://localhost:1313", Some("http://localhost:1313"), None),
            ("/", None, Some("no-base-url")),
            ("", None, Some("no-base-url")),
            ("status.example.org", None, Some("invalid-base-url")),
            ("https://", None, Some("invalid-base-url")),
            ("https://a b", None, Some("invalid-base-url")),
        ] {
            let (site, kinds) = site(&format!("title: A\nbaseUrl: {text}"));
            assert_eq!(site.base_url.as_deref(), expected, "{text}");
            assert_eq!(kinds, finding.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn an_empty_site_has_the_defaults_of_cstate() {
        let (site, kinds) = site("");
        assert_eq!(kinds, ["no-base-url", "no-title"]);
        assert_eq!(
            (site.title.as_str(), site.language.as_str()),
            ("Status", "en")
        );
        assert_eq!(site.date_format, "January 2, 2006 at 3:04 PM");
        assert_eq!(site.colours.notice, "#24478f");
        assert!(site.always_keep_brand_colour && !site.build_future && !site.raw_html);
        assert_eq!(site.header_text, HeaderText::None);
    }

    #[test]
    fn colours_that_cannot_be_read_are_told_with_what_is_shown() {
        let (site, kinds) = site(
            "title: A\nbaseURL: http://a\nlanguageCode: fi\nparams:\n  ok: '#7fd37f'\n  down: '#b3261e'\n",
        );
        assert_eq!(kinds, ["unspoken-language", "faint-colour"]);
        assert_eq!(site.colours.ok, "#7fd37f");
        assert_eq!(adjusted("#000000"), None);
    }

    #[test]
    fn words_that_mean_nothing_are_told() {
        let (site, kinds) = site(
            "title: A\nbaseURL: http://a\ntimezone: Mars/Base\nparams:\n  headerTextColor: red\n  \
             incidentHistoryFormat: daily\n  dateFormat: YYYY-MM-DD\n  shortDateFormat: ':date_long'\n  \
             customTabs: [{name: A, link: /a, description: d}, {name: B}, {name: C, link: 'vbs:x'}]\n  \
             incidentPostsPerPage: many\n  incidentMaxAgeYears: '6'\nmarkup: {goldmark: {renderer: {unsafe: yes}}}",
        );
        assert_eq!(
            kinds,
            [
                "unknown-word",
                "bad-layout",
                "bad-layout",
                "no-name",
                "unsafe-link",
                "unknown-time-zone",
                "wrong-type",
                "unknown-word",
            ]
        );
        assert_eq!((site.time_zone, site.max_age_years), (None, Some(6)));
        assert_eq!(site.tabs.len(), 1);
        assert!(site.raw_html);
    }
}
