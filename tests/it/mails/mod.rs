//! The whole way of a mail: a file, the monitor, and a real SMTP server.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use mail_parser::MessageParser;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::world::patience::until;
use crate::world::{Monitor, PROGRAM};

/// The relay as a process; dropping it ends it.
struct SmtpServer {
    child: Child,
    port: u16,
    mails: mpsc::UnboundedReceiver<Value>,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl SmtpServer {
    /// Starts it; `None` where aiosmtpd is missing.
    fn start(environment: &[(&str, &Path)], users: &str) -> Option<Self> {
        let has_it = |python: &&str| {
            let mut command = Command::new(python);
            let asked = command
                .args(["-c", "import aiosmtpd"])
                .stderr(Stdio::null());
            asked.status().is_ok_and(|status| status.success())
        };
        let pythons = ["/usr/bin/python3", "python3"];
        let Some(python) = pythons.into_iter().find(has_it) else {
            eprintln!("aiosmtpd is missing; no mail is handed to a real server");
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mails/relay.py");
        let mut child = Command::new(python)
            .arg(script)
            .envs(environment.iter().copied())
            .envs([("TLS", "starttls"), ("AUTH", users)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        output.read_line(&mut port).unwrap();
        let (taken, mails) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = taken.send(serde_json::from_str(&line).unwrap());
            }
        });
        Some(Self {
            child,
            port: port.trim().parse().unwrap(),
            mails,
        })
    }

    /// The next mail as its reader, its subject, its name and that of the first one.
    async fn next(&mut self) -> (String, String, String, Option<String>) {
        let next = tokio::time::timeout(std::time::Duration::from_mins(1), self.mails.recv());
        let mail = next.await.unwrap().unwrap();
        assert_eq!(mail["tls"], true);
        let bytes = mail["mail"].as_str().unwrap().as_bytes();
        let parsed = MessageParser::default().parse(bytes).unwrap();
        (
            mail["to"][0].as_str().unwrap().to_owned(),
            parsed.subject().unwrap().to_owned(),
            parsed.message_id().unwrap().to_owned(),
            parsed.references().as_text().map(str::to_owned),
        )
    }
}

fn write(place: &Path, end: &str) {
    let text = format!(
        "---\nsection: issue\ntitle: Rolls fail\ndate: 2026-03-01T18:48:00Z\n{end}\n\
         severity: down\naffected:\n  - API\n---\n*Investigating* - We are looking.\n"
    );
    let beside = place.join("incidents/.beside");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(&beside, place.join("incidents/2026-03-01-rolls-fail.md")).unwrap();
}

/// A test goes where it is sent, and only there.
async fn send_a_test(place: &Path, relay: &mut SmtpServer) {
    let test = Command::new(PROGRAM)
        .args(["notify", "test", "mail", "--to", "eve@example.net"])
        .current_dir(place)
        .output()
        .unwrap();
    let said = String::from_utf8(test.stdout).unwrap();
    assert_eq!(said, "mail: the relay took 1 mail\n");
    let (reader, subject, _, _) = relay.next().await;
    assert_eq!(reader, "eve@example.net");
    assert_eq!(subject, "Test: bitte diese Nachricht ignorieren");
}

#[tokio::test]
async fn an_incident_reaches_every_reader_once_in_one_conversation() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (place.join("cert.pem"), place.join("key.pem"));
    std::fs::write(&cert, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    std::fs::write(place.join("password"), "secret\n").unwrap();
    let environment = [("CERT", &*cert), ("KEY", &*key)];
    let Some(mut relay) = SmtpServer::start(&environment, "status:secret") else {
        return;
    };
    let settings = format!(
        "[site]\ntitle = 'Example'\nlanguage = 'de'\n[[component]]\nid = 'api'\nname = 'API'\n\
         [mail]\nrelay = 'localhost'\nport = {}\nca_file = 'cert.pem'\nusername = 'status'\n\
         password_file = 'password'\nfrom = 'Example <status@example.org>'\n\
         [[notifier]]\nid = 'mail'\ntype = 'email'\n\
         to = ['mia@example.net', 'nobody@example.net', 'ben@example.net']\n",
        relay.port
    );
    std::fs::write(place.join("alerts.toml"), settings).unwrap();
    std::fs::create_dir(place.join("incidents")).unwrap();
    send_a_test(place, &mut relay).await;
    write(place, "resolved: false");
    let mut monitor = Monitor::serve(place, &[]).await;
    let mut opened = [relay.next().await, relay.next().await];
    opened.sort_unstable();
    let [ben, mia] = &opened;
    assert_eq!((&*ben.0, &*mia.0), ("ben@example.net", "mia@example.net"));
    assert_eq!(ben.1, "Ausfall: Rolls fail");
    assert_ne!(ben.2, mia.2);
    until("operators see what became of the mails", async || {
        let (_, metrics) = crate::world::get(&format!("{}/metrics", monitor.ops)).await;
        let is = |outcome: &str, count: u32| {
            let name = "critwatch_mails_total{notifier=\"mail\",outcome=";
            metrics.contains(&format!("{name}\"{outcome}\"}} {count}\n"))
        };
        is("delivered", 2) && is("never", 1)
    })
    .await;
    // A restart repeats nothing, and what comes then belongs to the conversation.
    monitor.kill().await;
    monitor = Monitor::serve(place, &[]).await;
    write(place, "resolved: true\nresolvedWhen: 2026-03-01T19:48:00Z");
    let mut resolved = [relay.next().await, relay.next().await];
    resolved.sort_unstable();
    for (first, then) in opened.iter().zip(&resolved) {
        assert_eq!(then.0, first.0);
        assert_eq!(then.1, "Behoben: Rolls fail");
        assert_eq!(then.3.as_ref(), Some(&first.2));
    }
    monitor.stop().await;
    assert!(relay.mails.try_recv().is_err(), "nothing was repeated");
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    for secret in ["example.net", "secret"] {
        assert!(!log.contains(secret), "{log}");
    }
}
