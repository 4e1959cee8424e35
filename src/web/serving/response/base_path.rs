//! A site whose own addresses stand below a path.

use axum::http::Uri;

/// What an address is of a site below a path.
pub(crate) enum Below {
    /// It is as it is: a proxy before us may take the path away.
    Itself,
    /// It stands below the path.
    Path(Uri),
    /// It is the path, without the slash at its end.
    Base,
}

/// Reads an address as that of a site below a path.
pub(crate) fn below(uri: &Uri, base: &str) -> Below {
    if base.is_empty() {
        return Below::Itself;
    }
    match uri.path().strip_prefix(base) {
        Some("") => Below::Base,
        Some(rest) if rest.starts_with('/') => {
            let query = uri
                .query()
                .map_or_else(String::new, |query| format!("?{query}"));
            format!("{rest}{query}")
                .parse()
                .map_or(Below::Itself, Below::Path)
        }
        _ => Below::Itself,
    }
}
