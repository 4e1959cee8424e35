//! How long ten thousand incidents take: to be read, and to show an edit.
//!
//! `cargo bench --bench incidents` prints medians and worst values beside the
//! limits that they are to keep.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints or fails"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark is its own clock")]

use std::path::Path;
use std::time::{Duration, Instant};

use critwatch::incident::folder::Folder;
use critwatch::incident::journal::Journal;
use critwatch::incident::journal::settings::JournalSettings;
use critwatch::incident::reconcile::input::Observed;
use critwatch::model::board::{Board, Facts, Sight};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const FILES: usize = 10_000;
const EDITS: usize = 200;

/// From a saved file to the board.
const EDIT_LIMIT: Duration = Duration::from_millis(50);

/// From the start to the first page, of which reading is the most.
const READ_LIMIT: Duration = Duration::from_secs(1);

fn text(number: usize, title: &str) -> String {
    let (day, month, year) = (number % 28 + 1, number / 28 % 12 + 1, 2000 + number % 26);
    format!(
        "---\nsection: issue\ntitle: \"{title}\"\ndate: {year}-{month:02}-{day:02}T12:00:00Z\n\
         resolved: true\nresolvedWhen: {year}-{month:02}-{day:02}T12:40:00Z\nseverity: down\n\
         affected:\n  - API\n  - Cache\n---\n\
         *Resolved* - Rolls work again. {{{{< track \"{year}-{month:02}-{day:02} 12:40:00\" >}}}}\n\n\
         *Investigating* - {}\n",
        "Rolls fail and you may be logged out. ".repeat(number % 20 + 1),
    )
}

fn fill(folder: &Path) {
    for number in 0..FILES {
        let name = format!("2020-01-01-incident-{number}.md");
        std::fs::write(
            folder.join(name),
            text(number, &format!("Incident {number}")),
        )
        .unwrap();
    }
}

fn report(what: &str, mut times: Vec<Duration>, limit: Duration) {
    times.sort_unstable();
    let of_limit = |time: Duration| time.as_secs_f64() / limit.as_secs_f64();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    let p99 = times[(times.len() * 99).div_ceil(100) - 1];
    println!(
        "{what}: median {median:.2?} ({:.2} of {limit:?}), p99 {p99:.2?} ({:.2}), worst {worst:.2?}",
        of_limit(median),
        of_limit(p99),
    );
}

async fn reading(folder: &Path) {
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let mut read = Folder::new(folder, &TimeZone::UTC);
        read.refresh().await;
        times.push(start.elapsed());
        assert_eq!(read.contents().incidents().count(), FILES);
    }
    report("reading 10,000 incidents", times, READ_LIMIT);
}

async fn editing(folder: &Path) {
    let mut journal = Journal::new(JournalSettings::new(folder));
    assert!(journal.is_watching());
    journal.step(Observed::of(&[], &[]), Timestamp::now()).await;
    let mut times = Vec::new();
    for edit in 0..EDITS {
        let number = edit * 37 % FILES;
        let title = format!("Edited {edit}");
        let start = Instant::now();
        // As editors save: beside, then renamed.
        let beside = folder.join(".beside");
        std::fs::write(&beside, text(number, &title)).unwrap();
        std::fs::rename(
            &beside,
            folder.join(format!("2020-01-01-incident-{number}.md")),
        )
        .unwrap();
        loop {
            journal.changed().await;
            let now = Timestamp::now();
            let written = journal.step(Observed::of(&[], &[]), now).await;
            let board = Board::new(
                now,
                [],
                Facts {
                    incidents: written.incidents,
                    outlooks: written.outlooks,
                    faults: written.faults,
                    ..Facts::of(Sight::Unwatched)
                },
            );
            if board
                .facts
                .incidents
                .iter()
                .any(|incident| incident.title == title)
            {
                break;
            }
        }
        times.push(start.elapsed());
    }
    report("an edit among 10,000 to the board", times, EDIT_LIMIT);
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        reading(folder.path()).await;
        editing(folder.path()).await;
    });
}
