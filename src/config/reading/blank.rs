//! Takes out of a settings file whatever may be a secret, before a line is shown.
//!
//! A typo in a key or a missing quote must not turn a password into a message,
//! so only values that are certainly harmless stay.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::reading::harmless::{HARMLESS, TABLES};

/// What stands where something was taken out.
const GAP: &str = "…";

/// Shorter words are not searched for in messages: they would be found by chance.
const WORD: usize = 4;

/// A settings file as it may be shown.
#[derive(Clone, Debug)]
pub(crate) struct Blanked {
    /// The text, each of its lines still on its line.
    pub(crate) text: String,
    /// What was taken out, in order and each within its line.
    cuts: Vec<Range<usize>>,
    /// What must not stand in a message either.
    hidden: Hidden,
}

/// Words that must not be shown.
#[derive(Clone, Default)]
struct Hidden(Vec<String>);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} words", self.0.len())
    }
}

impl Blanked {
    /// Blanks a file; `filled` is what the environment and other files put into it.
    pub(crate) fn new(text: &str, filled: Vec<String>) -> Self {
        let (mut cuts, mut hidden) = (Vec::new(), filled);
        match DeTable::parse(text) {
            Ok(table) => {
                let mut known = Leaves::default();
                known.table(table.get_ref(), true);
                hidden.append(&mut known.hidden);
                known.cut(text, &mut cuts);
            }
            Err(_) => lines(text, &mut cuts),
        }
        hidden.extend(
            cuts.iter()
                .filter_map(|cut| text.get(cut.clone()).map(str::to_owned)),
        );
        // What holds another one goes first.
        hidden.retain(|word| word.len() >= WORD);
        hidden.sort_by_key(|word| std::cmp::Reverse(word.len()));
        hidden.dedup();
        let mut shown = String::with_capacity(text.len());
        let mut from = 0;
        for cut in &cuts {
            shown.extend([text.get(from..cut.start).unwrap_or_default(), GAP]);
            from = cut.end;
        }
        shown.push_str(text.get(from..).unwrap_or_default());
        Self {
            text: shown,
            cuts,
            hidden: Hidden(hidden),
        }
    }

    /// What is shown, without the lines of comments, whose words are gone anyway.
    pub(crate) fn without_comments(&self) -> String {
        let is_comment = |line: &&str| ["#", "#…"].contains(&line.trim());
        let mut kept: Vec<&str> = self.text.lines().filter(|line| !is_comment(line)).collect();
        // What stood between comments leaves one blank line.
        kept.dedup_by(|line, before| line.trim().is_empty() && before.trim().is_empty());
        kept.join("\n").trim().to_owned()
    }

    /// Where a place of the file is in what is shown.
    pub(crate) fn place(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.shifted(span.start, false);
        let end = self.shifted(span.end.max(span.start), span.end > span.start);
        let end = end.clamp(start.min(self.text.len()), self.text.len());
        start.min(end)..end
    }

    fn shifted(&self, byte: usize, is_end: bool) -> usize {
        let mut shown = byte;
        for cut in self.cuts.iter().take_while(|cut| cut.start < byte) {
            let cut_away = cut.end.min(byte) - cut.start;
            let whole = byte >= cut.end || is_end;
            shown = shown - cut_away + if whole { GAP.len() } else { 0 };
        }
        shown
    }

    /// A message without what was taken out of the file.
    pub(crate) fn message(&self, message: &str) -> String {
        let hidden = self.hidden.0.iter();
        hidden.fold(message.to_owned(), |message, word| {
            if message.contains(word.as_str()) {
                message.replace(word.as_str(), GAP)
            } else {
                message
            }
        })
    }
}

/// What is known of a file whose syntax is sound.
#[derive(Default)]
struct Leaves {
    /// What is no comment, whether it is shown, in the order of the table.
    parts: Vec<(Range<usize>, bool)>,
    hidden: Vec<String>,
}

