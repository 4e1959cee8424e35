//! Queues of every system against answers that fit, and that do not.

use crate::collect::queue::system_name::SystemName;
use proptest::prelude::*;
use redis::{RedisResult, Value, parse_redis_value};

use super::*;

/// A moment of the server's clock, in milliseconds.
const NOW: i64 = 1_700_000_000_000;

const TABLES: [&str; 15] = [
    "stream = { key = 'k', group = 'g' }",
    "list = { pattern = '*', take = 'right', time_field = 'at' }",
    "sorted-set = { key = 'k', score = 'due' }",
    "laravel = { name = 'a' }",
    "horizon = { name = 'a', horizon_prefix = 'h:' }",
    "sidekiq = {}",
    "celery = { name = 'a' }",
    "rq = {}",
    "bullmq = { name = 'a' }",
    "resque = {}",
    "dramatiq = { name = 'a' }",
    "arq = {}",
    "stream = { key = 'k', group = 'g', worker_timeout = '1m' }",
    "sorted-set = { key = 'k', score = 'due', state = 'delayed' }",
    "list = { key = 'k', take = 'left', state = 'reserved' }",
];

fn queue(table: &str) -> QueueReader {
    let mut tables: std::collections::BTreeMap<String, QueueSettings> =
        toml::from_str(&format!("[queue]\n{table}")).unwrap();
    QueueReader::new(tables.remove("queue").unwrap())
}

fn asked(queue: &QueueReader) -> usize {
    let mut pipe = redis::pipe();
    queue.ask(&mut pipe);
    pipe.len()
}

/// Reads a scrape to which Redis answers the same each time.
fn scrape(queue: &mut QueueReader, answer: &str, now_ms: i64) -> (usize, Vec<Sample>) {
    let mut asked = 0;
    let mut next = || {
        asked += 1;
        parse_redis_value(answer.as_bytes())
    };
    let samples = queue.read(&mut next, now_ms);
    (asked, samples)
}

#[test]
fn a_refused_command_is_asked_again_after_five_minutes() {
    let mut queue = queue("list = { key = 'k', take = 'left' }");
    assert_eq!(asked(&queue), 2);
    let (answers, samples) = scrape(&mut queue, "-WRONGTYPE no list\r\n", NOW);
    assert_eq!((answers, samples), (2, Vec::new()));
    assert_eq!(asked(&queue), 0);
    scrape(&mut queue, "", NOW + 299_000);
    assert_eq!(asked(&queue), 0);
    scrape(&mut queue, "", NOW + 300_000);
    assert_eq!(asked(&queue), 2);
    let (_, samples) = scrape(&mut queue, ":0\r\n", NOW + 301_000);
    assert_eq!(samples.len(), 3);
}

#[test]
fn an_error_that_passes_is_asked_again_at_once() {
    for error in ["-LOADING x\r\n", "-MOVED 1 x\r\n", "-ERR no such key\r\n"] {
        let mut queue = queue("list = { key = 'k', take = 'left' }");
        scrape(&mut queue, error, NOW);
        assert_eq!(asked(&queue), 2, "{error}");
    }
}

#[test]
fn a_queue_found_by_its_key_is_kept_for_a_day_after_it_is_empty() {
    const DAY: i64 = 24 * 3_600_000;
    let mut queue = queue("list = { pattern = 'a*', take = 'left' }");
    let found = |cursor: &str| format!("*2\r\n$1\r\n{cursor}\r\n*1\r\n$1\r\na\r\n");
    let nothing = "*2\r\n$1\r\n0\r\n*0\r\n";
    scrape(&mut queue, &found("7"), NOW);
    // The search, and two questions about what was found.
    assert_eq!(asked(&queue), 3);
    scrape(&mut queue, &found("0"), NOW + 1);
    scrape(&mut queue, nothing, NOW + DAY);
    assert_eq!(asked(&queue), 3);
    scrape(&mut queue, nothing, NOW + DAY + 2);
    assert_eq!(asked(&queue), 1);
}

#[test]
fn the_keys_asked_about_are_known_beforehand() {
    let queue = queue("laravel = { name = '{a}' }");
    let keys: Vec<_> = ["queues:{a}", "queues:{a}:delayed", "queues:{a}:reserved"]
        .map(|key| key.as_bytes().to_vec())
        .into();
    assert_eq!(queue.keys(), keys);
}

