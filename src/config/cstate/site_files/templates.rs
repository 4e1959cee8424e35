//! Templates of a site's own, which nobody runs here, are told by their names.

use std::path::Path;

use crate::config::cstate::tree::node::{TreeMap, TreePlace, TreeValue};
use crate::config::cstate::tree::notes::SiteNotes;

/// Folders within folders that are looked into.
const DEPTH: usize = 6;

/// More files are not told.
const FILES: usize = 100;

/// Where Hugo looks for shortcodes, and for what cState lets a site add.
const SHORTCODES: [&str; 2] = ["shortcodes/", "_shortcodes/"];
const ADDED: [&str; 2] = ["partials/custom/", "_partials/custom/"];

/// Tells about every template in `layouts/`: its theme's own are in `themes/`.
pub(crate) fn check(dir: &Path, root: &TreeMap, notes: &mut SiteNotes) {
    let mut files = Vec::new();
    walk(&dir.join("layouts"), "", 0, &mut files);
    let begins = |file: &str, folders: [&str; 2]| {
        let mut folders = folders.into_iter();
        folders.any(|folder| file.starts_with(folder))
    };
    let (added, others): (Vec<_>, Vec<_>) = files.iter().partition(|file| begins(file, ADDED));
    if let Some(first) = added.first() {
        self::added(first, root, notes);
    }
    for file in others {
        let path = format!("layouts/{file}");
        let stem = file
            .rsplit('/')
            .next()
            .and_then(|name| name.split('.').next());
        let message = match stem {
            Some(name) if begins(file, SHORTCODES) => format!(
                "critwatch does not run the shortcode `{name}`; posts show it as it is written, \
                so say there in Markdown what it would show"
            ),
            _ => "critwatch does not run this template, so the page looks as it does without it; \
                move its words into `description` or into a page of `content/`"
                .to_owned(),
        };
        notes.hint("unsupported-template", &TreePlace::file(&path), message);
    }
}

/// What a site adds to cState's templates, unless it switched that off.
fn added(first: &str, root: &TreeMap, notes: &mut SiteNotes) {
    let params = root.map("params");
    let enabled = params.and_then(|params| params.get("enableCustomHTML"));
    if enabled.is_some_and(|entry| matches!(entry.value, TreeValue::Flag(false))) {
        return;
    }
    let folder = first.rsplit_once('/').map_or(first, |(folder, _)| folder);
    let custom = format!("layouts/{folder}");
    let place = enabled.map_or_else(|| TreePlace::file(&custom), |entry| entry.place.clone());
    let message = format!(
        "critwatch does not show the templates in `{custom}`; move their words into `description`"
    );
    notes.hint("unsupported-template", &place, message);
}

/// The files of a folder by their paths, in order.
fn walk(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<String>) {
    let listing = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<_> = listing.collect();
    found.sort_by_key(std::fs::DirEntry::file_name);
    for file in found {
        let name = format!("{prefix}{}", file.file_name().to_string_lossy());
        // What is hidden only keeps a folder in git.
        let hidden = file.file_name().as_encoded_bytes().starts_with(b".");
        let is_folder = file.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < DEPTH {
            walk(&file.path(), &format!("{name}/"), depth + 1, files);
        } else if !is_folder && !hidden && files.len() < FILES {
            files.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::cstate::tree::parse;

    fn messages(text: &str, files: &[&str]) -> Vec<String> {
        let site = tempfile::tempdir().unwrap();
        for file in files {
            let path = site.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let mut notes = SiteNotes::default();
        let root = parse::parse(text, "config.yml").unwrap();
        check(site.path(), &root, &mut notes);
        notes.findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn templates_of_the_site_are_told_unless_they_are_off() {
        let head = ["layouts/partials/custom/head.html"];
        for (text, files, count) in [
            ("", &[][..], 0),
            ("", &head, 1),
            ("", &["layouts/_partials/custom/head.html"], 1),
            ("params: {enableCustomHTML: true}", &head, 1),
            ("params: {enableCustomHTML: false}", &head, 0),
            ("", &["layouts/partials/custom/.gitkeep"], 0),
            ("", &["themes/cstate/layouts/index.html"], 0),
        ] {
            assert_eq!(messages(text, files).len(), count, "{text} {files:?}");
        }
    }

    #[test]
    fn every_template_that_takes_the_place_of_cstates_is_told_by_its_name() {
        let messages = messages(
            "params: {enableCustomHTML: false}",
            &[
                "layouts/index.html",
                "layouts/issues/single.json",
                "layouts/partials/custom/head.html",
                "layouts/partials/systems.html",
                "layouts/shortcodes/video.html",
                "layouts/_shortcodes/map.html",
            ],
        );
        let files: Vec<_> = messages
            .iter()
            .map(|one| one.split(": ").next().unwrap())
            .collect();
        assert_eq!(
            files,
            [
                "layouts/_shortcodes/map.html",
                "layouts/index.html",
                "layouts/issues/single.json",
                "layouts/partials/systems.html",
                "layouts/shortcodes/video.html",
            ]
        );
        assert!(messages[0].contains("the shortcode `map`"), "{messages:?}");
        assert!(
            messages[4].contains("the shortcode `video`"),
            "{messages:?}"
        );
    }
}
