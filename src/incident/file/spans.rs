//! Where the keys of a head and their values stand, byte by byte.
//!
//! What is found here is compared with what the parser read before anybody
//! changes it, so that a head written in an unusual way is left alone.

use std::ops::Range;

use serde_json::Value;
use serde_json::value::RawValue;
use toml::de::DeTable;

use crate::incident::file::document::Document;
use crate::incident::file::edit;
use crate::incident::file::head::{Head, HeadFormat};

/// A key of a head as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenKey {
    /// Its name with the letters of its author.
    pub name: String,
    /// The bytes of the name.
    pub key: Range<usize>,
    /// The bytes of its value, or of the first line of it; empty if it has none.
    pub value: Range<usize>,
    /// The bytes of each item of a list.
    pub items: Vec<Range<usize>>,
    /// All bytes that belong to it; in YAML whole lines.
    pub lines: Range<usize>,
}

/// Every key of the outermost level, in the order of the file.
pub fn keys(document: &Document) -> Vec<WrittenKey> {
    let (bytes, head) = (document.bytes(), document.head());
    let mut keys = match head.format {
        HeadFormat::Yaml => yaml(bytes, head),
        HeadFormat::Toml => toml(bytes, head).unwrap_or_default(),
        HeadFormat::Json => json(bytes, head).unwrap_or_default(),
        HeadFormat::None => Vec::new(),
    };
    keys.retain(|key| document.key(&key.name.to_lowercase()).is_some());
    keys.sort_by_key(|key| key.key.start);
    keys
}

/// The text that a quoted or plain value stands for; `None` where that takes a parser.
pub fn text(bytes: &[u8], range: &Range<usize>) -> Option<String> {
    let raw = std::str::from_utf8(bytes.get(range.clone())?).ok()?;
    let inner = |quote: char| raw.strip_prefix(quote)?.strip_suffix(quote);
    match raw.chars().next() {
        Some('"') => inner('"')
            .filter(|text| !text.contains('\\'))
            .map(str::to_owned),
        Some('\'') => inner('\'').map(|text| text.replace("''", "'")),
        Some('[' | '{' | '|' | '>' | '&' | '*' | '!') => None,
        _ => Some(raw.to_owned()),
    }
}

/// A text in the place of another, in the quotes that stood there.
pub fn like(bytes: &[u8], range: &Range<usize>, format: HeadFormat, text: &str) -> String {
    let plain = |c: char| !matches!(c, '"' | '\'' | '\\') && !c.is_control();
    match bytes.get(range.start) {
        Some(b'"') if text.chars().all(plain) => format!("\"{text}\""),
        Some(b'\'') if text.chars().all(plain) => format!("'{text}'"),
        Some(b'"' | b'\'') => edit::quoted(text),
        _ if format == HeadFormat::Yaml => edit::scalar(text),
        _ => edit::quoted(text),
    }
}

fn yaml(bytes: &[u8], head: &Head) -> Vec<WrittenKey> {
    let mut keys: Vec<WrittenKey> = Vec::new();
    let mut at = head.range.start;
    for line in bytes[head.range.clone()].split_inclusive(|byte| *byte == b'\n') {
        let next = at + line.len();
        let margin = line.first().copied().unwrap_or(b'\n');
        let colon = line.iter().position(|byte| *byte == b':');
        if matches!(margin, b' ' | b'\t' | b'-') {
            if let Some(open) = keys.last_mut()
                && !line.trim_ascii().is_empty()
            {
                open.lines.end = next;
                item(bytes, at..next, open);
            }
        } else if let Some(colon) = colon
            && margin != b'#'
        {
            let value = token(bytes, at + colon + 1..next, false);
            keys.push(WrittenKey {
                name: String::from_utf8_lossy(&line[..colon])
                    .trim()
                    .trim_matches(['"', '\''])
                    .to_owned(),
                key: at..at + line[..colon].trim_ascii_end().len(),
                value,
                items: Vec::new(),
                lines: at..next,
            });
        }
        at = next;
    }
    for key in &mut keys {
        flow(bytes, key);
    }
    keys
}

/// Adds the item that a line of a block list opens.
fn item(bytes: &[u8], line: Range<usize>, key: &mut WrittenKey) {
    let text = bytes[line.clone()].trim_ascii_start();
    let start = line.end - text.len();
    if key.value.is_empty()
        && text.starts_with(b"-")
        && text.get(1).is_none_or(u8::is_ascii_whitespace)
    {
        key.items.push(token(bytes, start + 1..line.end, false));
    }
}

/// Finds the items of a list in brackets and where it ends.
fn flow(bytes: &[u8], key: &mut WrittenKey) {
    if bytes.get(key.value.start) != Some(&b'[') || key.value.is_empty() {
        return;
    }
    let end = key.lines.end;
    let mut at = key.value.start + 1;
    let mut items = Vec::new();
    loop {
        while bytes[at..end].first().is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        if bytes[at..end].first() == Some(&b']') {
            break;
        }
        let item = token(bytes, at..end, true);
        at = item.end;
        items.push(item);
        while bytes[at..end].first().is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        match bytes[at..end].first() {
            Some(b',') => at += 1,
            Some(b']') => break,
            _ => return,
        }
    }
    key.items = items;
    key.value.end = at + 1;
}

