//! Cuts texts that are too long for their place.

/// A text of at most so many characters; an ellipsis marks the cut.
pub fn shorten(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let start: String = text.chars().take(max_chars.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_in_an_ellipsis_and_a_short_one_stays() {
        assert_eq!(shorten("größer", 6), "größer");
        assert_eq!(shorten("größer", 5), "größ…");
        assert_eq!(shorten("two words", 5), "two…");
    }
}
