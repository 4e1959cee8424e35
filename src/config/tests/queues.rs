//! Faults of `[[collector.queue]]` tables: all at once, with their lines.

use crate::config::tests;

fn faults(queues: &[&str]) -> String {
    let head = "[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = 'redis'\n\
        timeout = '20s'\nurl = 'redis://127.0.0.1'\n";
    let tables = queues
        .iter()
        .map(|queue| format!("[[collector.queue]]\n{queue}\n"));
    tests::faults(&format!("{head}{}", tables.collect::<String>()))
}

/// A table, where its fault stands, and words of what is told.
const FAULTS: &str = "
system = 'gopher' / name = 'a' | 9:10 | unknown value `gopher`, expected one of `stream`
system = 7 | 9:10 | `system` is a word
name = 'a' / key = 'a' | 8:1 | missing key `group`
name = 'a' / group = 'g' | 8:1 | either `key` or `pattern`
key = 'a' / pattern = 'a*' / group = 'g' | 8:1 | either `key` or `pattern`
name = 'a' / pattern = 'a*' / group = 'g' | 8:1 | leave out `name`
system = 'laravel' | 8:1 | with `name`, `names` or `pattern`
system = 'laravel' / name = 'a' / pattern = 'a' | 8:1 | either names or a `pattern`
system = 'laravel' / name = 'a' / group = 'g' | 11:1 | unknown key `group`, expected one of `name`
system = 'laravel' / name = 'a' / retry_after = '90' | 11:15 | `90` is not a duration
system = 'laravel' / name = '' | 10:8 | write a text here
system = 'celery' / names = [] | 10:9 | at least one queue
system = 'celery' / name = 'a' / priorities = [] | 11:14 | [0, 3, 6, 9]
system = 'horizon' | 8:1 | missing key `horizon_prefix`
system = 'list' / key = 'a' | 8:1 | missing key `take`
system = 'list' / key = 'a' / take = 'middle' | 11:8 | expected `left` or `right`
system = 'sorted-set' / key = 'a' / score = 'due' / unit = 'h' | 12:8 | expected `s` or `ms`
system = 'sorted-set' / key = 'a' / score = 'due' / state = 'dead' | 8:1 | leave out `state`
system = 'list' / key = 'a' / take = 'left' / state = 'done' | 12:9 | expected one of `pending`
name = 'a' / key = 'a' / group = 'g' / worker_timeout = '90' | 12:18 | `90` is not a duration
system = 'dramatiq' | 8:1 | with `name`, `names` or `pattern`
system = 'rq' / pattern = '*' | 10:1 | unknown key `pattern`";

#[test]
fn each_fault_is_told_with_its_line_and_the_way_out() {
    for fault in FAULTS.lines().skip(1) {
        let [table, place, words] = fault.split(" | ").collect::<Vec<_>>().try_into().unwrap();
        let messages = faults(&[&table.replace(" / ", "\n")]);
        assert!(messages.contains(words), "{table}: {messages}");
        let place = format!("alerts.toml:{place}\n");
        assert!(messages.contains(&place), "{table}: {messages}");
    }
}

#[test]
fn faults_of_several_tables_are_told_together() {
    let messages = faults(&[
        "system = 'laravel'\nname = 'a'\nretry_after = 'soon'",
        "system = 'list'\nkey = 'b'\ntake = 'top'",
        "system = 'celery'",
        "system = 'rq'\nnam = 'a'",
    ]);
    for line in ["11:15", "15:8", "16:1", "20:1"] {
        assert!(
            messages.contains(&format!("alerts.toml:{line}\n")),
            "{line}: {messages}"
        );
    }
}

#[test]
fn the_same_queue_is_watched_once_but_equal_names_of_two_applications_are_fine() {
    let twice = "system = 'laravel'\nnames = ['a', 'b']";
    assert!(faults(&[twice, "system = 'laravel'\nname = 'b'"]).contains("`b` appears twice"));
    assert!(
        faults(&["system = 'sidekiq'", "system = 'sidekiq'\nname = 'a'"])
            .contains("a table of sidekiq already")
    );
    for (one, other) in [
        ("score = 'added'", "score = 'added'\nstate = 'pending'"),
        ("score = 'due'", "score = 'due'\nstate = 'delayed'"),
    ] {
        let table = |key: &str, rest: &str| {
            format!("system = 'sorted-set'\nname = 'a'\nkey = '{key}'\n{rest}")
        };
        let messages = faults(&[&table("x", one), &table("y", other)]);
        assert!(messages.contains("`a` appears twice"), "{one}: {messages}");
    }
    for queues in [
        &[twice, "system = 'laravel'\nname = 'b'\napp = 'other'"][..],
        &[
            "system = 'sidekiq'",
            "system = 'sidekiq'\nprefix = 'b:'\napp = 'other'",
        ],
        &[
            "system = 'list'\nkey = 'a'\ntake = 'left'\nname = 'x'",
            "system = 'list'\nkey = 'b'\ntake = 'left'\nname = 'x'\nstate = 'reserved'",
        ],
        &[
            "key = 'a'\ngroup = 'one'\nname = 'x'",
            "key = 'a'\ngroup = 'two'\nname = 'y'",
        ],
    ] {
        assert_eq!(faults(queues), "");
    }
}
