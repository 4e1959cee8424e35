//! One incident in several languages: `a.md`, and `a.de.md` beside it.
//!
//! As in Hugo, a file's language stands before its ending. The file of the site's
//! first language is authoritative; the others only translate its text.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::finding::{Finding, Weight};
use crate::model::incident::Incident;
use crate::model::incident::Translation;

/// The languages of a site, the first one first; a site without any has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Languages(pub Vec<String>);

impl Languages {
    /// Whether there is but one.
    pub fn are_one(&self) -> bool {
        self.0.len() < 2
    }

    /// The path of a file without its language, `2026/a.md`, and the place of its
    /// language among those of the site.
    pub fn place(&self, name: &str) -> (String, usize) {
        let in_name = || {
            let (stem, ending) = name.rsplit_once('.')?;
            let (plain, code) = stem.rsplit_once('.')?;
            let rank = self
                .0
                .iter()
                .position(|own| own.eq_ignore_ascii_case(code))?;
            let named = !plain.is_empty() && !plain.ends_with('/') && !code.contains('/');
            named.then(|| (format!("{plain}.{ending}"), rank))
        };
        let found = in_name().filter(|_| !self.are_one());
        found.unwrap_or_else(|| (name.to_owned(), 0))
    }

    /// The incidents by their authoritative files, each with its translations.
    ///
    /// An unchanged incident stays the same in memory.
    pub fn join<'i>(
        &self,
        files: impl Iterator<Item = &'i Arc<Incident>>,
        before: &BTreeMap<String, Arc<Incident>>,
    ) -> BTreeMap<String, Arc<Incident>> {
        let mut groups: BTreeMap<String, Vec<(usize, &Arc<Incident>)>> = BTreeMap::new();
        for file in files {
            let (plain, rank) = self.place(&file.name);
            let stem = plain.rsplit_once('.').map_or(&*plain, |(stem, _)| stem);
            groups
                .entry(stem.to_owned())
                .or_default()
                .push((rank, file));
        }
        let joined = groups.into_values().flat_map(|mut files| {
            files.sort_by_key(|(rank, _)| *rank);
            let (own, others): (Vec<_>, Vec<_>) = files.iter().partition(|(rank, _)| {
                // Two files of the first language are two incidents, as ever.
                *rank == files[0].0
            });
            let translations: Vec<_> = others
                .iter()
                .map(|(rank, file)| self.translation(*rank, file))
                .collect();
            own.into_iter()
                .map(|(_, file)| {
                    let joined = Incident {
                        translations: translations.clone(),
                        ..Incident::clone(file)
                    };
                    let same = before.get(&file.name).filter(|before| ***before == joined);
                    let shown = same.cloned().unwrap_or_else(|| Arc::new(joined));
                    (file.name.clone(), shown)
                })
                .collect::<Vec<_>>()
        });
        joined.collect()
    }

    fn translation(&self, rank: usize, file: &Incident) -> Translation {
        Translation {
            language: self.0.get(rank).cloned().unwrap_or_default(),
            name: file.name.clone(),
            filename: file.filename.clone(),
            title: file.title.clone(),
            updates: file.updates.clone(),
            body: file.body.clone(),
            layout: file.layout.clone(),
            resolved: file.resolved,
            severity: file.severity,
        }
    }
}

/// Findings about translations that contradict the authoritative file.
pub fn differences(incident: &Incident) -> Vec<Finding> {
    let findings = incident.translations.iter().filter_map(|other| {
        let mut keys = Vec::new();
        if other.resolved != incident.resolved {
            keys.push("`resolved`");
        }
        if other.severity != incident.severity {
            keys.push("`severity`");
        }
        (!keys.is_empty()).then(|| Finding {
            weight: Weight::Warning,
            kind: "translation-differs",
            file: other.name.clone(),
            line: None,
            column: None,
            message: format!(
                "{} is not as in `{}`, which counts for every language; write the same into both",
                keys.join(" and "),
                incident.name,
            ),
            fix: None,
        })
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    use crate::incident::file::document::Document;

    use super::*;

    fn languages(codes: &[&str]) -> Languages {
        Languages(codes.iter().map(|code| (*code).to_owned()).collect())
    }

    fn file(name: &str, title: &str) -> Arc<Incident> {
        let text = format!("---\nsection: issue\ntitle: {title}\nresolved: false\n---\n{title}.\n");
        Arc::new(Document::parse(text).unwrap().incident(name))
    }

    #[test]
    fn a_files_language_stands_before_its_ending() {
        let two = languages(&["en", "de"]);
        for (name, plain, rank) in [
            ("a.md", "a.md", 0),
            ("a.en.md", "a.md", 0),
            ("a.de.md", "a.md", 1),
            ("a.DE.md", "a.md", 1),
            ("a.fr.md", "a.fr.md", 0),
            ("2026/a.de.html", "2026/a.html", 1),
            ("a/index.de.md", "a/index.md", 1),
            ("a.de/b.md", "a.de/b.md", 0),
            ("de.md", "de.md", 0),
            (".de.md", ".de.md", 0),
        ] {
            let plain = plain.to_owned();
            assert_eq!(two.place(name), (plain, rank), "{name}");
        }
        // Hugo knows languages only where the settings name some.
        assert_eq!(languages(&[]).place("a.de.md").0, "a.de.md");
        assert_eq!(languages(&["de"]).place("a.de.md").0, "a.de.md");
    }

    #[test]
    fn files_in_several_languages_are_one_incident() {
        let two = languages(&["en", "de", "fr"]);
        let files = [
            file("a.de.md", "Langsam"),
            file("a.md", "Slow"),
            file("b.de.md", "Nur deutsch"),
            file("c.fr.md", "Lent"),
            file("c.de.md", "Lahm"),
            file("d.html", "One"),
            file("d.md", "Other"),
        ];
        let joined = two.join(files.iter(), &BTreeMap::new());
        let titles: Vec<_> = joined
            .values()
            .map(|one| {
                let others = one.translations.iter().map(|other| &*other.language);
                (&*one.name, others.collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            titles,
            [
                ("a.md", vec!["de"]),
                ("b.de.md", vec![]),
                ("c.de.md", vec!["fr"]),
                ("d.html", vec![]),
                ("d.md", vec![]),
            ]
        );
        let again = two.join(files.iter(), &joined);
        let same = joined.values().zip(again.values());
        assert!(same.into_iter().all(|(one, other)| Arc::ptr_eq(one, other)));
        let german = joined["a.md"].in_language("de").unwrap();
        assert_eq!(
            (&*german.title, german.body.trim()),
            ("Langsam", "Langsam.")
        );
        assert!(joined["a.md"].in_language("fr").is_none());
    }

    #[test]
    fn what_translations_say_otherwise_is_told() {
        let two = languages(&["en", "de"]);
        let mut german = Incident::clone(&file("a.de.md", "Langsam"));
        german.resolved = Some(true);
        let files = [file("a.md", "Slow"), Arc::new(german)];
        let joined = two.join(files.iter(), &BTreeMap::new());
        let found = differences(&joined["a.md"]);
        assert_eq!((found.len(), &*found[0].file), (1, "a.de.md"));
        assert!(
            found[0]
                .message
                .starts_with("`resolved` is not as in `a.md`"),
            "{found:?}"
        );
    }
}