/// The scalar at the start of some bytes, without blanks and comments around it.
fn token(bytes: &[u8], within: Range<usize>, flow: bool) -> Range<usize> {
    let text = &bytes[within.clone()];
    let blank = text
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let start = within.start + blank;
    let text = &text[blank..];
    let quote = text
        .first()
        .copied()
        .filter(|byte| matches!(byte, b'"' | b'\''));
    if let Some(quote) = quote {
        let mut at = 1;
        while let Some(byte) = text.get(at) {
            let twice = quote == b'\'' && text.get(at + 1) == Some(&b'\'');
            if *byte == quote && !twice {
                return start..start + at + 1;
            }
            at += if *byte == b'\\' && quote == b'"' || *byte == quote {
                2
            } else {
                1
            };
        }
        return start..start + text.trim_ascii_end().len();
    }
    let ends = |at: usize| match text[at] {
        b'\n' => true,
        b'#' => at == 0 || matches!(text[at - 1], b' ' | b'\t'),
        b',' | b']' => flow,
        _ => false,
    };
    let end = (0..text.len()).find(|at| ends(*at)).unwrap_or(text.len());
    start..start + text[..end].trim_ascii_end().len()
}

fn toml(bytes: &[u8], head: &Head) -> Option<Vec<WrittenKey>> {
    let text = std::str::from_utf8(&bytes[head.range.clone()]).ok()?;
    let table = DeTable::parse(text).ok()?;
    let offset = |range: Range<usize>| head.range.start + range.start..head.range.start + range.end;
    let keys = table.get_ref().iter().map(|(name, value)| {
        let (key, place) = (offset(name.span()), offset(value.span()));
        let items = value.get_ref().as_array();
        WrittenKey {
            name: name.get_ref().to_string(),
            lines: key.start..place.end.max(key.end),
            key,
            value: place,
            items: items
                .into_iter()
                .flat_map(|items| items.iter())
                .map(|item| offset(item.span()))
                .collect(),
        }
    });
    Some(keys.collect())
}

fn json(bytes: &[u8], head: &Head) -> Option<Vec<WrittenKey>> {
    let text = std::str::from_utf8(&bytes[head.range.clone()]).ok()?;
    let members: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let keys = members.into_iter().filter_map(|(name, raw)| {
        let from = edit::within(text, raw.get())?;
        let before = text[..from].trim_end().strip_suffix(':')?.trim_end();
        let open = before.strip_suffix('"')?.rfind('"')?;
        let start = head.range.start;
        let mut key = WrittenKey {
            key: start + open..start + before.len(),
            value: start + from..start + from + raw.get().len(),
            items: Vec::new(),
            lines: start + open..start + from + raw.get().len(),
            name,
        };
        flow(bytes, &mut key);
        Some(key)
    });
    Some(keys.collect())
}

/// Whether the bytes of a value say what the parser read.
pub fn agrees(bytes: &[u8], range: &Range<usize>, value: Option<&Value>) -> bool {
    let written = text(bytes, range);
    match value {
        Some(Value::String(value)) => written.as_ref() == Some(value),
        Some(Value::Number(value)) => written == Some(value.to_string()),
        Some(Value::Bool(_)) => {
            written.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(text: &str) -> Vec<(String, String, Vec<String>)> {
        let document = Document::parse(text).unwrap();
        let slice = |range: &Range<usize>| text[range.clone()].to_owned();
        keys(&document)
            .iter()
            .map(|key| {
                (
                    slice(&key.key),
                    slice(&key.value),
                    key.items.iter().map(slice).collect(),
                )
            })
            .collect()
    }

    fn line(key: &str, value: &str, items: &[&str]) -> (String, String, Vec<String>) {
        let items = items.iter().map(|item| (*item).to_owned()).collect();
        (key.to_owned(), value.to_owned(), items)
    }

    #[test]
    fn keys_values_and_items_are_found_in_every_language_of_heads() {
        let yaml = "---\ntitle: 'it''s' # why\n\"pin\" : no\nempty:\naffected: # all\n- A\n\n  - \"B # c\" # d\n\
            flow: [ A, \"B, c\",\n  d ]\n---\n";
        assert_eq!(
            seen(yaml),
            [
                line("title", "'it''s'", &[]),
                line("\"pin\"", "no", &[]),
                line("empty", "", &[]),
                line("affected", "", &["A", "\"B # c\""]),
                line("flow", "[ A, \"B, c\",\n  d ]", &["A", "\"B, c\"", "d"]),
            ]
        );
        assert_eq!(
            seen("+++\ntitle = 'x'\naffected = ['A', \"B\"]\n+++\n"),
            [
                line("title", "'x'", &[]),
                line("affected", "['A', \"B\"]", &["'A'", "\"B\""]),
            ]
        );
        assert_eq!(
            seen("{\"title\" : \"x\",\n \"affected\": [\"A\", \"B\"]}\n"),
            [
                line("\"title\"", "\"x\"", &[]),
                line("\"affected\"", "[\"A\", \"B\"]", &["\"A\"", "\"B\""]),
            ]
        );
    }

    proptest! {
        #[test]
        fn no_head_makes_it_panic(text in "[-a-c:#'\"\\[\\]{},=ä \t\r\n]{0,120}") {
            for head in [format!("---\n{text}\n---\n"), format!("+++\n{text}\n+++\n"), format!("{{{text}}}")] {
                if let Ok(document) = Document::parse(head) {
                    for key in keys(&document) {
                        prop_assert!(key.value.end <= document.bytes().len());
                    }
                }
            }
        }
    }
}
