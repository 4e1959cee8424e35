//! RSS, as far as providers tell how they are in it.

use jiff::Timestamp;
use roxmltree::{Document, Node};

use crate::collect::provider::report::moment;

/// More items of one feed are not looked at.
const MOST: usize = 2000;

/// A feed of RSS 2.0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RssFeed {
    /// What it is called.
    pub(crate) title: String,
    /// What was written, mostly the newest first.
    pub(crate) items: Vec<RssItem>,
}

/// One item of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RssItem {
    /// Its title.
    pub(crate) title: String,
    /// What makes it unique.
    pub(crate) id: String,
    /// Where to read more.
    pub(crate) link: String,
    /// What it says, perhaps as HTML.
    pub(crate) text: String,
    /// What it is about.
    pub(crate) categories: Vec<String>,
    /// When it was published, if it says so.
    pub(crate) published: Option<Timestamp>,
}

impl RssFeed {
    /// Reads the bytes of a feed; `None` if they are none.
    ///
    /// Definitions of entities are refused with all that holds them.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes)
            .ok()?
            .trim_start_matches('\u{feff}');
        // Most pages are something else, and need not be parsed.
        if !text.trim_start().starts_with('<') {
            return None;
        }
        let document = Document::parse(text.trim_start()).ok()?;
        let root = document.root_element();
        let channel = Some(root).filter(|root| root.has_tag_name("rss"))?;
        let channel = channel
            .children()
            .find(|node| node.has_tag_name("channel"))?;
        let items = channel.children().filter(|node| node.has_tag_name("item"));
        Some(Self {
            title: child(channel, "title"),
            items: items.take(MOST).map(item).collect(),
        })
    }
}

fn item(node: Node<'_, '_>) -> RssItem {
    let categories = node.children().filter(|node| node.has_tag_name("category"));
    RssItem {
        title: child(node, "title"),
        id: child(node, "guid"),
        link: child(node, "link"),
        text: child(node, "description"),
        categories: categories
            .filter_map(|node| node.text().map(str::to_owned))
            .collect(),
        published: moment(&child(node, "pubDate").into()),
    }
}

fn child(node: Node<'_, '_>, name: &str) -> String {
    let found = node.children().find(|node| node.has_tag_name(name));
    let text = found.and_then(|node| node.text()).unwrap_or_default();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_feed_is_read_with_the_times_that_feeds_write() {
        let item = |date: &str| format!("<item><title>T</title><pubDate>{date}</pubDate></item>");
        let dates = [
            "Sun, 01 Mar 2026 10:00:00 GMT",
            "Sun, 01 Mar 2026 02:00:00 PST",
            "Sun, 01 Mar 2026 10:00:00 Z",
            "Sun, 01 Mar 2026 11:00:00 +0100",
            "2026-03-01T10:00:00Z",
        ];
        let items: String = dates.iter().map(|date| item(date)).collect();
        let text = format!(
            "\u{feff}<?xml version='1.0'?>\n<rss version='2.0'><channel><title> A </title>{items}</channel></rss>"
        );
        let feed = RssFeed::read(text.as_bytes()).unwrap();
        assert_eq!((feed.title.as_str(), feed.items.len()), ("A", dates.len()));
        for (item, date) in feed.items.iter().zip(dates) {
            let at = item.published.map(|at| at.to_string());
            assert_eq!(at.as_deref(), Some("2026-03-01T10:00:00Z"), "{date}");
        }
    }

    #[test]
    fn what_is_no_feed_or_defines_entities_is_none() {
        for text in [
            "",
            "{}",
            "<html><body/></html>",
            "<rss/>",
            "<rss><channel>",
            "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><title>&a;</title></channel></rss>",
        ] {
            assert_eq!(RssFeed::read(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(
            words in prop::collection::vec("<rss>|<channel>|<item>|</item>|<title>|[a-z&;]{0,5}|</title>|</channel>|</rss>", 0..20),
        ) {
            let _ = RssFeed::read(words.concat().as_bytes());
        }
    }
}
