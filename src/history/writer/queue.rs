//! The queue to the writer, for stages that must not wait for the disk.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use crate::history::writer::metrics::{Lost, WriterMetrics};
use crate::history::writer::owed::Owed;
use crate::history::writer::retention::Retention;
use crate::model::event::Event;
use crate::model::sample::Scrape;
use crate::model::series::run::RuleRun;

/// Notes that may wait.
const NOTES: usize = 8192;

/// Samples that may wait: a few hundred MiB with their names in the worst case.
const SAMPLES: i64 = 500_000;

/// Something to write.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Note {
    /// A scrape, for the next start and for charts.
    Scrape(Scrape),
    /// The progress of a rule.
    Run(RuleRun),
    /// A row that the database does not have yet.
    Owed(Owed),
    /// A change of the service that samples showed.
    Event(Event),
    /// A new retention.
    Retention(Box<Retention>),
}

/// Sends notes without waiting; a note that does not fit is returned.
#[derive(Debug)]
pub struct WriteQueue {
    sender: SyncSender<Note>,
    metrics: WriterMetrics,
    full: bool,
}

/// Makes a queue and its receiver.
pub(crate) fn queue(metrics: WriterMetrics) -> (WriteQueue, Receiver<Note>) {
    let (sender, receiver) = sync_channel(NOTES);
    let queue = WriteQueue {
        sender,
        metrics,
        full: false,
    };
    (queue, receiver)
}

impl WriteQueue {
    /// How many new databases the writer has started.
    pub(crate) fn renewed(&self) -> u64 {
        self.metrics.renewed()
    }

    /// Sends a note, or returns it.
    pub(crate) fn send(&mut self, note: Note) -> Result<(), Box<Note>> {
        let weight = weight(&note);
        let heavy = weight > 0 && self.metrics.queued.get() + weight > SAMPLES;
        self.metrics.queued.add(weight);
        let sent = if heavy {
            Err(note)
        } else {
            self.sender.try_send(note).map_err(|error| match error {
                TrySendError::Full(note) | TrySendError::Disconnected(note) => note,
            })
        };
        sent.map_err(|note| {
            self.metrics.queued.sub(weight);
            Box::new(note)
        })
    }

    /// Sends what is owed to the disk; what does not fit stays owed (law 5).
    pub(crate) fn pay(&mut self, due: &mut VecDeque<Owed>) {
        while let Some(owed) = due.pop_front() {
            if self.send(Note::Owed(owed.clone())).is_err() {
                due.push_front(owed);
                break;
            }
        }
    }

    /// Sends a scrape; a scrape that does not fit is lost, which is logged once.
    pub(crate) fn send_scrape(&mut self, scrape: Scrape) {
        if self.send(Note::Scrape(scrape)).is_ok() {
            if self.full {
                self.full = false;
                tracing::info!("storing samples recovered");
            }
            return;
        }
        self.metrics.lost(Lost::Window, 1);
        if !self.full {
            self.full = true;
            tracing::error!(
                "cannot store all samples: the disk is too slow; rules are still evaluated, \
                but charts and the next start will lack some",
            );
        }
    }
}

/// Number of samples of a note that count towards the limit.
pub(crate) fn weight(note: &Note) -> i64 {
    match note {
        Note::Scrape(scrape) => i64::try_from(scrape.samples.len()).unwrap_or(i64::MAX),
        Note::Run(_) | Note::Owed(_) | Note::Event(_) | Note::Retention(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::model::sample::{CollectorId, Sample};

    use super::*;

    fn metrics() -> WriterMetrics {
        WriterMetrics::register(&prometheus::Registry::new()).unwrap()
    }

    fn scrape(samples: usize) -> Scrape {
        Scrape {
            collector: CollectorId("a".into()),
            at: Timestamp::UNIX_EPOCH,
            good_until: Timestamp::UNIX_EPOCH,
            samples: vec![Sample::new("up", [], 1.0); samples],
        }
    }

    #[test]
    fn a_disk_that_takes_nothing_costs_samples_and_not_memory() {
        let metrics = metrics();
        let (mut queue, incoming) = queue(metrics.clone());
        for _ in 0..60 {
            queue.send_scrape(scrape(10_000));
        }
        assert_eq!(metrics.queued.get(), SAMPLES);
        assert_eq!(metrics.dropped.with_label_values(&["window"]).get(), 10);
        // Other notes still get through.
        assert!(
            queue
                .send(Note::Owed(Owed::Seen(Timestamp::UNIX_EPOCH)))
                .is_ok()
        );
        assert_eq!(incoming.try_iter().count(), 51);
    }

    #[test]
    fn what_does_not_fit_comes_back() {
        let (mut queue, incoming) = queue(metrics());
        let seen = Note::Owed(Owed::Seen(Timestamp::UNIX_EPOCH));
        for _ in 0..NOTES {
            queue.send(seen.clone()).unwrap();
        }
        assert_eq!(queue.send(seen.clone()), Err(Box::new(seen.clone())));
        incoming.recv().unwrap();
        assert_eq!(queue.send(seen), Ok(()));
    }
}
