//! Which incident is meant by a word that somebody typed.

use crate::model::incident::Incident;

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// One incident.
    One(T),
    /// None of them.
    None,
    /// Several; a longer word would tell them apart.
    Several(Vec<T>),
}

/// Finds by the whole id or file name, else by its beginning, else by a part.
pub fn find<I: AsRef<Incident> + Clone>(word: &str, incidents: &[I]) -> Found<I> {
    let word = word.trim().to_lowercase();
    if word.is_empty() {
        return Found::None;
    }
    let tests: [&dyn Fn(&Incident) -> bool; 4] = [
        &|incident| incident.name.to_lowercase() == word,
        &|incident| incident.id.0 == word,
        &|incident| incident.id.0.starts_with(&word),
        &|incident| incident.id.0.contains(&word),
    ];
    for test in tests {
        let mut found: Vec<_> = incidents
            .iter()
            .filter(|incident| test((*incident).as_ref()))
            .cloned()
            .collect();
        match (found.pop(), found.is_empty()) {
            (None, _) => {}
            (Some(one), true) => return Found::One(one),
            (Some(last), false) => {
                found.push(last);
                return Found::Several(found);
            }
        }
    }
    Found::None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::incident::document::Document;

    use super::*;

    fn check(word: &str, expected: &[&str]) {
        let incidents: Vec<_> = [
            "2026-03-01-queue.md",
            "2026-03-01-queue-2.md",
            "2026-03-02-cache-full.md",
            "2026/Über.md",
            "a.md",
            "a.html",
        ]
        .map(|name| {
            let document = Document::parse("---\nsection: issue\n---\n").unwrap();
            Arc::new(document.incident(name))
        })
        .to_vec();
        let names = match find(word, &incidents) {
            Found::One(one) => vec![one.name.clone()],
            Found::None => Vec::new(),
            Found::Several(all) => all.iter().map(|one| one.name.clone()).collect(),
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
    fn what_fits_several_is_told_and_nothing_fits_nothing() {
        check("queue", &["2026-03-01-queue.md", "2026-03-01-queue-2.md"]);
        check("a", &["a.md", "a.html"]);
        check("worker", &[]);
        check(" ", &[]);
    }
}
