//! Input that cannot be used, and options that several commands share.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::incident::manual::affected::UnknownComponent;
use crate::incident::manual::refusal::EditRefusal;
use crate::model::component::Severity;
use crate::model::event::EventError;
use crate::model::time::moment::WhenError;

/// What was typed cannot be used; nothing was done, and the exit code is 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(String);

impl BadInput {
    /// Says what is wrong and what to do about it.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<EditRefusal> for BadInput {
    fn from(refusal: EditRefusal) -> Self {
        Self(refusal.to_string())
    }
}

impl From<UnknownComponent> for BadInput {
    fn from(unknown: UnknownComponent) -> Self {
        Self(unknown.to_string())
    }
}

impl From<WhenError> for BadInput {
    fn from(error: WhenError) -> Self {
        Self(error.to_string())
    }
}

impl From<EventError> for BadInput {
    fn from(error: EventError) -> Self {
        Self(error.to_string())
    }
}

/// Who reads the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// Text for people.
    #[default]
    Text,
    /// JSON for programs.
    Json,
}

/// Reads one of the three words of cState.
pub fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["down", "disrupted", "notice"]).map(|word| match &*word {
        "down" => Severity::Down,
        "disrupted" => Severity::Disrupted,
        _ => Severity::Notice,
    })
}
