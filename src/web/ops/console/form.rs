//! A form of the console: what was sent, and what is wrong with which field.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::web::ops::access::error::OpsError;

/// The fields of a form as they were sent, in order; a name may be there several times.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct SentForm(Vec<(String, String)>);

impl SentForm {
    /// The value of a field, without the blanks around it; empty if there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The value of a field that is filled in.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        Some(self.one(name)).filter(|value| !value.is_empty())
    }

    /// All values of a field.
    pub(crate) fn all<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.trim())
    }

    /// Whether a field has a value, as of a box that is ticked.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|one| one == value)
    }
}

impl From<Vec<(String, String)>> for SentForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }
}

impl<const N: usize> From<[(&str, &str); N]> for SentForm {
    fn from(fields: [(&str, &str); N]) -> Self {
        let fields = fields.into_iter();
        Self(
            fields
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }
}

/// A form as a page shows it: with what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormView {
    sent: SentForm,
    faults: BTreeMap<String, String>,
    /// What is wrong with all of it.
    pub(crate) whole: Option<String>,
}

impl FormView {
    /// A form with some values to begin with.
    pub(crate) fn filled(sent: impl Into<SentForm>) -> Self {
        Self {
            sent: sent.into(),
            ..Self::default()
        }
    }

    /// A form that was refused, with what was typed.
    pub(crate) fn refused(sent: SentForm, error: &OpsError) -> Self {
        let faults = error.faults.iter().map(|fault| {
            let field = fault.pointer.split('/').nth(1).unwrap_or_default();
            (field.to_owned(), fault.message.clone())
        });
        let faults: BTreeMap<_, _> = faults.filter(|(field, _)| !field.is_empty()).collect();
        let whole = faults.is_empty().then(|| error.message.clone());
        Self {
            sent,
            faults,
            whole,
        }
    }

    /// What stands in a field.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.sent.one(name)
    }

    /// Whether a box is ticked, or an option chosen.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.sent.has(name, value)
    }

    /// What is wrong with a field.
    pub(crate) fn fault(&self, name: &str) -> Option<&str> {
        self.faults.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_where() {
        let sent = SentForm::from([("text", " Release "), ("part", "api"), ("part", "queue")]);
        assert_eq!(sent.all("part").collect::<Vec<_>>(), ["api", "queue"]);
        assert_eq!((sent.one("text"), sent.filled("at")), ("Release", None));
        let error = OpsError::field("part[1]", "there is no such part");
        let form = FormView::refused(sent.clone(), &error);
        assert_eq!(form.fault("part"), Some("there is no such part"));
        assert_eq!((form.fault("text"), form.whole.as_deref()), (None, None));
        assert!(form.has("part", "queue") && form.value("text") == "Release");
        let error = OpsError::whole(StatusCode::SERVICE_UNAVAILABLE, "try again");
        let form = FormView::refused(sent, &error);
        assert_eq!(form.whole.as_deref(), Some("try again"));
    }
}
