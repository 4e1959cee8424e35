//! How remote sides write text so that what is written is what is read.

use crate::notify::texts::text::HIDDEN_JOINER;

/// Takes what is written, character by character.
type Written<'w> = dyn FnMut(char) + 'w;

/// The markup of a remote side, by what it makes of one character of plain text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Markup(fn(char, &mut Written<'_>));

/// Text that is read as it is written.
pub(crate) const PLAIN: Markup = Markup(|char, write| write(char));

/// Only the three characters with which others are escaped.
pub(crate) const ENTITIES: Markup = Markup(entity);

/// HTML, where a line break is an element.
pub(crate) const HTML_LINES: Markup = Markup(|char, write| match char {
    '\n' => "<br>".chars().for_each(write),
    char => html(char, write),
});

/// HTML in which a name after an `@` mentions somebody, escaped or not.
pub(crate) const HTML_MENTIONS: Markup = Markup(|char, write| {
    html(char, write);
    disarm(char, write);
});

/// Markdown in which a name after an `@` mentions somebody, escaped or not.
pub(crate) const MARKDOWN_MENTIONS: Markup = Markup(|char, write| {
    if "\\`*_~[]()#|".contains(char) {
        write('\\');
    }
    entity(char, write);
    disarm(char, write);
});

impl Markup {
    /// The text as it must be written.
    pub(crate) fn escaped(self, text: &str) -> String {
        let mut escaped = String::with_capacity(text.len());
        for char in text.chars() {
            (self.0)(char, &mut |char| escaped.push(char));
        }
        escaped
    }

    /// What a character takes once it is escaped; `size` is what each one then counts.
    pub(crate) fn size(self, size: fn(char) -> usize) -> impl Fn(char) -> usize {
        move |char| {
            let mut all = 0;
            (self.0)(char, &mut |char| all += size(char));
            all
        }
    }
}

fn html(char: char, write: &mut Written<'_>) {
    match char {
        '"' => "&quot;".chars().for_each(write),
        char => entity(char, write),
    }
}

fn entity(char: char, write: &mut Written<'_>) {
    match char {
        '&' => "&amp;".chars().for_each(write),
        '<' => "&lt;".chars().for_each(write),
        '>' => "&gt;".chars().for_each(write),
        char => write(char),
    }
}

/// A mention that is interrupted by what nobody sees is none.
fn disarm(char: char, write: &mut Written<'_>) {
    if char == '@' {
        write(HIDDEN_JOINER);
    }
}
