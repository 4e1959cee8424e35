//! Gives a key of a head a new value and leaves every other byte as it is.

use std::ops::Range;

use jiff::Timestamp;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use toml::de::DeTable;

use crate::incident::file::head::{Head, HeadFormat};

/// A key's new value.
#[derive(Clone, Debug, PartialEq)]
pub enum Set<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A moment, written in UTC with seconds.
    Moment(Timestamp),
    /// A text.
    Text(&'a str),
    /// A list of texts.
    List(&'a [String]),
    /// A map, one key a line.
    Map(&'a Map<String, Value>),
}

/// A replacement of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to be replaced; empty where something is put in.
    pub range: Range<usize>,
    /// What takes their place.
    pub text: String,
}

impl Edit {
    /// The bytes after the replacement.
    pub fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        changed.splice(self.range.clone(), self.text.bytes());
        changed
    }
}

/// The edit that gives a key its value; `None` where there is no head.
pub fn set(bytes: &[u8], head: &Head, key: &str, value: &Set<'_>) -> Option<Edit> {
    match head.format {
        HeadFormat::Yaml => Some(set_yaml(bytes, head, key, value)),
        HeadFormat::Toml => set_toml(bytes, head, key, value),
        HeadFormat::Json => set_json(bytes, head, key, value),
        HeadFormat::None => None,
    }
}

fn set_yaml(bytes: &[u8], head: &Head, key: &str, value: &Set<'_>) -> Edit {
    let place = yaml_lines(bytes, head, key);
    let range = place.unwrap_or(head.range.end..head.range.end);
    let newline = newline(bytes, &range, head);
    // A key keeps the spelling that its author gave it.
    let name = std::str::from_utf8(&bytes[range.clone()])
        .ok()
        .and_then(|line| line.split_once(':'))
        .map_or(key, |(name, _)| name);
    // What its author noted behind the value stays there.
    let note = std::str::from_utf8(&bytes[range.clone()])
        .ok()
        .and_then(comment)
        .unwrap_or_default();
    let value = match value {
        Set::Bool(value) => format!(" {value}{note}"),
        Set::Moment(at) => format!(" {}{note}", moment(*at)),
        Set::Text(text) => format!(" {}{note}", scalar(text)),
        Set::List([]) => format!(" []{note}"),
        Set::List(items) => {
            let lines: Vec<_> = items
                .iter()
                .map(|item| format!("{newline}  - {}", scalar(item)))
                .collect();
            format!("{note}{}", lines.concat())
        }
        Set::Map(map) if map.is_empty() => format!(" {{}}{note}"),
        Set::Map(map) => {
            let lines = map
                .iter()
                .map(|(key, value)| format!("{newline}  {}: {}", scalar(key), flow(value)));
            format!("{note}{}", lines.collect::<Vec<_>>().concat())
        }
    };
    Edit {
        range,
        text: format!("{name}:{value}{newline}"),
    }
}

/// The comment behind what stands on the first line, with the blanks before it.
fn comment(lines: &str) -> Option<&str> {
    let line = lines.lines().next()?;
    let mut quote = None;
    let mut before = ':';
    for (at, sign) in line.char_indices().skip_while(|(_, sign)| *sign != ':') {
        match (quote, sign) {
            (Some(open), _) if open == sign && before != '\\' => quote = None,
            (None, '"' | '\'') if " :[,{".contains(before) => quote = Some(sign),
            (None, '#') if before == ' ' || before == '\t' => {
                let blanks = line[..at].trim_end().len();
                return Some(&line[blanks..]);
            }
            (Some(_) | None, _) => {}
        }
        before = sign;
    }
    None
}

/// The lines of a key at the left margin, with all that belongs to its value.
pub fn yaml_lines(bytes: &[u8], head: &Head, key: &str) -> Option<Range<usize>> {
    let mut at = head.range.start;
    let mut found: Option<Range<usize>> = None;
    let mut open = false;
    for line in bytes[head.range.clone()].split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        // Comments and blank lines below a value belong to what follows, unless
        // more of the value comes after them.
        let apart = line.trim_ascii().is_empty() || line.starts_with(b"#");
        let inner = matches!(line.first(), Some(b' ' | b'\t' | b'-')) && !apart;
        if names(line, key) {
            // Of two equal keys the last one counts.
            found = Some(at..next);
            open = true;
        } else if inner && open {
            found = found.map(|range| range.start..next);
        } else if !apart {
            open = false;
        }
        at = next;
    }
    found
}

