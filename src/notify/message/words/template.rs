//! Templates of the operator's own for the title and the text of messages.

use std::fmt;
use std::io;
use std::sync::Arc;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::notify::message::announcement::Announcement;
use crate::notify::message::occasion::Occasion;
use crate::notify::texts::text::{one_line, visible};

/// The name of the only template of an environment.
const NAME: &str = "template";

/// Bytes of a template.
const MAX_SOURCE: usize = 16 * 1024;

/// Bytes that a template may write.
const MAX_OUTPUT: usize = 16 * 1024;

/// Steps that a template may take; ours of some lines take a hundred.
const FUEL: u64 = 50_000;

/// A template for one part of a message.
#[derive(Clone, JsonSchema)]
#[schemars(inline, with = "String")]
pub struct MessageTemplate(Arc<Environment<'static>>);

/// Why a template cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateFault {
    /// It is longer than any message.
    #[error("a template may have {MAX_SOURCE} bytes at most")]
    TooLong,
    /// It cannot be read.
    #[error("this is not a template: {0}")]
    Syntax(String),
    /// It cannot be filled in.
    #[error("the template fails for `{}`: {reason}", occasion.word())]
    Failed {
        /// For which message.
        occasion: Occasion,
        /// What happened, and on which line of the template.
        reason: String,
    },
}

/// What a template may name.
#[derive(Serialize)]
struct Variables<'a> {
    #[serde(flatten)]
    message: &'a Announcement,
    /// Our headline.
    headline: String,
    /// How things stand, in words: `Down`.
    state: String,
    /// Our text.
    text: &'a str,
}

impl<'a> Variables<'a> {
    fn new(message: &'a Announcement) -> Self {
        Self {
            message,
            headline: message.usual_headline(),
            state: message.state(),
            text: message.usual_text(),
        }
    }
}

impl MessageTemplate {
    /// Reads a template, and fills it in for a message of each kind, with all that a
    /// message can hold and with nothing that it can lack.
    pub(crate) fn parse(source: &str) -> Result<Self, TemplateFault> {
        if source.len() > MAX_SOURCE {
            return Err(TemplateFault::TooLong);
        }
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_fuel(Some(FUEL));
        environment
            .add_template_owned(NAME, source.to_owned())
            .map_err(|error| TemplateFault::Syntax(reason(&error)))?;
        let template = Self(Arc::new(environment));
        for occasion in Occasion::ALL {
            let sample = Announcement::sample(occasion);
            template.fill(&sample)?;
            template.fill(&sample.bare())?;
        }
        Ok(template)
    }

    /// The text for a message.
    pub(crate) fn fill(&self, message: &Announcement) -> Result<String, TemplateFault> {
        let failed = |error: &Error| TemplateFault::Failed {
            occasion: message.occasion,
            reason: reason(error),
        };
        let variables = Value::from(Serde(Variables::new(message)));
        let template = self.0.get_template(NAME).map_err(|error| failed(&error))?;
        let mut output = BoundedOutput::default();
        let rendered = template.render_captured_to(variables, &mut output);
        if output.is_full {
            return Err(TemplateFault::Failed {
                occasion: message.occasion,
                reason: format!("it writes more than {MAX_OUTPUT} bytes"),
            });
        }
        rendered.map_err(|error| failed(&error))?;
        let text = String::from_utf8_lossy(&output.text);
        Ok(visible(text.trim()))
    }

    /// The same on one line; one without a word is a fault.
    pub(crate) fn fill_line(&self, message: &Announcement) -> Result<String, TemplateFault> {
        let line = one_line(&self.fill(message)?);
        if line.is_empty() {
            return Err(TemplateFault::Failed {
                occasion: message.occasion,
                reason: "it says nothing".to_owned(),
            });
        }
        Ok(line)
    }
}

/// What went wrong, and on which line of the template.
fn reason(error: &Error) -> String {
    let what = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    match error.line() {
        Some(line) => format!("{what}, on its line {line}"),
        None => what,
    }
}

/// Takes what a template writes, up to the limit.
#[derive(Default)]
struct BoundedOutput {
    text: Vec<u8>,
    is_full: bool,
}

impl io::Write for BoundedOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_full |= self.text.len() + bytes.len() > MAX_OUTPUT;
        if self.is_full {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for MessageTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageTemplate")
    }
}

impl<'de> Deserialize<'de> for MessageTemplate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

/// A template for a title, which must say something.
pub(crate) fn title<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<MessageTemplate>, D::Error> {
    let template = MessageTemplate::deserialize(from)?;
    for occasion in Occasion::ALL {
        let sample = Announcement::sample(occasion).bare();
        template.fill_line(&sample).map_err(de::Error::custom)?;
    }
    Ok(Some(template))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(source: &str) -> String {
        MessageTemplate::parse(source).unwrap_err().to_string()
    }

    #[test]
    fn a_template_names_what_a_message_holds() {
        let template = MessageTemplate::parse(
            "{{ state|upper }} {{ title }} ({{ affected|join(', ') }})\n\
             {% for update in updates %}{{ update.at }} {{ update.text }}\n{% endfor %}\
             {% if url %}{{ url }}{% endif %} {{ severity }} {{ occasion }} {{ stage }} {{ kind }}",
        );
        let text = template
            .unwrap()
            .fill(&Announcement::sample(Occasion::Worse));
        assert_eq!(
            text.unwrap(),
            "DOWN Rolls (& more) \"fail\" (API, Cache)\n\
             2026-03-01T18:52:00Z The cache is full.\n\
             2026-03-01T18:48:00Z Rolls fail.\n\
             https://status.example.org/issues/2026-03-01-rolls-fail/ down worse open incident",
        );
    }

    #[test]
    fn every_variable_is_documented() {
        let root = env!("CARGO_MANIFEST_DIR");
        let document = std::fs::read_to_string(format!("{root}/docs/operating.md")).unwrap();
        let message = Announcement::sample(Occasion::Opened);
        let variables = serde_json::to_value(Variables::new(&message)).unwrap();
        let table = document.split_once("| Variable |").unwrap().1;
        for name in variables.as_object().unwrap().keys() {
            assert!(table.contains(&format!("`{name}`")), "{name}");
        }
        for name in variables["updates"][0].as_object().unwrap().keys() {
            assert!(table.contains(&format!("`{name}`")), "{name}");
        }
        let example = document.split_once("#### Your own words").unwrap().1;
        let example = example.split("```").nth(1).unwrap();
        let example: toml::Table = toml::from_str(example.trim_start_matches("toml")).unwrap();
        for part in ["title", "text"] {
            let source = example["notifier"][0][part].as_str().unwrap();
            assert!(MessageTemplate::parse(source).is_ok(), "{source}");
        }
    }

    #[test]
    fn a_template_that_fails_for_some_message_is_a_fault_with_its_line() {
        assert_eq!(
            fault("{{ state }}\n{{ titel }}"),
            "the template fails for `opened`: undefined value, on its line 2"
        );
        // Not every message has an update.
        let without = fault("{{ updates[0].text }}");
        assert!(without.contains("undefined value"), "{without}");
        assert!(fault("{{ title").starts_with("this is not a template: syntax error"));
        assert!(fault(&"x".repeat(MAX_SOURCE + 1)).contains("16384 bytes"));
    }

    #[test]
    fn a_template_neither_runs_for_ever_nor_writes_without_end() {
        let endless =
            "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}";
        assert!(fault(endless).contains("fuel"), "{}", fault(endless));
        let long = fault("{{ 'x' * 20000 }}");
        assert!(long.contains("writes more"), "{long}");
    }
}
