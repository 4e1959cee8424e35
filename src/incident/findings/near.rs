//! What the eye does not see in a name.

/// A name without what the eye does not see: case, blanks, zero-width letters.
pub fn plain(name: &str) -> String {
    let seen: String = name
        .chars()
        .filter(|c| !is_invisible(*c))
        .collect::<String>()
        .to_lowercase();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character takes no room and has no meaning in a text.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}
