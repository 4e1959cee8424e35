//! `critwatch init` on a terminal: what it asks, and the page that it ends with.

use std::path::Path;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};
use tokio::task::spawn_blocking;

use crate::first_steps::init::SIDEKIQ;
use crate::queues::world::Watched;
use crate::world::PROGRAM;
use crate::world::patience::until;

/// How long a word on the terminal may take, in milliseconds.
const PATIENCE: u64 = 60_000;

/// Runs `init` on a terminal.
fn begin(place: &Path, more: &[&str]) -> PtySession {
    let mut command = Command::new(PROGRAM);
    command
        .arg("init")
        .args(more)
        .current_dir(place)
        .env_remove("REDIS_URL")
        .env("NO_COLOR", "1");
    spawn_command(command, Some(PATIENCE)).unwrap()
}

/// Answers questions, each by its last words.
fn answer(terminal: &mut PtySession, answers: &[(&str, &str)]) {
    for (question, answer) in answers {
        terminal.exp_string(question).unwrap();
        terminal.send_line(answer).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_the_questions_ends_with_a_running_page() {
    let mut redis = Watched::new(&[]).await;
    redis.fill(SIDEKIQ).await;
    let url = redis.url();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().to_owned();
    let listen = ["--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"];
    let asked = spawn_blocking(move || {
        let mut terminal = begin(&folder, &listen);
        answer(
            &mut terminal,
            &[
                ("Name of the status page [Status]: ", "Shop & Co"),
                // What does not answer is asked for again, and nothing is lost.
                ("URL of a Redis (Enter for none): ", "127.0.0.1:1"),
                ("URL of a Redis (Enter for none): ", &url),
                ("Another URL of a Redis (Enter for none): ", ""),
                ("URL that your users open (Enter for none): ", ""),
                (
                    "URL of a metrics page of a worker, an API or an exporter (Enter for none): ",
                    "-",
                ),
                ("URL of a Prometheus (Enter for none): ", ""),
                ("Host to probe on the usual ports (Enter for none): ", ""),
                ("Write alerts.toml? (y/n) [y]: ", ""),
                ("Run it now? (y/n) [y]: ", "yes"),
            ],
        );
        terminal.exp_string("page listening on http://").unwrap();
        let address = terminal.read_line().unwrap();
        (terminal, format!("http://{address}"))
    });
    let (mut terminal, page) = asked.await.unwrap();
    until("the page is up", async || {
        let page = crate::world::get(&format!("{page}/")).await.1;
        let is_up = page.contains("Shop &amp; Co") || page.contains("Shop &#38; Co");
        (is_up && page.contains("Background jobs"))
            .then_some(())
            .ok_or(page)
    })
    .await;
    let ended = spawn_blocking(move || {
        // Ctrl-C.
        terminal.send_control('c').unwrap();
        terminal.exp_eof().unwrap();
        terminal.process_mut().wait().unwrap()
    });
    let status = format!("{:?}", ended.await.unwrap());
    assert!(
        status.contains("Exited") && status.ends_with(", 0)"),
        "{status}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_no_has_nothing_written() {
    let redis = Watched::new(&[]).await;
    let url = redis.url();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().to_owned();
    let asked = spawn_blocking(move || {
        // An address was given: only the name is asked for.
        let mut terminal = begin(&folder, &["--redis", &url]);
        answer(
            &mut terminal,
            &[
                ("Name of the status page [Status]: ", ""),
                ("Write alerts.toml? (y/n) [y]: ", "n"),
            ],
        );
        terminal.exp_string("nothing was written").unwrap();
        terminal.exp_eof().unwrap();
        terminal.process_mut().wait().unwrap()
    });
    let status = format!("{:?}", asked.await.unwrap());
    assert!(status.ends_with(", 1)"), "{status}");
    assert!(std::fs::read_dir(place.path()).unwrap().next().is_none());
}