impl Leaves {
    fn table(&mut self, table: &DeTable<'_>, known: bool) {
        for (key, value) in table {
            self.parts.push((key.span(), true));
            let name = key.get_ref().as_ref();
            self.value(
                value,
                known && HARMLESS.contains(&name),
                known && TABLES.contains(&name),
            );
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, harmless: bool, known: bool) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(table, known),
            DeValue::Array(items) => {
                for item in items {
                    self.value(item, harmless, known);
                }
            }
            leaf => {
                let text = leaf.as_str();
                let shown = harmless || is_plain(leaf) || text.is_some_and(is_reference);
                self.parts.push((value.span(), shown));
                if let (false, Some(text)) = (shown, text) {
                    self.hidden.push(text.to_owned());
                }
            }
        }
    }

    /// Cuts the values that are not shown, and all comments.
    fn cut(mut self, text: &str, cuts: &mut Vec<Range<usize>>) {
        self.parts.sort_by_key(|(span, _)| (span.start, span.end));
        let mut from = 0;
        for (span, shown) in self.parts {
            if span.start < from {
                continue;
            }
            comments(text, from..span.start, cuts);
            if !shown {
                each_line(text, span.clone(), cuts);
            }
            from = span.end;
        }
        comments(text, from..text.len(), cuts);
    }
}

/// Whether a value is one of two, or a moment: nobody keeps that secret.
fn is_plain(value: &DeValue<'_>) -> bool {
    matches!(value, DeValue::Boolean(_) | DeValue::Datetime(_))
}

/// Whether a text only names what stands elsewhere.
fn is_reference(text: &str) -> bool {
    let name = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit())
    })
}

/// Cuts the comments of a part that holds no value.
fn comments(text: &str, part: Range<usize>, cuts: &mut Vec<Range<usize>>) {
    let mut from = part.start;
    for line in text.get(part).unwrap_or_default().split_inclusive('\n') {
        if let Some(at) = line.find('#') {
            let end = line.trim_end().len().max(at + 1);
            if end > at + 1 {
                cuts.push(from + at + 1..from + end);
            }
        }
        from += line.len();
    }
}

/// Cuts a value, but for the quotes around it, on each of its lines.
fn each_line(text: &str, span: Range<usize>, cuts: &mut Vec<Range<usize>>) {
    let mut from = span.start;
    for line in text.get(span).unwrap_or_default().split_inclusive('\n') {
        cut_trimmed(line, from, cuts);
        from += line.len();
    }
}

/// Cuts a line's text without the blanks and the quotes around it.
fn cut_trimmed(line: &str, from: usize, cuts: &mut Vec<Range<usize>>) {
    let blank = |c: char| c.is_whitespace();
    let start = line.len() - line.trim_start_matches(blank).len();
    let inner = line.trim_matches(blank);
    let quoted = ['"', '\'']
        .into_iter()
        .find(|quote| inner.len() >= 2 && inner.starts_with(*quote) && inner.ends_with(*quote));
    let quote = usize::from(quoted.is_some());
    let cut = from + start + quote..from + start + inner.len() - quote;
    if !cut.is_empty() {
        cuts.push(cut);
    }
}

/// Blanks a file whose syntax is broken, so that nothing is sure but single lines.
fn lines(text: &str, cuts: &mut Vec<Range<usize>>) {
    let mut from = 0;
    // Whether keys mean here what we think they mean: after a line that says
    // nothing to us we may be in another table than it seems.
    let mut known = true;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        if let Some(names) = head(line) {
            known = names.split('.').all(|name| TABLES.contains(&name));
        } else if let Some((name, value)) = key(line) {
            let is_shown = known && HARMLESS.contains(&name) && is_whole(&line[value..]);
            if !is_shown {
                cut_trimmed(&line[value..], from + value, cuts);
            }
            // A head that became a comment behind a value begins another table, too.
            let hides_head = line
                .split_once('#')
                .is_some_and(|(_, rest)| rest.contains('['));
            known &= is_sound(line) && !hides_head;
        } else if !is_closing(line) {
            cut_trimmed(line, from, cuts);
            known &= line.trim_start().starts_with('#') && !line.contains('[');
        }
        from += whole.len();
    }
}

/// Whether a line is sound by itself.
fn is_sound(line: &str) -> bool {
    DeTable::parse(line).is_ok()
}

/// The names in the head of a table, which may lack brackets.
fn head(line: &str) -> Option<&str> {
    let line = line.trim();
    let names = line.trim_start_matches('[').trim_end_matches(']');
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
    let is_head = line.starts_with('[') && !names.is_empty() && names.chars().all(is_name);
    is_head.then_some(names)
}

