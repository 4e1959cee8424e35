//! The machine in `node_exporter`'s words: memory, pressure, load, disks.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::failure::cause::Failure;
use crate::collect::machine::kernel::file::{self, float};
use crate::collect::machine::kernel::lines;
use crate::collect::machine::kernel::reading::ReadingThread;
use crate::collect::machine::kernel::unreadable::Unreadable;
use crate::collect::machine::mount::Mount;
use crate::collect::machine::pressure;
use crate::model::sample::{INCOMPLETE, Sample};

/// Each has a thread of its own.
const MOUNTPOINTS: usize = 32;

/// What `/proc/vmstat` counts that `node_exporter` shows.
const VMSTAT: [&str; 7] = [
    "oom_kill",
    "pgmajfault",
    "pgfault",
    "pgpgin",
    "pgpgout",
    "pswpin",
    "pswpout",
];

/// The columns of a processor in `/proc/stat`.
const MODES: [&str; 8] = [
    "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal",
];

/// A `[[collector]]` of the type `host`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostSettings {
    /// The root of the machine's file system; in a container usually `/host`.
    #[serde(default = "root")]
    root: PathBuf,
    /// File systems, each by a path on it.
    #[serde(default = "mountpoints")]
    mountpoints: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from("/")
}

fn mountpoints() -> Vec<String> {
    vec!["/".to_owned()]
}

impl HostSettings {
    /// Whether the filesystems are named as they can be found.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.mountpoints.iter().any(|point| !point.starts_with('/')) {
            return Err(Failure::Answer(
                "mountpoints open with `/`, as in `[\"/\", \"/var\"]`".to_owned(),
            ));
        }
        if self.mountpoints.len() > MOUNTPOINTS {
            return Err(Failure::Answer(format!(
                "at most {MOUNTPOINTS} mountpoints are watched; name fewer"
            )));
        }
        Ok(())
    }
}

/// Makes samples of what is in a file.
type FileReader = fn(&str) -> Vec<Sample>;

/// Looks at the machine.
#[derive(Debug)]
pub struct HostCollector {
    reading: ReadingThread<Result<Vec<Sample>, Failure>>,
    mounts: Vec<Mount>,
    missing: Unreadable,
}

impl HostCollector {
    /// Starts without having looked.
    pub(crate) fn new(settings: &HostSettings) -> Result<Self, Failure> {
        let mut points = settings.mountpoints.clone();
        points.sort();
        points.dedup();
        let mounts = points.iter().map(|point| Mount::new(&settings.root, point));
        let proc = settings.root.join("proc");
        let mut missing = Unreadable::new("this machine");
        Ok(Self {
            mounts: mounts.collect::<Result<_, Failure>>()?,
            reading: ReadingThread::start(move || read(&proc, &mut missing))?,
            missing: Unreadable::new("this machine"),
        })
    }

    /// Looks once.
    pub(crate) async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        let asked = futures_util::future::join_all(self.mounts.iter().map(Mount::ask));
        let (read, answers) = tokio::join!(self.reading.ask(), asked);
        let mut samples = read??;
        if answers.iter().any(Result::is_err) {
            samples.push(Sample::new(INCOMPLETE, [], 1.0));
        }
        for (mount, answer) in self.mounts.iter().zip(answers) {
            let what = format!("the filesystem {}", mount.point);
            let room = self.missing.take(&what, answer);
            samples.extend(room.unwrap_or_else(|| mount.silent()));
        }
        self.missing.log_changes();
        Ok(samples)
    }
}

/// Reads the files of a `/proc`.
fn read(proc: &std::path::Path, missing: &mut Unreadable) -> Result<Vec<Sample>, Failure> {
    let mut samples = Vec::new();
    let files: [(&str, FileReader); 7] = [
        ("meminfo", memory),
        ("vmstat", vmstat),
        ("loadavg", load),
        ("stat", processors),
        ("pressure/cpu", |text| stalls("cpu", text)),
        ("pressure/memory", |text| stalls("memory", text)),
        ("pressure/io", |text| stalls("io", text)),
    ];
    for (name, read) in files {
        let found = file::whole(&proc.join(name)).map_err(|error| error.to_string());
        let found = found.and_then(|text| match read(&text) {
            read if read.is_empty() => Err("nothing in it can be understood".to_owned()),
            read => Ok(read),
        });
        samples.extend(missing.take(name, found).into_iter().flatten());
    }
    missing.log_changes();
    if samples.is_empty() {
        return Err(Failure::Answer(format!(
            "nothing in {} can be read; `root` says where the machine's files are",
            proc.display()
        )));
    }
    Ok(samples)
}

fn memory(text: &str) -> Vec<Sample> {
    let samples = lines::numbers(text).map(|(name, value, unit)| {
        let name = name.replace('(', "_").replace(')', "");
        match unit {
            "kB" => Sample::new(
                format!("node_memory_{name}_bytes"),
                [],
                float(value) * 1024.0,
            ),
            _ => Sample::new(format!("node_memory_{name}"), [], float(value)),
        }
    });
    samples.collect()
}

fn vmstat(text: &str) -> Vec<Sample> {
    let samples = lines::numbers(text)
        .filter(|(name, ..)| VMSTAT.contains(name))
        .map(|(name, value, _)| Sample::new(format!("node_vmstat_{name}"), [], float(value)));
    samples.collect()
}

fn load(text: &str) -> Vec<Sample> {
    let names = ["node_load1", "node_load5", "node_load15"];
    let values = text
        .split_ascii_whitespace()
        .map_while(|word| word.parse::<f64>().ok());
    names
        .into_iter()
        .zip(values)
        .map(|(name, value)| Sample::new(name, [], value))
        .collect()
}

fn processors(text: &str) -> Vec<Sample> {
    let ticks = float(rustix::param::clock_ticks_per_second());
    let mut samples = Vec::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let Some(name) = words.next() else { continue };
        let number = name.strip_prefix("cpu").unwrap_or_default();
        if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            let times = words.map_while(|word| word.parse().ok().map(float));
            samples.extend(MODES.iter().zip(times).map(|(mode, time)| {
                let labels = [("cpu", number), ("mode", *mode)];
                Sample::new("node_cpu_seconds_total", labels, time / ticks)
            }));
        }
    }
    for (name, metric) in [
        ("btime", "node_boot_time_seconds"),
        ("procs_running", "node_procs_running"),
        ("procs_blocked", "node_procs_blocked"),
    ] {
        let value = lines::number(text, name).map(float);
        samples.extend(value.map(|value| Sample::new(metric, [], value)));
    }
    samples
}

fn stalls(resource: &str, text: &str) -> Vec<Sample> {
    let Some(pressure) = pressure::parse(text) else {
        return Vec::new();
    };
    let sample = |kind: &str, value| {
        let name = format!("node_pressure_{resource}_{kind}_seconds_total");
        Sample::new(name, [], value)
    };
    let stalled = pressure.stalled.map(|value| sample("stalled", value));
    [sample("waiting", pressure.waiting)]
        .into_iter()
        .chain(stalled)
        .collect()
}
