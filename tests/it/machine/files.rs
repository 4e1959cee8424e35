//! States of a machine that cannot be made, told by files as they would be.

#![expect(clippy::float_cmp, reason = "counts and recorded figures are exact")]

use std::path::Path;

use critwatch::model::sample::Take;

use crate::machine::{Look, value};

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A process of an own `/proc`; times in ticks, memory in pages.
fn process(root: &Path, pid: u32, command: &str, state: char, (user, start): (u64, u64)) {
    let line = format!(
        "{pid} (na) me) {state} 1 7 7 0 -1 64 9 0 3 0 {user} 50 0 0 20 0 4 0 {start} 81920 5 0 0"
    );
    let name = |file: &str| format!("proc/{pid}/{file}");
    write(root, &name("stat"), line);
    write(root, &name("cmdline"), command.replace(' ', "\0"));
    write(root, &name("status"), "Name:\tx\nVmSwap:\t      64 kB\n");
    let rollup = "5-7 ---p 0 00:00 0 [rollup]\nPss:  8 kB\nSwapPss: 2 kB\n";
    write(root, &name("smaps_rollup"), rollup);
    write(
        root,
        &name("limits"),
        "Limit  Soft Limit\nMax open files   4  8   files\n",
    );
    write(root, &name("fd/0"), "");
}

fn machine() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(
        root,
        "proc/stat",
        "cpu  9 9 9\ncpu0 100 0 200 300 0 0 0 0\nbtime 1700000000\n",
    );
    process(root, 1, "init", 'S', (0, 1));
    folder
}

fn watching(root: &Path) -> Look {
    let settings = format!(
        "root = '{}'\n[[collector.process]]\nname = 'worker'\ncommand = '^worker'",
        root.display()
    );
    Look::new("processes", &settings)
}

fn said(take: &Take, metric: &str, labels: &[(&str, &str)]) -> f64 {
    let name = format!("namedprocess_namegroup_{metric}");
    value(take, &name, labels).unwrap_or_else(|| panic!("no {name} {labels:?}: {take:?}"))
}

#[tokio::test]
async fn every_figure_of_a_group_is_the_sum_over_its_processes() {
    let folder = machine();
    let root = folder.path();
    process(root, 70, "worker --a", 'R', (100, 1000));
    process(root, 71, "worker --b", 'D', (300, 500));
    write(root, "proc/71/fd/1", "");
    let take = watching(root).take().await;
    let memory = |kind| said(&take, "memory_bytes", &[("memtype", kind)]);
    assert_eq!(said(&take, "num_procs", &[]), 2.0);
    assert_eq!(said(&take, "num_threads", &[]), 8.0);
    assert_eq!(said(&take, "major_page_faults_total", &[]), 6.0);
    let page = memory("resident") / 10.0;
    assert!(page >= 4096.0);
    assert_eq!(memory("virtual"), 2.0 * 81920.0);
    assert_eq!(memory("swapped"), 2.0 * 65536.0);
    assert_eq!(memory("proportionalResident"), 2.0 * 8192.0);
    assert_eq!(memory("proportionalSwapped"), 2.0 * 2048.0);
    assert_eq!(said(&take, "open_filedesc", &[]), 3.0);
    assert_eq!(said(&take, "worst_fd_ratio", &[]), 0.5);
    let state = |state| said(&take, "states", &[("state", state)]);
    assert_eq!(
        (state("Running"), state("Waiting"), state("Zombie")),
        (1.0, 1.0, 0.0)
    );
    // A hundred ticks are a second here as everywhere on Linux.
    assert_eq!(said(&take, "cpu_seconds_total", &[("mode", "user")]), 4.0);
    assert_eq!(said(&take, "cpu_seconds_total", &[("mode", "system")]), 1.0);
    assert_eq!(
        said(&take, "oldest_start_time_seconds", &[]),
        1_700_000_005.0
    );
}

#[tokio::test]
async fn counters_of_a_group_never_fall_when_a_process_goes() {
    let folder = machine();
    let root = folder.path();
    process(root, 70, "worker --a", 'S', (100, 1000));
    process(root, 71, "worker --b", 'S', (300, 500));
    let mut look = watching(root);
    let seconds = |take: &Take| said(take, "cpu_seconds_total", &[("mode", "user")]);
    let restarts = |take: &Take| value(take, "process_group_restarts_total", &[]).unwrap();
    assert_eq!(seconds(&look.take().await), 4.0);
    std::fs::remove_dir_all(root.join("proc/71")).unwrap();
    process(root, 70, "worker --a", 'S', (150, 1000));
    let take = look.take().await;
    assert_eq!((seconds(&take), restarts(&take)), (4.5, 0.0));
    // The pid is used anew at once: another start, another process.
    process(root, 70, "worker --a", 'S', (10, 2000));
    let take = look.take().await;
    assert_eq!((seconds(&take), restarts(&take)), (4.6, 1.0));
    // One that dies and is not buried has gone; what takes its place is new.
    process(root, 70, "", 'Z', (20, 2000));
    let take = look.take().await;
    assert_eq!((seconds(&take), restarts(&take)), (4.7, 1.0));
    process(root, 72, "worker --c", 'S', (0, 3000));
    process(root, 73, "worker --d", 'S', (0, 3000));
    assert_eq!(restarts(&look.take().await), 3.0);
}

