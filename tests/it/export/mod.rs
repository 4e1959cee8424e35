//! The exported site: the same as the served one, and nobody else's files.

mod nginx;
mod object_store;
mod store;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::time::SystemTime;

use crate::serving::{ask, plain};
use crate::world::patience::until;
use crate::world::{Monitor, PROGRAM};

const ALERTS: &str = "[site]\ntitle = 'Dice'\nurl = 'https://status.example.org'\n\
    reports = true\n\
    [[component]]\nid = 'api'\nname = 'API'\n";

fn write(place: &Path, file: &str, title: &str) {
    let text = format!(
        "---\nsection: issue\ntitle: \"{title}\"\ndate: 2023-01-19T04:02:00Z\nresolved: true\n\
         resolvedWhen: 2023-01-19T17:00:00Z\nseverity: down\naffected: [API]\n---\n\
         *Resolved* - Rolls work again, and will go on doing so for a long time, we hope.\n"
    );
    std::fs::create_dir_all(place.join("incidents")).unwrap();
    std::fs::write(place.join("incidents").join(file), text).unwrap();
}

/// A site of three incidents, one of them with a picture and one with an odd name.
fn site(place: &Path) {
    std::fs::write(place.join("alerts.toml"), ALERTS).unwrap();
    write(place, "2023-01-19-rolls.md", "Rolls failed");
    let picture = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    std::fs::write(place.join("incidents/2023-01-19-rolls.svg"), picture).unwrap();
    write(place, "2023-01-20-cache.md", "Cache full");
    write(place, "2023-01-21 100% größer.md", "Odd & <named>");
}

fn export(place: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .current_dir(place)
        .args(["export", "--out", "public"])
        .args(arguments)
        .output()
        .unwrap()
}

/// What an export said of itself: files, written, removed.
fn tally(output: &Output) -> [u64; 3] {
    assert!(output.status.success(), "{output:?}");
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    ["files", "written", "removed"].map(|key| said[key].as_u64().unwrap())
}

/// Nothing was written; but `index.json` names the minute it was made in.
fn unchanged([count, written, removed]: [u64; 3], files: u64) {
    assert_eq!((count, removed), (files, 0));
    assert!(written <= 1, "{written} written");
}

/// A file without the minute in which it was made, and a page without its revision,
/// which only served ones have.
fn timeless(name: &str, bytes: &[u8]) -> Vec<u8> {
    if name != "index.json" {
        return match String::from_utf8(bytes.to_vec()) {
            Ok(text) => unrevised(&text).into_bytes(),
            Err(other) => other.into_bytes(),
        };
    }
    let mut json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    let time = json["buildTime"].take();
    assert!(time.is_string(), "{json}");
    json.to_string().into_bytes()
}

fn unrevised(page: &str) -> String {
    const REVISION: &str = " data-revision=\"";
    match page.split_once(REVISION) {
        Some((before, rest)) => {
            let after = rest.split_once('"').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        None => page.to_owned(),
    }
}

/// Every file below a folder, with when it was written.
fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let written = path.metadata().unwrap().modified().unwrap();
            found.insert(name, (std::fs::read(&path).unwrap(), written));
        }
    }
    found
}

#[tokio::test]
async fn every_exported_file_is_what_the_server_gives_and_its_twins_are_the_same() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let [count, written, removed] = tally(&export(place.path(), &["--format", "json"]));
    assert_eq!((count, written, removed), (52, 52, 0));
    let monitor = Monitor::serve(place.path(), &[]).await;
    let all = files(&place.path().join("public"));
    let mut compared = 0;
    for (name, (bytes, _)) in &all {
        let twin = [".br", ".gz"]
            .into_iter()
            .find(|ending| name.ends_with(ending));
        if let Some(ending) = twin {
            let (whole, _) = &all[name.trim_end_matches(ending)];
            assert!(plain(&ending[1..], bytes) == *whole, "{name}");
            assert!(bytes.len() < whole.len(), "{name}");
            continue;
        }
        if matches!(&**name, "_headers" | "headers.conf" | ".critwatch-export") {
            continue;
        }
        let path = name.strip_suffix("index.html").unwrap_or(name);
        let path = critwatch::web::text::machine::address(path);
        let answer = ask(&monitor, "GET", &format!("/{path}"), "").await;
        assert_eq!(
            answer.status,
            if name == "404.html" { 404 } else { 200 },
            "{path}"
        );
        let same = timeless(name, &answer.body) == timeless(name, bytes);
        assert!(same, "{path} is not as it is served");
        assert_eq!(
            bytes.len() >= 1_200,
            all.contains_key(&format!("{name}.br")),
            "{name}"
        );
        compared += 1;
    }
    assert_eq!(compared, 50);
    let odd = all.keys().find(|name| name.contains("größer"));
    assert!(
        odd.is_some_and(|name| name.ends_with("/index.html")),
        "{odd:?}"
    );
}

