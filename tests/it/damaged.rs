//! Files of open incidents that people damage while a monitor runs, and while none does.

use crate::kept::Page;
use crate::world::discord::Discord;
use crate::world::patience::until;
use crate::world::{self, Monitor};

/// A rule that fires, its incident's file, and a channel that was told.
struct Outage {
    page: Page,
    place: tempfile::TempDir,
    discord: Discord,
    monitor: Monitor,
    name: String,
    text: String,
}

const TOLD: &str = "[[notifier]]\nid = 'team'\ntype = 'discord'\nwebhook = '${WEBHOOK}'\n";

impl Outage {
    async fn begin() -> Self {
        let page = Page::start().await;
        let place = page.place(&[("bad", "expr = 'bad > 0'")], "");
        let settings = place.path().join("alerts.toml");
        let text = std::fs::read_to_string(&settings).unwrap();
        let text = text.replacen("[site]\n", "[site]\nhold = '2s'\n", 1);
        std::fs::write(&settings, text + TOLD).unwrap();
        let discord = Discord::start().await;
        let environment = [("WEBHOOK", discord.url().to_owned())];
        let monitor = Monitor::serve(place.path(), &environment).await;
        page.set(1, 0);
        let folder = place.path().join("incidents");
        until("it is told", async || discord.headlines().len() == 1).await;
        let (name, text) = world::files(&folder).remove(0);
        Self {
            page,
            place,
            discord,
            monitor,
            name,
            text,
        }
    }

    fn write(&self, text: &[u8]) {
        let path = self.place.path().join("incidents").join(&self.name);
        std::fs::write(path, text).unwrap();
    }

    fn read(&self) -> Vec<u8> {
        let path = self.place.path().join("incidents").join(&self.name);
        std::fs::read(path).unwrap()
    }

    fn files(&self) -> usize {
        let files = std::fs::read_dir(self.place.path().join("incidents"));
        files
            .unwrap()
            .filter(|file| {
                let path = file.as_ref().unwrap().path();
                path.extension().is_some_and(|ending| ending == "md")
            })
            .count()
    }

    /// Ends the monitor, damages the file, and begins another one.
    async fn restarted_with(self, damaged: &[u8]) -> Self {
        let Self { monitor, .. } = self;
        assert!(monitor.stop().await.success());
        let path = self.place.path().join("incidents").join(&self.name);
        std::fs::write(path, damaged).unwrap();
        let environment = [("WEBHOOK", self.discord.url().to_owned())];
        let monitor = Monitor::serve(self.place.path(), &environment).await;
        monitor.until_rule_is("bad", "firing").await;
        Self { monitor, ..self }
    }

    async fn until_logged(&self, words: &str) {
        let log = self.place.path().join(world::LOG);
        until(&format!("the log tells {words:?}"), async || {
            std::fs::read_to_string(&log).unwrap().contains(words)
        })
        .await;
    }

    /// The incident ends once, and nothing was told twice.
    async fn ends(self) {
        self.page.set(0, 0);
        until("its end is told", async || {
            let told = self.discord.headlines();
            let ended = told.iter().any(|line| line.starts_with("Resolved"));
            ended.then_some(()).ok_or(told)
        })
        .await;
        assert_eq!(
            self.discord.headlines().len(),
            2,
            "{:?}",
            self.discord.headlines()
        );
        assert_eq!(self.files(), 1);
        assert!(self.monitor.stop().await.success());
    }
}

#[tokio::test]
async fn a_broken_file_is_after_a_restart_what_it_was_and_nothing_is_told_twice() {
    let outage = Outage::begin().await;
    let text = outage.text.clone();
    let mut outage = outage;
    let half = text.find("resolved:").unwrap();
    for broken in [
        text.replacen("title: ", "title: a: ", 1).into_bytes(),
        text.as_bytes()[..half].to_vec(),
        Vec::new(),
        [&[0xff, 0xfe, 0x00], text.as_bytes()].concat(),
    ] {
        outage = outage.restarted_with(&broken).await;
        assert_eq!(outage.files(), 1, "{}", String::from_utf8_lossy(&broken));
        let (_, shown) = outage.monitor.get("/index.json").await;
        assert!(shown.contains("\"down\""), "{shown}");
        // Settings that are read again begin with an empty folder, too.
        outage.monitor.reload().await;
        assert_eq!(outage.files(), 1, "{}", String::from_utf8_lossy(&broken));
        assert_eq!(outage.read(), broken);
    }
    outage.until_logged("cannot read incident file").await;
    // It recovers while nobody can write that down.
    outage.page.set(0, 0);
    outage.monitor.until_rule_is("bad", "quiet").await;
    outage.write(text.as_bytes());
    outage.ends().await;
}

#[tokio::test]
async fn a_damaged_map_takes_no_incident_from_its_rule() {
    let outage = Outage::begin().await;
    let text = outage.text.clone();
    let mut outage = outage;
    let at = text.find("critwatch:").unwrap();
    let end = at + text[at..].find("\n---").unwrap();
    let without = format!("{}{}", &text[..at], &text[end + 1..]);
    for (damaged, words) in [
        (
            text.replacen("critwatch:", "critwatc:", 1),
            "lost its map `critwatch:`",
        ),
        (without, "lost its map `critwatch:`"),
        (text.replacen("  rules:", "  rulez:", 1), "has lost `rules`"),
        (
            text.replacen("  rules: [", "  rules: x [", 1),
            "has lost `rules`",
        ),
    ] {
        assert_ne!(damaged, text);
        // While it runs, and while it does not.
        outage.write(damaged.as_bytes());
        outage.until_logged(words).await;
        assert_eq!(outage.files(), 1, "{damaged}");
        outage.write(text.as_bytes());
        outage = outage.restarted_with(damaged.as_bytes()).await;
        outage.until_logged(words).await;
        assert_eq!(outage.files(), 1, "{damaged}");
    }
    let name = outage.name.clone();
    let folder = outage.place.path().join("incidents");
    outage.page.set(0, 0);
    until("the map is written again", async || {
        let file = std::fs::read_to_string(folder.join(&name)).unwrap();
        file.contains("\n  rules: [bad]\n")
    })
    .await;
    outage.ends().await;
}

#[tokio::test]
async fn an_unknown_severity_leaves_an_incident_as_grave_as_it_was() {
    let outage = Outage::begin().await;
    let text = outage.text.clone();
    let damaged = text.replacen("severity: down", "severity: dwon", 1);
    outage.write(damaged.as_bytes());
    let words = "unknown severity `dwon`; it stays `down` until there is `down`";
    outage.until_logged(words).await;
    let (_, shown) = outage.monitor.get("/index.json").await;
    assert!(
        shown.contains("\"status\": \"down\"") || shown.contains("\"status\":\"down\""),
        "{shown}"
    );
    let outage = outage.restarted_with(damaged.as_bytes()).await;
    outage.until_logged(words).await;
    let (_, shown) = outage.monitor.get("/index.json").await;
    assert!(
        shown.contains("\"status\": \"down\"") || shown.contains("\"status\":\"down\""),
        "{shown}"
    );
    let log = std::fs::read_to_string(outage.place.path().join(world::LOG)).unwrap();
    let line = log.lines().find(|line| line.contains("dwon")).unwrap();
    assert!(
        line.contains("WARN") && line.contains(&outage.name),
        "{line}"
    );
    assert!(
        String::from_utf8(outage.read())
            .unwrap()
            .contains("severity: dwon")
    );
    outage.ends().await;
}
