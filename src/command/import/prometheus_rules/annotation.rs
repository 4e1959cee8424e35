//! Annotations of Prometheus as titles and texts of ours.

use std::sync::LazyLock;

use regex::Regex;

use crate::command::written::settings_text::spoken;
use crate::evaluate::rules::template::RuleText;

/// A longer title is no title.
const LONGEST_TITLE: usize = 120;

/// A place for a value.
static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}").ok());

/// Brackets with a place in them, and the blanks before.
static BRACKETS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)\s*[(\[][^()\[\]]*\{\{.*?\}\}[^()\[\]]*[)\]]").ok());

/// A text, and the places that it had to leave out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TakenText {
    /// The text.
    pub(crate) text: String,
    /// Places that only Prometheus can fill.
    pub(crate) left_out: Vec<String>,
}

/// A title without values, since it names a file: the summary without its places,
/// else the alert's name in words.
pub(crate) fn title(summary: Option<&str>, alert: &str) -> String {
    let said = summary.and_then(fixed);
    said.unwrap_or_else(|| {
        let name = spoken(alert);
        if name.is_empty() {
            "Alert".to_owned()
        } else {
            name
        }
    })
}

/// The fixed words of a summary, if they make sense alone.
fn fixed(summary: &str) -> Option<String> {
    let bare = BRACKETS.as_ref()?.replace_all(summary, "");
    let places = PLACE.as_ref()?.find_iter(&bare).count();
    let bare = PLACE.as_ref()?.replace_all(&bare, " ");
    let words: Vec<_> = bare.split_whitespace().collect();
    let last = words.last()?.trim_end_matches(['.', ':', ',', '-', '!']);
    let dangles = [
        "on", "of", "for", "at", "in", "by", "from", "to", "with", "is", "has", "and", "the", "",
    ];
    let title = words.join(" ");
    let title = title.trim_matches(['.', ':', ',', '-', ' ']).to_owned();
    let odd = title.contains("{{") || title.contains("}}") || title.contains("%!");
    let is_whole = places == 0 || places == 1 && !dangles.contains(&last) && words.len() > 1;
    let fits = !title.is_empty() && title.chars().count() <= LONGEST_TITLE;
    (is_whole && fits && !odd && !title.chars().any(char::is_control)).then_some(title)
}

/// A text with the places that we fill; a line with another one is left out if
/// others remain, else the place alone.
pub(crate) fn text(annotation: &str) -> TakenText {
    let mut taken = TakenText::default();
    let lines: Vec<_> = annotation
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let good = |line: &&&str| RuleText::parse(line).is_ok();
    let some_remain = lines.iter().any(|line| good(&line));
    let mut kept = Vec::new();
    for line in &lines {
        if good(&line) {
            kept.push((*line).to_owned());
            continue;
        }
        let (without, left_out) = without_places(line);
        taken.left_out.extend(left_out);
        if !some_remain && !without.is_empty() {
            kept.push(without);
        }
    }
    // `${` would be taken from the environment.
    taken.text = kept.join(" ").replace("${", "$ {");
    taken
}

/// A line without the places that we cannot fill, and those.
fn without_places(line: &str) -> (String, Vec<String>) {
    let (mut words, mut left_out) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some(start) = rest.find("{{") {
        words.push_str(&rest[..start]);
        let Some(length) = rest[start..].find("}}") else {
            left_out.push(rest[start..].to_owned());
            rest = "";
            break;
        };
        let place = &rest[start..start + length + 2];
        if RuleText::parse(place).is_ok() {
            words.push_str(place);
        } else {
            left_out.push(place.to_owned());
        }
        rest = &rest[start + length + 2..];
    }
    words.push_str(rest);
    let words: Vec<_> = words.split_whitespace().collect();
    (words.join(" "), left_out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_has_no_values_and_still_makes_sense() {
        for (summary, expected) in [
            ("Redis down (instance {{ $labels.instance }})", "Redis down"),
            (
                "Host {{ $labels.instance }} is out of memory",
                "Host is out of memory",
            ),
            (
                "Disk will fill on {{ $labels.device }}",
                "Redis missing master",
            ),
            (
                "{{ $labels.a }} and {{ $labels.b }} differ a lot",
                "Redis missing master",
            ),
            ("{{ $value }}", "Redis missing master"),
            ("Redis is down.", "Redis is down"),
            ("{{ broken", "Redis missing master"),
        ] {
            assert_eq!(title(Some(summary), "RedisMissingMaster"), expected);
        }
        assert_eq!(title(None, "HostOOM"), "Host OOM");
        assert_eq!(title(None, "…"), "Alert");
    }

    #[test]
    fn a_text_keeps_the_places_that_we_fill_and_names_the_others() {
        let taken = text("Redis is down\n  VALUE = {{ $value }}\n  LABELS = {{ $labels }}");
        assert_eq!(taken.text, "Redis is down VALUE = {{ $value }}");
        assert_eq!(taken.left_out, ["{{ $labels }}"]);
        let taken = text("{{ with query \"x\" }}It is {{ $value | humanize }}{{ end }}.");
        assert_eq!(taken.text, "It is {{ $value | humanize }}.");
        assert_eq!(taken.left_out.len(), 2);
        assert_eq!(text("{{ $labels }}").text, "");
        assert_eq!(text("a ${B}").text, "a $ {B}");
    }

    proptest! {
        #[test]
        fn whatever_is_annotated_becomes_a_text_that_is_read(
            annotation in "[a-z{}$. \n|\"%]{0,60}", summary in "[a-zA-Z{}$.() ]{0,60}",
        ) {
            prop_assert!(RuleText::parse(&text(&annotation).text).is_ok());
            prop_assert!(!title(Some(&summary), "Name").contains("{{"));
        }
    }
}
