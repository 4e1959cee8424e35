//! Markdown made into plain words, and plain words into markdown again.

use pulldown_cmark::Options;

use crate::model::text::plain::plain_text;

/// The words of a text in one line, of so many letters at most.
pub fn words(markdown: &str, letters: usize) -> String {
    let plain = plain_text(markdown, Options::empty(), letters);
    let words: Vec<_> = plain.split_whitespace().collect();
    cut(&words.join(" "), letters)
}

/// Cuts a text behind a word, and marks the cut.
fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let short: String = text.chars().take(letters.saturating_sub(1)).collect();
    let behind = short.rfind(' ').filter(|at| *at > short.len() / 2);
    let short = behind.map_or(&*short, |at| &short[..at]);
    format!("{}…", short.trim_end_matches([' ', ',', ';', ':']))
}

/// Plain words as they stand in a table or a line of markdown: no sign of them
/// is markup, a shortcode or an edge of the table.
pub fn escaped(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            sign if sign.is_control() => escaped.push(' '),
            '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '#' | '~' | '{' | '}' | '&'
            | '!' => {
                escaped.push('\\');
                escaped.push(sign);
            }
            sign => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_is_left_out_and_long_texts_are_cut_behind_a_word() {
        for (text, letters, expected) in [
            (
                "We *look* into\n[it](http://x).\n\nMore.",
                80,
                "We look into it. More.",
            ),
            (
                "# Head\n- one\n- two `{{< x >}}`",
                80,
                "Head one two {{< x >}}",
            ),
            ("one two three four", 12, "one two…"),
            ("<b>bold</b> & so", 80, "bold & so"),
        ] {
            assert_eq!(words(text, letters), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn escaped_words_are_read_back(text in "[ -~äö]{1,60}") {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let written = format!("x {} x", escaped(&text));
            prop_assert!(!written.contains("{{"));
            let expected = format!("x {text} x").split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&written, 1000), expected);
        }
    }
}
