//! Reads YAML, TOML and JSON into one tree.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::cstate::tree::node::{TreeEntry, TreeMap, TreeNode, TreePlace, TreeValue};
use crate::config::cstate::tree::yaml;

/// Reads the bytes of a file, which must be UTF-8.
pub(crate) fn decode(bytes: Vec<u8>, file: &str) -> Result<TreeMap, (TreePlace, String)> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        let message = "this is not UTF-8; save the file in that encoding";
        (
            byte(&text, good, &TreePlace::file(file)),
            message.to_owned(),
        )
    })?;
    parse(&text, file)
}

/// Reads a text by the ending of its file's name: YAML, `.toml` or `.json`.
pub(crate) fn parse(text: &str, file: &str) -> Result<TreeMap, (TreePlace, String)> {
    let place = TreePlace::file(file);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let ending = file.rsplit('.').next().unwrap_or_default();
    match ending {
        "toml" => parse_toml(text, &place),
        "json" => parse_json(text, &place),
        _ => yaml::parse(text, &place).and_then(|value| root(value, &place)),
    }
}

fn root(value: TreeValue, place: &TreePlace) -> Result<TreeMap, (TreePlace, String)> {
    match value {
        TreeValue::Map(map) => Ok(map),
        TreeValue::Null => Ok(TreeMap::default()),
        TreeValue::Flag(_) | TreeValue::Number(_) | TreeValue::Text(_) | TreeValue::List(_) => {
            Err((
                place.at(1, 1),
                "there are no keys with values; begin with `title:`".to_owned(),
            ))
        }
    }
}

fn parse_toml(text: &str, place: &TreePlace) -> Result<TreeMap, (TreePlace, String)> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().trim_end().replace('\n', "; ");
        (byte(text, at, place), message)
    })?;
    Ok(toml_table(table.get_ref(), text, place))
}

fn toml_table(table: &DeTable<'_>, text: &str, place: &TreePlace) -> TreeMap {
    let entries = table.iter().map(|(key, value)| {
        let at = byte(text, key.span().start, place);
        let value = toml_value(value, text, place).value;
        TreeEntry::new(key.get_ref().to_string(), at, value)
    });
    let mut entries: Vec<_> = entries.collect();
    // The table is sorted by name; people think in the order of the file.
    entries.sort_by_key(|entry| (entry.place.line, entry.place.column));
    TreeMap(entries)
}

fn toml_value(node: &Spanned<DeValue<'_>>, text: &str, place: &TreePlace) -> TreeNode {
    let value = match node.get_ref() {
        DeValue::Boolean(flag) => TreeValue::Flag(*flag),
        DeValue::String(text) => TreeValue::Text(text.to_string()),
        DeValue::Array(items) => TreeValue::List(
            items
                .iter()
                .map(|item| toml_value(item, text, place))
                .collect(),
        ),
        DeValue::Table(table) => TreeValue::Map(toml_table(table, text, place)),
        _ => TreeValue::Number(text.get(node.span()).unwrap_or_default().to_owned()),
    };
    TreeNode {
        value,
        place: byte(text, node.span().start, place),
    }
}

fn parse_json(text: &str, place: &TreePlace) -> Result<TreeMap, (TreePlace, String)> {
    let value = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        // The place is told already.
        let words = message.split(" at line ").next().unwrap_or_default();
        (place.at(error.line(), error.column()), words.to_owned())
    })?;
    root(json_value(value, place), place)
}

fn json_value(value: serde_json::Value, place: &TreePlace) -> TreeValue {
    match value {
        serde_json::Value::Null => TreeValue::Null,
        serde_json::Value::Bool(flag) => TreeValue::Flag(flag),
        serde_json::Value::Number(number) => TreeValue::Number(number.to_string()),
        serde_json::Value::String(text) => TreeValue::Text(text),
        serde_json::Value::Array(items) => {
            let node = |item| TreeNode {
                value: json_value(item, place),
                place: place.clone(),
            };
            TreeValue::List(items.into_iter().map(node).collect())
        }
        serde_json::Value::Object(map) => {
            let entry = |(key, value)| TreeEntry::new(key, place.clone(), json_value(value, place));
            TreeValue::Map(TreeMap(map.into_iter().map(entry).collect()))
        }
    }
}

/// Finds a byte of the text; an offset beyond it is its end.
fn byte(text: &str, byte: usize, place: &TreePlace) -> TreePlace {
    let above = text.get(..byte).unwrap_or(text);
    let start = above.rfind('\n').map_or(0, |at| at + 1);
    let column = above[start..].chars().count() + 1;
    place.at(above.matches('\n').count() + 1, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, file: &str, key: &str) -> (usize, usize) {
        let map = parse(text, file).unwrap();
        let entry = map.map("params").unwrap().get(key).unwrap();
        (entry.place.line.unwrap(), entry.place.column.unwrap())
    }

    #[test]
    fn places_count_characters_and_survive_a_mark_at_the_start() {
        let yaml = "\u{feff}title: a\r\nparams: {a: \"éß🔻\", Brand: 008000}\r\n";
        assert_eq!(place(yaml, "config.yml", "brand"), (2, 20));
        let toml = "\u{feff}title = 'a'\r\nparams = {a = 'éß🔻', Brand = 1}\r\n";
        assert_eq!(place(toml, "config.toml", "brand"), (2, 22));
    }

    #[test]
    fn a_number_keeps_its_writing() {
        for (text, expected) in [
            ("008000", "008000"),
            ("1_0", "1_0"),
            ("1e400", "1e400"),
            ("0x1F", "0x1F"),
        ] {
            let map = parse(
                &format!("# é\na: é\nx: &x {text} # more\ny: *x"),
                "config.yml",
            )
            .unwrap();
            for key in ["x", "y"] {
                let (TreeValue::Number(read) | TreeValue::Text(read)) =
                    &map.get(key).unwrap().value
                else {
                    panic!("{text}");
                };
                assert_eq!(read, expected);
            }
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let map = parse("a: 1\nA: 2\na: 3\n", "config.yml").unwrap();
        assert_eq!(map.0.len(), 3);
        assert!(matches!(&map.get("A").unwrap().value, TreeValue::Number(text) if text == "3"));
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let before = format!("*a{}, ", n - 1).repeat(9);
            text.extend([format!("a{n}: &a{n} [{before}]\n")]);
        }
        assert!(parse(&text, "config.yml").is_err());
    }

    #[test]
    fn deep_nesting_is_refused_and_not_followed() {
        for (open, file) in [
            ("[", "a.yml"),
            ("{a: ", "b.yml"),
            ("[", "c.json"),
            ("a = [", "d.toml"),
        ] {
            let _ = parse(&open.repeat(100_000), file);
        }
        assert!(parse(&format!("a = {}", "[".repeat(100_000)), "d.toml").is_err());
    }
}
