//! Texts of the settings that cannot be wrong: names and keys.

use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::collect::queue::reading::tracked::QUEUES;
use crate::model::text::shape::LineText;

/// No longer name or key is taken.
const LONGEST: usize = 512;

/// A name, a key or a pattern: there is something in it.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(inline, with = "LineText")]
pub(crate) struct NonEmptyText(pub(crate) String);

impl<'de> Deserialize<'de> for NonEmptyText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.is_empty() || text.len() > LONGEST {
            let message = format!("write a text here, of at most {LONGEST} bytes");
            return Err(D::Error::custom(message));
        }
        Ok(Self(text))
    }
}

/// Names of queues: at least one, and not too many.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(inline, with = "Vec<LineText>")]
pub(crate) struct QueueNames(Vec<NonEmptyText>);

impl<'de> Deserialize<'de> for QueueNames {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let names = Vec::<NonEmptyText>::deserialize(from)?;
        if names.is_empty() || names.len() > QUEUES {
            let message = format!("name at least one queue and at most {QUEUES}");
            return Err(D::Error::custom(message));
        }
        Ok(Self(names))
    }
}

impl QueueNames {
    /// These names and the single one, if there is one.
    pub(crate) fn and(self, name: Option<NonEmptyText>) -> Vec<String> {
        self.0.into_iter().chain(name).map(|word| word.0).collect()
    }
}
