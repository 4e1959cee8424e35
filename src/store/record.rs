//! Samples written down as they came, in a folder of compressed segments.
//!
//! A segment is a gzip file of lines, one a scrape; `zcat` reads it. The oldest
//! segments go when all together grow beyond the limit. What a crash tears off
//! the last segment is lost, the rest of it is read. Each segment begins with
//! what the settings said and rules do not: the hold.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use flate2::bufread::MultiGzDecoder;
use jiff::Timestamp;

use crate::model::sample::{CollectorId, Sample, Scrape};
use crate::store::line;
use crate::store::segment::{Segment, segments};

/// A segment is closed after this time, so that old ones can be dropped.
const SEGMENT_AGE: Duration = Duration::from_hours(1);

/// A segment's compressed size: a sixteenth of the limit, within these.
const SEGMENT_BYTES: (u64, u64) = (16 * 1024, 16 * 1024 * 1024);

/// The longest line that is read; a scrape of a large page has a tenth of it.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// The collector and the metric under which a record keeps the hold; no settings
/// can name a collector so.
const SETTINGS: &str = "critwatch/settings";
const HOLD: &str = "critwatch_hold_seconds";

/// Appends scrapes to a folder and keeps the folder within its limit.
#[derive(Debug)]
pub struct RecordWriter {
    folder: PathBuf,
    limit: u64,
    segment: Option<Segment>,
    /// The hold, for the segments that follow.
    hold: Option<Duration>,
}

impl RecordWriter {
    /// Makes the folder; `limit_bytes` is for all segments together.
    pub fn open(folder: &Path, limit_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let writer = Self {
            folder: folder.to_owned(),
            limit: limit_bytes,
            segment: None,
            hold: None,
        };
        writer.drop_oldest()?;
        Ok(writer)
    }

    /// Writes down from now on that incidents are held for so long.
    pub fn hold_is(&mut self, hold: Duration, now: Timestamp) -> io::Result<()> {
        self.hold = Some(hold);
        // One that begins now says it anyhow.
        match &self.segment {
            Some(_) => self.append(&settings(hold, now)),
            None => Ok(()),
        }
    }

    /// Writes a scrape down; it is safe from a crash after [`Self::flush`].
    ///
    /// After an error the next scrape begins a new segment.
    pub fn append(&mut self, scrape: &Scrape) -> io::Result<()> {
        let line = line::write(scrape)?;
        let mut segment = match self.segment.take() {
            Some(segment) if !self.is_full(&segment, scrape.at) => segment,
            full => {
                if let Some(full) = full {
                    full.finish()?;
                }
                self.drop_oldest()?;
                let mut segment = Segment::begin(&self.folder, scrape.at)?;
                if let Some(hold) = self.hold {
                    segment.write(&line::write(&settings(hold, scrape.at))?)?;
                }
                segment
            }
        };
        segment.write(&line)?;
        self.segment = Some(segment);
        Ok(())
    }

    /// Hands all that was appended to the system.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.segment {
            Some(segment) => segment.flush(),
            None => Ok(()),
        }
    }

    fn segment_bytes(&self) -> u64 {
        (self.limit / 16).clamp(SEGMENT_BYTES.0, SEGMENT_BYTES.1)
    }

    fn is_full(&self, segment: &Segment, now: Timestamp) -> bool {
        let age = now.duration_since(segment.since).unsigned_abs();
        segment.bytes() >= self.segment_bytes() || age >= SEGMENT_AGE
    }

    /// Drops the oldest segments until one more fits beside the others.
    fn drop_oldest(&self) -> io::Result<()> {
        let segments: Vec<_> = segments(&self.folder)?
            .into_iter()
            .map(|path| {
                let bytes = fs::metadata(&path)?.len();
                Ok((path, bytes))
            })
            .collect::<io::Result<_>>()?;
        let mut total: u64 = segments.iter().map(|(_, bytes)| bytes).sum();
        let most = self.limit.saturating_sub(self.segment_bytes());
        for (path, bytes) in segments {
            if total <= most {
                break;
            }
            fs::remove_file(path)?;
            total -= bytes;
        }
        Ok(())
    }
}

/// What the settings say, in the form of a scrape that is believed for no time.
fn settings(hold: Duration, at: Timestamp) -> Scrape {
    Scrape {
        collector: CollectorId(SETTINGS.to_owned()),
        at,
        good_until: at,
        samples: vec![Sample::new(HOLD, [], hold.as_secs_f64())],
    }
}

