//! Which incident is meant by a word that somebody typed.

use percent_encoding::percent_decode_str;

use crate::incident::file::slug;
use crate::incident::folder::pages::is_page;
use crate::model::incident::Incident;
use crate::model::text::nearest;

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundIncident<T> {
    /// One incident.
    One(T),
    /// None of them.
    None,
    /// Several; a longer word would tell them apart.
    Several(Vec<T>),
}

/// Finds by the file's name, its path or its page's address, else by the whole
/// id, else by its beginning, else by a part; of several the one that is open.
///
/// A name may hold any characters: what its address leaves out of it is left out
/// of what is typed, too.
pub fn find<I: AsRef<Incident> + Clone>(typed: &str, incidents: &[I]) -> FoundIncident<I> {
    let word = typed.trim().to_lowercase();
    if word.is_empty() {
        return FoundIncident::None;
    }
    let id = address(&word).unwrap_or_else(|| slug::path(stem(&word)));
    let paths = incidents.iter().map(|one| &*one.as_ref().name);
    // `2026/a.md` ends as `a.md` does; the longer one is meant.
    let path = paths
        .filter(|name| is_path_of(typed, name))
        .max_by_key(|name| name.len());
    let tests: [&dyn Fn(&Incident) -> bool; 7] = [
        &|incident| incident.name == typed,
        &|incident| Some(&*incident.name) == path,
        &|incident| incident.name.to_lowercase() == word,
        &|incident| stem(&incident.name).to_lowercase() == word,
        &|incident| !id.is_empty() && incident.id.0 == id,
        &|incident| !id.is_empty() && incident.id.0.starts_with(&id),
        &|incident| !id.is_empty() && incident.id.0.contains(&id),
    ];
    for test in tests {
        let mut found: Vec<_> = incidents
            .iter()
            .filter(|incident| test((*incident).as_ref()))
            .cloned()
            .collect();
        // Who types a part of an id means what goes on.
        let open = found
            .iter()
            .filter(|one| one.as_ref().resolved == Some(false));
        if let (true, [one]) = (found.len() > 1, &*open.collect::<Vec<_>>()) {
            return FoundIncident::One((*one).clone());
        }
        match (found.pop(), found.is_empty()) {
            (None, _) => {}
            (Some(one), true) => return FoundIncident::One(one),
            (Some(last), false) => {
                found.push(last);
                return FoundIncident::Several(found);
            }
        }
    }
    FoundIncident::None
}

/// The one id that a word is clearly a slip of.
pub fn nearest<'i>(typed: &str, ids: impl Iterator<Item = &'i str>) -> Option<&'i str> {
    let id = slug::path(stem(&typed.trim().to_lowercase()));
    nearest::nearest(&id, ids)
}

/// Whether a path as a shell completes it is that of a file within the folder.
fn is_path_of(typed: &str, name: &str) -> bool {
    let before = typed.strip_suffix(name);
    before.is_some_and(|before| before.ends_with('/'))
}

/// The id in the address of a page, as a browser shows or copies it.
fn address(typed: &str) -> Option<String> {
    let (_, after) = typed.rsplit_once("/issues/")?;
    let id = after.split(['?', '#']).next()?.trim_end_matches('/');
    let id = percent_decode_str(id).decode_utf8_lossy();
    // The folder of the files may be called so as well.
    (!is_page(&id)).then(|| id.into_owned())
}

/// A file's name without what Hugo knows pages by.
fn stem(name: &str) -> &str {
    let ends = [".md", ".markdown", ".html"];
    let stem = ends.iter().find_map(|end| name.strip_suffix(end));
    stem.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::incident::file::document::Document;

    use super::*;

    fn check(word: &str, expected: &[&str]) {
        let incidents: Vec<_> = [
            "2026-03-01-queue.md",
            "2026-03-01-queue-2.md",
            "2026-03-02-cache-full.md",
            "2026/Über.md",
            "a.md",
            "a.html",
            "A.md",
            "2026-07-06T1200--Text_(The \"end\", 100 % & more).md",
            " blank .md",
            "-dash.md",
            "tab\there.md",
            "🔥.md",
            "2026/08/x.md",
            "x.md",
        ]
        .map(|name| {
            let document = Document::parse("---\nsection: issue\n---\n").unwrap();
            Arc::new(document.incident(name))
        })
        .to_vec();
        let names = match find(word, &incidents) {
            FoundIncident::One(one) => vec![one.name.clone()],
            FoundIncident::None => Vec::new(),
            FoundIncident::Several(all) => all.iter().map(|one| one.name.clone()).collect(),
        };
        assert_eq!(names, expected, "{word}");
    }

    #[test]
    fn a_whole_name_wins_over_a_beginning_and_that_over_a_part() {
        check("2026-03-01-queue", &["2026-03-01-queue.md"]);
        check("2026-03-02", &["2026-03-02-cache-full.md"]);
        check("CACHE", &["2026-03-02-cache-full.md"]);
        check("über", &["2026/Über.md"]);
        check("a.html", &["a.html"]);
    }

    #[test]
    fn a_files_name_may_hold_any_characters() {
        for name in [
            "2026-07-06T1200--Text_(The \"end\", 100 % & more).md",
            " blank .md",
            "-dash.md",
            "tab\there.md",
            "🔥.md",
            "A.md",
            "a.md",
            "x.md",
            "2026/08/x.md",
            "2026/Über.md",
        ] {
            check(name, &[name]);
            check(&format!("./incidents/{name}"), &[name]);
            check(&format!("/srv/site/content/issues/{name}"), &[name]);
        }
        let long = "2026-07-06T1200--Text_(The \"end\", 100 % & more).md";
        for typed in [
            "2026-07-06t1200--text_(the \"end\", 100 % & more)",
            "Text_(The \"end\"",
            "2026-07-06t1200--text_the-end-100-more",
            "https://status.example.org/issues/2026-07-06t1200--text_the-end-100-more/",
            "https://status.example.org/issues/2026-07-06t1200--text_the-end-100-more/#updates",
        ] {
            check(typed, &[long]);
        }
        check(
            "https://x.example.org/issues/2026/%C3%BCber/",
            &["2026/Über.md"],
        );
        check("-DASH", &["-dash.md"]);
        check("🔥", &["🔥.md"]);
        check("(\"&\")", &[]);
    }

    #[test]
    fn a_slip_is_known_if_it_is_of_one_alone() {
        let ids = ["2026-03-01-queue", "2026-03-02-cache-full"];
        let near = |typed| nearest(typed, ids.into_iter());
        assert_eq!(near("2026-03-01-qeue.md"), Some("2026-03-01-queue"));
        assert_eq!(near("2026-03-02 Cache ful"), Some("2026-03-02-cache-full"));
        assert_eq!(near("worker"), None);
    }

    #[test]
    fn what_fits_several_is_told_and_nothing_fits_nothing() {
        check("queue", &["2026-03-01-queue.md", "2026-03-01-queue-2.md"]);
        check("a", &["a.md", "a.html", "A.md"]);
        check("worker", &[]);
        check(" ", &[]);
    }
}
