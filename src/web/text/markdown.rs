//! Markdown of incident files made into HTML that can harm nobody.

use std::fmt::Write as _;

use pulldown_cmark::{Event, Options, Parser, html};

use crate::language::moments;
use crate::language::speech::Speech;
use crate::model::incident::Incident;
use crate::model::text::language::Language;
use crate::model::text::plain::plain_text;
use crate::model::text::truncate::truncate;
use crate::model::time::date;
use crate::web::parts::times;
use crate::web::site::Names;
use crate::web::text::cleaning::{clean, is_clean};
use crate::web::text::linkify::Marked;

/// Longer texts are shown as they are written: rendering costs too much.
const MAX_BYTES: usize = 64 * 1024;

/// Nesting beyond this is shown as it is written.
const MAX_NESTING: usize = 32;

/// Renders a body in English; see [`render_in`].
pub fn render(text: &str, names: &Names) -> String {
    render_in(text, names, &Speech::of(Language::En))
}

/// Renders a body: cState's `track` shortcode becomes a time in the zone.
///
/// Raw HTML is left out unless the site allows it, as in Hugo, and what remains
/// is cleaned.
pub(crate) fn render_in(text: &str, names: &Names, speech: &Speech) -> String {
    rendered(text, names, speech, false)
}

/// The same for a page, on which each moment becomes a `<time>` afterwards.
pub(crate) fn render_for_page(text: &str, names: &Names, speech: &Speech) -> String {
    rendered(text, names, speech, true)
}

/// Renders a body, with the times of its shortcodes in a language, or in the form in
/// which a page finds them.
fn rendered(text: &str, names: &Names, speech: &Speech, for_page: bool) -> String {
    let plain = || format!("<pre>{}</pre>", ammonia::clean_text(text));
    if text.len() > MAX_BYTES || text.lines().any(nests_deeply) {
        return plain();
    }
    let text = shortcodes(text, names, speech, for_page);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SMART_PUNCTUATION;
    let raw = names.raw_html;
    let marked = Marked::new(&text, options);
    let mut depth = 0_usize;
    let mut events = Vec::new();
    for event in Parser::new_ext(&marked.text, options) {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Html(_) | Event::InlineHtml(_) if !raw => continue,
            _ => {}
        }
        if depth > MAX_NESTING {
            return plain();
        }
        marked.resolve(event, &mut events);
    }
    let is_clean = events.iter().all(is_clean);
    let mut rendered = String::new();
    html::push_html(&mut rendered, events.into_iter());
    if is_clean { rendered } else { clean(&rendered) }
}

/// The whole text of an incident as HTML.
pub fn body(incident: &Incident, names: &Names) -> String {
    if incident.is_html() {
        clean(&incident.body)
    } else {
        render(&incident.body, names)
    }
}

/// The words of a markdown text alone, one line a paragraph, of at most so many characters
/// before an ellipsis.
pub fn plain(text: &str, max_chars: usize, names: &Names) -> String {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = shortcodes(&text[..end], names, &Speech::of(Language::En), false);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    truncate(
        plain_text(&text, options, max_chars + 1).trim(),
        max_chars + 1,
    )
}

/// Whether a line opens more blocks within each other than anybody reads.
///
/// Asked before parsing, which takes long for such lines.
fn nests_deeply(line: &str) -> bool {
    let is_mark = |c: &char| matches!(c, '>' | '-' | '*' | '+' | '.' | ')' | ':');
    let opening = line
        .chars()
        .take_while(|c| is_mark(c) || c.is_ascii_digit() || c.is_whitespace());
    opening.filter(is_mark).count() > MAX_NESTING && !is_rule(line)
}

/// Whether a line is one mark repeated: a rule or the lower edge of a heading.
fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let first = marks.next();
    matches!(first, Some('-' | '*')) && marks.all(|c| Some(c) == first)
}