/// The hold that such a scrape tells.
fn hold(settings: &Scrape) -> Option<Duration> {
    let mut samples = settings.samples.iter();
    let told = samples.find(|sample| sample.metric.name == HOLD)?;
    Duration::try_from_secs_f64(told.value).ok()
}

impl Drop for RecordWriter {
    fn drop(&mut self) {
        if let Some(segment) = self.segment.take()
            && let Err(error) = segment.finish()
        {
            tracing::warn!(%error, "the end of the record could not be written");
        }
    }
}

/// Walks over the scrapes of a record, in the order in which they were written.
#[derive(Debug)]
pub struct RecordReader {
    segments: std::vec::IntoIter<PathBuf>,
    open: Option<BufReader<MultiGzDecoder<BufReader<File>>>>,
    torn: usize,
    hold: Option<Duration>,
}

impl RecordReader {
    /// Opens a folder, or a single segment.
    pub fn open(path: &Path) -> io::Result<Self> {
        let segments = if path.is_dir() {
            segments(path)?
        } else {
            // What cannot be opened is an error here, and a tear within a folder.
            File::open(path)?;
            vec![path.to_owned()]
        };
        Ok(Self {
            segments: segments.into_iter(),
            open: None,
            torn: 0,
            hold: None,
        })
    }

    /// For how long incidents were held where it has come to, if that was written
    /// down.
    pub fn hold(&self) -> Option<Duration> {
        self.hold
    }

    /// Lines and segment ends that could not be read so far.
    pub fn torn(&self) -> usize {
        self.torn
    }

    /// The next line; `None` at the end of the segment, or where it is torn.
    fn line(&mut self) -> Option<String> {
        let segment = self.open.as_mut()?;
        let mut line = Vec::new();
        let read = segment.take(LONGEST_LINE).read_until(b'\n', &mut line);
        match read {
            Ok(0) => {
                self.open = None;
                None
            }
            Ok(_) if line.ends_with(b"\n") => Some(String::from_utf8_lossy(&line).into_owned()),
            Ok(_) | Err(_) => {
                self.torn += 1;
                self.open = None;
                None
            }
        }
    }
}

impl Iterator for RecordReader {
    type Item = Scrape;

