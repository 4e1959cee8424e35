//! Reads single values of the settings and notes those that are not as meant.

use crate::config::cstate::tree::node::{TreeEntry, TreeMap, TreeNode, TreeValue};
use crate::config::cstate::tree::notes::SiteNotes;

/// What links may begin with; anything else could run in the visitor's browser.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The words of a text, a number or a boolean.
pub(crate) fn plain(value: &TreeValue) -> Option<String> {
    match value {
        TreeValue::Text(text) | TreeValue::Number(text) => Some(text.clone()),
        TreeValue::Flag(flag) => Some(flag.to_string()),
        TreeValue::Null | TreeValue::List(_) | TreeValue::Map(_) => None,
    }
}

/// A text that is not empty.
pub(crate) fn text(map: &TreeMap, key: &str, notes: &mut SiteNotes) -> Option<String> {
    let entry = map.get(key)?;
    if matches!(entry.value, TreeValue::List(_) | TreeValue::Map(_)) {
        wrong(entry, "a text", notes);
    }
    plain(&entry.value).filter(|text| !text.trim().is_empty())
}

/// A boolean; the words `true` and `false` in quotes are told and understood.
pub(crate) fn flag(map: &TreeMap, key: &str, default: bool, notes: &mut SiteNotes) -> bool {
    let Some(entry) = map.get(key) else {
        return default;
    };
    match &entry.value {
        TreeValue::Flag(flag) => *flag,
        TreeValue::Null => default,
        value @ (TreeValue::Number(_)
        | TreeValue::Text(_)
        | TreeValue::List(_)
        | TreeValue::Map(_)) => {
            let message = format!(
                "write `true` or `false` for `{}`, without quotes",
                entry.written
            );
            notes.warn("not-a-boolean", &entry.place, message);
            plain(value).map_or(default, |word| match word.to_lowercase().as_str() {
                "true" => true,
                "false" => false,
                _ => default,
            })
        }
    }
}

/// A whole number above nought; also in quotes, as Hugo takes it.
pub(crate) fn number(map: &TreeMap, key: &str, notes: &mut SiteNotes) -> Option<u32> {
    let entry = map.get(key)?;
    if matches!(entry.value, TreeValue::Null) {
        return None;
    }
    let number = plain(&entry.value).and_then(|text| text.trim().parse().ok());
    let number = number.filter(|number| *number > 0);
    if number.is_none() {
        wrong(entry, "a whole number above 0", notes);
    }
    number
}

/// The tables of a list with the nodes where they stand.
pub(crate) fn tables<'n>(
    map: &'n TreeMap,
    key: &str,
    notes: &mut SiteNotes,
) -> Vec<(&'n TreeNode, &'n TreeMap)> {
    let Some(entry) = map.get(key) else {
        return Vec::new();
    };
    let items = match &entry.value {
        TreeValue::List(items) => items.as_slice(),
        TreeValue::Null => &[],
        TreeValue::Flag(_) | TreeValue::Number(_) | TreeValue::Text(_) | TreeValue::Map(_) => {
            wrong(entry, "a list", notes);
            &[]
        }
    };
    let mut tables = Vec::new();
    for item in items {
        if let TreeValue::Map(map) = &item.value {
            tables.push((item, map));
        } else {
            let message = format!(
                "an item of `{}` needs keys; begin with `name:`",
                entry.written
            );
            notes.warn("wrong-type", &item.place, message);
        }
    }
    tables
}

/// An address that a visitor may follow.
pub(crate) fn link(map: &TreeMap, key: &str, notes: &mut SiteNotes) -> Option<String> {
    let link = text(map, key, notes)?.trim().to_owned();
    let before = link.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = before
        .split_once(':')
        .map(|(scheme, _)| scheme.to_lowercase());
    // Browsers leave control characters out: `java\tscript:` is a scheme for them.
    let odd = link.chars().any(char::is_control);
    if odd || scheme.is_some_and(|scheme| !SCHEMES.contains(&scheme.as_str())) {
        let entry = map.get(key)?;
        let message = format!("`{link}` is left out; link to `https://…`, `mailto:…` or a path");
        notes.warn("unsafe-link", &entry.place, message);
        return None;
    }
    Some(link)
}

