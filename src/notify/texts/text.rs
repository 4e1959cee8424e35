//! Texts for remote sides: only what can be seen, never longer than they take.

/// Joins two characters, and is not seen.
pub(crate) const HIDDEN_JOINER: char = '\u{2060}';

/// The bytes of a character within JSON.
pub(crate) fn json_size(char: char) -> usize {
    match char {
        '"' | '\\' | '\n' => 2,
        char => char.len_utf8(),
    }
}

/// The text without characters that hide or reorder others; lines stay lines.
pub(crate) fn visible(text: &str) -> String {
    let is_invisible = |char: char| {
        let is_control = char.is_control() && char != '\n';
        let is_zero_width = matches!(char, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{00ad}');
        // Marks, embeddings, overrides and isolates of the bidirectional algorithm.
        let is_direction = matches!(char, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        is_control || is_zero_width || is_direction
    };
    text.chars().filter(|char| !is_invisible(*char)).collect()
}

/// The same on one line.
pub(crate) fn one_line(text: &str) -> String {
    let text = visible(&text.replace(['\n', '\r', '\t'], " "));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, or as much of it as fits before an ellipsis.
///
/// `size` is what the remote side counts of a character: 1, its bytes, or its UTF-16 units.
pub(crate) fn cut(text: &str, most: usize, size: impl Fn(char) -> usize) -> String {
    let whole: usize = text.chars().map(&size).sum();
    if whole <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(size('…'));
    let mut used = 0;
    let fits = text.char_indices().find(|(_, char)| {
        used += size(*char);
        used > room
    });
    let end = fits.map_or(text.len(), |(end, _)| end);
    let start = text.get(..end).unwrap_or_default().trim_end();
    if room == 0 {
        return String::new();
    }
    // A lone escape would escape the ellipsis, which needs none.
    let escapes = start.len() - start.trim_end_matches('\\').len();
    let start = if escapes % 2 == 1 {
        start.strip_suffix('\\').unwrap_or(start)
    } else {
        start
    };
    format!("{start}…")
}

/// As many of the lines as fit, whole ones; then an ellipsis.
pub(crate) fn cut_lines(lines: &[String], most: usize, size: impl Fn(char) -> usize) -> String {
    let length = |line: &str| line.chars().map(&size).sum::<usize>();
    let newline = size('\n');
    let mut text = String::new();
    let mut used = 0;
    for (index, line) in lines.iter().enumerate() {
        let more = length(line) + if text.is_empty() { 0 } else { newline };
        let rest = if index + 1 < lines.len() {
            newline + size('…')
        } else {
            0
        };
        if used + more + rest > most {
            if text.is_empty() {
                return cut(line, most, size);
            }
            if used + more <= most && rest == 0 {
                // The last line fits without an ellipsis after it.
            } else {
                text.push_str("\n…");
                return text;
            }
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
        used += more;
    }
    text
}

/// As many of the lines as fit, each on a line of its own; then an ellipsis.
pub(crate) fn fitting(
    lines: Vec<String>,
    most: usize,
    size: impl Fn(char) -> usize,
) -> Vec<String> {
    let length = |line: &str| line.chars().map(&size).sum::<usize>() + size('\n');
    let whole: usize = lines.iter().map(|line| length(line)).sum();
    if whole <= most {
        return lines;
    }
    let room = most.saturating_sub(length("…"));
    let mut used = 0;
    let fits = lines.into_iter().take_while(|line| {
        used += length(line);
        used <= room
    });
    let mut fits: Vec<_> = fits.collect();
    if !fits.is_empty() {
        fits.push("…".to_owned());
    }
    fits
}

/// The text with a backslash before each of these characters, and before backslashes.
pub(crate) fn escaped(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if char == '\\' || special.contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_hides_or_reorders_is_left_out() {
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{7}\nd"), "abc\nd");
        assert_eq!(one_line(" a\r\nBcc: b@c\t d "), "a Bcc: b@c d");
        assert_eq!(visible("אבג 日本 🎲"), "אבג 日本 🎲");
    }

    #[test]
    fn whole_lines_are_kept() {
        let lines = ["first".to_owned(), "second".to_owned(), "third".to_owned()];
        let cut = |most| cut_lines(&lines, most, |_| 1);
        assert_eq!(cut(18), "first\nsecond\nthird");
        assert_eq!(cut(17), "first\nsecond\n…");
        assert_eq!(cut(13), "first\n…");
        assert_eq!(cut(4), "fir…");
    }

    proptest! {
        #[test]
        fn nothing_is_longer_than_allowed(text in ".{0,80}", most in 0_usize..60) {
            let sizes: [fn(char) -> usize; 3] = [|_| 1, char::len_utf8, char::len_utf16];
            for size in sizes {
                let cut = cut(&escaped(&text, "*_"), most, size);
                prop_assert!(cut.chars().map(size).sum::<usize>() <= most, "{cut}");
                let lines: Vec<_> = text.split(' ').map(str::to_owned).collect();
                let lines = cut_lines(&lines, most, size);
                prop_assert!(lines.chars().map(size).sum::<usize>() <= most, "{lines}");
            }
        }
    }
}
