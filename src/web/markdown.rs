//! Markdown of incident files made into HTML that can harm nobody.

use pulldown_cmark::{Event, Options, Parser, html};

use crate::model::date;
use crate::web::site::Names;

/// Longer texts are shown as they are written: rendering costs too much.
const MAX_BYTES: usize = 64 * 1024;

/// Nesting beyond this is shown as it is written.
const MAX_NESTING: usize = 32;

/// Renders a body: cState's `track` shortcode becomes a time in the zone.
///
/// Raw HTML is left out, as Hugo does by default, and what remains is cleaned.
pub fn render(text: &str, names: &Names) -> String {
    if text.len() > MAX_BYTES || text.lines().any(nests_deeply) {
        return format!("<pre>{}</pre>", ammonia::clean_text(text));
    }
    let text = tracked(text, names);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_SMART_PUNCTUATION;
    let events = Parser::new_ext(&text, options)
        .filter(|event| !matches!(event, Event::Html(_) | Event::InlineHtml(_)));
    let mut rendered = String::new();
    html::push_html(&mut rendered, events);
    ammonia::clean(&rendered)
}

fn nests_deeply(line: &str) -> bool {
    line.chars()
        .take_while(|c| matches!(c, '>' | ' ' | '-' | '*' | '+'))
        .filter(|c| *c != ' ')
        .count()
        > MAX_NESTING
}

/// Replaces each `track` shortcode by its time; other shortcodes stay as text.
fn tracked(text: &str, names: &Names) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{<") {
        let Some(length) = rest[start..].find(">}}") else {
            break;
        };
        let inside = &rest[start + 3..start + length];
        out.push_str(&rest[..start]);
        match date::track(inside, &names.dates) {
            Some(at) => {
                let at = at.to_zoned(names.zone.clone());
                out.push_str(&at.strftime("(%H:%M %Z — %b %-d)").to_string());
            }
            None => out.push_str(&rest[start..start + length + 3]),
        }
        rest = &rest[start + length + 3..];
    }
    out.push_str(rest);
    out
}