#[test]
fn a_file_that_does_not_say_that_it_is_an_incident_is_a_plain_page_at_its_address() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    site(place);
    let head = "title: How we write\ndate: 2023-01-18T12:00:00Z\nresolved: false\n\
        severity: down\naffected: [API]";
    let body = "We say *what* fails. <script>alert(1)</script>\n\n*Resolved* - Is a word.\n";
    let write = |name: &str, head: &str| {
        let text = format!("---\n{head}\n---\n{body}");
        std::fs::write(place.join("incidents").join(name), text).unwrap();
    };
    write("how-we-write.md", head);
    write("untitled.md", "section: page");
    write("hidden.md", "title: Hidden\ndraft: true");
    tally(&export(place, &["--format", "json"]));
    let read = |name: &str| std::fs::read_to_string(place.join("public").join(name));
    let page = read("issues/how-we-write/index.html").unwrap();
    assert!(
        page.contains("<h1 dir=\"auto\">How we write</h1>"),
        "{page}"
    );
    assert!(page.contains("We say <em>what</em> fails."), "{page}");
    assert!(page.contains("<em>Resolved</em> - Is a word."), "{page}");
    assert!(
        !page.contains("<script>alert") && !page.contains("2023-01-18"),
        "{page}"
    );
    let untitled = read("issues/untitled/index.html").unwrap();
    assert!(
        untitled.contains("<h1 dir=\"auto\">untitled</h1>"),
        "{untitled}"
    );
    assert!(read("issues/hidden/index.html").is_err());
    // As in cState, machines find it among the files of the folder.
    for name in [
        "issues/how-we-write/index.json",
        "issues/index.json",
        "sitemap.xml",
    ] {
        assert!(read(name).unwrap().contains("how-we-write"), "{name}");
    }
    for name in [
        "index.html",
        "issues/index.html",
        "history/2023/index.html",
        "feed.atom",
    ] {
        assert!(!read(name).unwrap().contains("how-we-write"), "{name}");
    }
    let first = read("index.json").unwrap();
    assert!(first.contains("\"summaryStatus\": \"ok\""), "{first}");
}

/// Any word may be named by a file as what it affects.
#[test]
fn what_would_stand_below_a_file_is_left_out_and_stops_no_export() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    site(place);
    let affect = |names: &str| {
        let path = place.join("incidents/2023-01-20-cache.md");
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once("affected: ").unwrap();
        let (_, after) = rest.split_once('\n').unwrap();
        std::fs::write(path, format!("{before}affected: [{names}]\n{after}")).unwrap();
        tally(&export(place, &["--format", "json"]))
    };
    let is_file = |name: &str| place.join("public/affected").join(name).is_file();
    // The page of nobody, a twin, and what is written before it is put in place.
    let names = "x, x/index.json, x/index.svg, x/index.json.gz, x/.index.xml.critwatch";
    affect(names);
    for file in ["index.json", "index.svg", "index.xml"] {
        assert!(is_file(&format!("x/{file}")), "{file}");
    }
    unchanged(affect(names), affect(names)[0]);
    // What is no longer named makes room, whichever of the two it is.
    affect("x/index.json");
    assert!(is_file("x/index.json/index.json") && !is_file("x/index.svg"));
    affect("x");
    assert!(is_file("x/index.json") && is_file("x/index.svg"));
}

#[test]
fn an_export_writes_only_what_changed_and_removes_only_what_it_wrote() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let json = ["--format", "json"];
    let first = tally(&export(place.path(), &json));
    unchanged(tally(&export(place.path(), &json)), first[0]);

    // The incident's own page, the first page, the newest, those of its month and
    // year, planned work and the component; its own data, two lists of incidents and
    // the component's; and seven feeds.
    write(place.path(), "2023-01-20-cache.md", "Cache was full");
    let public = place.path().join("public");
    std::fs::write(public.join("issues/2023-01-19-rolls/mine.txt"), "mine").unwrap();
    std::fs::write(public.join("CNAME"), "mine").unwrap();
    let before = files(&public);
    let [count, written, removed] = tally(&export(place.path(), &json));
    assert_eq!((count, removed), (first[0], 0));
    // `index.json` names the minute it was made in.
    assert!((18..=19).contains(&written), "{written} written");
    let after = files(&public);
    let is_timed = |name: &str| name.starts_with('.') || name.starts_with("index.json");
    let changed = |name: &&String| !is_timed(name) && before.get(*name) != after.get(*name);
    let changed: Vec<_> = after.keys().filter(changed).collect();
    let pages = changed.iter().filter(|name| name.ends_with("index.html"));
    assert_eq!((changed.len(), pages.count()), (50, 7), "{changed:?}");

    std::fs::remove_file(place.path().join("incidents/2023-01-19-rolls.md")).unwrap();
    std::fs::remove_file(place.path().join("incidents/2023-01-20-cache.md")).unwrap();
    // Their pages and data, and the picture.
    assert_eq!(tally(&export(place.path(), &json))[2], 5);
    assert!(!public.join("issues/2023-01-20-cache").exists());
    let left: Vec<_> = files(&public.join("issues/2023-01-19-rolls"))
        .into_keys()
        .collect();
    assert_eq!(left, ["mine.txt"]);
    assert!(public.join("CNAME").exists());

    // What somebody damaged is written again.
    std::fs::remove_file(public.join("index.html.br")).unwrap();
    std::fs::write(public.join("style.css"), "x").unwrap();
    let [_, written, _] = tally(&export(place.path(), &json));
    assert!((2..=3).contains(&written), "{written} written");
}

