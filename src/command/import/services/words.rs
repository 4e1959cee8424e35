//! Words and times of other programs, made fit for files of ours.

use jiff::Timestamp;
use serde_json::Value;

/// A heading is never longer.
const TITLE: usize = 200;

/// A text is never longer.
const TEXT: usize = 20_000;

/// A text of a value; none if it is empty.
pub(crate) fn text(value: &Value) -> Option<&str> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// A name of a value, be it a number.
pub(crate) fn key(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        value => text(value).map(str::to_owned),
    }
}

/// A moment.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    let text = text(value)?;
    text.parse().ok()
}

/// A number of seconds, be it written as a text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|number| number.is_finite() && *number > 0.0 && *number < 1e9)
}

/// A list of a value, empty if it is none.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A heading in one line.
pub(crate) fn heading(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let plain = words.join(" ");
    let plain: String = plain
        .chars()
        .filter(|c| !c.is_control())
        .take(TITLE)
        .collect();
    if plain.is_empty() {
        "Incident".to_owned()
    } else {
        plain
    }
}

/// A text as markdown: breaks of HTML are lines, and nothing is a shortcode of Hugo.
pub(crate) fn markdown(text: &str) -> String {
    let mut plain = text.replace("\r\n", "\n");
    for tag in ["<br />", "<br/>", "<br>", "</p>"] {
        plain = plain.replace(tag, "\n");
    }
    let plain = plain.replace("<p>", "").replace("{{", "{ {");
    let kept = plain.chars().filter(|c| !c.is_control() || *c == '\n');
    kept.take(TEXT).collect::<String>().trim().to_owned()
}

/// What is said of a probe whose other program accepted any certificate.
pub(crate) fn certificate_is_checked(name: &str) -> String {
    format!(
        "`{name}` accepted any certificate; critwatch verifies it. If it is not from a public \
        authority, name that authority with `ca`"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn foreign_words_are_fit_for_files() {
        assert_eq!(heading(" a\nb\u{7}"), "a b");
        assert_eq!(heading(""), "Incident");
        assert_eq!(markdown("<p>a<br />b</p>{{< x >}}"), "a\nb\n{ {< x >}}");
        assert_eq!(number(&json!("30")), Some(30.0));
        assert_eq!(number(&json!(-1)), None);
        assert_eq!(key(&json!(7)).as_deref(), Some("7"));
        assert!(moment(&json!("2023-01-19T23:48:00.000-07:00")).is_some());
        assert!(moment(&json!("soon")).is_none());
    }
}
