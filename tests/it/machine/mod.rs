//! Real processes, the real machine and its real control groups.

#![expect(clippy::float_cmp, reason = "counts and recorded figures are exact")]

mod files;

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use critwatch::collect::Collector;
use critwatch::collect::schedule::Schedule;
use critwatch::config;
use critwatch::model::sample::Take;

use crate::world::patience::until;

/// A collector as its settings make it.
pub(crate) struct Look {
    schedule: Schedule,
    collector: Collector,
}

impl Look {
    pub(crate) fn new(kind: &str, settings: &str) -> Self {
        let text = format!(
            "[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = '{kind}'\n\
            timeout = '10s'\n{settings}\n"
        );
        let config = config::read(&text, "alerts.toml", Path::new("."), [].into(), None)
            .unwrap_or_else(|error| panic!("{error}"));
        let (schedule, target) = config.collectors.into_iter().next().unwrap();
        let timeout = Duration::from_secs(30);
        let clients = critwatch::collect::http::clients::HttpClients {
            redirecting: critwatch::runtime::client::new(timeout, true).unwrap(),
            direct: critwatch::runtime::client::direct(timeout).unwrap(),
        };
        let collector = Collector::new(target, &clients).unwrap();
        Self {
            schedule,
            collector,
        }
    }

    pub(crate) async fn take(&mut self) -> Take {
        self.collector.take(&self.schedule).await.0
    }

    pub(crate) async fn fails(&mut self) -> String {
        let (take, failure) = self.collector.take(&self.schedule).await;
        assert_eq!(value(&take, "up", &[]), Some(0.0));
        assert_eq!(take.samples.len(), 2, "{take:?}");
        failure.unwrap().to_string()
    }
}

/// The value of the only sample of that name with these labels.
pub(crate) fn value(take: &Take, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let mut found = take.samples.iter().filter(|sample| {
        let own = &sample.metric.labels;
        sample.metric.name == name
            && labels
                .iter()
                .all(|(label, value)| own.get(*label).is_some_and(|own| own == value))
    });
    let first = found.next().map(|sample| sample.value);
    assert!(found.next().is_none(), "{name} appears twice: {take:?}");
    first
}

/// A process that ends with the test.
struct Sleeper(Child);

