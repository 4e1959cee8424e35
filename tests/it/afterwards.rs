//! What the real program writes into a file after its incident is over.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::kept::Page;
use crate::world::patience::until;
use crate::world::{Monitor, PROGRAM};

/// A rule that looks at the page, and an incident that is over soon.
const RULES: [(&str, &str); 1] = [("bad", "expr = 'bad > 5'")];

/// Everything that a test may look at.
struct Scene {
    page: Page,
    place: tempfile::TempDir,
    monitor: Monitor,
}

impl Scene {
    async fn new() -> Self {
        let page = Page::start().await;
        let place = page.place(&RULES, "");
        let settings = place.path().join("alerts.toml");
        let text = std::fs::read_to_string(&settings).unwrap();
        let text = text.replace("title = 'D'\n", "title = 'D'\nhold = '1s'\n");
        std::fs::write(settings, text).unwrap();
        let monitor = Monitor::serve(place.path(), &[]).await;
        Self {
            page,
            place,
            monitor,
        }
    }

    fn incidents(&self) -> PathBuf {
        self.place.path().join("incidents")
    }

    /// The name of the only incident's file without its ending.
    fn stem(&self) -> Option<String> {
        let files = std::fs::read_dir(self.incidents()).ok()?;
        let names = files
            .flatten()
            .map(|file| file.file_name().into_string().unwrap());
        let mut names = names.filter_map(|name| name.strip_suffix(".md").map(str::to_owned));
        names.next()
    }

    fn file(&self) -> PathBuf {
        self.incidents()
            .join(format!("{}.md", self.stem().unwrap()))
    }

    fn text(&self) -> String {
        let file = self.stem().map(|_| self.file());
        file.map(|file| std::fs::read_to_string(file).unwrap_or_default())
            .unwrap_or_default()
    }

    /// Lets the rule fire until it is written down, then be quiet until that is.
    async fn outage(&self) {
        let before = self.text().matches("resolved: true").count();
        self.page.set(9, 0);
        until("it is open", async || {
            self.text().contains("resolved: false")
        })
        .await;
        self.page.set(1, 0);
        until("it is over", async || {
            self.text().contains("resolved: true")
        })
        .await;
        assert!(before <= 1);
    }

    /// Waits until the file says something more than before.
    async fn told(&self, what: &str) -> String {
        until(what, async || self.text().contains(what)).await;
        self.text()
    }
}

async fn answer(url: &str) -> reqwest::Response {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build();
    client.unwrap().get(url).send().await.unwrap()
}

#[tokio::test]
async fn an_incident_that_is_over_tells_its_story_once_with_a_picture_on_the_page() {
    let mut scene = Scene::new().await;
    scene.outage().await;
    let text = scene.told("afterwards: true").await;
    let stem = scene.stem().unwrap();
    for words in [
        "## Background\n\n*Our team has not written this section yet.*",
        "| UTC | What happened |",
        "| First failing measurement |",
        "after the first failing measurement.",
        "| bad is wrong | 9 | ",
        "| above 5 |",
        &*format!("](../{stem}.svg)"),
        "## Future solutions",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }

    let picture = answer(&format!("{}/issues/{stem}.svg", scene.monitor.page)).await;
    assert_eq!(picture.status(), 200);
    let head = |name: &str| picture.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(head("content-type"), "image/svg+xml");
    assert_eq!(head("x-content-type-options"), "nosniff");
    assert!(
        head("content-security-policy")
            .starts_with("default-src 'none'; style-src 'unsafe-inline'")
    );
    let svg = picture.text().await.unwrap();
    let drawn = roxmltree::Document::parse(&svg).unwrap();
    assert!(
        drawn
            .descendants()
            .any(|node| node.attribute("class") == Some("chart-shade"))
    );
    let (page, picture) = (format!("/issues/{stem}/"), format!("src=\"../{stem}.svg\""));
    until("the page shows the picture", async || {
        scene.monitor.get(&page).await.1.contains(&picture)
    })
    .await;
    // The story stands in one timeline, with what nobody announced.
    let shown = scene.monitor.get(&page).await.1;
    assert_eq!(shown.matches(">Timeline<").count(), 1, "{shown}");
    for words in ["First failing measurement", "Recorded data</h2>"] {
        assert_eq!(shown.matches(words).count(), 1, "{words}: {shown}");
    }
    only_pictures_of_incidents_are_served(&scene, &stem).await;

    // What a person deletes stays away, whoever is started anew.
    let head = text.find("## Background").unwrap();
    std::fs::write(scene.file(), &text[..head]).unwrap();
    scene.monitor.kill().await;
    scene.monitor = Monitor::serve(scene.place.path(), &[]).await;
    scene.outage().await;
    let text = scene.told("timeline_recurrences: 1").await;
    assert!(!text.contains("## "), "{text}");
}

