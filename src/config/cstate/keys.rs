//! Tells keys that are unknown, misplaced, repeated or not supported here.

use crate::config::cstate::known::{CATEGORY, HUGO, PARAMS, SYSTEM, TAB, TOP, UNSUPPORTED};
use crate::config::cstate::tree::node::{TreeEntry, TreeMap, TreeValue};
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::value;
use crate::model::text::nearest::{hint, nearest};

/// Tells about the keys of a site.
pub(crate) fn check(root: &TreeMap, notes: &mut SiteNotes) {
    top(root, notes);
    let nothing = TreeMap::default();
    let params = root.map("params").unwrap_or(&nothing);
    if let (Some(entry), None) = (root.get("params"), root.map("params"))
        && !matches!(entry.value, TreeValue::Null)
    {
        notes.warn("wrong-type", &entry.place, "`params` needs keys below it");
    }
    repeated(params, notes);
    for entry in &params.0 {
        unknown(entry, &PARAMS, "under `params`", notes);
    }
    for (key, quiet, way) in UNSUPPORTED {
        unsupported(params, key, quiet, way, notes);
    }
    // What is read nowhere else is checked here, as cState 6 stops at it.
    for key in [
        "useRelativeTime",
        "skipSeconds",
        "enableLastMod",
        "enableCustomHTML",
    ] {
        value::flag(params, key, false, notes);
    }
    for (list, known, here) in [
        ("systems", &SYSTEM[..], "in a system"),
        ("categories", &CATEGORY, "in a category"),
        ("customTabs", &TAB, "in a tab"),
    ] {
        for table in tables(params, list) {
            repeated(table, notes);
            for entry in &table.0 {
                unknown(entry, known, here, notes);
            }
        }
    }
    for system in tables(params, "systems") {
        let way = "critwatch shows the uptime of each component";
        unsupported(system, "histogram", &["true"], way, notes);
        let way = "critwatch does not run the site's templates; write it into `description`";
        unsupported(system, "partial", &[], way, notes);
    }
}

fn top(root: &TreeMap, notes: &mut SiteNotes) {
    repeated(root, notes);
    for entry in &root.0 {
        // `description` and the like mean something to Hugo's other themes.
        let common = ["description", "author", "images"].contains(&entry.key.as_str());
        if find(&TOP, &entry.key).is_some() || common {
            continue;
        }
        if let Some(name) = find(&PARAMS, &entry.key) {
            let there = root.map("params").and_then(|params| params.get(name));
            let way = if there.is_some() {
                "delete it, as it stands under `params` too"
            } else {
                "move it under `params`"
            };
            let message = format!("`{name}` has no effect here; {way}");
            notes.warn("misplaced-key", &entry.place, message);
        } else if let Some((place, name)) = of_lists(&entry.key) {
            let message = format!("`{name}` has no effect here; move it {place}");
            notes.warn("misplaced-key", &entry.place, message);
        } else if let Some(name) = nearest(&entry.key, TOP) {
            let message = format!(
                "the key `{}` is unknown; did you mean `{name}`?",
                entry.written
            );
            notes.warn("unknown-key", &entry.place, message);
        }
    }
    let theme = root.get("theme").map(|entry| (entry, themes(&entry.value)));
    if let Some((entry, themes)) = theme
        && themes
            .iter()
            .any(|name| !name.to_lowercase().contains("cstate"))
    {
        let message = format!(
            "critwatch does not use the theme {}; it reads cState's settings only",
            themes.join(" and ")
        );
        notes.hint("unsupported-key", &entry.place, message);
    }
}

fn themes(value: &TreeValue) -> Vec<String> {
    match value.as_list() {
        Some(items) => items
            .iter()
            .filter_map(|item| value::plain(&item.value))
            .collect(),
        None => value::plain(value).into_iter().collect(),
    }
}

fn tables<'n>(params: &'n TreeMap, key: &str) -> Vec<&'n TreeMap> {
    let items = params.get(key).and_then(|entry| entry.value.as_list());
    let items = items.unwrap_or_default().iter();
    items.filter_map(|item| item.value.as_map()).collect()
}

fn repeated(map: &TreeMap, notes: &mut SiteNotes) {
    for (number, entry) in map.0.iter().enumerate() {
        if map.0[..number].iter().any(|other| other.key == entry.key) {
            let message = format!(
                "`{}` stands here twice and the last one counts; delete one",
                entry.written
            );
            notes.warn("repeated-key", &entry.place, message);
        }
    }
}

/// The list that a key belongs into which means something there alone.
fn of_lists(key: &str) -> Option<(&'static str, &'static str)> {
    let [systems, categories] = ["into an item of `systems`", "into an item of `categories`"];
    let own = [
        (systems, "category"),
        (systems, "displayName"),
        (systems, "histogram"),
        (systems, "partial"),
        (categories, "closed"),
        (categories, "untitled"),
    ];
    own.into_iter().find(|(_, name)| name.to_lowercase() == key)
}

/// Where a key means something, and how it is written there.
fn home(key: &str) -> Option<(&'static str, &'static str)> {
    let top = find(&TOP[..TOP.len() - 1], key).or_else(|| find(&HUGO, key));
    let top = top.map(|name| ("to the top", name));
    top.or_else(|| Some(("under `params`", find(&PARAMS, key)?)))
        .or_else(|| of_lists(key))
}

