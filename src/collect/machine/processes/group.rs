//! A group of processes: its figures in process-exporter's words.

use std::collections::HashMap;
use std::path::Path;

use crate::collect::machine::kernel::file::{float, size};
use crate::collect::machine::kernel::stat::Stat;
use crate::collect::machine::kernel::unreadable::Unreadable;
use crate::collect::machine::processes::matching::Member;
use crate::collect::machine::processes::sums::{GroupSample, ProcessSums};
use crate::model::sample::Sample;

/// The states that process-exporter knows, and their letters.
const STATES: [(&str, &str); 5] = [
    ("Running", "R"),
    ("Sleeping", "SI"),
    ("Waiting", "D"),
    ("Zombie", "ZXx"),
    ("Other", ""),
];

/// What the machine says once for all processes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Units {
    /// Ticks a second, in which processor time is counted.
    pub(crate) ticks: f64,
    /// Bytes of a page.
    pub(crate) page: f64,
    /// When the machine began, in Unix time.
    pub(crate) boot: f64,
}

/// What is remembered of a group, so that its counters only ever rise.
#[derive(Debug)]
pub(crate) struct ProcessGroup {
    /// Value of the label `groupname`.
    pub(crate) name: String,
    last: HashMap<Id, Counts>,
    total: Counts,
    /// Members that went and have not been replaced.
    gone: u64,
    restarts: u64,
}

/// A process for good: its pid may be used anew, both together never.
type Id = (u32, u64);

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    user: u64,
    system: u64,
    faults: u64,
}

impl ProcessGroup {
    /// Starts without a member.
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            last: HashMap::new(),
            total: Counts::default(),
            gone: 0,
            restarts: 0,
        }
    }

    /// Takes the members over, measures them, and says it in samples.
    ///
    /// `pss` asks for the shares of memory that is shared, which walks through
    /// all memory of a process.
    pub(crate) fn measure(
        &mut self,
        members: &[Member],
        (proc, units, pss): (&Path, Units, bool),
        missing: &mut Unreadable,
    ) -> Vec<Sample> {
        self.count(members);
        let living: Vec<&Member> = members
            .iter()
            .filter(|member| !member.stat.is_dead())
            .collect();
        let mut samples = self.samples(&living, units);
        samples.extend(states(members));
        samples.extend(ProcessSums::over(&self.name, &living, (proc, pss), missing).samples());
        let mut samples: Vec<_> = samples
            .into_iter()
            .map(|(metric, label, value)| {
                let name = format!("namedprocess_namegroup_{metric}");
                let group = ("groupname", &*self.name);
                match label {
                    Some(label) => Sample::new(name, [group, label], value),
                    None => Sample::new(name, [group], value),
                }
            })
            .collect();
        samples.push(Sample::new(
            "process_group_restarts_total",
            [("groupname", &*self.name)],
            float(self.restarts),
        ));
        samples
    }

    /// What the line of each process tells.
    fn samples(&self, living: &[&Member], units: Units) -> Vec<GroupSample> {
        let sum = |value: fn(&Stat) -> u64| -> f64 {
            let values = living.iter().map(|member| float(value(&member.stat)));
            values.sum()
        };
        let memory = |kind, bytes| ("memory_bytes", Some(("memtype", kind)), bytes);
        let seconds = |ticks| float(ticks) / units.ticks;
        let cpu = |mode, ticks| ("cpu_seconds_total", Some(("mode", mode)), seconds(ticks));
        let mut samples = vec![
            ("num_procs", None, float(size(living.len()))),
            ("num_threads", None, sum(|stat| stat.threads)),
            ("major_page_faults_total", None, float(self.total.faults)),
            cpu("user", self.total.user),
            cpu("system", self.total.system),
            memory("resident", sum(|stat| stat.resident_pages) * units.page),
            memory("virtual", sum(|stat| stat.virtual_bytes)),
        ];
        let oldest = living.iter().map(|member| member.stat.start).min();
        samples.extend(oldest.map(|start| {
            let start = units.boot + seconds(start);
            ("oldest_start_time_seconds", None, start)
        }));
        samples
    }

    /// Adds what the members did since the last look, and sees who was replaced.
    fn count(&mut self, members: &[Member]) {
        let mut before = std::mem::take(&mut self.last);
        let mut fresh = 0;
        for Member { pid, stat } in members {
            let id = (*pid, stat.start);
            let now = Counts {
                user: stat.user,
                system: stat.system,
                faults: stat.major_faults,
            };
            let then = if stat.is_dead() {
                // It stays among those that went; nothing is told of one that
                // was dead when it was first seen.
                before.get(&id).copied().unwrap_or(now)
            } else {
                self.last.insert(id, now);
                let then = before.remove(&id);
                fresh += u64::from(then.is_none());
                then.unwrap_or_default()
            };
            add(&mut self.total.user, now.user, then.user);
            add(&mut self.total.system, now.system, then.system);
            add(&mut self.total.faults, now.faults, then.faults);
        }
        self.gone += size(before.len());
        let replaced = self.gone.min(fresh);
        self.gone -= replaced;
        self.restarts += replaced;
    }
}

/// Adds what a counter rose.
fn add(total: &mut u64, now: u64, then: u64) {
    *total = total.saturating_add(now.saturating_sub(then));
}

/// How many members are in each state.
fn states(members: &[Member]) -> impl Iterator<Item = GroupSample> {
    let state_of = |member: &Member| {
        let found = STATES
            .iter()
            .find(|(_, letters)| letters.contains(member.stat.state));
        found.map_or("Other", |(state, _)| state)
    };
    STATES.iter().map(move |(state, _)| {
        let count = members.iter().filter(|member| state_of(member) == *state);
        (
            "states",
            Some(("state", *state)),
            float(size(count.count())),
        )
    })
}
