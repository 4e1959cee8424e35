//! No address that Hugo makes of a site is missing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use critwatch::config::cstate;
use critwatch::web::table::Address;

use crate::corpus::{folder, pages, sites};
use crate::crawl::read;
use crate::oracle;

/// The smallest layouts that make every address of a cState site.
const HUGO: &str = "baseURL = 'http://localhost/'\nbuildFuture = true\npreserveTaxonomyNames = true\n\
    disableKinds = ['sitemap', 'robotsTXT', '404']\n[taxonomies]\naffected = 'affected'\n\
    [outputs]\nhome = ['HTML', 'JSON', 'RSS']\nsection = ['HTML', 'JSON', 'RSS']\n\
    taxonomy = ['HTML', 'RSS']\nterm = ['HTML', 'JSON', 'RSS']\npage = ['HTML', 'JSON']\n";

/// The addresses that Hugo makes of the content of a site; `None` without Hugo.
fn by_hugo(content: &Path) -> Option<BTreeSet<String>> {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = place.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("config.toml", HUGO);
    for kind in ["single", "list"] {
        write(&format!("layouts/_default/{kind}.html"), "{{ .Title }}");
        write(&format!("layouts/_default/{kind}.json"), "{{ .Title }}");
    }
    write("layouts/shortcodes/track.html", "");
    for file in pages(content) {
        let name = file.strip_prefix(content).unwrap();
        let text = std::fs::read(&file).unwrap();
        let to = place.path().join("content").join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, text).unwrap();
    }
    let made = Command::new("hugo")
        .current_dir(place.path())
        .output()
        .ok()?;
    assert!(made.status.success(), "{}: {made:?}", content.display());
    let files = read(&place.path().join("public")).into_keys();
    Some(files.collect())
}

/// Those that we have of them: `/a/` stands for `a/index.html`.
async fn missing(name: &str, path: &Path) -> Option<(usize, Vec<String>)> {
    let settings = cstate::read(path).site.unwrap();
    let content = settings.incidents.parent().unwrap().to_owned();
    let theirs = by_hugo(&content)?;
    let site = oracle::site(name.to_owned(), path, PathBuf::new()).await;
    let view = critwatch::web::site::View::new(&site.names, &site.board, site.board.at);
    let ours = Address::list(&view).into_iter().map(|address| {
        let path = address.pattern(address.name());
        let index = if path.ends_with('/') {
            "index.html"
        } else {
            ""
        };
        format!("{}{index}", &path[1..])
    });
    let ours: BTreeSet<String> = ours.collect();
    let lacking = theirs.iter().filter(|file| !ours.contains(*file));
    Some((
        theirs.len(),
        lacking.map(|file| format!("{name}: {file}")).collect(),
    ))
}

#[tokio::test]
async fn every_address_that_hugo_makes_of_real_sites_is_ours() {
    let Some(corpus) = folder("CRITWATCH_CORPUS") else {
        return;
    };
    if Command::new("hugo").arg("version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "hugo is not installed");
        eprintln!("NOT TESTED: hugo is not installed");
        return;
    }
    let (mut count, mut lacking) = (0, Vec::new());
    for (name, path) in sites(&corpus) {
        let (of, missing) = missing(&name, &path).await.unwrap();
        count += of;
        lacking.extend(missing);
    }
    assert!(
        lacking.is_empty(),
        "{} of {count}: {lacking:#?}",
        lacking.len()
    );
    assert!(count > 3000, "only {count}");
}
