//! Texts of rules with places for values: `{{ value | bytes }}`.
//!
//! The forms of Prometheus' annotations that need no more than the alert's own
//! value and labels are read as well, so that rules can be taken along.

use std::fmt::Write as _;

use crate::evaluate::text::format::{FIGURES, NumberFormat};
use crate::evaluate::window::labels::Labels;

/// Signs of a label's value that a public text shows at most.
const LONGEST_LABEL: usize = 60;

/// A text, read once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RuleText {
    /// Words and places, in order.
    pub(crate) parts: Vec<RuleTextPart>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RuleTextPart {
    /// Words as they are.
    Words(String),
    /// The worst value.
    Value(NumberFormat),
    /// A label of the series with the worst value.
    Label(String),
    /// How many series the condition selects.
    Count,
}

/// Why a text cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateError {
    /// A place is not closed.
    #[error("`{{{{` has no `}}}}` behind it")]
    Open,
    /// Nothing of what can be filled in.
    #[error(
        "`{{{{ {0} }}}}` cannot be filled in; there are `{{{{ value }}}}`, `{{{{ labels.queue }}}}`, \
        `{{{{ count }}}}`, and for values {names}, as in `{{{{ value | bytes }}}}`",
        names = names()
    )]
    Unknown(String),
}

/// What a text is filled with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Worst {
    /// The worst value; NaN if there is none.
    pub(crate) value: f64,
    /// Its series.
    pub(crate) labels: Labels,
    /// How many series were selected.
    pub(crate) count: usize,
}

impl Worst {
    /// Nothing is known: the value is a question mark.
    pub(crate) fn none() -> Self {
        Self {
            value: f64::NAN,
            labels: Labels::default(),
            count: 0,
        }
    }
}

impl RuleText {
    /// Reads a text.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((words, behind)) = rest.split_once("{{") {
            let (inside, behind) = behind.split_once("}}").ok_or(TemplateError::Open)?;
            if !words.is_empty() {
                parts.push(RuleTextPart::Words(words.to_owned()));
            }
            // Go's templates may trim blanks by a dash; there are none to trim here.
            let inside = inside.trim_matches('-').trim();
            parts.push(part(inside).ok_or_else(|| TemplateError::Unknown(inside.to_owned()))?);
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(RuleTextPart::Words(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Puts the values in; label values are made harmless for markdown.
    pub(crate) fn fill(&self, worst: &Worst) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                RuleTextPart::Words(words) => text.push_str(words),
                RuleTextPart::Value(figure) => text.push_str(&figure.say(worst.value)),
                RuleTextPart::Label(name) => text.push_str(&harmless(worst.labels.get(name))),
                RuleTextPart::Count => {
                    // Writing to a text cannot fail.
                    let _ = write!(text, "{}", worst.count);
                }
            }
        }
        text
    }
}

/// Reads what stands between the brackets.
fn part(inside: &str) -> Option<RuleTextPart> {
    if inside == "count" {
        return Some(RuleTextPart::Count);
    }
    if is_value(inside) {
        return Some(RuleTextPart::Value(NumberFormat::Plain));
    }
    if let Some((value, function)) = inside.split_once('|') {
        let figure = figure(function.trim())?;
        return is_value(value.trim()).then_some(RuleTextPart::Value(figure));
    }
    if let Some((function, value)) = inside.rsplit_once(' ')
        && is_value(value)
    {
        return figure(function.trim()).map(RuleTextPart::Value);
    }
    let name = ["labels.", "$labels.", ".Labels."]
        .iter()
        .find_map(|opening| inside.strip_prefix(opening))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let good = name.bytes().all(plain) && !name.is_empty();
    good.then(|| RuleTextPart::Label(name.to_owned()))
}

fn is_value(text: &str) -> bool {
    matches!(text, "value" | "$value" | ".Value")
}

fn figure(name: &str) -> Option<NumberFormat> {
    if let Some((_, figure)) = FIGURES.iter().find(|(known, _)| *known == name) {
        return Some(*figure);
    }
    let form = name.strip_prefix("printf")?.trim().trim_matches(['"', '`']);
    let decimals = form.strip_prefix("%.")?.strip_suffix('f')?;
    let decimals = decimals.parse().ok()?;
    (decimals <= 9).then_some(NumberFormat::Fixed(decimals))
}

fn names() -> String {
    let mut names: Vec<_> = FIGURES
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.push("`printf \"%.2f\"`".to_owned());
    names.join(", ")
}

