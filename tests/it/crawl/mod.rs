//! A cState site below a path: no link of it is dead, exported and served, and no
//! address that Hugo makes of a site is missing.

mod hugo;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use percent_encoding::percent_decode_str;

use crate::serving::{Answer, ask};
use crate::world::{Monitor, PROGRAM};

/// Where the site is.
const HOST: &str = "https://dice.example.org";

const BASE: &str = "/status";

const CONFIG: &str = "title: Dice\nbaseURL: https://dice.example.org/status/\nlanguageCode: en\n\
    buildFuture: true\nparams:\n  incidentPostsPerPage: 2\n  useLogo: true\n  logo: /img/logo.svg\n  \
    categories: [{name: Core}]\n  systems:\n    - {name: API, category: Core}\n    \
    - {name: Web App, category: Core, link: 'https://dice.example.com'}\n    \
    - {name: 🎲, category: Core}\n";

/// Names that are configured, and names that nobody configured.
const AFFECTED: [&str; 6] = [
    "[API, api]",
    "[API, Old name]",
    "['https://h.example.org/x', API]",
    "['LON1/Storage (a, b)', '🔻', '🎲', 'C++ & Co.']",
    "[\"100%\", 'a//b', 'x/../y', API]",
    "['Überspace', '.', API]",
];

