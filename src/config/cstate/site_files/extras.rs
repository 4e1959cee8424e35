//! What a site keeps in files besides its settings: its logo and its free pages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::cstate::site::CstateSite;
use crate::config::cstate::site_files::incidents::inside;
use crate::config::cstate::tree::node::{TreeMap, TreePlace, TreeValue};
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::value;
use crate::incident::file::document::Document;
use crate::incident::findings::files::{self, Own};
use crate::web::files::statics;
use crate::web::site_elements::{ExtraPage, Picture};
use crate::web::table::Address;
use crate::web::text::machine::path_of;

/// A larger logo would slow every first visit down.
const LOGO: usize = 256 * 1024;

/// A longer page is not read.
const PAGE: u64 = 256 * 1024;

/// More pages are not read.
const PAGES: usize = 200;

/// Folders within folders that are looked into.
const DEPTH: usize = 4;

/// Pictures by the ends of their names, and how such files begin.
const KINDS: [(&str, &[&[u8]]); 6] = [
    ("svg", &[b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg"]),
    ("png", &[b"\x89PNG\r\n\x1a\n"]),
    ("jpg", &[b"\xff\xd8\xff"]),
    ("jpeg", &[b"\xff\xd8\xff"]),
    ("gif", &[b"GIF8"]),
    ("webp", &[b"RIFF"]),
];

/// The folders whose files Hugo copies as they are: the site's own, of which the
/// last one wins, and then those of its themes.
pub(crate) fn statics(dir: &Path, root: &TreeMap, notes: &mut SiteNotes) -> Vec<PathBuf> {
    let mut folders = own_statics(dir, root);
    folders.retain(|folder| folder.is_dir());
    for folder in &folders {
        let below = folder.strip_prefix(dir).unwrap_or(folder).display();
        for (path, why) in statics::list(folder).left_out {
            let message = format!("this file is not shown: {why}");
            notes.warn(
                "static-left-out",
                &TreePlace::file(&format!("{below}/{path}")),
                message,
            );
        }
    }
    let themes = std::fs::read_dir(dir.join("themes")).into_iter().flatten();
    let themes = themes.flatten().map(|theme| theme.path().join("static"));
    folders.extend(themes.filter(|folder| folder.is_dir()));
    folders
}

/// The logo that takes the place of the title, among the files of the site.
pub(crate) fn logo(
    (dir, root): (&Path, &TreeMap),
    folders: &[PathBuf],
    named: Option<&str>,
    notes: &mut SiteNotes,
) -> Option<Picture> {
    let named = named?;
    if named.starts_with("https://") {
        return Some(Picture::Elsewhere(named.to_owned()));
    }
    let entry = root.map("params").and_then(|params| params.get("logo"));
    let place = entry.map_or_else(
        || TreePlace::file("config.yml"),
        |entry| entry.place.clone(),
    );
    match picture(folders, named) {
        Ok(picture) => Some(picture),
        // The theme, which has a logo of its own, is fetched when Hugo builds the site.
        Err(_) if !own_statics(dir, root).iter().any(|folder| folder.is_dir()) => None,
        Err(why) => {
            notes.warn(
                "no-logo",
                &place,
                format!("the logo `{named}` is not shown: {why}"),
            );
            None
        }
    }
}

/// The site's own of these folders, the last one first.
fn own_statics(dir: &Path, root: &TreeMap) -> Vec<PathBuf> {
    let named = match root.get("staticDir").map(|entry| &entry.value) {
        Some(TreeValue::List(list)) => list
            .iter()
            .filter_map(|one| value::plain(&one.value))
            .collect(),
        Some(one) => value::plain(one).into_iter().collect(),
        None => Vec::new(),
    };
    let named = if named.is_empty() {
        vec!["static".to_owned()]
    } else {
        named
    };
    let named = named.iter().rev().map(Path::new);
    let within = named.filter(|name| inside(dir, name));
    within.map(|name| dir.join(name)).collect()
}

/// Finds a picture among the files of the site.
fn picture(folders: &[PathBuf], named: &str) -> Result<Picture, String> {
    let path = named.trim_start_matches("./").trim_start_matches('/');
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = ending.to_lowercase();
    let Some((_, begins)) = KINDS.iter().find(|(known, _)| *known == ending) else {
        return Err("write the name of an svg, png, jpg, gif or webp file in `static/`".to_owned());
    };
    let Some(bytes) = statics::read(folders, path) else {
        return Err(format!("there is no `static/{path}`"));
    };
    if bytes.len() > LOGO {
        return Err("it is larger than 256 KiB".to_owned());
    }
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if !begins.iter().any(|begin| text.starts_with(begin)) {
        return Err(format!("it is not a {ending} file"));
    }
    Ok(Picture::Own(path.to_owned()))
}

/// Tells what the description and the free pages show and the site lacks.
pub(crate) fn check_files(root: &TreeMap, site: &CstateSite, notes: &mut SiteNotes) {
    let own = Own {
        url: site.base_url.as_deref(),
        base: path_of(site.base_url.as_deref()),
        has: &|path| {
            let file = path.trim_start_matches('/');
            statics::has(&site.statics, file) || Address::parse(path).is_some()
        },
    };
    let mut warn = |text: &str, place: &TreePlace| {
        for (_, message) in files::missing(text, own) {
            notes.warn("missing-file", place, message);
        }
    };
    let entry = root
        .map("params")
        .and_then(|params| params.get("description"));
    if let (Some(text), Some(entry)) = (&site.description, entry) {
        warn(text, &entry.place);
    }
    for page in site.pages.values().filter(|page| !page.is_html) {
        warn(&page.body, &TreePlace::file(&page.filename));
    }
}

/// A file's bytes, if there are not too many.
fn small(path: &Path, most: u64) -> Option<Vec<u8>> {
    crate::files::read(path, most).ok()
}

/// Pages that are no incidents, by their paths: all of `content/` but `issues/`.
pub(crate) fn pages(incidents: &Path) -> BTreeMap<String, ExtraPage> {
    let mut pages = BTreeMap::new();
    if let Some(content) = incidents.parent() {
        walk(content, "", 0, incidents, &mut pages);
    }
    pages
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    incidents: &Path,
    pages: &mut BTreeMap<String, ExtraPage>,
) {
    let Ok(listing) = std::fs::read_dir(folder) else {
        return;
    };
    let mut files: Vec<_> = listing.flatten().collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    for file in files {
        let (path, name) = (file.path(), file.file_name());
        let Some(name) = name.to_str().map(|name| format!("{prefix}{name}")) else {
            continue;
        };
        // A link could lead out of the site.
        let Ok(kind) = file.file_type() else {
            continue;
        };
        if kind.is_dir() && depth < DEPTH && path != incidents && name != "affected" {
            walk(&path, &format!("{name}/"), depth + 1, incidents, pages);
        } else if kind.is_file() && pages.len() < PAGES {
            pages.extend(page(&path, &name));
        }
    }
}

fn page(path: &Path, name: &str) -> Option<(String, ExtraPage)> {
    let ending = path.extension()?.to_str()?;
    let stem = path.file_stem()?.to_str()?;
    if !["md", "html"].contains(&ending) || stem == "_index" {
        return None;
    }
    let document = Document::parse(small(path, PAGE)?).ok()?;
    let page = document.incident(name);
    // A post in the wrong folder is told by `check`; it is no page.
    if page.is_issue || page.draft || page.id.0.is_empty() {
        return None;
    }
    let title = if page.title.is_empty() {
        stem.to_owned()
    } else {
        page.title.clone()
    };
    let free = ExtraPage {
        title,
        is_html: page.is_html(),
        filename: page.filename,
        date: page.verbatim.date,
        body: page.body,
    };
    Some((page.id.0, free))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = site.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        site
    }

    #[test]
    fn only_pictures_of_the_site_are_shown() {
        let large = vec![b' '; 300 * 1024];
        let site = site(&[
            ("static/logo.svg", b"<svg xmlns='x'/>"),
            ("static/img/Logo.PNG", b"\x89PNG\r\n\x1a\n..."),
            ("static/fake.png", b"<script>"),
            ("static/page.html", b"<html>"),
            ("secret.svg", b"<svg/>"),
            ("static/large.svg", &large),
        ]);
        for (named, expected) in [
            ("/logo.svg", Ok("logo.svg")),
            ("img/Logo.PNG", Ok("img/Logo.PNG")),
            ("fake.png", Err("not a png file")),
            ("page.html", Err("svg, png")),
            ("../secret.svg", Err("there is no")),
            ("none.svg", Err("there is no")),
            ("large.svg", Err("larger")),
        ] {
            let read = picture(&[site.path().join("static")], named);
            match (read, expected) {
                (Ok(Picture::Own(path)), Ok(expected)) => assert_eq!(path, expected),
                (Err(why), Err(part)) => assert!(why.contains(part), "{named}: {why}"),
                (read, _) => panic!("{named}: {read:?}"),
            }
        }
    }

    #[test]
    fn a_logo_may_be_the_themes_and_one_that_is_missing_is_told() {
        let read_by = |settings: &str, files: &[(&str, &[u8])]| {
            let root = crate::config::cstate::tree::parse::parse(settings, "config.yml").unwrap();
            let site = site(files);
            let mut notes = SiteNotes::default();
            let folders = statics(site.path(), &root, &mut notes);
            let place = (site.path(), &root);
            let logo = logo(place, &folders, Some("logo.svg"), &mut notes);
            let place = notes
                .findings
                .first()
                .map(|finding| (finding.kind, finding.line));
            (logo.is_some(), place)
        };
        let read = |files: &[(&str, &[u8])]| read_by("params:\n  logo: logo.svg\n", files);
        let svg: &[u8] = b"<svg xmlns='x'/>";
        for folder in ["assets", "[files, assets]"] {
            let settings = format!("staticDir: {folder}");
            let found = read_by(&settings, &[("assets/logo.svg", svg)]);
            assert_eq!(found, (true, None), "{folder}");
        }
        let outside = read_by("staticDir: ../..", &[("static/logo.svg", svg)]);
        assert_eq!(outside, (false, None));
        assert_eq!(read(&[("static/logo.svg", svg)]), (true, None));
        assert_eq!(
            read(&[("themes/cstate/static/logo.svg", svg)]),
            (true, None)
        );
        assert_eq!(read(&[("config.yml", b"")]), (false, None));
        let missing = read(&[("static/robots.txt", b"")]);
        assert_eq!(missing, (false, Some(("no-logo", Some(2)))));
    }

    #[test]
    fn pages_besides_incidents_are_found() {
        let site = site(&[
            (
                "content/issues/a.md",
                b"---\nsection: issue\ntitle: A\n---\n",
            ),
            (
                "content/pages/About us.md",
                b"---\ntitle: About\n---\nWe *roll*.",
            ),
            (
                "content/pages/draft.md",
                b"---\ntitle: No\ndraft: true\n---\n",
            ),
            ("content/_index.md", b"---\ntitle: No\n---\n"),
            (
                "content/terms/index.html",
                b"---\ntitle: Terms\n---\n<p>x</p>",
            ),
            ("content/affected/api/_index.md", b"---\ntitle: No\n---\n"),
            ("content/plain.md", b"Just words"),
        ]);
        let pages = pages(&site.path().join("content/issues"));
        let found: Vec<_> = pages
            .iter()
            .map(|(path, page)| (&**path, &*page.title, page.is_html))
            .collect();
        assert_eq!(
            found,
            [
                ("pages/about-us", "About", false),
                ("plain", "plain", false),
                ("terms", "Terms", true)
            ]
        );
        assert_eq!(pages["pages/about-us"].body.trim(), "We *roll*.");
    }
}
