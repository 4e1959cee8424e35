//! Escapes text for HTML.

/// Escapes a text for HTML, in elements and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html)
        .map_or_else(|_| String::new(), |safe| safe.to_string())
}
