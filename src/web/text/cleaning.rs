//! HTML that can harm nobody.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Tag, TagEnd};

/// Longer HTML is shown as it is written.
const MAX_HTML: usize = 512 * 1024;

/// Elements within each other in HTML, and what all of them together may cost.
const MAX_TAGS: usize = 128;
const MAX_COST: usize = 400_000;

/// Tags that need no end.
const ENDLESS: [&str; 16] = [
    "p", "li", "dt", "dd", "tr", "td", "th", "br", "hr", "img", "input", "thead", "tbody", "tfoot",
    "wbr", "col",
];

/// What may stand in HTML. Its lists are long, and made once.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_tags(["input", "section"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        // Footnotes are reached by their ids.
        .add_tag_attributes("div", ["id"])
        .add_allowed_classes("div", ["footnote-definition"])
        .add_allowed_classes("sup", ["footnote-definition-label", "footnote-reference"])
        .url_schemes(["ftp", "http", "https", "mailto"].into())
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// Cleans HTML: no scripts, no styles, no forms, no addresses but web and mail.
///
/// What is too long or nests too deeply to be cleaned in time is shown as it is
/// written.
pub(crate) fn clean(html: &str) -> String {
    if html.len() > MAX_HTML || costs_too_much(html) {
        return format!("<pre>{}</pre>", ammonia::clean_text(html));
    }
    CLEANER.clean(html).to_string()
}

/// Whether HTML would take long to clean: each tag costs as much as there are
/// elements open around it, as those that are not closed are opened again in it.
///
/// Only its own end closes an element here: ends in wrong places close nothing.
fn costs_too_much(html: &str) -> bool {
    let mut named: BTreeMap<String, usize> = BTreeMap::new();
    let (mut open, mut cost) = (0_usize, 0_usize);
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        let (ends, rest) = rest
            .strip_prefix('/')
            .map_or((false, rest), |rest| (true, rest));
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = rest[..length].to_ascii_lowercase();
        cost += open + 1;
        if !name.is_empty() && !ENDLESS.contains(&&*name) {
            let count = named.entry(name).or_default();
            let before = *count;
            *count = if ends {
                before.saturating_sub(1)
            } else {
                before + 1
            };
            open = open + *count - before;
        }
        if open > MAX_TAGS || cost > MAX_COST {
            return true;
        }
    }
    false
}

/// Whether HTML of such events is what cleaning would leave: most texts have no others,
/// and cleaning takes longer than rendering.
pub(crate) fn is_clean(event: &Event<'_>) -> bool {
    match event {
        Event::Text(text) => !text.contains(|c: char| c.is_control() || c == '\u{a0}'),
        Event::SoftBreak
        | Event::Start(
            Tag::Paragraph | Tag::Emphasis | Tag::Strong | Tag::List(None) | Tag::Item,
        )
        | Event::End(
            TagEnd::Paragraph
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::List(false)
            | TagEnd::Item,
        ) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_that_takes_long_to_clean_is_shown_as_it_is_written() {
        let unclosed = (0..100).fold(String::new(), |all, number| format!("{all}<b a={number}>"));
        for html in [
            "<div>".repeat(1000),
            unclosed + "<p>".repeat(9000).as_str(),
            "<div></p></b>".repeat(1000),
            "x".repeat(MAX_HTML + 1),
        ] {
            assert!(clean(&html).starts_with("<pre>"));
        }
        let table = format!("<table>{}</table>", "<tr><td>x<br>y</td></tr>".repeat(5000));
        assert!(clean(&table).starts_with("<table>"));
        assert_eq!(clean(&"<p>x".repeat(500)), "<p>x</p>".repeat(500));
    }
}
