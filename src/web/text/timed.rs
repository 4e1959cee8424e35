//! Moments in rendered sentences as `<time>`, which the script shows in the visitor's
//! zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::language::moments;

/// Elements whose text stays as it is written.
const VERBATIM: [&str; 3] = ["code", "pre", "time"];

/// HTML in which each moment that we wrote is shown by `show`. One without a day is
/// near `known`; if that is not known, it stays a text.
pub(crate) fn timed(
    html: &str,
    known: Option<Timestamp>,
    zone: &TimeZone,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let mut out = String::with_capacity(html.len());
    let mut verbatim = 0_usize;
    let mut rest = html;
    while !rest.is_empty() {
        let (text, tag) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if verbatim == 0 {
            let mut from = 0;
            for found in moments::find(text, known, zone) {
                out.push_str(&text[from..found.range.start]);
                out.push_str(&show(found.at));
                from = found.range.end;
            }
            out.push_str(&text[from..]);
        } else {
            out.push_str(text);
        }
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        verbatim = depth(&tag[..end], verbatim);
        out.push_str(&tag[..end]);
        rest = &tag[end..];
    }
    out
}

/// How many elements of verbatim text are open behind a tag.
fn depth(tag: &str, before: usize) -> usize {
    let inside = tag.trim_start_matches('<').trim_end_matches('>');
    let (ends, name) = match inside.strip_prefix('/') {
        Some(name) => (true, name),
        None => (false, inside),
    };
    let name = name.split_whitespace().next().unwrap_or_default();
    match (VERBATIM.contains(&name), ends) {
        (true, false) => before + 1,
        (true, true) => before.saturating_sub(1),
        (false, _) => before,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(html: &str, known: Option<&str>) -> String {
        let known = known.map(|known| known.parse().unwrap());
        timed(html, known, &TimeZone::UTC, |at| format!("[{at}]"))
    }

    #[test]
    fn moments_are_found_in_text_and_nowhere_else() {
        let known = Some("2026-03-01T08:40:00Z");
        assert_eq!(
            shown("<p>Working again since 08:30 UTC.</p>", known),
            "<p>Working again since [2026-03-01T08:30:00Z].</p>"
        );
        assert_eq!(
            shown(
                "<p title=\"08:30 UTC\"><code>08:30 UTC</code> at 08:31 UTC</p>",
                known
            ),
            "<p title=\"08:30 UTC\"><code>08:30 UTC</code> at [2026-03-01T08:31:00Z]</p>"
        );
        assert_eq!(
            shown("<p>2026-03-01 08:30 UTC, 08:31 EST, 08:32</p>", None),
            "<p>[2026-03-01T08:30:00Z], 08:31 EST, 08:32</p>"
        );
        assert_eq!(shown("<p>08:30 UTC</p>", None), "<p>08:30 UTC</p>");
    }

    proptest! {
        #[test]
        fn nothing_is_lost(html in "[-<>/codepre 0-9:UTCä&;]{0,60}") {
            let known = "2026-03-01T08:40:00Z".parse().ok();
            let at = std::cell::RefCell::new(Vec::new());
            let out = timed(&html, known, &TimeZone::UTC, |moment| {
                at.borrow_mut().push(moment);
                String::new()
            });
            prop_assert!(out.len() <= html.len());
            prop_assert_eq!(out == html, at.borrow().is_empty());
        }
    }
}