    fn next(&mut self) -> Option<Scrape> {
        loop {
            if self.open.is_none() {
                let segment = self.segments.next()?;
                match File::open(segment) {
                    Ok(file) => {
                        let unpacked = MultiGzDecoder::new(BufReader::new(file));
                        self.open = Some(BufReader::new(unpacked));
                    }
                    Err(_) => self.torn += 1,
                }
            }
            if let Some(text) = self.line() {
                match line::read(&text) {
                    Some(told) if told.collector.0 == SETTINGS => {
                        self.hold = hold(&told).or(self.hold);
                    }
                    Some(scrape) => return Some(scrape),
                    None => self.torn += 1,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::sample::{CollectorId, Sample};

    use super::*;

    fn scrape(second: i64) -> Scrape {
        let at = Timestamp::from_second(1_700_000_000 + second).unwrap();
        // Digits that do not compress well, as measured values do not.
        let value = f64::sin(f64::from(i32::try_from(second).unwrap())).abs();
        let sample = |name: &str| Sample::new(name, [("job", "redis")], value * 1e9);
        Scrape {
            collector: CollectorId("redis".into()),
            at,
            good_until: at + Duration::from_secs(3),
            samples: ["one", "two", "three"].map(sample).to_vec(),
        }
    }

    fn seconds(folder: &Path) -> Vec<i64> {
        RecordReader::open(folder)
            .unwrap()
            .map(|scrape| scrape.at.as_second() - 1_700_000_000)
            .collect()
    }

    #[test]
    fn what_was_appended_is_read_in_order_over_several_runs() {
        let folder = tempfile::tempdir().unwrap();
        for run in 0..3 {
            let mut writer = RecordWriter::open(folder.path(), 1 << 20).unwrap();
            for second in 0..10 {
                writer.append(&scrape(run * 10 + second)).unwrap();
            }
        }
        assert_eq!(seconds(folder.path()), (0..30).collect::<Vec<_>>());
        let first = RecordReader::open(folder.path()).unwrap().next().unwrap();
        assert_eq!(first, scrape(0));
    }

    #[test]
    fn every_segment_says_for_how_long_incidents_are_held() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = RecordWriter::open(folder.path(), 1 << 20).unwrap();
        let second = Duration::from_secs;
        let hours = [0, 2, 4].map(|hour| scrape(hour * 3600));
        writer.hold_is(second(15), hours[0].at).unwrap();
        writer.append(&hours[0]).unwrap();
        writer.append(&hours[1]).unwrap();
        writer.hold_is(second(30), hours[1].at).unwrap();
        writer.append(&hours[2]).unwrap();
        drop(writer);
        let segments = segments(folder.path()).unwrap();
        let held = |path: &Path| {
            let mut reader = RecordReader::open(path).unwrap();
            let first = reader.next().unwrap();
            assert_ne!(first.collector.0, SETTINGS);
            reader.hold()
        };
        let expected = [15, 15, 30].map(|seconds| Some(second(seconds)));
        let told: Vec<_> = segments.iter().map(|path| held(path)).collect();
        assert_eq!(told, expected);
        // What an earlier version recorded does not say so.
        let old = tempfile::tempdir().unwrap();
        let mut writer = RecordWriter::open(old.path(), 1 << 20).unwrap();
        writer.append(&hours[0]).unwrap();
        drop(writer);
        assert_eq!(held(old.path()), None);
    }

    #[test]
    fn two_runs_in_one_moment_have_a_segment_each() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let mut writer = RecordWriter::open(folder.path(), 1 << 20).unwrap();
            writer.append(&scrape(5)).unwrap();
        }
        assert_eq!(seconds(folder.path()), [5, 5]);
    }

    #[test]
    fn the_oldest_segments_go_when_the_limit_is_reached() {
        let folder = tempfile::tempdir().unwrap();
        let limit = 256 * 1024;
        let mut writer = RecordWriter::open(folder.path(), limit).unwrap();
        for second in 0..20_000 {
            writer.append(&scrape(second)).unwrap();
        }
        drop(writer);
        let sizes = segments(folder.path()).unwrap();
        let total: u64 = sizes
            .iter()
            .map(|path| fs::metadata(path).unwrap().len())
            .sum();
        assert!(total <= limit + SEGMENT_BYTES.0, "{total}");
        let kept = seconds(folder.path());
        assert!(kept.len() > 1000 && kept.len() < 20_000, "{}", kept.len());
        assert_eq!(kept.last(), Some(&19_999));
        assert!(kept.is_sorted());
    }

    #[test]
    fn a_torn_segment_is_read_up_to_the_tear_and_the_next_one_follows() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = RecordWriter::open(folder.path(), 1 << 20).unwrap();
        for second in 0..50 {
            writer.append(&scrape(second)).unwrap();
            writer.flush().unwrap();
        }
        drop(writer);
        let segment = segments(folder.path()).unwrap().remove(0);
        let whole = fs::read(&segment).unwrap();
        let mut later = RecordWriter::open(folder.path(), 1 << 20).unwrap();
        later.append(&scrape(100)).unwrap();
        drop(later);
        for cut in (0..whole.len()).step_by(97) {
            fs::write(&segment, &whole[..cut]).unwrap();
            let mut kept = seconds(folder.path());
            assert_eq!(kept.pop(), Some(100), "cut at {cut}");
            let expected: Vec<_> = (0..).take(kept.len()).collect();
            assert_eq!(kept, expected, "cut at {cut}");
        }
    }

    #[test]
    fn what_was_flushed_outlives_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = RecordWriter::open(folder.path(), 1 << 20).unwrap();
        writer.append(&scrape(1)).unwrap();
        writer.flush().unwrap();
        assert_eq!(seconds(folder.path()), [1]);
        // A crash runs no destructor.
        std::mem::forget(writer);
        assert_eq!(seconds(folder.path()), [1]);
    }

    #[test]
    fn nonsense_in_the_folder_is_counted_and_harms_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("critwatch-0000000000000001.jsonl.gz"),
            "no gzip",
        )
        .unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        let mut writer = RecordWriter::open(folder.path(), 1 << 20).unwrap();
        writer.append(&scrape(2)).unwrap();
        drop(writer);
        let mut reader = RecordReader::open(folder.path()).unwrap();
        assert_eq!(reader.by_ref().count(), 1);
        assert_eq!(reader.torn(), 1);
        assert!(RecordReader::open(&folder.path().join("gone")).is_err());
    }
}
