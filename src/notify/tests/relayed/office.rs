//! A real SMTP server, and a queue that hands mails to it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use prometheus::Registry;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::model::board::{Board, Facts, Sight};
use crate::model::text::language::Language;
use crate::notify::mail::letters::compose::Sender;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin, Recipient};
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::post::PostOffice;
use crate::notify::mail::outgoing::queue::{MailQueue, ReaderPage};
use crate::notify::mail::smtp::relay::Relay;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::message::occasion::Occasion;
use crate::store;

use crate::notify::tests::{OPEN, incident, message};

/// The relay as a process; dropping it ends it.
pub(super) struct TestRelay {
    pub(super) child: Child,
    pub(super) port: u16,
    pub(super) lines: tokio::sync::mpsc::UnboundedReceiver<Value>,
}

impl Drop for TestRelay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl TestRelay {
    /// Starts it; `None` where it is not installed.
    pub(super) fn start(environment: &[(&str, &str)]) -> Option<Self> {
        let has_it = |python: &&str| {
            let mut command = Command::new(python);
            let asked = command
                .args(["-c", "import aiosmtpd"])
                .stderr(Stdio::null());
            asked.status().is_ok_and(|status| status.success())
        };
        let Some(python) = ["/usr/bin/python3", "python3"].into_iter().find(has_it) else {
            println!("aiosmtpd is missing; no mail is handed to a real server");
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mails/relay.py");
        let mut child = Command::new(python)
            .arg(script)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        output.read_line(&mut port).unwrap();
        let (heard, lines) = tokio::sync::mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = heard.send(serde_json::from_str(&line).unwrap());
            }
        });
        Some(Self {
            child,
            port: port.trim().parse().unwrap(),
            lines,
        })
    }

    /// The next mail that it took.
    pub(super) async fn next(&mut self) -> Value {
        let next = tokio::time::timeout(Duration::from_mins(1), self.lines.recv());
        next.await.expect("no mail came").unwrap()
    }
}

/// Everybody who is sent something here, as the settings name them.
fn readers() -> BTreeSet<Recipient> {
    let names = [
        "ben", "mia", "nobody", "spam", "grey", "drop", "full", "denied", "denied+1", "denied+2",
    ];
    let addresses = names.map(|name| Recipient::new(format!("{name}@example.net")));
    addresses.into()
}

/// The queue with its task, in a folder of its own.
pub(super) struct TestOffice {
    pub(super) queue: MailQueue,
    pub(super) metrics: MailMetrics,
    pub(super) boards: watch::Sender<Arc<Board>>,
    pub(super) stop: CancellationToken,
    pub(super) task: JoinSet<()>,
}

impl TestOffice {
    pub(super) fn open(place: &Path, settings: &str) -> Self {
        let settings: MailSettings = toml::from_str(settings).unwrap();
        let queue = MailQueue::new(store::open(place).unwrap());
        let metrics = MailMetrics::register(&Registry::new()).unwrap();
        let post = PostOffice {
            queue: queue.clone(),
            relay: Relay::new(&settings).unwrap(),
            sender: Sender {
                settings,
                site: MailSite {
                    title: "Example".to_owned(),
                    url: None,
                    zone: TimeZone::UTC,
                },
            },
            metrics: metrics.clone(),
            recipients: Arc::new([("team".to_owned(), readers())].into()),
            clock: now,
        };
        let board = Board::new(Timestamp::UNIX_EPOCH, [], Facts::of(Sight::Unwatched));
        let (boards, seen) = watch::channel(Arc::new(board));
        let stop = CancellationToken::new();
        let mut task = JoinSet::new();
        task.spawn(post.run(seen, stop.clone()));
        Self {
            queue,
            metrics,
            boards,
            stop,
            task,
        }
    }

    pub(super) async fn put(&self, key: &str, topic: &str, to: &[&str]) -> usize {
        let open = incident("2026-03-01-rolls-fail.md", OPEN);
        let message = message(&open, Occasion::Opened, None);
        let mail = Mail {
            key: key.to_owned(),
            notifier: "team".to_owned(),
            topic: Some(topic.to_owned()),
            content: MailContent::Announcement(Box::new(message)),
        };
        let readers: Vec<_> = to.iter().map(|to| reader(to)).collect();
        let page = move |_: &rusqlite::Connection, _| {
            let readers = readers.clone();
            Ok(ReaderPage {
                readers,
                next: None,
            })
        };
        self.queue.put(mail, page, now()).await.unwrap()
    }

    /// Each row as its address and state.
    pub(super) async fn rows(&self) -> Vec<(String, String)> {
        let rows = self.queue.with(|store| {
            let mut rows = store.prepare("SELECT address, state FROM mailing ORDER BY id")?;
            let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        });
        rows.await.unwrap()
    }

    /// Waits until the rows are in these states.
    pub(super) async fn until_states(&self, states: &[&str]) {
        let looks = async {
            while !self.rows().await.iter().map(|(_, one)| one).eq(states) {
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_mins(1);
        let seen = tokio::time::timeout(patience, looks).await;
        assert!(seen.is_ok(), "not {states:?}: {:?}", self.rows().await);
    }

    /// Waits until no row is in a state.
    pub(super) async fn until_none(&self, state: &str) {
        self.until_none_of(&[state]).await;
    }

    /// Waits until no row is in one of some states.
    pub(super) async fn until_none_of(&self, states: &[&str]) {
        let is_in = |state: &String| states.contains(&&**state);
        let looks = async {
            while self.rows().await.iter().any(|(_, one)| is_in(one)) {
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_mins(1);
        let seen = tokio::time::timeout(patience, looks).await;
        assert!(seen.is_ok(), "still {states:?}: {:?}", self.rows().await);
    }

    pub(super) async fn close(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.task.join_next().await {
            ended.unwrap();
        }
        drop(self.boards);
    }
}

#[expect(clippy::disallowed_methods, reason = "the relay's clock runs, too")]
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}

pub(in crate::notify::tests) fn reader(to: &str) -> MailReader {
    MailReader {
        address: to.parse().unwrap(),
        language: Language::En,
        origin: ReaderOrigin::Fixed,
    }
}

pub(super) fn settings(relay: &TestRelay, more: &str) -> String {
    let port = relay.port;
    format!("relay = 'localhost'\nport = {port}\nfrom = 'status@example.org'\n{more}")
}

/// A certificate for `localhost`, as files, and its PEM.
pub(super) fn certificate(place: &Path) -> (String, String, String) {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (place.join("cert.pem"), place.join("key.pem"));
    std::fs::write(&cert, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    (text(&cert), text(&key), own.cert.pem())
}