/// A label's value that is only ever text: not markup, not a shortcode, not long.
fn harmless(value: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    let mut signs = value.chars().peekable();
    for _ in 0..LONGEST_LABEL {
        let Some(sign) = signs.next() else {
            return if text.is_empty() {
                "?".to_owned()
            } else {
                text
            };
        };
        let after = signs.peek().copied().unwrap_or(' ');
        let inside = before.is_alphanumeric() && after.is_alphanumeric();
        if sign.is_control() || sign.is_whitespace() {
            text.push(' ');
        } else {
            // Between letters an underscore is no markup.
            if "\\`*[]<>{}~|#&!@".contains(sign) || sign == '_' && !inside {
                text.push('\\');
            }
            text.push(sign);
        }
        before = sign;
    }
    if signs.peek().is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::sample::Metric;

    fn filled(text: &str, value: f64, labels: [(&str, &str); 1]) -> String {
        let worst = Worst {
            value,
            labels: Labels::of(&Metric::new("m", labels)),
            count: 3,
        };
        RuleText::parse(text).unwrap().fill(&worst)
    }

    #[test]
    fn a_text_has_labels_and_values_and_nothing_else_of_go() {
        for text in [
            "{{ labels.queue }} waits for {{ value | duration }}",
            "{{ $value | humanizeDuration }}",
        ] {
            assert!(RuleText::parse(text).is_ok(), "{text}");
        }
        assert!(RuleText::parse("{{ range }}").is_err());
    }

    #[test]
    fn values_labels_and_numbers_of_series_are_put_in() {
        for (text, expected) in [
            ("no place", "no place"),
            ("it is {{ value }} s", "it is 1536 s"),
            ("it is {{value}}", "it is 1536"),
            ("{{ value | bytes }} used", "1.5 KiB used"),
            ("{{ $value|humanizeDuration }}", "25m 36s"),
            ("{{ humanize $value }}", "1.536k"),
            ("{{ printf \"%.1f\" $value }}", "1536.0"),
            ("{{ $value | printf \"%.1f\" }}", "1536.0"),
            ("{{ .Value | duration }}", "25 min"),
            ("{{ labels.queue }}, {{ $labels.queue }}", "mail, mail"),
            ("{{ labels.other }}", "?"),
            ("{{ count }} of them", "3 of them"),
            ("{{- value -}}", "1536"),
        ] {
            assert_eq!(filled(text, 1536.0, [("queue", "mail")]), expected);
        }
    }

    #[test]
    fn what_cannot_be_filled_in_is_refused_with_what_can() {
        for text in [
            "{{ valu }}",
            "{{ value | byte }}",
            "{{ labels }}",
            "{{ labels. }}",
            "{{ $labels.a | humanize }}",
            "{{ range query }}",
            "{{ }}",
            "{{ printf \"%d\" $value }}",
            "{{ value",
        ] {
            assert!(RuleText::parse(text).is_err(), "{text}");
        }
        let message = RuleText::parse("{{ valu }}").unwrap_err().to_string();
        assert!(message.starts_with("`{{ valu }}` cannot be filled in; there are `{{ value }}`"));
    }

    #[test]
    fn a_label_is_no_markup_and_no_shortcode() {
        for (value, expected) in [
            ("dice:rolls", "dice:rolls"),
            ("mail_high_prio", "mail_high_prio"),
            ("_a_", "\\_a\\_"),
            ("**[x](y)**", "\\*\\*\\[x\\](y)\\*\\*"),
            ("{{< track >}}", "\\{\\{\\< track \\>\\}\\}"),
            ("a\nb", "a b"),
            ("@everyone", "\\@everyone"),
        ] {
            assert_eq!(filled("{{ labels.q }}", 0.0, [("q", value)]), expected);
        }
        let long = "x".repeat(100);
        let shown = filled("{{ labels.q }}", 0.0, [("q", &long)]);
        assert_eq!(shown, format!("{}…", "x".repeat(60)));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[{} a-z|$.\"%é-]{0,40}", label in ".{0,80}") {
            if let Ok(template) = RuleText::parse(&text) {
                let labels = Labels::of(&Metric::new("m", [("a", &*label)]));
                template.fill(&Worst { value: 1.0, labels, count: 1 });
            }
        }

        #[test]
        fn a_text_without_places_stays_as_it_is(text in "[^{]{0,40}") {
            let template = RuleText::parse(&text).unwrap();
            prop_assert_eq!(template.fill(&Worst::none()), text);
        }
    }
}