#[tokio::test]
async fn a_machine_short_of_memory_is_told_in_the_words_of_node_exporter() {
    let folder = machine();
    let root = folder.path();
    let memory = "MemTotal:  2048 kB\nMemAvailable:  12 kB\nHugePages_Total:  3\nAnon(x): 1 kB\n";
    write(root, "proc/meminfo", memory);
    write(
        root,
        "proc/vmstat",
        "nr_free_pages 1\noom_kill 7\npgmajfault 99\n",
    );
    write(root, "proc/loadavg", "12.5 8.25 4.00 9/300 4242\n");
    write(
        root,
        "proc/pressure/memory",
        "some avg10=9 total=3000000\nfull avg10=1 total=500000\n",
    );
    write(root, "proc/pressure/cpu", "some avg10=9 total=1000000\n");
    let take = Look::new("host", &format!("root = '{}'", root.display()))
        .take()
        .await;
    for (name, expected) in [
        ("up", Some(1.0)),
        ("node_memory_MemAvailable_bytes", Some(12288.0)),
        ("node_memory_HugePages_Total", Some(3.0)),
        ("node_memory_Anon_x_bytes", Some(1024.0)),
        ("node_vmstat_oom_kill", Some(7.0)),
        ("node_vmstat_nr_free_pages", None),
        ("node_load15", Some(4.0)),
        ("node_pressure_memory_waiting_seconds_total", Some(3.0)),
        ("node_pressure_memory_stalled_seconds_total", Some(0.5)),
        ("node_pressure_cpu_waiting_seconds_total", Some(1.0)),
        ("node_pressure_cpu_stalled_seconds_total", None),
        ("node_pressure_io_waiting_seconds_total", None),
        ("node_boot_time_seconds", Some(1_700_000_000.0)),
    ] {
        assert_eq!(value(&take, name, &[]), expected, "{name}");
    }
    let idle = [("cpu", "0"), ("mode", "idle")];
    assert_eq!(value(&take, "node_cpu_seconds_total", &idle), Some(3.0));
}

fn cgroup(path: &Path) -> Look {
    let settings = format!("name = 'worker'\npath = '{}'", path.display());
    Look::new("cgroup", &settings)
}

#[tokio::test]
async fn a_control_group_at_its_limit_is_told_in_the_words_of_cadvisor() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (name, text) in [
        ("cgroup.controllers", "cpu memory pids\n"),
        ("cgroup.procs", "12\n13\n"),
        ("memory.current", "1000000\n"),
        ("memory.max", "1048576\n"),
        ("memory.high", "max\n"),
        (
            "memory.stat",
            "anon 700000\nfile 200000\ninactive_file 150000\n",
        ),
        ("memory.events", "low 0\nhigh 4\nmax 5\noom 6\noom_kill 2\n"),
        (
            "memory.pressure",
            "some avg10=0 total=4000000\nfull avg10=0 total=2000000\n",
        ),
        (
            "cpu.stat",
            "usage_usec 5000000\nnr_periods 10\nnr_throttled 3\nthrottled_usec 250000\n",
        ),
        ("cpu.max", "50000 100000\n"),
        ("pids.current", "9\n"),
        ("pids.max", "max\n"),
    ] {
        write(path, name, text);
    }
    let mut look = cgroup(path);
    let take = look.take().await;
    let worker = [("name", "worker")];
    for (name, expected) in [
        ("memory_usage_bytes", Some(1_000_000.0)),
        ("memory_working_set_bytes", Some(850_000.0)),
        ("memory_rss", Some(700_000.0)),
        ("spec_memory_limit_bytes", Some(1_048_576.0)),
        // No limit is 0, as cAdvisor has it.
        ("spec_memory_reservation_limit_bytes", Some(0.0)),
        ("oom_events_total", Some(2.0)),
        ("memory_events_oom_total", Some(6.0)),
        ("memory_events_max_total", Some(5.0)),
        ("memory_failcnt", Some(5.0)),
        ("pressure_memory_stalled_seconds_total", Some(2.0)),
        ("cpu_usage_seconds_total", Some(5.0)),
        ("cpu_cfs_throttled_periods_total", Some(3.0)),
        ("cpu_cfs_throttled_seconds_total", Some(0.25)),
        ("spec_cpu_quota", Some(50_000.0)),
        ("spec_cpu_period", Some(100_000.0)),
        ("threads", Some(9.0)),
        ("threads_max", Some(0.0)),
        ("processes", Some(2.0)),
        // An old kernel has no file of the peak.
        ("memory_max_usage_bytes", None),
    ] {
        let found = value(&take, &format!("container_{name}"), &worker);
        assert_eq!(found, expected, "{name}");
    }
    // A unit that has ended leaves nothing behind.
    std::fs::remove_dir_all(path).unwrap();
    assert!(look.fails().await.contains("there is no cgroup"));
}

