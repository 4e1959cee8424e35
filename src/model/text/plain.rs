//! The words of a markdown text, without its markup.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// The words of a markdown text, one line a block.
///
/// It stops soon after so many characters: what follows is cut anyway.
pub fn plain_text(markdown: &str, options: Options, max_chars: usize) -> String {
    let mut plain = String::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(words) | Event::Code(words) => plain.push_str(&words),
            Event::SoftBreak => plain.push(' '),
            Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) => {
                plain.push('\n');
            }
            Event::End(TagEnd::Item | TagEnd::TableCell | TagEnd::CodeBlock)
                if !plain.ends_with('\n') =>
            {
                plain.push('\n');
            }
            _ => {}
        }
        // Four bytes are the longest character.
        if plain.len() > max_chars.saturating_mul(4) {
            break;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_is_a_line_of_words() {
        let text = "# Down\n\nThe *cache*\nis [full](https://x.org).\n\n- a\n- b\n\n    code\n";
        assert_eq!(
            plain_text(text, Options::empty(), 100),
            "Down\nThe cache is full.\na\nb\ncode\n"
        );
    }
}