async fn only_pictures_of_incidents_are_served(scene: &Scene, stem: &str) {
    let folder = scene.incidents();
    std::fs::write(folder.join("secret.svg"), "<svg/>").unwrap();
    for path in ["secret.svg", "..%2Falerts.svg", "%2e%2e/alerts.svg", ".svg"] {
        let url = format!("{}/issues/{path}", scene.monitor.page);
        assert_eq!(answer(&url).await.status(), 404, "{path}");
    }
    let picture = folder.join(format!("{stem}.svg"));
    let drawn = std::fs::read(&picture).unwrap();
    let url = format!("{}/issues/{stem}.svg", scene.monitor.page);
    std::fs::write(&picture, vec![b' '; 600 * 1024]).unwrap();
    // A picture that was shown may be shown for a few seconds more.
    until("it is no picture", async || {
        answer(&url).await.status() == 404
    })
    .await;
    #[cfg(unix)]
    {
        std::fs::remove_file(&picture).unwrap();
        std::os::unix::fs::symlink(scene.place.path().join("alerts.toml"), &picture).unwrap();
        assert_eq!(answer(&url).await.status(), 404);
        std::fs::remove_file(&picture).unwrap();
    }
    std::fs::write(&picture, drawn).unwrap();
}

#[tokio::test]
async fn a_monitor_that_was_away_tells_the_story_that_is_due() {
    let mut scene = Scene::new().await;
    scene.page.set(9, 0);
    until("it is open", async || {
        scene.text().contains("resolved: false")
    })
    .await;
    // The value before it, and the one that opened it.
    until("both are on the disk", async || {
        measured(scene.place.path()) >= 2
    })
    .await;
    scene.monitor.kill().await;
    let text = scene.text().replace("resolved: false", "resolved: true");
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    let text = text.replace("resolvedWhen:\n", &format!("resolvedWhen: {now}\n"));
    std::fs::write(scene.file(), text).unwrap();
    scene.page.set(0, 0);
    scene.monitor = Monitor::serve(scene.place.path(), &[]).await;
    let text = scene.told("afterwards: true").await;
    assert!(text.contains("| bad is wrong | 9 | "), "{text}");
    check_says_nothing_yet(scene.place.path());
}

/// How many scrapes of our own making are kept.
fn measured(place: &Path) -> i64 {
    let store = rusqlite::Connection::open(place.join("state/critwatch.db")).unwrap();
    let query = "SELECT count(*) FROM scrape WHERE collector = 'critwatch/measured'";
    store.query_row(query, [], |row| row.get(0)).unwrap_or(0)
}

fn check_says_nothing_yet(place: &Path) {
    let check = Command::new(PROGRAM)
        .args(["check", "--config"])
        .arg(place.join("alerts.toml"))
        .arg("--incidents")
        .arg(place.join("incidents"))
        .output()
        .unwrap();
    let said = String::from_utf8([check.stdout, check.stderr].concat()).unwrap();
    assert!(
        check.status.success() && !said.contains("post-mortem"),
        "{said}"
    );
}