/// Writes the site; its incidents stand in `incidents`, too, for a monitor.
fn site(place: &Path) {
    let write = |name: &str, text: &str| {
        let path = place.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("config.yml", CONFIG);
    write("alerts.toml", "");
    for (number, names) in AFFECTED.iter().enumerate() {
        let resolved = number > 0;
        let text = format!(
            "---\nsection: issue\ntitle: 'No {number} & \"more\"'\ndate: 2026-0{}-01T12:00:00Z\n\
             resolved: {resolved}\nresolvedWhen: 2026-0{}-01T13:00:00Z\nseverity: down\n\
             affected: {names}\n---\n*Update* - See ![it](/status/img/shot.png) and \
             [all](/status/files/report%201.pdf). {{{{< track \"2026-01-01 12:00:00\" >}}}}\n",
            number + 1,
            number + 1,
        );
        for folder in ["content/issues", "incidents"] {
            write(&format!("{folder}/2026 größer {number}.md"), &text);
        }
    }
    write(
        "content/pages/About us.md",
        "---\ntitle: About us\ndate: 2026-01-02\n---\nWe *roll*.\n",
    );
    write("content/pages/sla/index.md", "---\ntitle: SLA\n---\n99 %\n");
    write("content/imprint.md", "---\ntitle: Imprint\n---\nWe.\n");
    write(
        "static/img/logo.svg",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    );
    write("static/img/shot.png", "\u{1}png");
    write("static/files/report 1.pdf", "%PDF");
    write("static/admin/index.html", "<script src=cms.js></script>");
    write("static/CNAME", "dice.example.org");
    write("static/index.html", "not ours");
    write("static/style.css.br", "not a twin of ours");
    write("static/.env", "hidden");
    std::os::unix::fs::symlink("/etc/passwd", place.join("static/passwd")).unwrap();
}

/// The targets of a page's links, pictures, scripts, style sheets and forms, and of
/// every address of the site in what machines read.
fn targets(name: &str, text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut take = |target: &str| {
        let target = target.replace("&amp;", "&").replace("&#38;", "&");
        let target = target.split(['#', '?']).next().unwrap_or_default();
        let own = target.strip_prefix(HOST).unwrap_or(target);
        if own.starts_with('/') && !own.starts_with("//") {
            found.insert(own.to_owned());
        }
    };
    let is = |ending: &str| {
        Path::new(name)
            .extension()
            .is_some_and(|found| found == ending)
    };
    if is("html") || name.ends_with('/') {
        for before in ["href=\"", "src=\"", "action=\""] {
            for rest in text.split(before).skip(1) {
                take(rest.split('"').next().unwrap());
            }
        }
    } else if !name.ends_with("openapi.json") && !is("js") {
        for rest in text.split(HOST).skip(1) {
            take(
                rest.split(['"', '<', '&', '\\', '\r', '\n', '\'', ' '])
                    .next()
                    .unwrap(),
            );
        }
    }
    found
}

fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                found.insert(name.to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn export(place: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = place.join("public");
    let done = Command::new(PROGRAM)
        .args(["export", "--cstate"])
        .arg(place)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    read(&out)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one walk through a site")]
fn no_link_of_an_export_below_a_path_is_dead() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let files = export(place.path());
    let (mut count, mut dead) = (0, Vec::new());
    let own = |name: &&String| !name.starts_with("admin/") && !name.starts_with("headers");
    for name in files.keys().filter(own) {
        let Ok(text) = std::str::from_utf8(&files[name]) else {
            continue;
        };
        for target in targets(name, text) {
            count += 1;
            // The address of the whole site is told without its slash.
            let target = if target == BASE {
                format!("{BASE}/")
            } else {
                target
            };
            let path = target
                .strip_prefix(BASE)
                .filter(|path| path.starts_with('/'));
            let path = path.map(|path| percent_decode_str(path).decode_utf8().unwrap());
            let file = path.map(|path| {
                let index = if path.ends_with('/') {
                    "index.html"
                } else {
                    ""
                };
                format!("{}{index}", &path[1..])
            });
            if !file.is_some_and(|file| files.contains_key(&file)) {
                dead.push(format!("{name}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(count > 500, "only {count} links");
    for (name, holds) in [
        ("CNAME", "dice.example.org"),
        ("admin/index.html", "cms.js"),
        ("img/shot.png", "\u{1}png"),
        (
            "affected/https/h.example.org/x/index.html",
            "https://h.example.org/x</h1>",
        ),
        ("affected/old-name/index.html", "Old name</h1>"),
        (
            "affected/old-name/index.xml",
            "<title>Old name on Dice</title>",
        ),
        (
            "affected/lon1/storage-a-b/index.html",
            "LON1/Storage (a, b)</h1>",
        ),
        ("affected/100/index.html", "100%</h1>"),
        ("affected/a/b/index.html", "a//b</h1>"),
        ("affected/y/index.html", "x/../y</h1>"),
        (
            "affected/api/page/3/index.html",
            "No 0 &#38; &#34;more&#34;",
        ),
        ("affected/index.html", "href=\"/status/affected/old-name/\""),
        (
            "affected/index.xml",
            "https://dice.example.org/status/affected/old-name/",
        ),
        ("page/3/index.html", "rel=\"prev\""),
        ("pages/index.html", "href=\"/status/pages/about-us/\""),
        (
            "pages/about-us/index.json",
            "\"createdAt\": \"2026-01-02 00:00:00 +0000 UTC\"",
        ),
        ("pages/index.json", "\"title\": \"Pages\""),
        ("pages/index.xml", "<title>About us</title>"),
        ("headers.conf", "error_page 404 /status/404.html;"),
        ("robots.txt", "Disallow: /status/embed/"),
    ] {
        let text = files.get(name).map(|bytes| String::from_utf8_lossy(bytes));
        let text = text.unwrap_or_else(|| panic!("no {name}"));
        assert!(text.contains(holds), "{name}: {text}");
    }
    assert!(!String::from_utf8_lossy(&files["index.html"]).contains("not ours"));
    assert!(!files["style.css.br"].starts_with(b"not a twin"));
    for hidden in [".env", "passwd"] {
        assert!(!files.contains_key(hidden), "{hidden}");
    }
    // What is there already is not written again, and what has gone is removed.
    std::fs::remove_file(place.path().join("static/CNAME")).unwrap();
    assert!(!export(place.path()).contains_key("CNAME"));
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one walk through a site")]
async fn no_link_of_a_served_site_below_a_path_is_dead() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let of = [("CRITWATCH_CSTATE", place.path().display().to_string())];
    let monitor = Monitor::serve(place.path(), &of).await;
    let get = async |path: &str| -> Answer { ask(&monitor, "GET", path, "").await };
    let mut due = vec![format!("{BASE}/")];
    let mut seen: BTreeSet<String> = due.iter().cloned().collect();
    while let Some(path) = due.pop() {
        let answer = get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        let text = String::from_utf8_lossy(&answer.body);
        for target in targets(&path, &text) {
            assert!(target.starts_with(BASE), "{path}: {target}");
            if seen.insert(target.clone()) {
                due.push(target);
            }
        }
    }
    assert!(seen.len() > 60, "only {} addresses", seen.len());
    for path in [
        "/status/report",
        "/status/img/logo.svg",
        "/status/affected/old-name/",
    ] {
        assert!(seen.contains(path), "{path}: {seen:#?}");
    }
    // A proxy may take the path away, and visitors the slash.
    for (path, leads_to) in [
        ("/status", "/status/"),
        ("/status?x", "/status/?x"),
        ("/status/issues", "/status/issues/"),
        ("/issues", "/status/issues/"),
        ("/status/admin", "/status/admin/"),
    ] {
        let answer = get(path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (308, leads_to),
            "{path}"
        );
    }
    for (path, status) in [
        ("/issues/", 200),
        ("/status/live", 200),
        ("/status/admin/", 200),
        ("/status/issues/?q=more", 200),
        ("/statusissues/", 404),
        ("/status/status/", 404),
        ("/status/passwd", 404),
        ("/status/.env", 404),
        ("/status/img/%2e%2e/alerts.toml", 404),
        ("/status/..%2falerts.toml", 404),
    ] {
        let answer = ask(&monitor, "HEAD", path, "").await;
        assert_eq!(answer.status, status, "{path}");
    }
    let part = ask(
        &monitor,
        "GET",
        "/status/img/shot.png",
        "Range: bytes=1-2\r\n",
    )
    .await;
    assert_eq!((part.status, &*part.body), (206, b"pn".as_slice()));
}

#[test]
fn what_a_site_names_and_lacks_is_told() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let write = |name: &str, text: &str| std::fs::write(place.path().join(name), text).unwrap();
    write(
        "content/issues/lacks.md",
        "---\nsection: issue\ntitle: x\ndate: 2026-01-01\nresolved: true\n\
         resolvedWhen: 2026-01-02\nseverity: down\n---\n![a](/status/img/none.png)\n\n\
         [all](https://dice.example.org/status/files/none.pdf) ![b](/img/shot.png)\n",
    );
    write(
        "content/pages/lacks.md",
        "---\ntitle: x\n---\n![a](/status/none.svg)\n",
    );
    let done = Command::new(PROGRAM)
        .args(["check", "--format", "json", "--cstate"])
        .arg(place.path())
        .output()
        .unwrap();
    let found: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let found = found.as_array().unwrap().iter();
    let of_files = found.filter(|one| {
        let kind = one["kind"].as_str().unwrap();
        kind == "missing-file" || kind == "static-left-out"
    });
    let told: Vec<_> = of_files
        .map(|one| {
            let file = one["file"].as_str().unwrap();
            let file = file.rsplit('/').next().unwrap().to_owned();
            let message = one["message"].as_str().unwrap();
            let message = message
                .split_whitespace()
                .take(5)
                .collect::<Vec<_>>()
                .join(" ");
            (file, one["line"].as_u64(), message)
        })
        .collect();
    let told: BTreeSet<_> = told
        .iter()
        .map(|(file, line, text)| (&**file, *line, &**text))
        .collect();
    let expected = [
        (
            "lacks.md",
            Some(9),
            "there is no `/status/img/none.png`; put",
        ),
        (
            "lacks.md",
            Some(11),
            "there is no `https://dice.example.org/status/files/none.pdf`; put",
        ),
        ("lacks.md", Some(11), "`/img/shot.png` leads out of the"),
        ("lacks.md", None, "there is no `/status/none.svg`; put"),
        ("passwd", None, "this file is not shown:"),
    ];
    assert_eq!(told, expected.into());
}
