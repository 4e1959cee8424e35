//! How long an export takes, beside Hugo for the same site.
//!
//! `cargo bench --bench export` exports ten thousand incidents with all their
//! compressed twins; Hugo makes plain pages of the same files with the smallest
//! layouts that show as much. Then it exports again, with nothing and with one
//! incident changed.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::site::{PROGRAM, fill, text};

const INCIDENTS: usize = 10_000;

/// Layouts as small as they can be, for the files that a cState site has: a page
/// and JSON of each incident, of each component, of the lists and of the whole,
/// and feeds of those that are lists.
const LAYOUTS: [(&str, &str); 9] = [
    (
        "config.toml",
        "baseURL = 'http://localhost/'\ntitle = 'Dice'\nbuildFuture = true\n\
         disableKinds = ['robotsTXT']\n\
         [taxonomies]\naffected = 'affected'\n\
         [outputs]\nhome = ['HTML', 'JSON', 'RSS']\nsection = ['HTML', 'JSON', 'RSS']\n\
         taxonomy = ['HTML', 'RSS']\nterm = ['HTML', 'JSON', 'RSS']\npage = ['HTML', 'JSON']\n",
    ),
    (
        "layouts/_default/baseof.html",
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{{ .Title }}</title></head>\
         <body><header><a href=/>{{ .Site.Title }}</a></header><main>{{ block \"main\" . }}{{ end }}\
         </main></body></html>",
    ),
    (
        "layouts/_default/single.html",
        "{{ define \"main\" }}<h1>{{ .Title }}</h1><p>{{ .Params.severity }}</p><p>{{ .Date }}</p>\
         <p>{{ range .Params.affected }}{{ . }} {{ end }}</p>{{ .Content }}\
         {{ with .PrevInSection }}<a href=\"{{ .RelPermalink }}\">{{ .Title }}</a>{{ end }}\
         {{ with .NextInSection }}<a href=\"{{ .RelPermalink }}\">{{ .Title }}</a>{{ end }}{{ end }}",
    ),
    (
        "layouts/_default/single.json",
        "{ \"title\": {{ .Title | jsonify }}, \"createdAt\": {{ .Date | jsonify }}, \
         \"severity\": {{ .Params.severity | jsonify }}, \
         \"affected\": {{ .Params.affected | jsonify }}, \
         \"resolved\": {{ .Params.resolved | jsonify }}, \"body\": {{ .Content | jsonify }} }",
    ),
    ("layouts/_default/list.html", LIST),
    ("layouts/_default/list.json", LIST_JSON),
    ("layouts/index.html", LIST),
    ("layouts/index.json", LIST_JSON),
    (
        "layouts/shortcodes/track.html",
        "<time>{{ (time (.Get 0)).UTC.Format \"2006-01-02T15:04:05Z\" }}</time>",
    ),
];

const LIST: &str = "{{ define \"main\" }}<ul>{{ range first 50 .RegularPages }}\
    <li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a> {{ .Date }}</li>{{ end }}</ul>{{ end }}";

const LIST_JSON: &str = "{ \"title\": {{ .Title | jsonify }}, \"pages\": [ \
    {{ range $at, $page := .RegularPages }}{{ if $at }},{{ end }}\
    { \"title\": {{ .Title | jsonify }}, \"permalink\": {{ .Permalink | jsonify }}, \
    \"createdAt\": {{ .Date | jsonify }} }{{ end }} ] }";

fn hugo(place: &Path) -> Duration {
    let site = place.join("hugo");
    for (name, text) in LAYOUTS {
        let path = site.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let content = site.join("content/issues");
    std::fs::create_dir_all(&content).unwrap();
    for file in std::fs::read_dir(place.join("incidents")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), content.join(file.file_name())).unwrap();
    }
    let begun = Instant::now();
    let made = Command::new("hugo").current_dir(&site).output().unwrap();
    let taken = begun.elapsed();
    assert!(made.status.success(), "{made:?}");
    let pages = std::fs::read_dir(site.join("public/issues"))
        .unwrap()
        .count();
    assert!(pages >= INCIDENTS, "{pages}");
    taken
}

fn export(place: &Path) -> (Duration, String) {
    let begun = Instant::now();
    let output = Command::new(PROGRAM)
        .current_dir(place)
        .args(["export", "--out", "public"])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let taken = begun.elapsed();
    assert!(output.status.success(), "{output:?}");
    (taken, String::from_utf8(output.stdout).unwrap())
}

fn main() {
    let place = tempfile::tempdir().unwrap();
    fill(place.path(), 9, 0, INCIDENTS);
    let theirs = hugo(place.path());
    let (ours, said) = export(place.path());
    print!("{said}");
    println!(
        "export of {INCIDENTS} incidents: {ours:.2?}, Hugo {theirs:.2?}: {:.2} (at most 0.20)",
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
    let (again, said) = export(place.path());
    println!("again, with nothing changed: {again:.2?}, {}", said.trim());
    let changed = text(7, "Changed", false);
    std::fs::write(
        place.path().join("incidents/2020-01-01-incident-7.md"),
        changed,
    )
    .unwrap();
    let (once, said) = export(place.path());
    println!("again, with one changed: {once:.2?}, {}", said.trim());
}
