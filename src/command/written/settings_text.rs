//! Settings that a command writes: tables, keys and remarks, as TOML.

use toml::Value;

/// A settings file that is being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct SettingsText {
    text: String,
}

impl SettingsText {
    /// The text so far.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// Adds a remark; each of its lines becomes one.
    pub(crate) fn remark(&mut self, words: &str) {
        for line in words.lines() {
            let line: String = line
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            self.text.extend([format!("# {line}").trim_end(), "\n"]);
        }
    }

    /// Leaves a line empty, unless one is.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Begins a table, as in `[[rule]]`.
    pub(crate) fn table(&mut self, head: &str) {
        if !self.ends_with_remark() {
            self.gap();
        }
        self.text.extend([head, "\n"]);
    }

    /// Whether a remark stands last, which belongs to the table behind it.
    fn ends_with_remark(&self) -> bool {
        self.text
            .lines()
            .last()
            .is_some_and(|line| line.starts_with('#'))
    }

    /// Gives the table a key. Whoever made the value up, nothing of it is taken from
    /// the environment.
    pub(crate) fn key(&mut self, key: &str, value: impl Into<Value>) {
        self.write(key, &without_references(value.into()));
    }

    /// Gives the table a key with a text of ours or of the operator's, which may name
    /// what stands in the environment: `${REDIS_URL}`.
    pub(crate) fn reference(&mut self, key: &str, text: &str) {
        self.write(key, &Value::from(text));
    }

    fn write(&mut self, key: &str, value: &Value) {
        self.text.extend([key, " = ", &value.to_string(), "\n"]);
    }

    /// The same, if there is a value.
    pub(crate) fn key_if(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.key(key, value);
        }
    }

    /// Gives the table a list of texts.
    pub(crate) fn list(&mut self, key: &str, items: &[String]) {
        let items = items.iter().map(|item| Value::from(&**item));
        self.key(key, items.collect::<Vec<_>>());
    }

    /// Puts another text behind this one.
    pub(crate) fn append(&mut self, other: &Self) {
        self.gap();
        self.text.push_str(&other.text);
    }
}

/// A value that names nothing in the environment; `${1}` is a group of an expression.
fn without_references(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(plain(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(without_references).collect()),
        Value::Table(table) => {
            let items = table.into_iter();
            Value::Table(
                items
                    .map(|(key, item)| (key, without_references(item)))
                    .collect(),
            )
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => value,
    }
}

fn plain(text: &str) -> String {
    let mut parts = text.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |written, part| {
        let name = part.split_once('}').map_or("", |(name, _)| name);
        let is_group = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        written + if is_group { "${" } else { "$ {" } + part
    })
}

/// The ids that are taken in a file, so that a new one is unlike them.
#[derive(Clone, Debug, Default)]
pub(crate) struct TakenIds(std::collections::BTreeSet<String>);

impl TakenIds {
    /// An id made of words, unlike all before it: small letters, digits and dashes.
    pub(crate) fn id(&mut self, words: &str) -> String {
        let stem = kebab(words);
        let mut id = stem.clone();
        let mut number = 2;
        while !self.0.insert(id.clone()) {
            id = format!("{stem}-{number}");
            number += 1;
        }
        id
    }

    /// Takes an id as it is.
    pub(crate) fn take(&mut self, id: &str) -> bool {
        self.0.insert(id.to_owned())
    }
}

/// Words as an id: `RedisDown` and `redis_down` are `redis-down`.
pub(crate) fn kebab(words: &str) -> String {
    let mut id = String::new();
    for word in self::words(words) {
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(&word.to_ascii_lowercase());
    }
    id.truncate(60);
    let id = id.trim_matches('-');
    if id.is_empty() {
        "unnamed".to_owned()
    } else {
        id.to_owned()
    }
}

/// Words as a name for people: `RedisDown` is `Redis down`.
pub(crate) fn spoken(words: &str) -> String {
    let mut name = String::new();
    for (number, word) in self::words(words).into_iter().enumerate() {
        let is_acronym = word.len() > 1 && !word.chars().any(|c| c.is_ascii_lowercase());
        if number > 0 {
            name.push(' ');
        }
        match (number, is_acronym) {
            (_, true) => name.push_str(&word),
            (0, false) => {
                let (first, rest) = word.split_at(1);
                name.extend([first.to_ascii_uppercase(), rest.to_owned()]);
            }
            (_, false) => name.push_str(&word.to_ascii_lowercase()),
        }
    }
    name
}

/// The words of a name in any manner of writing; only plain letters and digits.
fn words(name: &str) -> Vec<String> {
    let signs: Vec<_> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (at, sign) in signs.iter().copied().enumerate() {
        let before = at.checked_sub(1).map(|at| signs[at]);
        let after = signs.get(at + 1).copied();
        let begins = sign.is_ascii_uppercase()
            && (before.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
                || before.is_some_and(|c| c.is_ascii_uppercase())
                    && after.is_some_and(|c| c.is_ascii_lowercase()));
        if begins || !sign.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if sign.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(sign);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_somebody_made_up_takes_nothing_from_the_environment() {
        let mut text = SettingsText::default();
        text.key("name", "a ${B:-c} $${D} ${1} ${");
        text.list("names", &["${E}".to_owned()]);
        let row = toml::Table::from_iter([("path".to_owned(), Value::from("${F}"))]);
        text.key("json", vec![Value::Table(row)]);
        text.reference("url", "${REDIS_URL}");
        let expected = "name = \"a $ {B:-c} $$ {D} ${1} $ {\"\nnames = [\"$ {E}\"]\n\
            json = [{ path = \"$ {F}\" }]\nurl = \"${REDIS_URL}\"\n";
        assert_eq!(text.finish(), expected);
    }

    #[test]
    fn names_of_any_manner_become_ids_and_words() {
        for (name, id, words) in [
            ("RedisDown", "redis-down", "Redis down"),
            ("redis_down", "redis-down", "Redis down"),
            (
                "KubeAPIErrorBudget",
                "kube-api-error-budget",
                "Kube API error budget",
            ),
            ("HostOOMKill", "host-oom-kill", "Host OOM kill"),
            (
                "node-exporter.rules",
                "node-exporter-rules",
                "Node exporter rules",
            ),
            ("Über uns", "ber-uns", "Ber uns"),
            ("…", "unnamed", ""),
        ] {
            assert_eq!((&*kebab(name), &*spoken(name)), (id, words), "{name}");
        }
        let mut taken = TakenIds::default();
        let ids = ["A b", "a-b", "AB"].map(|words| taken.id(words));
        assert_eq!(ids, ["a-b", "a-b-2", "ab"]);
    }

    proptest! {
        #[test]
        fn every_value_is_read_as_it_was(text in any::<String>(), list in prop::collection::vec(any::<String>(), 0..3)) {
            let mut settings = SettingsText::default();
            settings.remark(&text);
            settings.table("[[rule]]");
            settings.key("expr", &*text);
            settings.list("all", &list);
            let written = settings.finish();
            let read: toml::Table = toml::from_str(&written).unwrap();
            prop_assert_eq!(read["rule"][0]["expr"].as_str(), Some(&*plain(&text)));
            let items = read["rule"][0]["all"].as_array().unwrap();
            let items: Vec<_> = items.iter().map(|item| item.as_str().unwrap()).collect();
            prop_assert_eq!(items, list.iter().map(|item| plain(item)).collect::<Vec<_>>());
        }
    }
}
