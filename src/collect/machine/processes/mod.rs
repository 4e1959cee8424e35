//! Groups of processes on this machine, as process-exporter counts them.

pub mod group;
pub mod matching;
pub mod sums;

use std::collections::BTreeSet;
use std::path::PathBuf;

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::failure::cause::Failure;
use crate::collect::machine::kernel::file::{self, float};
use crate::collect::machine::kernel::lines;
use crate::collect::machine::kernel::reading::ReadingThread;
use crate::collect::machine::kernel::unreadable::Unreadable;
use crate::collect::machine::processes::group::{ProcessGroup, Units};
use crate::collect::machine::processes::matching::{GroupMatcher, Sighting};
use crate::collect::probe::fault::SettingsFault;
use crate::model::sample::Sample;

/// No expression may need more memory once it is compiled.
const EXPRESSION: usize = 1024 * 1024;

/// A `[[collector]]` of the type `processes`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessesSettings {
    /// The groups of processes.
    #[serde(rename = "process", default)]
    groups: Vec<GroupSettings>,
    /// The root of the machine's file system; in a container usually `/host`.
    #[serde(default = "root")]
    root: PathBuf,
    /// Whether to divide shared memory among the processes that share it.
    #[serde(default = "yes")]
    pss: bool,
}

/// A `[[collector.process]]` table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GroupSettings {
    /// Value of the label `groupname`.
    name: String,
    /// A regular expression that the command lines of its processes match.
    command: Option<String>,
    /// The file with the pid of its only process.
    pidfile: Option<PathBuf>,
}

fn root() -> PathBuf {
    PathBuf::from("/")
}

fn yes() -> bool {
    true
}

impl ProcessesSettings {
    /// Why groups cannot be told apart or found.
    pub(crate) fn fault(&self) -> Option<SettingsFault> {
        self.marks().err()
    }

    fn marks(&self) -> Result<Vec<GroupMatcher>, SettingsFault> {
        let mut names = BTreeSet::new();
        if self.groups.is_empty() {
            return Err(SettingsFault::new(
                "process",
                "name the processes to watch: `[[collector.process]]` with `name` and `command`",
            ));
        }
        let mut mark = |(number, group): (usize, &GroupSettings)| {
            let fault =
                |key: &str, words| SettingsFault::new(format!("process.{number}{key}"), words);
            if !names.insert(group.name.clone()) {
                let words = format!("there are two groups `{}`", group.name);
                return Err(fault(".name", words));
            }
            match (&group.command, &group.pidfile) {
                (Some(command), None) => compile(command)
                    .map(GroupMatcher::Command)
                    .map_err(|words| fault(".command", words)),
                (None, Some(path)) => Ok(GroupMatcher::PidFile(path.clone())),
                _ => {
                    let name = &group.name;
                    let words =
                        format!("the processes `{name}` need either `command` or `pidfile`");
                    Err(fault("", words))
                }
            }
        };
        self.groups.iter().enumerate().map(&mut mark).collect()
    }
}

fn compile(command: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(command).size_limit(EXPRESSION).build();
    let regex = regex.map_err(|error| {
        // The last line says what is wrong; those above draw where.
        let words = error.to_string();
        let why = words.lines().last().unwrap_or_default();
        let why = why.trim_start_matches("error: ");
        format!("this is not a regular expression for a command line: {why}")
    })?;
    if regex.is_match("") {
        return Err(format!("`{command}` matches every command line"));
    }
    Ok(regex)
}

/// Looks at processes.
#[derive(Debug)]
pub struct ProcessesCollector {
    reading: ReadingThread<Result<Vec<Sample>, Failure>>,
}

/// What the thread keeps between two looks.
#[derive(Debug)]
struct ProcessWatch {
    proc: PathBuf,
    pss: bool,
    marks: Vec<GroupMatcher>,
    groups: Vec<ProcessGroup>,
    sighting: Sighting,
    missing: Unreadable,
}

impl ProcessesCollector {
    /// Starts without having looked.
    pub(crate) fn new(settings: &ProcessesSettings) -> Result<Self, Failure> {
        let names = settings.groups.iter().map(|group| &*group.name);
        let mut look = ProcessWatch {
            proc: settings.root.join("proc"),
            pss: settings.pss,
            marks: settings
                .marks()
                .map_err(|fault| Failure::Answer(fault.message))?,
            groups: names.map(ProcessGroup::new).collect(),
            sighting: Sighting::default(),
            missing: Unreadable::new("processes"),
        };
        Ok(Self {
            reading: ReadingThread::start(move || look.samples())?,
        })
    }

    /// Looks once.
    pub(crate) async fn collect(&mut self) -> Result<Vec<Sample>, Failure> {
        self.reading.ask().await?
    }
}

impl ProcessWatch {
    fn samples(&mut self) -> Result<Vec<Sample>, Failure> {
        let units = Units {
            ticks: float(rustix::param::clock_ticks_per_second()),
            page: float(u64::try_from(rustix::param::page_size()).unwrap_or(4096)),
            boot: self.boot()?,
        };
        let found = self.sighting.look(&self.proc, &self.marks)?;
        let mut samples = Vec::new();
        for (group, members) in self.groups.iter_mut().zip(found) {
            match members {
                Ok(members) => {
                    let how = (&*self.proc, units, self.pss);
                    samples.extend(group.measure(&members, how, &mut self.missing));
                }
                Err(why) => self.missing.note(format!("the group {}", group.name), &why),
            }
        }
        self.missing.log_changes();
        Ok(samples)
    }

    fn boot(&self) -> Result<f64, Failure> {
        let path = self.proc.join("stat");
        let text = file::whole(&path).map_err(|error| {
            Failure::Answer(format!("{} cannot be read: {error}", path.display()))
        })?;
        lines::number(&text, "btime")
            .map(float)
            .ok_or_else(|| Failure::Answer(format!("{} has no `btime`", path.display())))
    }
}
