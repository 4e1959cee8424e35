//! Finds the folder with the incident files, and stays inside the site.

use std::path::{Component, Path, PathBuf};

use crate::config::cstate::tree::node::{TreeMap, TreePlace};
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::value;

/// The folder with the incident files; `None` if it lies outside the site.
///
/// The default language's folder comes first, then those of the others.
pub(crate) fn folder(
    dir: &Path,
    root: &TreeMap,
    languages: &TreeMap,
    language: &str,
    notes: &mut SiteNotes,
) -> Option<PathBuf> {
    let others = languages.0.iter().map(|entry| entry.key.as_str());
    let tables = [languages.map(language)]
        .into_iter()
        .chain(others.map(|name| languages.map(name)))
        .flatten();
    let named = tables
        .chain([root])
        .filter_map(|table| table.get("contentDir"));
    let mut candidates: Vec<(PathBuf, TreePlace)> = Vec::new();
    for entry in named {
        candidates
            .extend(value::plain(&entry.value).map(|text| (text.into(), entry.place.clone())));
    }
    candidates.push(("content".into(), TreePlace::file("content")));
    let mut safe = None;
    for (content, place) in candidates {
        let within = content.join("issues");
        if !inside(dir, &within) {
            let message = format!(
                "`{}` lies outside the site; move the folder into it",
                content.display()
            );
            notes.fault("outside-site", &place, message);
            return None;
        }
        if dir.join(&within).is_dir() {
            return Some(dir.join(within));
        }
        safe.get_or_insert((within, place));
    }
    let (within, place) = safe?;
    let message = format!(
        "there is no folder `{}` yet; incidents are kept there",
        within.display()
    );
    notes.warn("no-incidents-folder", &place, message);
    Some(dir.join(within))
}

/// Whether a path stays in the site, whatever links there are on its way.
pub(crate) fn inside(dir: &Path, within: &Path) -> bool {
    let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let Ok(home) = dir.canonicalize() else {
        return false;
    };
    let mut way = dir.to_owned();
    within.components().all(|part| {
        way.push(part);
        // What is not there yet leads nowhere; a link that leads nowhere might one day.
        plain(part)
            && (way.symlink_metadata().is_err()
                || way.canonicalize().is_ok_and(|real| real.starts_with(&home)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::cstate::tree::parse;

    fn found(dir: &Path, text: &str) -> (Option<PathBuf>, Vec<&'static str>) {
        let root = parse::parse(text, "config.yml").unwrap();
        let mut notes = SiteNotes::default();
        let languages = root.map("languages").cloned().unwrap_or_default();
        let path = folder(dir, &root, &languages, "de", &mut notes);
        let path = path.map(|path| path.strip_prefix(dir).unwrap().to_owned());
        (
            path,
            notes.findings.iter().map(|finding| finding.kind).collect(),
        )
    }

    #[test]
    fn the_default_language_comes_first_and_then_what_exists() {
        let site = tempfile::tempdir().unwrap();
        for folder in ["content/en/issues", "content/de/issues", "pages/issues"] {
            std::fs::create_dir_all(site.path().join(folder)).unwrap();
        }
        let text = "languages: {en: {contentDir: content/en}, DE: {contentdir: content/de}}";
        for (text, expected) in [
            (text, "content/de/issues"),
            (&text.replace("content/de", "gone"), "content/en/issues"),
            ("contentDir: pages", "pages/issues"),
        ] {
            assert_eq!(found(site.path(), text), (Some(expected.into()), vec![]));
        }
        let nothing = (Some("content/issues".into()), vec!["no-incidents-folder"]);
        assert_eq!(found(site.path(), ""), nothing);
    }

    #[test]
    fn nothing_outside_of_the_site_is_taken() {
        let site = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(other.path().join("issues")).unwrap();
        std::os::unix::fs::symlink(other.path(), site.path().join("link")).unwrap();
        std::os::unix::fs::symlink("/nowhere/at/all", site.path().join("dangling")).unwrap();
        let absolute = other.path().to_str().unwrap();
        for content in ["../x", "a/../../b", absolute, "link", "dangling"] {
            let text = format!("contentDir: {content}");
            assert_eq!(
                found(site.path(), &text),
                (None, vec!["outside-site"]),
                "{content}"
            );
        }
    }
}
