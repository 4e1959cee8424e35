//! A whole world for one test: the reference service, the monitor, a stand-in
//! Discord, and ways to see what a visitor, a reader of files or a channel sees.

pub(crate) mod discord;
pub(crate) mod fixtures;
pub(crate) mod foul;
pub(crate) mod patience;
pub(crate) mod peer;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use critwatch::dice::fault::harness::Rig;
use critwatch::dice::fault::settings::RigSettings;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use self::discord::Discord;
use self::patience::{PATIENCE, until};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_critwatch");

/// What the monitor logs, in the world's folder.
pub(crate) const LOG: &str = "monitor.log";

/// So many lines of it are shown when a test fails.
const LINES: usize = 40;

/// Everything that a test may touch; dropping it ends every process.
pub(crate) struct World {
    pub rig: Rig,
    pub monitor: Monitor,
    pub discord: Discord,
    pub place: tempfile::TempDir,
}

/// The monitor as a process of its own.
pub(crate) struct Monitor {
    child: Child,
    place: PathBuf,
    pub page: String,
    pub ops: String,
    /// Where is pushed from outside, if its settings say so.
    pub push: Option<String>,
}

/// A test that fails shows what the monitor said and wrote.
impl Drop for Monitor {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.show();
        }
    }
}
impl World {
    /// Brings everything up and waits until the page says that all is well.
    pub(crate) async fn new(hold: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let any = "127.0.0.1:0".parse().unwrap();
        let dir = place.path().join("rig");
        critwatch::dice::fault::place::prepare(&dir).unwrap();
        let mut settings = RigSettings::new(dir, PathBuf::from(PROGRAM));
        settings.api_listen = any;
        settings.worker_listen = any;
        let rig = Rig::start(settings).await.unwrap();
        let discord = Discord::start().await;
        let alerts = include_str!("../../../alerts.toml")
            .replace("${CRITWATCH_HOLD:-15m}", hold)
            .replace(
                "type = \"console\"",
                "type = \"discord\"\nwebhook = \"${WEBHOOK}\"",
            );
        std::fs::write(place.path().join("alerts.toml"), alerts).unwrap();
        std::fs::create_dir(place.path().join("incidents")).unwrap();
        let monitor = Monitor::start(place.path(), &rig, &discord).await;
        let world = Self {
            rig,
            monitor,
            discord,
            place,
        };
        until("all is well", async || world.summary().await == "ok").await;
        world
    }

    /// Kills the monitor without warning and starts it again.
    pub(crate) async fn restart_monitor(&mut self) {
        self.monitor.child.kill().await.unwrap();
        self.monitor = Monitor::start(self.place.path(), &self.rig, &self.discord).await;
    }

    /// What `/index.json` says.
    pub(crate) async fn status(&self) -> Value {
        let text = self.monitor.get("/index.json").await.1;
        serde_json::from_str(&text).unwrap()
    }

    /// The overall state in cState's words.
    pub(crate) async fn summary(&self) -> String {
        self.status().await["summaryStatus"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The incident files, by name, with their text.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        files(&self.place.path().join("incidents"))
    }

    /// The value of a key in the head of the only incident.
    pub(crate) fn key(&self, key: &str) -> String {
        let files = self.files();
        assert_eq!(files.len(), 1, "{files:?}");
        let line = files[0]
            .1
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{key}:")));
        line.unwrap_or_else(|| panic!("no {key} in {}", files[0].1))
            .trim()
            .to_owned()
    }

    /// The same as a moment.
    pub(crate) fn moment(&self, key: &str) -> jiff::Timestamp {
        self.key(key).parse().unwrap()
    }

    /// Writes refused by the full Redis so far.
    pub(crate) async fn refused_writes(&self) -> u64 {
        let client = redis::Client::open(&*self.rig.addresses().redis_url).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let info: String = redis::cmd("INFO")
            .arg("errorstats")
            .query_async(&mut connection)
            .await
            .unwrap();
        let count = info
            .lines()
            .find_map(|line| line.strip_prefix("errorstat_OOM:count="));
        count.map_or(0, |count| count.trim().parse().unwrap())
    }
}

impl Monitor {
    async fn start(place: &Path, rig: &Rig, discord: &Discord) -> Self {
        let addresses = rig.addresses();
        let environment = [
            ("REDIS_URL", addresses.redis_url.clone()),
            ("DICE_API_URL", format!("http://{}", addresses.api)),
            ("DICE_WORKER_URL", format!("http://{}", addresses.worker)),
            ("WEBHOOK", discord.url().to_owned()),
        ];
        Self::serve(place, &environment).await
    }

