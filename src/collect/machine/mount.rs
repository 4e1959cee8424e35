//! Room on one filesystem, asked on a thread of its own as disks may hang.

use std::path::Path;
use std::time::Duration;

use rustix::fs::StatVfsMountFlags;

use crate::collect::failure::cause::Failure;
use crate::collect::machine::kernel::file::float;
use crate::collect::machine::kernel::reading::ReadingThread;
use crate::model::sample::Sample;

/// A disk that takes longer is said to fail; the others are not kept waiting.
const PATIENCE: Duration = Duration::from_millis(400);

/// A filesystem, by the path at which it is mounted.
#[derive(Debug)]
pub(crate) struct Mount {
    /// Value of the label `mountpoint`.
    pub(crate) point: String,
    reading: ReadingThread<Result<Vec<Sample>, String>>,
}

impl Mount {
    /// Starts its thread.
    pub(crate) fn new(root: &Path, point: &str) -> Result<Self, Failure> {
        let path = root.join(point.trim_start_matches('/'));
        let label = point.to_owned();
        Ok(Self {
            point: point.to_owned(),
            reading: ReadingThread::start(move || room(&path, &label))?,
        })
    }

    /// Asks for its room, in `node_exporter`'s words.
    pub(crate) async fn ask(&self) -> Result<Vec<Sample>, String> {
        match tokio::time::timeout(PATIENCE, self.reading.ask()).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(failure)) => Err(failure.to_string()),
            Err(_) => Err("it does not answer in time".to_owned()),
        }
    }

    /// What is said of one that does not answer.
    pub(crate) fn silent(&self) -> Vec<Sample> {
        vec![sample(&self.point, "device_error", 1.0)]
    }
}

fn room(path: &Path, point: &str) -> Result<Vec<Sample>, String> {
    let room = rustix::fs::statvfs(path).map_err(|error| error.to_string())?;
    let sample = |name, value| sample(point, name, value);
    let bytes = |blocks: u64| float(blocks) * float(room.f_frsize);
    let readonly = room.f_flag.contains(StatVfsMountFlags::RDONLY);
    Ok(vec![
        sample("device_error", 0.0),
        sample("size_bytes", bytes(room.f_blocks)),
        sample("free_bytes", bytes(room.f_bfree)),
        sample("avail_bytes", bytes(room.f_bavail)),
        sample("files", float(room.f_files)),
        sample("files_free", float(room.f_ffree)),
        sample("readonly", f64::from(u8::from(readonly))),
    ])
}

fn sample(point: &str, name: &str, value: f64) -> Sample {
    let name = format!("node_filesystem_{name}");
    Sample::new(name, [("mountpoint", point)], value)
}
