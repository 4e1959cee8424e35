//! How long an export takes, beside Hugo for the same site.
//!
//! `cargo bench --bench export` exports forty incidents and ten thousand with their
//! compressed twins; Hugo makes plain files of the same kinds with the smallest
//! layouts. Then it exports again, with nothing and with one incident changed.
//! `CRITWATCH_CORPUS` may name a folder of cState sites, of which the largest is
//! exported first.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]

#[expect(dead_code, reason = "the other benchmarks use all of it")]
mod site;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::site::{PROGRAM, fill, text};

const INCIDENTS: usize = 10_000;
const SMALL: usize = 40;

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

/// How long something took, and how much of that on a processor: what else a machine
/// does at the time makes that hardly longer.
#[derive(Clone, Copy)]
struct Taken {
    time: Duration,
    processor: Duration,
}

impl Taken {
    /// Of what a child does.
    fn by<T>(act: impl FnOnce() -> T) -> (Self, T) {
        let (begun, before) = (Instant::now(), children());
        let done = act();
        let taken = Self {
            time: begun.elapsed(),
            processor: children().saturating_sub(before),
        };
        (taken, done)
    }
}

/// Processor time of all children that have ended, by `/proc/self/stat`, in hundredths.
fn children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let ticks = rest.split_whitespace().skip(13).take(2);
    let ticks: u64 = ticks.map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// Hugo's time for the incidents of a folder, of which it makes so many pages at least.
fn hugo(place: &Path, incidents: &Path, least: usize) -> Taken {
    let site = place.join("hugo");
    for (name, text) in LAYOUTS {
        let path = site.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let content = site.join("content/issues");
    std::fs::create_dir_all(&content).unwrap();
    for file in std::fs::read_dir(incidents).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), content.join(file.file_name())).unwrap();
    }
    let (taken, made) = Taken::by(|| Command::new("hugo").current_dir(&site).output().unwrap());
    assert!(made.status.success(), "{made:?}");
    let pages = std::fs::read_dir(site.join("public/issues"))
        .unwrap()
        .count();
    assert!(pages >= least, "{pages}");
    taken
}

fn export(place: &Path, of: &[&str]) -> (Taken, String) {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(place)
        .args(["export", "--out", "public"])
        .args(of)
        .stderr(Stdio::inherit());
    let (taken, output) = Taken::by(|| command.output().unwrap());
    assert!(output.status.success(), "{output:?}");
    (taken, String::from_utf8(output.stdout).unwrap())
}

/// The largest of the sites in a folder of cState sites.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark is told where real sites are"
)]
fn largest() -> Option<PathBuf> {
    let corpus = std::env::var_os("CRITWATCH_CORPUS")?;
    let sites = std::fs::read_dir(corpus).unwrap();
    let sites = sites.map(|site| site.unwrap().path());
    sites.max_by_key(|site| {
        let issues = std::fs::read_dir(site.join("content/issues"));
        issues.map_or(0, Iterator::count)
    })
}

fn beside_hugo(what: &str, place: &Path, incidents: &Path, least: usize, of: &[&str]) {
    let theirs = hugo(place, incidents, least);
    let (ours, said) = export(place, of);
    print!("{said}");
    let share = |ours: Duration, theirs: Duration| ours.as_secs_f64() / theirs.as_secs_f64();
    println!(
        "export of {what}: {:.2?}, Hugo {:.2?}: {:.2} (at most 0.20); of the processor {:.2?}, Hugo \
         {:.2?}: {:.2}",
        ours.time,
        theirs.time,
        share(ours.time, theirs.time),
        ours.processor,
        theirs.processor,
        share(ours.processor, theirs.processor)
    );
}

fn main() {
    // All of them stay to the end: ext4 looks for new files past all that were
    // removed in the seconds before.
    let places = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let [real, small, large] = places.each_ref().map(tempfile::TempDir::path);
    if let Some(site) = largest() {
        let of = ["--cstate", site.to_str().unwrap()];
        let issues = site.join("content/issues");
        beside_hugo("the largest real site", real, &issues, 1, &of);
    }
    fill(small, 9, 0, SMALL);
    let incidents = small.join("incidents");
    let what = format!("a small site of {SMALL} incidents");
    beside_hugo(&what, small, &incidents, SMALL, &[]);
    fill(large, 9, 0, INCIDENTS);
    let incidents = large.join("incidents");
    let what = format!("{INCIDENTS} incidents");
    beside_hugo(&what, large, &incidents, INCIDENTS, &[]);
    let (again, said) = export(large, &[]);
    println!(
        "again, with nothing changed: {:.2?}, {}",
        again.time,
        said.trim()
    );
    let changed = text(7, "Changed", false);
    std::fs::write(incidents.join("2020-01-01-incident-7.md"), changed).unwrap();
    let (once, said) = export(large, &[]);
    println!(
        "again, with one changed: {:.2?}, {}",
        once.time,
        said.trim()
    );
}
