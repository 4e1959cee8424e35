//! Truncates texts for places that have no room for more.

/// The text, if it has at most so many characters; else as many as fit before an ellipsis.
pub fn truncate(text: &str, most: usize) -> String {
    if text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_long_is_truncated() {
        assert_eq!(truncate("Gärten", 6), "Gärten");
        assert_eq!(truncate("Gärten", 5), "Gärt…");
        assert_eq!(truncate("two words", 5), "two…");
        assert_eq!(truncate("", 0), "");
    }
}