#[tokio::test]
async fn a_control_group_of_the_first_version_says_what_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for (name, text) in [
        ("cgroup.procs", "12\n"),
        ("memory.usage_in_bytes", "1000000\n"),
        ("memory.limit_in_bytes", "9223372036854771712\n"),
        ("memory.max_usage_in_bytes", "2000000\n"),
        ("memory.failcnt", "5\n"),
        (
            "memory.stat",
            "total_rss 7\ntotal_cache 8\ntotal_inactive_file 400000\n",
        ),
        (
            "memory.oom_control",
            "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
        ),
    ] {
        write(path, name, text);
    }
    let take = cgroup(path).take().await;
    for (name, expected) in [
        ("memory_usage_bytes", Some(1_000_000.0)),
        ("memory_working_set_bytes", Some(600_000.0)),
        ("spec_memory_limit_bytes", Some(0.0)),
        ("memory_failcnt", Some(5.0)),
        ("oom_events_total", Some(3.0)),
        ("cpu_usage_seconds_total", None),
    ] {
        assert_eq!(
            value(&take, &format!("container_{name}"), &[]),
            expected,
            "{name}"
        );
    }
}

/// Files that say nothing sensible.
fn garbage() -> Vec<Vec<u8>> {
    vec![
        Vec::new(),
        b"\0\xff\xfe garbage ) ( total=x -1 99999999999999999999999999\n".repeat(9),
        vec![b'7'; 4 * 1024 * 1024],
        b"a ".repeat(2 * 1024 * 1024),
    ]
}

#[tokio::test]
async fn garbage_in_files_is_no_figure_and_breaks_nothing() {
    for bytes in garbage() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        process(root, 1, "init", 'S', (0, 1));
        process(root, 7, "worker", 'S', (0, 1));
        for name in ["status", "smaps_rollup", "limits"] {
            write(root, &format!("proc/7/{name}"), &bytes);
        }
        write(root, "proc/stat", "btime 1700000000\n");
        let take = watching(root).take().await;
        assert_eq!(said(&take, "num_procs", &[]), 1.0);
        write(root, "proc/7/stat", &bytes);
        // It cannot be said whether this is a worker: so nothing is said.
        assert!(watching(root).fails().await.contains("process 7"));
        write(root, "proc/stat", &bytes);
        assert!(watching(root).fails().await.contains("btime"));

        for name in [
            "meminfo",
            "vmstat",
            "loadavg",
            "pressure/cpu",
            "pressure/memory",
        ] {
            write(root, &format!("proc/{name}"), &bytes);
        }
        let settings = format!("root = '{}'", root.display());
        let take = Look::new("host", &settings).take().await;
        assert!(take.samples.len() < 32, "{}", take.samples.len());

        let group = tempfile::tempdir().unwrap();
        for name in [
            "cgroup.controllers",
            "cgroup.procs",
            "memory.current",
            "memory.max",
            "memory.stat",
            "memory.events",
            "memory.pressure",
            "cpu.stat",
            "cpu.max",
        ] {
            write(group.path(), name, &bytes);
        }
        let take = cgroup(group.path()).take().await;
        assert_eq!(value(&take, "container_memory_rss", &[]), None);
        std::fs::remove_file(group.path().join("cgroup.controllers")).unwrap();
        let take = cgroup(group.path()).take().await;
        assert_eq!(value(&take, "container_memory_rss", &[]), None);
    }
}

#[tokio::test]
async fn a_machine_without_files_is_not_said_to_be_well() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().display();
    let failure = Look::new("host", &format!("root = '{root}'")).fails().await;
    assert!(failure.contains("`root`"), "{failure}");
    let failure = watching(folder.path()).fails().await;
    assert!(failure.contains("cannot be read"), "{failure}");
    let failure = cgroup(&folder.path().join("none")).fails().await;
    assert!(failure.contains("there is no cgroup"), "{failure}");
}