/// Whether a line of the head opens the key, whatever its case or quotes.
fn names(line: &[u8], key: &str) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    let name = name.trim_ascii_end();
    let name = name
        .strip_prefix(b"\"")
        .or(name.strip_prefix(b"'"))
        .unwrap_or(name);
    let name = if name.last().is_some_and(quote) {
        &name[..name.len() - 1]
    } else {
        name
    };
    line.contains(&b':') && name.eq_ignore_ascii_case(key.as_bytes())
}

fn set_toml(bytes: &[u8], head: &Head, key: &str, value: &Set<'_>) -> Option<Edit> {
    let text = std::str::from_utf8(&bytes[head.range.clone()]).ok()?;
    let table = DeTable::parse(text).ok()?;
    let value = match value {
        Set::Bool(value) => value.to_string(),
        Set::Moment(at) => moment(*at),
        Set::Text(text) => toml_text(text),
        Set::List(items) => format!("[{}]", list(items, |item| toml_text(item))),
        Set::Map(map) => toml::Value::try_from(map).ok()?.to_string(),
    };
    let offset = |range: Range<usize>| head.range.start + range.start..head.range.start + range.end;
    let entries = table.get_ref();
    if let Some((_, found)) = entries
        .iter()
        .rfind(|(name, _)| name.get_ref().eq_ignore_ascii_case(key))
    {
        return Some(Edit {
            range: offset(found.span()),
            text: value,
        });
    }
    // Above the first table, or it would become a key of that table.
    let first_table = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let end = first_table
        .filter(|(at, line)| {
            let inside = entries.iter().any(|(_, value)| value.span().contains(at));
            line.trim_start().starts_with('[') && !inside
        })
        .map(|(at, _)| at)
        .next()
        .unwrap_or(text.len());
    let range = offset(end..end);
    let newline = newline(bytes, &range, head);
    Some(Edit {
        range,
        text: format!("{key} = {value}{newline}"),
    })
}

fn set_json(bytes: &[u8], head: &Head, key: &str, value: &Set<'_>) -> Option<Edit> {
    let text = std::str::from_utf8(&bytes[head.range.clone()]).ok()?;
    let value = match value {
        Set::Bool(value) => Value::from(*value),
        Set::Moment(at) => Value::from(moment(*at)),
        Set::Text(text) => Value::from(*text),
        Set::List(items) => Value::from(*items),
        Set::Map(map) => Value::from((*map).clone()),
    };
    let offset = |range: Range<usize>| head.range.start + range.start..head.range.start + range.end;
    let members: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let place = |raw: &RawValue| {
        let from = within(text, raw.get())?;
        Some(offset(from..from + raw.get().len()))
    };
    let found = members
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(key));
    // Of two equal keys the last one counts.
    if let Some((_, raw)) = found.max_by_key(|(_, raw)| raw.get().as_ptr().addr()) {
        return Some(Edit {
            range: place(raw)?,
            text: value.to_string(),
        });
    }
    let end = members
        .values()
        .filter_map(|raw| place(raw))
        .map(|range| range.end)
        .max();
    let (at, comma) = match end {
        Some(end) => (end, ","),
        None => (head.range.start + 1, ""),
    };
    Some(Edit {
        range: at..at,
        text: format!("{comma}\n  {}: {value}", Value::from(key)),
    })
}

/// Where a part of a text begins in it; its address tells.
pub fn within(text: &str, part: &str) -> Option<usize> {
    let from = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (from + part.len() <= text.len()).then_some(from)
}

/// The line end of what is replaced, else of the line above.
fn newline(bytes: &[u8], range: &Range<usize>, head: &Head) -> &'static str {
    let own = &bytes[range.clone()];
    let line = if own.is_empty() {
        &bytes[..head.range.end]
    } else {
        own
    };
    if line.ends_with(b"\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

fn list<T>(items: &[T], print: impl Fn(&T) -> String) -> String {
    items.iter().map(print).collect::<Vec<_>>().join(", ")
}

/// A moment in UTC, to the second.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A text in YAML: as it stands if it is taken for the same text, else quoted.
pub fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.'))
        && !text.ends_with(' ');
    let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    if plain && !words.contains(&text.to_lowercase().as_str()) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A value of a map on one line; JSON is YAML, but plain words read better.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => format!("[{}]", list(items, flow)),
        Value::Object(map) => {
            let pairs: Vec<_> = map
                .iter()
                .map(|(key, value)| format!("{}: {}", scalar(key), flow(value)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

/// A text in double quotes. JSON's escapes are YAML's, too.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for c in Value::from(text).to_string().chars() {
        match c {
            // Hugo's YAML reader refuses these unescaped; so do editors.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                quoted.extend(["\\u", &format!("{:04x}", u32::from(c))]);
            }
            c => quoted.push(c),
        }
    }
    quoted
}

fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}
