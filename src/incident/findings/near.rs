//! Invisible differences between names.

/// A name without its invisible parts: case, blanks, zero-width characters.
pub fn plain(name: &str) -> String {
    let seen: String = name
        .chars()
        .filter(|c| !is_invisible(*c))
        .collect::<String>()
        .to_lowercase();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character has neither width nor meaning.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}
