//! An item of an RSS feed.

use askama::Template;

/// What an item says before its text.
#[derive(Template)]
#[template(path = "feed_item.rss.xml")]
pub(crate) struct ItemHead {
    /// Its title.
    pub(crate) title: String,
    /// Its address.
    pub(crate) link: String,
    /// When it began, as RSS wants it.
    pub(crate) date: Option<String>,
    /// The raw end, in the only place where cState tells it.
    pub(crate) ended: String,
    /// Whether the link is a whole address.
    pub(crate) whole: bool,
}

/// Adds an item: its text, or what it says in short with the whole apart.
pub(crate) fn push(items: &mut String, head: &str, summary: Option<&str>, text: &str) {
    let [before, between, after] = match summary {
        None => ["<description>", "", "</description>"],
        Some(_) => [
            "<description>",
            "</description>\n<content:encoded>",
            "</content:encoded>",
        ],
    };
    let summary = summary.unwrap_or_default();
    for part in [
        "\n<item>\n",
        head,
        "\n",
        before,
        summary,
        between,
        text,
        after,
        "\n</item>",
    ] {
        items.push_str(part);
    }
}

/// HTML as the text of an element.
pub(crate) fn escaped(html: &str) -> String {
    let escaped = askama::filters::escape(html, askama::filters::Html);
    escaped.map_or_else(|never| match never {}, |escaped| escaped.to_string())
}
