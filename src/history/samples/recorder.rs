//! The recording of everything that is measured, if somebody wants one.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::history::writer::metrics::{Lost, WriterMetrics};
use crate::model::sample::Scrape;
use crate::store::record::RecordWriter;

/// Scrapes that may wait for the disk.
const WAITING: usize = 256;

/// How often what was written is handed to the system.
const FLUSH: Duration = Duration::from_secs(1);

/// What is written down.
#[derive(Debug)]
enum RecordEntry {
    /// A scrape as it came.
    Scrape(Scrape),
    /// For how long incidents are held from that moment on.
    Hold(Duration, Timestamp),
}

/// Hands scrapes on without waiting.
#[derive(Debug)]
pub struct Recorder {
    sender: SyncSender<RecordEntry>,
    metrics: WriterMetrics,
    full: bool,
}

/// Writes them, on a thread of its own.
#[derive(Debug)]
pub struct Recording {
    writer: RecordWriter,
    incoming: Receiver<RecordEntry>,
    metrics: WriterMetrics,
    failing: bool,
}

/// Opens a folder for a recording that grows to so many bytes.
pub fn open(
    folder: &Path,
    limit_bytes: u64,
    metrics: &WriterMetrics,
) -> std::io::Result<(Recorder, Recording)> {
    let (sender, incoming) = sync_channel(WAITING);
    let recorder = Recorder {
        sender,
        metrics: metrics.clone(),
        full: false,
    };
    let recording = Recording {
        writer: RecordWriter::open(folder, limit_bytes)?,
        incoming,
        metrics: metrics.clone(),
        failing: false,
    };
    Ok((recorder, recording))
}

impl Recorder {
    /// Records for how long incidents are held from now on.
    pub fn hold_is(&mut self, hold: Duration, now: Timestamp) {
        self.send(RecordEntry::Hold(hold, now));
    }

    /// Records a scrape; one that does not fit is lost, which is logged once.
    pub fn record(&mut self, scrape: &Scrape) {
        self.send(RecordEntry::Scrape(scrape.clone()));
    }

    fn send(&mut self, entry: RecordEntry) {
        match self.sender.try_send(entry) {
            Ok(()) => self.full = false,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.metrics.lost(Lost::Record, 1);
                if !self.full {
                    tracing::error!("recording has a gap: the disk is too slow");
                }
                self.full = true;
            }
        }
    }
}

impl Recording {
    /// Writes what comes until nobody can send any more.
    pub fn run(mut self) {
        let mut flushed = Instant::now();
        loop {
            match self.incoming.recv_timeout(FLUSH) {
                Ok(entry) => {
                    let written = match entry {
                        RecordEntry::Scrape(scrape) => self.writer.append(&scrape),
                        RecordEntry::Hold(hold, now) => self.writer.hold_is(hold, now),
                    };
                    self.tell(written);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if flushed.elapsed() >= FLUSH {
                flushed = Instant::now();
                let written = self.writer.flush();
                self.tell(written);
            }
        }
        let written = self.writer.flush();
        self.tell(written);
    }

    fn tell(&mut self, written: std::io::Result<()>) {
        match written {
            Ok(()) if self.failing => {
                self.failing = false;
                tracing::info!("writing the recording recovered");
            }
            Err(error) => {
                self.metrics.lost(Lost::Record, 1);
                if !self.failing {
                    tracing::error!(%error, "cannot write the recording; it has a gap");
                }
                self.failing = true;
            }
            Ok(()) => {}
        }
    }
}