#[test]
fn a_file_of_somebody_else_is_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let public = place.path().join("public");
    std::fs::create_dir(&public).unwrap();
    std::fs::write(public.join("index.html"), "mine").unwrap();
    let refused = export(place.path(), &[]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(
        said.contains("public/index.html was not written by an export"),
        "{said}"
    );
    let left: Vec<_> = files(&public).into_keys().collect();
    assert_eq!(left, ["index.html"]);

    std::fs::write(public.join(".critwatch-export"), "something else").unwrap();
    let refused = export(place.path(), &[]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(2) && said.contains("is not the file list of an export"),
        "{said}"
    );
}

#[test]
fn what_nobody_watches_is_exported_as_unknown_and_no_incident_is_written() {
    let place = tempfile::tempdir().unwrap();
    let rule = "[[collector]]\nid = 'r'\ntype = 'redis'\nurl = '${SECRET}'\n[[rule]]\nid = 'a'\n\
        expr = 'absent(redis_up)'\nseverity = 'down'\ncomponents = ['api']\ntitle = 'T'\ntext = 't'\n";
    std::fs::write(place.path().join("alerts.toml"), format!("{ALERTS}{rule}")).unwrap();
    std::fs::create_dir(place.path().join("incidents")).unwrap();
    tally(&export(place.path(), &["--format", "json"]));
    let page = std::fs::read_to_string(place.path().join("public/index.html")).unwrap();
    assert!(page.contains("No data from our systems"), "{page}");
    assert!(!page.contains("All systems are operational"), "{page}");
    assert!(files(&place.path().join("incidents")).is_empty());
    assert!(!place.path().join("state").exists());
}

#[test]
fn no_file_offers_a_form_that_nobody_answers() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let silent = ALERTS.replace("reports = true\n", "");
    std::fs::write(place.path().join("alerts.toml"), silent).unwrap();
    let [count, ..] = tally(&export(place.path(), &["--format", "json"]));
    assert_eq!(count, 51);
    for (name, (bytes, _)) in files(&place.path().join("public")) {
        let page = String::from_utf8_lossy(&bytes);
        let offers = page.contains("href=\"/report\"") || page.contains("method=\"post\"");
        assert!(name != "report" && !offers, "{name}");
    }
}

#[tokio::test]
async fn what_is_exported_while_it_is_served_offers_no_form_in_either() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let silent = ALERTS.replace("reports = true\n", "");
    std::fs::write(place.path().join("alerts.toml"), silent).unwrap();
    let public = place.path().join("public").display().to_string();
    let monitor = Monitor::serve(place.path(), &[("CRITWATCH_EXPORT_TO", public)]).await;
    for (method, status) in [("GET", 404), ("POST", 404)] {
        let answer = ask(&monitor, method, "/report", "").await;
        assert_eq!(answer.status, status, "{method}");
    }
    let first = ask(&monitor, "GET", "/", "").await;
    assert!(!String::from_utf8_lossy(&first.body).contains("/report"));
}

#[test]
fn a_cstate_site_is_exported_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let content = place.path().join("content/issues");
    std::fs::create_dir_all(&content).unwrap();
    write(place.path(), "2023-01-19-rolls.md", "Rolls failed");
    std::fs::rename(
        place.path().join("incidents/2023-01-19-rolls.md"),
        content.join("2023-01-19-rolls.md"),
    )
    .unwrap();
    let config = "title: Old site\nbaseURL: https://old.example.org\nlanguageCode: en\n\
        params:\n  systems:\n    - name: API\n";
    std::fs::write(place.path().join("config.yml"), config).unwrap();
    tally(&export(
        place.path(),
        &["--format", "json", "--cstate", "."],
    ));
    let public = place.path().join("public");
    let page = std::fs::read_to_string(public.join("issues/2023-01-19-rolls/index.html")).unwrap();
    assert!(
        page.contains("Rolls failed") && page.contains("Old site"),
        "{page}"
    );
}

#[tokio::test]
async fn the_exported_site_follows_while_the_service_runs() {
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    let public = place.path().join("public");
    let to = [("CRITWATCH_EXPORT_TO", public.display().to_string())];
    let monitor = Monitor::serve(place.path(), &to).await;
    let shows = async |file: &str, text: &str| {
        until(&format!("{file} shows {text}"), async || {
            let page = std::fs::read_to_string(public.join(file));
            page.is_ok_and(|page| page.contains(text))
        })
        .await;
    };
    shows("index.html", "Cache full").await;
    write(place.path(), "2023-01-20-cache.md", "Cache was full");
    shows("index.html", "Cache was full").await;
    shows("issues/2023-01-20-cache/index.html", "Cache was full").await;
    // All of it is as it is served, and a later export finds nothing to do.
    shows(".critwatch-export", "index.html").await;
    assert!(monitor.stop().await.success());
    let again = tally(&export(place.path(), &["--format", "json"]));
    unchanged(again, again[0]);
}
