//! A segment of a record: a compressed file, named after its first moment.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;

/// How the name of a segment opens and ends; between stands its first moment.
const NAME: (&str, &str) = ("critwatch-", ".jsonl.gz");

/// A file that scrapes are appended to, as lines that `zcat` reads.
#[derive(Debug)]
pub(crate) struct Segment {
    file: GzEncoder<CountedFile>,
    /// Its first moment.
    pub(crate) since: Timestamp,
}

/// A file that knows how much was written to it.
#[derive(Debug)]
struct CountedFile {
    file: BufWriter<File>,
    bytes: u64,
}

impl Segment {
    /// Begins one in a folder.
    pub(crate) fn begin(folder: &Path, at: Timestamp) -> io::Result<Self> {
        let mut number = at.as_millisecond().max(0);
        loop {
            let name = format!("{}{number:016}{}", NAME.0, NAME.1);
            match File::create_new(folder.join(name)) {
                Ok(file) => {
                    let file = BufWriter::new(file);
                    let file =
                        GzEncoder::new(CountedFile { file, bytes: 0 }, Compression::default());
                    return Ok(Self { file, since: at });
                }
                // A run that began in the same millisecond, or a clock that stepped back.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Appends a line.
    pub(crate) fn write(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.write_all(b"\n")
    }

    /// Its size so far, compressed.
    pub(crate) fn bytes(&self) -> u64 {
        self.file.get_ref().bytes
    }

    /// Hands all that was appended to the system.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }

    /// Writes its end.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.file.finish()?.flush()
    }
}

impl Write for CountedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += u64::try_from(written).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The segments of a folder, the oldest first.
pub(crate) fn segments(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name
            .to_str()
            .is_some_and(|name| name.starts_with(NAME.0) && name.ends_with(NAME.1));
        if ours {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}