/// A colour as `#rrggbb`, in lower case.
pub(crate) fn colour(map: &TreeMap, key: &str, default: &str, notes: &mut SiteNotes) -> String {
    let Some(entry) = map.get(key) else {
        return default.to_owned();
    };
    let (place, name) = (&entry.place, &entry.written);
    if matches!(entry.value, TreeValue::Null) {
        let message = format!(
            "`{name}` is empty, as an unquoted `#` begins a comment; write it as in \"{default}\""
        );
        notes.warn("empty-colour", place, message);
        return default.to_owned();
    }
    let text = plain(&entry.value).unwrap_or_default();
    let bare = text.trim();
    let bare = bare.strip_prefix('#').unwrap_or(bare).to_lowercase();
    let whole = match bare.len() {
        6 => bare.clone(),
        3 => bare.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => String::new(),
    };
    if whole.is_empty() || !whole.chars().all(|digit| digit.is_ascii_hexdigit()) {
        let message = format!("`{name}` is not a colour; write it as in \"{default}\"");
        notes.warn("invalid-colour", place, message);
        return default.to_owned();
    }
    if !text.trim().starts_with('#') {
        let message =
            format!("`{name}` has no `#`, as cState 4 and later expect; write \"#{whole}\"");
        notes.hint("colour-without-hash", place, message);
    } else if bare != whole {
        let message =
            format!("`{name}` is short, which cState 6 does not read; write \"#{whole}\"");
        notes.hint("short-colour", place, message);
    }
    format!("#{whole}")
}

fn wrong(entry: &TreeEntry, expected: &str, notes: &mut SiteNotes) {
    let message = format!("`{}` is not {expected}", entry.written);
    notes.warn("wrong-type", &entry.place, message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::cstate::tree::parse;

    fn read<T>(text: &str, with: impl Fn(&TreeMap, &mut SiteNotes) -> T) -> (T, Vec<&'static str>) {
        let map = parse::parse(text, "config.yml").unwrap();
        let mut notes = SiteNotes::default();
        let value = with(&map, &mut notes);
        (
            value,
            notes.findings.iter().map(|finding| finding.kind).collect(),
        )
    }

    #[test]
    fn a_colour_is_read_as_people_write_it() {
        for (text, expected, finding) in [
            ("ok: '#00BD70'", "#00bd70", None),
            ("ok: 00e600", "#00e600", Some("colour-without-hash")),
            ("ok: 008000", "#008000", Some("colour-without-hash")),
            ("ok: 228B22", "#228b22", Some("colour-without-hash")),
            ("ok: '#1a2'", "#11aa22", Some("short-colour")),
            ("ok: #00bd70", "#008000", Some("empty-colour")),
            ("ok: green", "#008000", Some("invalid-colour")),
            ("ok: '#00bd7é'", "#008000", Some("invalid-colour")),
            ("ok: [a]", "#008000", Some("invalid-colour")),
            ("", "#008000", None),
        ] {
            let (colour, findings) = read(text, |map, notes| colour(map, "ok", "#008000", notes));
            assert_eq!(
                (colour.as_str(), findings),
                (expected, finding.into_iter().collect()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_boolean_in_other_words_is_told_and_understood() {
        for (text, expected, finding) in [
            ("a: no", false, None),
            ("A: On", true, None),
            ("a:", true, None),
            ("a: 'false'", false, Some("not-a-boolean")),
            ("a: nope", true, Some("not-a-boolean")),
        ] {
            let read = read(text, |map, notes| flag(map, "a", true, notes));
            assert_eq!(read, (expected, finding.into_iter().collect()), "{text}");
        }
    }

    #[test]
    fn a_link_that_could_run_is_left_out() {
        for (link_text, good) in [
            ("https://example.org", true),
            ("/services", true),
            ("mailto:a@example.org", true),
            ("a/b:c", true),
            ("JavaScript:alert(1)", false),
            ("\"java\\tscript:alert(1)\"", false),
            ("data:text/html,x", false),
        ] {
            let (found, _) = read(&format!("link: {link_text}"), |map, notes| {
                link(map, "link", notes)
            });
            assert_eq!(found.is_some(), good, "{link_text}");
        }
    }
}
