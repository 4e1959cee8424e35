//! Labels computed from other labels: `label_replace` and `label_join`.

use std::sync::Arc;

use regex::Regex;

use crate::evaluate::promql::error::EvaluateError;
use crate::evaluate::promql::value::{Element, distinct};
use crate::evaluate::window::labels::Labels;

/// How one label of each element is computed.
#[derive(Clone, Debug)]
pub(crate) struct LabelFunction {
    /// The label that is set; taken away where the text is empty.
    pub(crate) target: Arc<str>,
    /// What it is set to.
    pub(crate) text: Text,
}

/// A text made of the labels of an element.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    /// `label_replace`: where the pattern matches the whole value of a label,
    /// the replacement with its groups; elsewhere the element stays as it is.
    Replace {
        /// The label that is read.
        source: Arc<str>,
        /// The anchored pattern.
        pattern: Regex,
        /// `$1` and `${name}` stand for groups.
        replacement: Arc<str>,
    },
    /// `label_join`: the values of labels with a separator between them.
    Join {
        /// The labels that are read.
        sources: Vec<Arc<str>>,
        /// What stands between two values.
        separator: Arc<str>,
    },
}

impl LabelFunction {
    /// Changes all elements, which must still differ.
    pub(crate) fn of(&self, mut elements: Vec<Element>) -> Result<Vec<Element>, EvaluateError> {
        for element in &mut elements {
            if let Some(text) = self.text.of(&element.labels) {
                element.labels = element.labels.with(&self.target, &text);
            }
        }
        distinct(elements)
    }
}

impl Text {
    fn of(&self, labels: &Labels) -> Option<String> {
        match self {
            Self::Replace {
                source,
                pattern,
                replacement,
            } => {
                let groups = pattern.captures(labels.get(source))?;
                let mut text = String::new();
                groups.expand(replacement, &mut text);
                Some(text)
            }
            Self::Join { sources, separator } => {
                let values: Vec<_> = sources.iter().map(|source| labels.get(source)).collect();
                Some(values.join(separator))
            }
        }
    }
}