/// Whether a line only closes what was opened above.
fn is_closing(line: &str) -> bool {
    line.chars()
        .all(|c| c.is_whitespace() || "[]{},".contains(c))
}

/// The key of a line, and where its value begins.
///
/// Only what looks like one of our keys: a line may be the middle of a secret,
/// which ends in `=` where it is written in base 64.
fn key(line: &str) -> Option<(&str, usize)> {
    let (name, value) = line.split_once('=')?;
    let at = line.len() - value.len();
    let name = name.trim();
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_' || c == '-';
    let is_key = !name.is_empty() && name.len() <= 24 && name.chars().all(is_name);
    (is_key && !value.trim().is_empty() && !value.starts_with('=')).then_some((name, at))
}

/// Whether what stands behind a key is one value and nothing else, or a text
/// that only lacks its end.
fn is_whole(value: &str) -> bool {
    let value = value.trim();
    let unclosed = |quote: char| {
        let inner = value.strip_prefix(quote);
        inner.is_some_and(|inner| !inner.contains(['"', '\'', '=', '#', '/', '@']))
    };
    match DeTable::parse(&format!("v = {value}")) {
        Ok(_) => !value.contains(['{', '#']),
        Err(_) => unclosed('"') || unclosed('\''),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_leave_no_line() {
        let text = "# About\n#\n# this\n\n[[rule]]\n# why\n\n# and\n\nid = 'r' # so\n";
        let shown = Blanked::new(text, Vec::new()).without_comments();
        assert_eq!(shown, "[[rule]]\n\nid = 'r' #…");
    }

    fn shown(text: &str) -> String {
        Blanked::new(text, Vec::new()).text
    }

    #[test]
    fn a_value_is_shown_only_if_its_key_is_harmless_where_it_stands() {
        let check = |text: &str, expected: &str| assert_eq!(shown(text), expected);
        check("url = 'redis://:pw@h'\nid = 'r'\n", "url = '…'\nid = 'r'\n");
        check("url = '${REDIS_URL}'", "url = '${REDIS_URL}'");
        check("token = 12345 # was 54321", "token = … #…");
        check(
            "[collector.headers]\nid = 'a'",
            "[collector.headers]\nid = '…'",
        );
        check(
            "headers = { id = 'a', b = true }",
            "headers = { id = '…', b = true }",
        );
        check(
            "send = \"\"\"\none\ntwo\"\"\"\nid = 'r'",
            "send = \"…\"\n…\n…\nid = 'r'",
        );
        check("names = ['a', 'b']", "names = ['…', '…']");
        // Broken: only what is certain of one line.
        check(
            "id = 'r'\nwebhook = 'https://h/x\n",
            "id = 'r'\nwebhook = …\n",
        );
        check("id = 'r\nwebhok 'https://h/x'\n", "id = 'r\n…\n");
        check("= 'x'\nid = 'a' token = 'b'", "…\nid = '…'");
        check(
            "[[collector]]\nbearer = 'x' #[collector.headers]\nid = 'a'\nid = 'a'\n",
            "[[collector]]\nbearer = …\nid = '…'\nid = '…'\n",
        );
        check(
            "[[rule]\nexpr = 'a == 1'\nYWJj=\n",
            "[[rule]\nexpr = 'a == 1'\n…\n",
        );
    }

    #[test]
    fn places_and_messages_follow_what_was_taken_out() {
        let text = "token = 'abcdef' \nid = 'x'";
        let blanked = Blanked::new(text, vec!["from outside".to_owned()]);
        let at = |word: &str| text.find(word).unwrap();
        let value = at("'abc")..at("'abc") + 8;
        assert_eq!(&blanked.text[blanked.place(&value)], "'…'");
        assert_eq!(&blanked.text[blanked.place(&(at("cd")..at("cd") + 2))], "…");
        assert_eq!(
            &blanked.text[blanked.place(&(at("id")..at("id") + 2))],
            "id"
        );
        assert_eq!(
            blanked.place(&(text.len()..text.len() + 9)).end,
            blanked.text.len()
        );
        assert_eq!(
            blanked.message("`abcdef` is bad, so is `from outside`"),
            "`…` is bad, so is `…`"
        );
        assert!(!format!("{blanked:?}").contains("abcdef"));
    }
}