/// Replaces shortcodes, in code as well, as Hugo does: `track` by its time, an
/// escaped one by itself. Others stay as they are written.
fn shortcodes(text: &str, names: &Names, speech: &Speech, for_page: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{<") {
        let Some(length) = rest[start..].find(">}}") else {
            break;
        };
        let inside = &rest[start + 3..start + length];
        out.push_str(&rest[..start]);
        let escaped = inside
            .trim()
            .strip_prefix("/*")
            .and_then(|inside| inside.strip_suffix("*/"));
        let day = date::tracked(inside).and_then(date::day);
        match (date::track(inside, &names.dates), escaped) {
            (Some(at), _) => {
                let at = at.to_zoned(names.zone.clone());
                let shown = day.unwrap_or(at.date());
                let said = times::day(speech, shown, shown);
                let _ = match day {
                    Some(_) => write!(out, "({said})"),
                    None if for_page => write!(out, "({})", moments::dated(&at)),
                    None => write!(out, "({said}, {})", at.strftime("%H:%M %Z")),
                };
            }
            (None, Some(inside)) => out.extend(["{{<", inside, ">}}"]),
            (None, None) => out.push_str(&rest[start..start + length + 3]),
        }
        rest = &rest[start + length + 3..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn names(raw_html: bool) -> Names {
        Names {
            raw_html,
            ..Names::new("", TimeZone::UTC)
        }
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(render(text, &names(false)).trim_end(), expected, "{text}");
    }

    #[test]
    fn what_nests_without_end_is_shown_as_it_is_written() {
        for text in [
            "1. ".repeat(20_000),
            "> ".repeat(20_000),
            "1. > ".repeat(12_000),
            "- ".repeat(9_000) + "x",
        ] {
            assert!(render(&text, &names(false)).starts_with("<pre>"));
        }
        for text in [
            "*".repeat(500),
            "[".repeat(30_000),
            "`".repeat(30_001),
            "|a".repeat(10_000),
        ] {
            let _ = render(&text, &names(true));
        }
        check(&"-".repeat(60), "<hr>");
    }

    #[test]
    fn markdown_looks_as_hugo_makes_it() {
        check("It's \"fine\" -- really...", "<p>It’s “fine” – really…</p>");
        check("~~no~~", "<p><del>no</del></p>");
        check(
            "- [x] done",
            "<ul>
<li><input disabled=\"\" checked=\"\" type=\"checkbox\">
done</li>
</ul>",
        );
        check(
            "|a|\n|-|\n|b|",
            "<table><thead><tr><th>a</th></tr></thead><tbody>\n<tr><td>b</td></tr>\n</tbody></table>",
        );
        check(
            "a[^1]\n\n[^1]: b",
            "<p>a<sup class=\"footnote-reference\"><a href=\"#1\" rel=\"noopener noreferrer nofollow\">1</a></sup></p>\n\
             <div class=\"footnote-definition\" id=\"1\"><sup class=\"footnote-definition-label\">1</sup>\n\
             <p>b</p>\n</div>",
        );
        check("a\n: b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>");
    }

    #[test]
    fn a_shortcode_becomes_a_time_and_an_escaped_one_itself() {
        check(
            "x {{< track \"2018-04-13 17:30:00\" >}}",
            "<p>x (13 April, 17:30 UTC)</p>",
        );
        check(
            "`{{</* track \"x\" */>}}`",
            "<p><code>{{&lt; track \"x\" &gt;}}</code></p>",
        );
        check("{{< video \"x\" >}}", "<p>{{&lt; video “x” &gt;}}</p>");
    }

    #[test]
    fn raw_html_is_left_out_or_cleaned() {
        check("a <b onclick=\"x\">b</b> <!-- c -->", "<p>a b </p>");
        let html = render(
            "a <b onclick=\"x\">b</b> <script>alert(1)</script>",
            &names(true),
        );
        assert_eq!(html.trim_end(), "<p>a <b>b</b> </p>");
    }

    #[test]
    fn what_would_harm_is_gone() {
        for text in [
            "[a](javascript:alert(1))",
            "![a](data:image/svg+xml;base64,AAAA)",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "[a](<java\nscript:alert(1)>)",
            "<a href=\"&#106;avascript:alert(1)\">a</a>",
        ] {
            for raw in [false, true] {
                let html = render(text, &names(raw));
                let bad = [
                    "javascript:",
                    "<img src=\"x\" onerror",
                    "data:",
                    "<script",
                    "<svg",
                ];
                assert!(bad.iter().all(|bad| !html.contains(bad)), "{text}: {html}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_rendered_is_what_cleaning_leaves(text in "[-a-c*_&<>\"'`\\\\.\u{a0}\u{1}\t\r é🎲\n]{0,60}") {
            let html = render(&text, &names(false));
            prop_assert_eq!(clean(&html), html);
        }

        #[test]
        fn no_text_makes_it_panic_or_run(text in "[-a-z<>/\"'=:()\\[\\]!`*_{}|#~^ \n]{0,200}") {
            for raw in [false, true] {
                let html = render(&text, &names(raw));
                prop_assert!(!html.contains("<script") && !html.contains("javascript:"));
            }
        }
    }
}