impl Sleeper {
    fn start(program: &str, arguments: &[&str]) -> Self {
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    fn end(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        // It may have ended as the test wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A word that no other process of this machine has in its command line.
fn marker(test: u32) -> String {
    format!("864{test}.{}", std::process::id())
}

fn group(take: &Take, metric: &str, label: (&str, &str)) -> f64 {
    let name = format!("namedprocess_namegroup_{metric}");
    let labels = [("groupname", "worker"), label];
    let labels = if label.0.is_empty() {
        &labels[..1]
    } else {
        &labels
    };
    value(take, &name, labels).unwrap_or_else(|| panic!("no {name} {label:?}: {take:?}"))
}

fn processes(take: &Take) -> f64 {
    group(take, "num_procs", ("", ""))
}

fn restarts(take: &Take) -> f64 {
    value(take, "process_group_restarts_total", &[]).unwrap()
}

fn watching(command: &str) -> Look {
    let settings = format!("[[collector.process]]\nname = 'worker'\ncommand = '{command}'");
    Look::new("processes", &settings)
}

#[tokio::test]
async fn processes_are_counted_as_they_come_go_and_are_replaced() {
    let marker = marker(0);
    let sleeper = || Sleeper::start("sleep", &[&marker]);
    let began = jiff::Timestamp::now().as_second();
    let mut look = watching(&format!("^sleep {marker}$"));
    // None at all is a number, too.
    let take = look.take().await;
    assert_eq!((processes(&take), restarts(&take)), (0.0, 0.0));
    let (first, second) = (sleeper(), sleeper());
    let mut pids = vec![first.0.id(), second.0.id()];
    // A process just forked has the command line of its parent at first.
    let take = until("both run", async || {
        let take = look.take().await;
        (processes(&take) >= 2.0).then_some(take)
    })
    .await;
    assert_eq!((processes(&take), restarts(&take)), (2.0, 0.0));
    let resident = group(&take, "memory_bytes", ("memtype", "resident"));
    let shares = group(&take, "memory_bytes", ("memtype", "proportionalResident"));
    assert!(shares > 0.0 && shares < resident, "{shares} of {resident}");
    assert!(group(&take, "memory_bytes", ("memtype", "virtual")) > resident);
    assert!(group(&take, "open_filedesc", ("", "")) >= 6.0);
    assert!(group(&take, "worst_fd_ratio", ("", "")) > 0.0);
    assert_eq!(group(&take, "states", ("state", "Sleeping")), 2.0);
    let oldest = group(&take, "oldest_start_time_seconds", ("", ""));
    let now = jiff::Timestamp::now().as_second();
    // The kernel tells the moment in which it began to whole seconds.
    let about = f64::from(i32::try_from(began).unwrap()) - 3.0
        ..f64::from(i32::try_from(now).unwrap()) + 3.0;
    assert!(about.contains(&oldest), "{oldest} is not in {about:?}");
    // Command lines may hold secrets: they leave the collector nowhere.
    assert!(!format!("{take:?}").contains(&marker));

    first.end();
    let take = look.take().await;
    assert_eq!((processes(&take), restarts(&take)), (1.0, 0.0));
    let third = sleeper();
    pids.push(third.0.id());
    let take = until("the third one runs", async || {
        let take = look.take().await;
        (processes(&take) >= 2.0).then_some(take)
    })
    .await;
    assert_eq!(restarts(&take), 1.0);
    second.end();
    third.end();
    let take = look.take().await;
    assert_eq!((processes(&take), restarts(&take)), (0.0, 1.0));
    assert_eq!(group(&take, "memory_bytes", ("memtype", "resident")), 0.0);
}

#[tokio::test]
async fn a_dead_process_that_nobody_buried_is_not_counted_as_living() {
    let marker = marker(1);
    let mut child = Sleeper::start("sleep", &[&marker]);
    let mut look = watching(&format!("^sleep {marker}$"));
    until("it runs", async || processes(&look.take().await) >= 1.0).await;
    child.0.kill().unwrap();
    let take = until("it is dead", async || {
        let take = look.take().await;
        let is_dead = group(&take, "states", ("state", "Zombie")) == 1.0;
        if is_dead { Ok(take) } else { Err(take) }
    })
    .await;
    assert_eq!(processes(&take), 0.0);
}

#[tokio::test]
async fn memory_that_a_process_takes_is_seen() {
    // It keeps what it is given until its input ends.
    let marker = format!("90000{}", std::process::id());
    let mut child = Sleeper::start("tail", &["-c", &marker]);
    let mut input = child.0.stdin.take().unwrap();
    let block = vec![b'x'; 1024 * 1024];
    for _ in 0..40 {
        input.write_all(&block).unwrap();
    }
    let mut look = watching(&format!("^tail -c {marker}$"));
    let take = look.take().await;
    let forty = 38.0 * 1024.0 * 1024.0;
    for kind in ["resident", "proportionalResident"] {
        let bytes = group(&take, "memory_bytes", ("memtype", kind));
        assert!(bytes > forty, "{kind}: {bytes}");
    }
    let cpu = group(&take, "cpu_seconds_total", ("mode", "system"));
    assert!(cpu < 60.0, "{cpu}");
}

#[tokio::test]
async fn a_pid_file_names_a_process_and_a_bad_one_is_not_taken_for_its_death() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worker.pid");
    let settings = format!(
        "[[collector.process]]\nname = 'worker'\npidfile = '{}'",
        file.display()
    );
    let mut look = Look::new("processes", &settings);
    assert_eq!(processes(&look.take().await), 0.0);
    let child = Sleeper::start("sleep", &["86400"]);
    std::fs::write(&file, format!("{}\n", child.0.id())).unwrap();
    assert_eq!(processes(&look.take().await), 1.0);
    child.end();
    let take = look.take().await;
    assert_eq!(processes(&take), 0.0);
    for bad in ["", "gone fishing", "-1"] {
        std::fs::write(&file, bad).unwrap();
        let take = look.take().await;
        let count = value(&take, "namedprocess_namegroup_num_procs", &[]);
        assert_eq!(count, None, "{bad}: {take:?}");
    }
}

#[tokio::test]
async fn this_machine_is_told_as_its_own_files_and_tools_tell_it() {
    let mut look = Look::new("host", "mountpoints = ['/', '/no/such/place']");
    let take = look.take().await;
    assert_eq!(value(&take, "up", &[]), Some(1.0));
    let kilobytes = |name: &str| -> f64 {
        let text = std::fs::read_to_string("/proc/meminfo").unwrap();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let total = value(&take, "node_memory_MemTotal_bytes", &[]).unwrap();
    assert_eq!(total, kilobytes("MemTotal:") * 1024.0);
    assert!(value(&take, "node_memory_MemAvailable_bytes", &[]).unwrap() < total);
    for name in [
        "node_memory_SwapTotal_bytes",
        "node_memory_SwapFree_bytes",
        "node_memory_Active_anon_bytes",
        "node_vmstat_pgmajfault",
        "node_vmstat_oom_kill",
        "node_load1",
        "node_boot_time_seconds",
    ] {
        assert!(value(&take, name, &[]).is_some(), "no {name}");
    }
    let df = Command::new("df")
        .args(["--block-size=1", "--output=size", "/"])
        .output()
        .unwrap();
    let df = String::from_utf8(df.stdout).unwrap();
    let size: f64 = df.lines().nth(1).unwrap().trim().parse().unwrap();
    let root = [("mountpoint", "/")];
    assert_eq!(
        value(&take, "node_filesystem_size_bytes", &root),
        Some(size)
    );
    assert_eq!(
        value(&take, "node_filesystem_device_error", &root),
        Some(0.0)
    );
    let nowhere = [("mountpoint", "/no/such/place")];
    assert_eq!(
        value(&take, "node_filesystem_device_error", &nowhere),
        Some(1.0)
    );
    assert_eq!(value(&take, "node_filesystem_avail_bytes", &nowhere), None);
    let idle = take.samples.iter().filter(|sample| {
        sample.metric.name == "node_cpu_seconds_total" && sample.metric.labels["mode"] == "idle"
    });
    let processors = std::thread::available_parallelism().unwrap().get();
    assert!(idle.count() >= processors);
}

#[tokio::test]
async fn the_control_group_that_we_are_in_is_measured() {
    let own = std::fs::read_to_string("/proc/self/cgroup").unwrap();
    let second = own.lines().find_map(|line| line.strip_prefix("0::"));
    let first = own
        .lines()
        .find_map(|line| line.split_once(":memory:"))
        .map(|(_, path)| format!("/sys/fs/cgroup/memory{path}"));
    let second = second
        .map(|path| format!("/sys/fs/cgroup{path}"))
        .filter(|path| Path::new(path).join("memory.current").exists());
    let Some(path) = second.or(first).filter(|path| Path::new(path).exists()) else {
        eprintln!("this machine has no control group with memory: nothing is checked");
        return;
    };
    let mut look = Look::new("cgroup", &format!("name = 'own'\npath = '{path}'"));
    let take = look.take().await;
    let own = [("name", "own")];
    let used = value(&take, "container_memory_usage_bytes", &own).unwrap();
    let working = value(&take, "container_memory_working_set_bytes", &own).unwrap();
    assert!(used > 1024.0 * 1024.0 && working <= used, "{take:?}");
    assert!(value(&take, "container_spec_memory_limit_bytes", &own).is_some());
    assert!(value(&take, "container_oom_events_total", &own).is_some());
    assert!(value(&take, "container_processes", &own).unwrap() >= 1.0);
}
