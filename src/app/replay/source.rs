//! Where the scrapes of a replay come from.

use std::path::Path;
use std::time::Duration;
use std::vec::IntoIter;

use anyhow::Context as _;
use jiff::Timestamp;

use crate::history::samples::scrapes;
use crate::model::sample::Scrape;
use crate::store;
use crate::store::record::RecordReader;

/// Scrapes that are read from the database.
const MOST_SCRAPES: usize = 200_000;

/// What was recorded.
#[derive(Debug)]
pub(crate) enum ScrapeSource {
    /// By `--record`.
    Record(Box<RecordReader>),
    /// For the next start, in the database.
    Stored(IntoIter<Scrape>),
}

impl ScrapeSource {
    /// Opens a record.
    pub(crate) fn record(path: &Path) -> anyhow::Result<Self> {
        let reader = RecordReader::open(path);
        let reader =
            reader.with_context(|| format!("cannot read the record {}", path.display()))?;
        Ok(Self::Record(Box::new(reader)))
    }

    /// Reads what the database has from a moment on.
    pub(crate) fn stored(state: &Path, from: Timestamp, now: Timestamp) -> anyhow::Result<Self> {
        let store = store::open_to_read(state).context("cannot read history")?;
        let mut found = Vec::new();
        scrapes::read(&store, from, now, |_, scrape| {
            if found.len() < MOST_SCRAPES && scrape.at >= from {
                found.push(scrape);
            }
        })
        .context("cannot read history")?;
        Ok(Self::Stored(found.into_iter()))
    }

    /// How long incidents were held when it was written, if it says so.
    pub(crate) fn hold(&self) -> Option<Duration> {
        match self {
            Self::Record(reader) => reader.hold(),
            Self::Stored(_) => None,
        }
    }

    /// How much of it cannot be read.
    pub(crate) fn torn(&self) -> usize {
        match self {
            Self::Record(reader) => reader.torn(),
            Self::Stored(_) => 0,
        }
    }
}

impl Iterator for ScrapeSource {
    type Item = Scrape;

    fn next(&mut self) -> Option<Scrape> {
        match self {
            Self::Record(reader) => reader.next(),
            Self::Stored(scrapes) => scrapes.next(),
        }
    }
}
