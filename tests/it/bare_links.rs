//! Bare addresses in texts are links, and the same ones that Hugo makes.

use std::path::Path;

use critwatch::incident::file::document::Document;
use critwatch::web::site::Names;
use critwatch::web::text::markdown;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;

use crate::corpus::{folder, pages, sites};
use crate::hugo;
use crate::oracle::bare;

/// Every place where an address may begin, and every way in which it may end.
const TEXT: &str = "\
plain https://example.org/a_b_c/ and www.example.org/x. mail me@example.org.
(https://a.org/x) \"https://q.org\" 'https://q2.org' [see https://in.org x] `https://code.org`https://after.org
*https://em.org/x* _https://em2.org/x_ ~~https://st.org~~ **https://b.org.**
see:https://no.org -https://no2.org <b>https://raw.org</b> foo.https://no3.org
https://a.org/x&amp;y https://a.org/q?a=1&b=2 ftp://f.org/x https://localhost/x https://x.org:8080/y
https://x.org/--a...b'c https://x.org/(a)_(b)) HTTPS://UP.org Https://x.org tel:123 a@b mailto:a@b.org
a.b+c@d.e.org_ x@y.org- y@z.org, --https://dash.org ...https://dots.org \\*https://esc.org !https://bang.org
[a](https://x.org) https://y.org![b](c.png)https://z.org <https://auto.org>https://auto2.org
https://x.org/a[1] https://x.org/`b` https://x.org/*c* https://x.org/_d_ https://x.org/a\\_b https://ü.org
https://x.org/ü https://x.org, https://x.org: https://x.org; https://x.org! https://x.org? https://x.org*

- https://list.org
- a
  https://list2.org

> https://quote.org

# https://head.org

| a | b |
|---|---|
| https://t.org | x https://t2.org/|
|https://t3.org|me@t.org|

    https://indented.org

[ref]: https://ref.org
[ref] and [^1]

[^1]: https://foot.org

term
: https://def.org

line  
https://hard.org\\
https://hard2.org
unclosed [ bracket https://br.org ] https://br2.org [ x https://br3.org
";

/// The links of a text in HTML, each with its words; those within the page apart.
fn links(html: &str) -> Vec<(String, String)> {
    let found = html.split("<a href=\"").skip(1).filter_map(|rest| {
        let (target, rest) = rest.split_once('"')?;
        let (words, _) = rest.split_once('>')?.1.split_once("</a>")?;
        let target = percent_decode_str(target).decode_utf8_lossy();
        (!target.starts_with('#')).then(|| (bare(&target), bare(words)))
    });
    found.collect()
}

/// Compares the links of texts; says how many there are.
fn compare(texts: &[(String, String)]) -> Option<usize> {
    let place = tempfile::tempdir().unwrap();
    for (number, (_, text)) in texts.iter().enumerate() {
        let file = format!("---\nsection: issue\ntitle: x\ndate: 2026-03-01\n---\n{text}");
        std::fs::write(place.path().join(format!("{number}.md")), file).unwrap();
    }
    let read = hugo::build(place.path())?;
    let names = Names::new("", TimeZone::UTC);
    let (mut count, mut faults) = (0, Vec::new());
    for (number, (name, text)) in texts.iter().enumerate() {
        let mut theirs = links(read[&format!("{number}.md")]["content"].as_str().unwrap());
        let mut ours = links(&markdown::render(text, &names));
        // Hugo puts footnotes at the end.
        theirs.sort();
        ours.sort();
        if ours != theirs {
            faults.push(format!("{name}: {ours:#?}, Hugo {theirs:#?}"));
        }
        count += theirs.len();
    }
    assert!(
        faults.is_empty(),
        "{} differ: {}",
        faults.len(),
        faults.join("\n")
    );
    Some(count)
}

#[test]
fn an_address_is_a_link_where_hugo_makes_it_one() {
    // A footnote alone is none.
    let lines = TEXT.lines().filter(|line| !line.starts_with("[^1]"));
    let lines = lines.map(|line| (line.to_owned(), line.to_owned()));
    let mut texts: Vec<_> = lines.collect();
    texts.push(("all".to_owned(), TEXT.to_owned()));
    let count = compare(&texts);
    assert!(count.is_none_or(|count| count >= 100), "{count:?}");
}

#[test]
fn the_links_of_real_texts_are_those_that_hugo_makes() {
    let Some(corpus) = folder("CRITWATCH_CORPUS") else {
        return;
    };
    let mut texts = Vec::new();
    for (site, path) in sites(&corpus) {
        for file in pages(&path).into_iter().filter(|file| is_markdown(file)) {
            let Ok(document) = Document::parse(std::fs::read(&file).unwrap()) else {
                continue;
            };
            let name = file.file_name().unwrap().display();
            // Shortcodes are another matter, and a broken one fails the build.
            let text = document.body().replace("{{", "{");
            texts.push((format!("{site}: {name}"), text));
        }
    }
    assert!(texts.len() > 900, "only {} texts", texts.len());
    let count = compare(&texts);
    assert!(count.is_none_or(|count| count > 500), "{count:?}");
}

fn is_markdown(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "md")
}
