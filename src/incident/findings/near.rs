//! How near two words are, for slips of the pen.

use strsim::osa_distance;

/// The only one of some words that a word is clearly a slip of; short words
/// may differ by one letter, longer ones by two.
pub fn meant<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer texts are no slips, and comparing them would take long.
    if word.len() > 80 {
        return None;
    }
    let plain = word.trim().to_lowercase();
    let mut found = words.into_iter().filter(|other| {
        let allowed = if other.chars().count() >= 8 { 2 } else { 1 };
        osa_distance(&plain, &other.to_lowercase()) <= allowed
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_another_word() {
        let words = ["down", "disrupted", "notice"];
        for (word, expected) in [
            ("distrupted", Some("disrupted")),
            ("dissrupted", Some("disrupted")),
            ("dwon", Some("down")),
            ("Notice ", Some("notice")),
            ("notify", None),
            ("degraded", None),
            ("", None),
        ] {
            assert_eq!(meant(word, words), expected, "{word}");
        }
        assert_eq!(meant("b", ["a", "c"]), None);
    }
}