    /// Starts a monitor on the `alerts.toml` of a folder.
    pub(crate) async fn serve(place: &Path, environment: &[(&str, String)]) -> Self {
        Self::begin(Command::new(PROGRAM), place, environment).await
    }

    /// The same, started by another program.
    pub(crate) async fn serve_by(starter: &[&str], place: &Path) -> Self {
        let mut command = Command::new(starter[0]);
        command.args(&starter[1..]).arg(PROGRAM);
        Self::begin(command, place, &[]).await
    }

    /// Starts a monitor on a site that the environment names.
    pub(crate) async fn serve_site(place: &Path, environment: &[(&str, String)]) -> Self {
        Self::listen(Command::new(PROGRAM), &[], place, environment).await
    }

    async fn begin(command: Command, place: &Path, environment: &[(&str, String)]) -> Self {
        let files = [("--config", "alerts.toml"), ("--incidents", "incidents")];
        Self::listen(command, &files, place, environment).await
    }

    async fn listen(
        mut command: Command,
        files: &[(&str, &str)],
        place: &Path,
        environment: &[(&str, String)],
    ) -> Self {
        command.arg("serve");
        // As people do it: in the folder, by names that are relative to it.
        command.current_dir(place);
        for (option, name) in files {
            command.args([option, name]);
        }
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(place.join(LOG))
            .unwrap();
        let mut child = command
            .args(["--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"])
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut addresses = std::collections::BTreeMap::new();
        while !addresses.contains_key("operators") {
            let line = lines.next_line().await.unwrap().unwrap();
            let (what, address) = line.split_once(" listening on ").unwrap();
            addresses.insert(what.to_owned(), address.to_owned());
        }
        let mut address = |what: &str| addresses.remove(what);
        let (page, ops) = (address("page").unwrap(), address("operators").unwrap());
        let push = address("pushes");
        let place = place.to_owned();
        Self {
            child,
            place,
            page,
            ops,
            push,
        }
    }

    /// Asks the public page; nothing on it may make a visitor wait.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        get(&format!("{}{path}", self.page)).await
    }

    /// Waits until its metrics have this line.
    pub(crate) async fn until_told(&self, line: &str) {
        let metrics = format!("{}/metrics", self.ops);
        until(line, async || {
            let page = get(&metrics).await.1;
            let told = page.lines().any(|told| told == line);
            told.then_some(()).ok_or(page)
        })
        .await;
    }

    /// Waits until a rule is at this.
    pub(crate) async fn until_rule_is(&self, rule: &str, state: &str) {
        let line = format!("critwatch_rule_state{{rule=\"{rule}\",state=\"{state}\"}} 1");
        self.until_told(&line).await;
    }

    /// Its process.
    pub(crate) fn id(&self) -> i32 {
        self.child.id().unwrap().try_into().unwrap()
    }

    /// Tells it to read its settings again.
    pub(crate) async fn reload(&self) {
        let id = self.child.id().unwrap().to_string();
        Command::new("kill")
            .args(["-HUP", &id])
            .status()
            .await
            .unwrap();
    }

    /// What it has used of the processor so far, in steps of 10 ms.
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = format!("/proc/{}/stat", self.child.id().unwrap());
        let stat = std::fs::read_to_string(stat).unwrap();
        // After the name, 11 and 12 are its own time and the system's.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.map(|field| field.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Ends it without warning.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Tells it to stop as a service manager does, and waits for its end.
    pub(crate) async fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().unwrap().to_string();
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .unwrap();
        let ended = tokio::time::timeout(PATIENCE, self.child.wait());
        let status = ended.await.unwrap().unwrap();
        if !status.success() {
            self.show();
        }
        status
    }

    /// Prints its last words, and what it wrote.
    fn show(&self) {
        let log = std::fs::read_to_string(self.place.join(LOG)).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let last = lines.len().saturating_sub(LINES);
        eprintln!("the monitor's last lines:\n{}", lines[last..].join("\n"));
        for (name, text) in files(&self.place.join("incidents")) {
            eprintln!("{name}:\n{text}");
        }
    }
}

/// The names and texts of what is in a folder, but for what is hidden: that is
/// being written.
pub(crate) fn files(folder: &Path) -> Vec<(String, String)> {
    let folder = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = folder
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            (entry.file_name().into_string().unwrap(), text)
        })
        .filter(|(name, _)| !name.starts_with('.'))
        .collect();
    files.sort();
    files
}

/// Asks an address directly.
pub(crate) async fn get(url: &str) -> (u16, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Nothing here speaks TLS; to read the machine's certificates takes longer
    // than all the rest.
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(5))
        .tls_certs_only([])
        .build()
        .unwrap();
    let response = client.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
