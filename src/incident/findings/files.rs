//! Missing pictures and files of the site that a text links to.

use std::ops::Range;

use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Parser, Tag};

use crate::incident::file::document::Document;
use crate::incident::findings::page::{Checked, ExaminedFile};
use crate::model::finding::Finding;
use crate::model::finding::Weight::Warning;

/// Longer texts are not checked.
const MAX_BYTES: usize = 64 * 1024;

/// Extensions of files that are not pages.
const FILES: [&str; 17] = [
    "png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "ico", "pdf", "zip", "txt", "csv", "mp4",
    "webm", "mp3", "docx", "xlsx",
];

/// The files of a site.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a closure has none")]
pub struct Own<'a> {
    /// Its address, without a slash at its end.
    pub url: Option<&'a str>,
    /// The path in that address, without a slash at its end.
    pub base: &'a str,
    /// Whether something stands at a path below it, as in `/img/logo.svg`.
    pub has: &'a (dyn Fn(&str) -> bool + Sync),
}

/// Checks the body of an incident file.
pub fn check(document: &Document, name: &str, checked: Checked<'_>, own: Own<'_>) -> Vec<Finding> {
    let mut page = ExaminedFile::new(document, name, checked);
    if page.incident.is_html() {
        return Vec::new();
    }
    let start = document.head().body;
    for (range, message) in missing(&document.body(), own) {
        page.add(Warning, "missing-file", start + range.start, message);
    }
    page.found()
}

/// Links of a text to missing files of the site, with their positions.
pub fn missing(text: &str, own: Own<'_>) -> Vec<(Range<usize>, String)> {
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let named = Parser::new(text).into_offset_iter();
    let named = named.filter_map(|(event, range)| match event {
        Event::Start(Tag::Image { dest_url, .. }) => Some((dest_url, range)),
        Event::Start(Tag::Link { dest_url, .. }) if is_file(&dest_url) => Some((dest_url, range)),
        _ => None,
    });
    named
        .filter_map(|(named, range)| Some((range, lacking(&named, own)?)))
        .collect()
}

/// The fault of an address; `None` for a good address or one of another site.
fn lacking(named: &str, own: Own<'_>) -> Option<String> {
    let bare = named.split(['#', '?']).next().unwrap_or_default();
    let below = own.url.and_then(|url| bare.strip_prefix(url));
    let path = match below {
        Some(below) => below,
        None if bare.starts_with("//") => return None,
        None => match bare.strip_prefix(own.base) {
            Some(path) => path,
            None if bare.starts_with('/') => {
                return Some(format!(
                    "`{named}` leads out of the site, which stands below `{0}/`; \
                     write `{0}{named}`",
                    own.base
                ));
            }
            None => return None,
        },
    };
    let path = path.strip_prefix('/')?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    (!(own.has)(&format!("/{path}"))).then(|| {
        format!(
            "there is no `{named}`; put the file into `static/` of a cState site, \
             or write the whole address of one on another server"
        )
    })
}

fn is_file(named: &str) -> bool {
    let bare = named.split(['#', '?']).next().unwrap_or_default();
    let ending = bare.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = ending.to_ascii_lowercase();
    FILES.contains(&&*ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, base: &str) -> Vec<String> {
        let url = format!("https://status.example.org{base}");
        let own = Own {
            url: Some(&url),
            base,
            has: &|path| path == "/img/a b.png",
        };
        let found = missing(text, own).into_iter();
        found
            .map(|(range, message)| format!("{}: {message}", range.start))
            .collect()
    }

    #[test]
    fn what_a_text_shows_and_the_site_lacks_is_told() {
        for (text, count) in [
            ("![a](/img/a%20b.png)", 0),
            ("![a](</img/a b.png>)", 0),
            ("![a](https://status.example.org/img/a%20b.png?x)", 0),
            ("![a](/img/b.png)", 1),
            ("![a](https://status.example.org/img/b.png)", 1),
            ("[a](/files/b.pdf) and [page](/issues/b/)", 1),
            (
                "![a](https://example.org/b.png) ![a](//example.org/b.png)",
                0,
            ),
            ("![a](b.png) ![a](data:image/png;base64,AA)", 0),
            ("`![a](/img/b.png)`", 0),
        ] {
            assert_eq!(found(text, "").len(), count, "{text}");
        }
        assert_eq!(
            found("x ![a](/b.png)", "")[0][..27],
            *"2: there is no `/b.png`; pu"
        );
    }

    #[test]
    fn what_leads_out_of_a_site_below_a_path_is_told() {
        assert_eq!(
            found("![a](/status/img/a%20b.png)", "/status"),
            Vec::<String>::new()
        );
        let reported = found("![a](/img/a%20b.png)", "/status");
        assert!(
            reported[0].contains("write `/status/img/a%20b.png`"),
            "{reported:?}"
        );
    }
}