fn unknown(entry: &TreeEntry, known: &[&str], here: &str, notes: &mut SiteNotes) {
    if find(known, &entry.key).is_some() {
        return;
    }
    if let Some((place, name)) = home(&entry.key) {
        let written = &entry.written;
        let message = format!("`{written}` has no effect {here}; move it {place} as `{name}`");
        notes.warn("misplaced-key", &entry.place, message);
    } else {
        let mut way = hint(&entry.written, known.iter().copied());
        if way.is_empty() {
            way.push_str(", so nothing reads it; delete it, or keep it as a comment");
        }
        let message = format!("the key `{}` is unknown{way}", entry.written);
        notes.warn("unknown-key", &entry.place, message);
    }
}

fn unsupported(map: &TreeMap, key: &str, quiet: &[&str], way: &str, notes: &mut SiteNotes) {
    let Some(entry) = map.get(key) else {
        return;
    };
    let silent = match value::plain(&entry.value) {
        Some(text) => text.trim().is_empty() || quiet.contains(&text.trim()),
        None => matches!(entry.value, TreeValue::Null),
    };
    if !silent {
        let message = format!("`{}` is not supported: {way}", entry.written);
        notes.hint("unsupported-key", &entry.place, message);
    }
}

fn find<'k>(known: &[&'k str], key: &str) -> Option<&'k str> {
    known
        .iter()
        .copied()
        .find(|name| name.to_lowercase() == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::cstate::tree::parse;

    fn messages(text: &str) -> Vec<String> {
        let root = parse::parse(text, "config.yml").unwrap();
        let mut notes = SiteNotes::default();
        check(&root, &mut notes);
        notes.findings.iter().map(ToString::to_string).collect()
    }

    fn check_one(text: &str, expected: &str) {
        let messages = messages(text);
        assert!(
            messages.len() == 1 && messages[0].contains(expected),
            "{messages:?}"
        );
    }

    #[test]
    fn a_key_in_the_wrong_place_is_told() {
        check_one(
            "enableCustomHtml: true",
            "1:1: warning: `enableCustomHTML` has no effect here",
        );
        check_one(
            "params:\n  timezone: UTC",
            "2:3: warning: `timezone` has no effect under `params`",
        );
        check_one("brand: a\nparams: {brand: '#123456'}", "delete it");
        check_one(
            "params:\n  enableGitInfo: true",
            "move it to the top as `enableGitInfo`",
        );
        check_one(
            "params:\n  displayname: A",
            "move it into an item of `systems` as `displayName`",
        );
        check_one(
            "closed: true",
            "1:1: warning: `closed` has no effect here; move it into an item of `categories`",
        );
        check_one(
            "params:\n  systems: [{name: A, brand: '#123456'}]",
            "has no effect in a system; move it under `params`",
        );
        check_one(
            "params:\n  categories: [{name: A, timezone: UTC}]",
            "in a category; move it to the top as `timeZone`",
        );
        check_one("titel: a", "did you mean `title`?");
        check_one("Time_zone: UTC", "did you mean `timeZone`?");
        let hugo = "theme languages taxonomies outputs outputFormats mediaTypes markup publishDir \
            enableGitInfo preserveTaxonomyNames sitemap permalinks pagination paginate menus menu \
            module related caches cascade minify privacy security services copyright staticDir \
            buildDrafts buildExpired archetypeDir assetDir dataDir languageName languageDirection \
            relativeURLs canonifyURLs enableEmoji ignoreLogs weight label disabled frontmatter";
        for key in hugo.split_whitespace() {
            assert_eq!(messages(&format!("{key}: cstate")), Vec::<String>::new());
        }
        assert_eq!(
            messages("sitemap: {}\ntaxonomies: {}\ndescription: a\nlanguages: {}"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_unknown_key_is_told_with_the_near_one() {
        check_one("params:\n  dateFormt: a", "did you mean `dateFormat`?");
        check_one(
            "params:\n  preface: a",
            "config.yml:2:3: warning: the key `preface` is unknown, so",
        );
        check_one(
            "params:\n  systems:\n  - name: A\n    hide: true",
            "4:5: warning: the key `hide`",
        );
        check_one("params:\n  categories:\n  - nam: A", "did you mean `name`?");
        check_one(
            "params:\n  ok: a\n  OK: b",
            "3:3: warning: `OK` stands here twice",
        );
        check_one("params: [a]", "`params` needs keys below it");
    }

    #[test]
    fn what_visitors_would_miss_is_told() {
        for text in [
            "googleAnalytics: G-1",
            "monitorBot: https://bot.example.org",
            "skin: classic",
            "dateFormat: 02.01.2006, 15:04 Uhr",
            "shortDateFormat: 15:04 UTC — Jan 2",
            "useRelativeTime: true",
            "disableDarkMode: true",
            "systems: [{name: A, histogram: false}]",
            "systems: [{name: A, partial: x}]",
        ] {
            check_one(&format!("params:\n  {text}"), "hint: ");
        }
        check_one(
            "theme: [other, cstate]",
            "does not use the theme other and cstate",
        );
        check_one("params:\n  skipSeconds: 'yes'", "not-a-boolean");
        let quiet = "theme: cState\nparams:\n  googleAnalytics: UA-00000000-1\n  monitorBot: false\n  \
            skin:\n  useRelativeTime: no\n  shortDateFormat: 15:04 — Jan 2\n  \
            enableUptimeHistogram: yes\n  systems: [{name: A, histogram: true}]";
        assert_eq!(messages(quiet), Vec::<String>::new());
    }
}
