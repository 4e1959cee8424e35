//! Tabs: where they lead from any page, and whether anything is there.

use std::path::Path;

use percent_encoding::percent_decode_str;

use crate::config::cstate::site::CstateSite;
use crate::config::cstate::site_files::incidents::inside;
use crate::config::cstate::tree::node::TreeMap;
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::value;
use crate::incident::file::slug;
use crate::web::text::machine::path_of;

/// Pages and files that every site has.
const OURS: [&str; 14] = [
    "issues",
    "history",
    "maintenance",
    "subscribe",
    "report",
    "affected",
    "pages",
    "index.json",
    "index.xml",
    "index.svg",
    "feed.atom",
    "history.atom",
    "history.rss",
    "calendar.ics",
];

/// What addresses begin with of which only the incidents know how they go on.
const OPEN: [&str; 5] = ["issues/", "history/", "affected/", "api/", "badge/"];

/// Where a link of the home page leads, from wherever it stands.
///
/// cState shows tabs on the home page alone, so a relative one begins there.
pub(crate) fn address(link: &str, base: Option<&str>) -> String {
    let before = link.split(['/', '?', '#']).next().unwrap_or_default();
    if link.starts_with('/') || before.contains(':') {
        return link.to_owned();
    }
    let link = link.trim_start_matches("./");
    format!("{}/{link}", path_of(base))
}

/// Tells tabs that lead to a page of the site that is not there.
pub(crate) fn check(dir: &Path, root: &TreeMap, site: &CstateSite, notes: &mut SiteNotes) {
    let Some(params) = root.map("params") else {
        return;
    };
    // What is no tab at all was told before.
    for (_, table) in value::tables(params, "customTabs", &mut SiteNotes::default()) {
        let entry = table.get("link");
        let Some((entry, link)) = entry.and_then(|one| Some((one, value::plain(&one.value)?)))
        else {
            continue;
        };
        let Some(path) = own(link.trim(), site.base_url.as_deref()) else {
            continue;
        };
        if !leads(dir, site, &path) {
            let message = format!(
                "the tab leads to `{}`, where the site has nothing; write the page into \
                `content/`, or mend the link",
                link.trim()
            );
            notes.warn("dead-tab", &entry.place, message);
        }
    }
}

/// The path below the site's own address that a link leads to; `None` if it leads elsewhere.
fn own(link: &str, base: Option<&str>) -> Option<String> {
    let address = address(link, base);
    let within = match base {
        Some(base) if address.starts_with(base) => &address[base.len()..],
        _ if address.starts_with("//") => return None,
        _ => address.strip_prefix(path_of(base))?,
    };
    let path = within.split(['?', '#']).next().unwrap_or_default();
    if !path.is_empty() && !path.starts_with('/') {
        return None;
    }
    let path = percent_decode_str(path.trim_matches('/')).decode_utf8_lossy();
    Some(path.into_owned())
}

fn leads(dir: &Path, site: &CstateSite, path: &str) -> bool {
    if path.is_empty() || OURS.contains(&path) || OPEN.iter().any(|open| path.starts_with(open)) {
        return true;
    }
    let page = path.strip_suffix("/index.html").unwrap_or(path);
    if site.pages.contains_key(&slug::path(page)) {
        return true;
    }
    let themes = std::fs::read_dir(dir.join("themes")).into_iter().flatten();
    let themes = themes.flatten().map(|theme| theme.path().join("static"));
    let mut folders = themes.chain([dir.join("static")]);
    folders.any(|folder| {
        let files = [path.to_owned(), format!("{path}/index.html")];
        let mut files = files.iter().map(Path::new);
        files.any(|file| inside(&folder, file) && folder.join(file).is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::cstate::read;

    #[test]
    fn a_tab_leads_to_the_same_place_from_every_page() {
        let base = Some("https://x.example.org/status");
        for (link, base, expected) in [
            (
                "https://docs.example.org/",
                None,
                "https://docs.example.org/",
            ),
            ("mailto:a@example.org", base, "mailto:a@example.org"),
            ("//cdn.example.org/a", base, "//cdn.example.org/a"),
            ("/services", None, "/services"),
            ("/services", base, "/services"),
            ("services/", None, "/services/"),
            ("./a/b:c", base, "/status/a/b:c"),
            ("#parts", None, "/#parts"),
        ] {
            assert_eq!(address(link, base), expected, "{link}");
        }
    }

    #[test]
    fn a_tab_that_leads_nowhere_is_told_with_its_line() {
        let site = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("content/issues/_index.md", ""),
            ("content/pages/About us.md", "---\ntitle: About\n---\n"),
            ("static/sla.pdf", "%PDF"),
        ] {
            let path = site.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        for (base, link, dead) in [
            ("https://a.example.org", "/services", true),
            ("https://a.example.org", "services/", true),
            (
                "https://a.example.org",
                "https://a.example.org/services",
                true,
            ),
            (
                "https://a.example.org",
                "https://a.example.organic/x",
                false,
            ),
            (
                "https://a.example.org",
                "https://b.example.org/services",
                false,
            ),
            ("https://a.example.org", "mailto:a@example.org", false),
            ("https://a.example.org", "//b.example.org/x", false),
            ("https://a.example.org", "/", false),
            ("https://a.example.org", "'#parts'", false),
            ("https://a.example.org", "/pages/about-us/", false),
            ("https://a.example.org", "pages/about-us", false),
            ("https://a.example.org", "/pages/about-them/", true),
            ("https://a.example.org", "/sla.pdf?v=2", false),
            ("https://a.example.org", "/sl%61.pdf", false),
            ("https://a.example.org", "/../config.yml", true),
            ("https://a.example.org", "/issues/2026-03-01-a/", false),
            ("https://a.example.org/status", "/services", false),
            ("https://a.example.org/status", "/status/services", true),
            ("https://a.example.org/status", "services", true),
            ("/", "services", true),
        ] {
            let text = format!(
                "title: A\nbaseURL: {base}\nparams:\n  customTabs:\n  - name: T\n    link: {link}\n"
            );
            std::fs::write(site.path().join("config.yml"), text).unwrap();
            let found = read(site.path()).findings;
            let dead_tabs: Vec<_> = found.iter().filter(|one| one.kind == "dead-tab").collect();
            assert_eq!(!dead_tabs.is_empty(), dead, "{base} {link}: {found:?}");
            assert!(
                dead_tabs.iter().all(|one| one.line == Some(6)),
                "{dead_tabs:?}"
            );
        }
    }
}
