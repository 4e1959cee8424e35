//! Settings of a Redis that cannot work, and the way out of each.

use crate::config::tests::faults;

/// Settings that cannot work, and words of what is said to them.
const FAULTS: [(&str, &str); 18] = [
    ("", "name the Redis: `url = "),
    (
        "url = 'http://localhost'",
        "write redis://host:port/db, rediss://… or unix:///path",
    ),
    (
        "url = 'rediss://h:1/#insecure'",
        "set the trusted authority with `ca_file`",
    ),
    ("sentinels = ['h:1']", "write it as `master = \"mymaster\"`"),
    (
        "url = 'redis://h'\nmaster = 'm'",
        "name them: `sentinels = [\"host:26379\"]`",
    ),
    (
        "sentinels = ['h']\nmaster = 'm'",
        "`h` is not the address of a sentinel; write host:26379",
    ),
    (
        "sentinels = ['h:1']\nmaster = 'm'\ncluster = true",
        "keep `cluster` or `sentinels`",
    ),
    (
        "url = 'redis://h'\nsentinel_password = 'hidden'",
        "`sentinel_password` needs",
    ),
    (
        "url = 'unix:///a'\ncluster = true",
        "write redis:// or rediss://",
    ),
    (
        "url = 'redis://h/2'\ncluster = true",
        "a cluster has only the database 0",
    ),
    (
        "url = 'redis://h'\nca = 'x'",
        "open the address with rediss://",
    ),
    ("url = 'rediss://h'\nca = 'x'", "there is no certificate"),
    (
        "url = 'rediss://h'\ncert = 'x'",
        "`cert_file` and `key_file` belong together",
    ),
    (
        "url = 'rediss://h'\ncert = 'x'\nkey = 'hidden'",
        "there is no certificate",
    ),
    (
        "url = 'redis://h'\n[collector.canary]\nkey = ''\nttl = '1m'",
        "give the canary a `key`",
    ),
    (
        "url = 'redis://h'\n[collector.canary]\nkey = 'a'\nttl = '1s'",
        "`ttl` is at least 10s",
    ),
    (
        "url = 'redis://h'\n[collector.canary]\nkey = 'a'\nttl = 'x'",
        "is not a duration",
    ),
    ("url = 'redis://h'\nclustr = true", "unknown key `clustr`"),
];

#[test]
fn settings_that_cannot_work_are_refused_with_the_way_out() {
    for (settings, words) in FAULTS {
        let head = "[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\ntype = 'redis'\n";
        let fault = faults(&format!("{head}{settings}\n"));
        let first = fault.lines().next().unwrap_or_default();
        assert!(first.contains(words), "{settings}: {fault}");
        assert!(!first.contains("hidden"), "{fault}");
    }
}