/// Reads a scrape of these answers, one for each question; says what operators
/// are to know.
fn faults(queue: &mut QueueReader, answers: &[&str], now_ms: i64) -> Vec<String> {
    assert_eq!(asked(queue), answers.len());
    let mut answers = answers.iter();
    let mut next = || parse_redis_value(answers.next().unwrap().as_bytes());
    queue.read(&mut next, now_ms);
    queue.faults.iter().cloned().collect()
}

#[test]
fn a_time_still_to_come_is_told_with_the_way_out_and_not_for_every_job_anew() {
    let mut list = queue("list = { name = 'mail', key = 'k', take = 'left', time_field = 't' }");
    let expected = "pending jobs of the queue mail have times in the future, so their age is counted \
        from when they were first seen; correct the clocks of the machines that queue and \
        process them";
    let job = |seconds: i64| format!("$16\r\n{{\"t\":{}}}\r\n", NOW / 1000 + seconds);
    assert!(faults(&mut list, &[":1\r\n", &job(4)], NOW).is_empty());
    assert_eq!(faults(&mut list, &[":1\r\n", &job(60)], NOW), [expected]);
    let minute = NOW + 60_000;
    assert_eq!(faults(&mut list, &[":1\r\n", &job(59)], minute), [expected]);
    assert_eq!(
        faults(&mut list, &[":0\r\n", "$-1\r\n"], minute),
        [expected]
    );
    let hour = NOW + 3_600_000;
    assert!(faults(&mut list, &[":1\r\n", &job(60)], hour).is_empty());
}

#[test]
fn a_schedule_in_another_unit_and_a_short_retry_after_are_told() {
    let mut set = queue("sorted-set = { name = 'mail', key = 'k', score = 'due' }");
    let lowest = "*2\r\n$1\r\na\r\n$13\r\n1700000600000\r\n";
    let expected = "the scores of mail count milliseconds; write unit = \"ms\"";
    assert_eq!(faults(&mut set, &[":1\r\n", lowest], NOW), [expected]);
    let mut laravel = queue("laravel = { name = 'a' }");
    let due = format!("*2\r\n$1\r\na\r\n$10\r\n{}\r\n", NOW / 1000 + 3600);
    let answers = [":0\r\n", "$-1\r\n", ":1\r\n", &due, ":0\r\n"];
    let expected = faults(&mut laravel, &answers, NOW);
    assert!(
        expected[0].contains("`retry_after` to the value of the application"),
        "{expected:?}"
    );
}

#[test]
fn a_clock_of_a_worker_that_is_ahead_is_told() {
    let mut samples = QueueSamples::new(SystemName::Rq, None, NOW);
    samples.heartbeats([("good".to_owned(), -4000), ("early".to_owned(), -60_000)]);
    let faults: Vec<_> = samples.faults.into_iter().collect();
    let expected = "the worker early has a heartbeat in the future; correct its clock";
    assert_eq!(faults, [expected]);
    assert!(samples.samples.iter().all(|sample| sample.value == 0.0));
}

/// Any answer that Redis could give.
fn any_answer() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Nil),
        Just(Value::Okay),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Double),
        any::<Vec<u8>>().prop_map(Value::BulkString),
        "[0-9.e:{}\"-]{0,12}".prop_map(|text| Value::BulkString(text.into_bytes())),
        "0|a|one|(queue:a)|(worker:a)".prop_map(|text| Value::BulkString(text.into_bytes())),
        ".{0,9}".prop_map(Value::SimpleString),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((inner.clone(), inner), 0..4).prop_map(Value::Map),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_answer_makes_it_panic_or_lose_count(
        answers in prop::collection::vec(any_answer(), 60),
        refused in 0..20_usize,
        now_ms in prop_oneof![Just(NOW), any::<i64>()],
    ) {
        for table in TABLES {
            let mut queue = queue(table);
            let mut answers = answers.iter().cycle().enumerate();
            for _ in 0..4 {
                let expected = asked(&queue);
                let mut taken = 0;
                let mut next = || -> RedisResult<Value> {
                    taken += 1;
                    let (number, answer) = answers.next().unwrap();
                    if number % 20 == refused {
                        return parse_redis_value(b"-ERR no\r\n");
                    }
                    Ok(answer.clone())
                };
                let samples = queue.read(&mut next, now_ms);
                prop_assert_eq!(taken, expected);
                for sample in samples {
                    prop_assert!(sample.value.is_finite(), "{sample:?}");
                }
            }
        }
    }
}
