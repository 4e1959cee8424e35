//! Faults of a probe's settings, each with its place and the way out.

use std::path::Path;

use crate::config::read;

/// Reads settings and holds what is said of them against lines as
/// `line:column words`; lines are counted from `type`.
fn check(rest: &str, expected: &[&str]) {
    let text = format!("[site]\ntitle = 'D'\n[[collector]]\nid = 'it'\n{rest}\n");
    let read = read(&text, "alerts.toml", Path::new("."), [].into(), None);
    let mut messages = Vec::new();
    if let Err(error) = read {
        for fault in &error.faults {
            let (line, column) = (fault.line.saturating_sub(4), fault.column);
            messages.push(format!("{line}:{column} {}", fault.message));
        }
    }
    assert_eq!(messages, expected, "{rest}");
}

#[test]
fn settings_that_make_sense_have_no_fault() {
    for rest in [
        "type = 'http'\nurl = 'https://h/'\nstatus = ['2xx', 404]\nmethod = 'HEAD'",
        "type = 'tcp'\naddress = '[::1]:25'\ntls = true",
        "type = 'websocket'\nurl = 'wss://h/app'",
        "type = 'steps'\nurl = 'http://h'\nstep = [{ name = 'a', save = { x = '/a' } }, \
         { name = 'b', path = '/{{ x }}', save = { y = 'cookie:b' } }]",
        "type = 'http'\nurl = 'http://h'\n[network]\nreference = ['192.0.2.1:443', '[2001:db8::1]:53']",
    ] {
        check(rest, &[]);
    }
}

#[test]
fn a_value_that_cannot_be_read_is_told_where_it_stands() {
    check(
        "type = 'http'\nurl = 'http://h/'\nmethod = 'FETCH'\nstatus = [200, 'ok']\nbody = '('\n\
         json = [{ pointer = '/a' }, { pointer = 'b', equal = 1 }]\nredirects = 11\n\
         headers = { 'a b' = 'c' }\nsend_to = 1",
        &[
            "3:10 unknown method `FETCH`; there are `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS`",
            "4:16 `ok` is not a status; write `200` or \"2xx\"",
            "5:8 this is not a regular expression: unclosed group",
            "6:41 `b` is not a JSON pointer; write it as `/b`",
            "6:46 unknown key `equal`, expected one of `pointer`, `equals`, `matches`, `above`, `below`, `between`; did you mean `equals`?",
            "8:11 `a b` is not a header name",
            "9:1 unknown key `send_to`, expected one of `id`, `interval`, `fast`, `timeout`, `concerns`, `url`, `method`, `headers`, `bearer`, `basic`, `send`, `redirects`, `status`, `body`, `body_not`, `json`, `header`, `ca`, `limit`, `reference`",
        ],
    );
    check(
        "type = 'http'\nurl = 'http://h/'\n[network]\nreference = ['example.org:443']",
        &[
            "4:14 `example.org:443` is not an IP address with a port; write it as `192.0.2.1:443` or `[2001:db8::1]:443`, names are not taken",
        ],
    );
    check(
        "type = 'http'\nurl = 'http://h/'\n[network]\nreference = []",
        &["4:13 name 1 to 16 addresses"],
    );
    check(
        "type = 'http'\nurl = 'http://h/'\nreference = true",
        &["3:13 there is nobody to ask; name addresses in `[network]`"],
    );
    check("type = 'tcp'", &["0:1 missing key `address`"]);
}

#[test]
fn keys_that_do_not_go_together_are_told() {
    check(
        "type = 'http'\nurl = 'ftp://h/'\nredirects = 11\nbearer = 'a'\n\
         basic = { user = 'a', password = 'b' }\nheaders = { x-key = '{{ key }}' }\nca = 'none'",
        &[
            "2:7 a URL must begin with http:// or https:// here",
            "3:13 at most 10 redirects are followed",
            "5:9 `bearer` is there as well; keep one",
            "6:21 nothing saves `key` here; only steps save values",
            "7:6 there is no certificate; give a PEM file",
        ],
    );
    check(
        "type = 'tcp'\naddress = 'http://h'\nca = 'none'",
        &[
            "2:11 write the address as `host:port`, an IPv6 one as `[::1]:port`",
            "3:6 this is for TLS; set `tls = true` as well",
            "3:6 there is no certificate; give a PEM file",
        ],
    );
    check(
        "type = 'websocket'\nurl = 'https://h/'\nlimit = 0",
        &[
            "2:7 a URL must begin with ws:// or wss:// here",
            "3:9 write 1 to 67108864 bytes",
        ],
    );
}

#[test]
fn steps_that_cannot_be_walked_are_told() {
    check(
        "type = 'steps'\nurl = 'http://h/?a'",
        &[
            "1:8 there is nothing to do; write at least one `[[collector.step]]`",
            "2:7 paths are put behind this address; a query goes into a `path`",
        ],
    );
    check(
        "type = 'steps'\nurl = 'http://h'\n[[collector.step]]\nname = 'a'\npath = 'a'\n\
         json = { a = '{{ later }}' }\nbody = '{{ key }}'\nsave = { Key = '/a' }\n\
         [[collector.step]]\nname = 'a'\npath = '/{{ own }}'\nsave = { own = '/a', later = '/b' }\n\
         headers = { x = '{{ keys }}' }\nexpect = { pointer = '/a', equals = '{{ other }}' }",
        &[
            "5:8 a path opens with `/`",
            "6:8 no step before this one saves `later`; add it to a `save` there",
            "7:8 a step sends one body; keep one of them",
            "7:8 no step before this one saves `key`; add it to a `save` there",
            "8:16 write names of values in lower-case letters, digits and `_`",
            "10:8 `a` appears twice; every step needs its own name",
            "11:8 no step before this one saves `own`; add it to a `save` there",
            "13:17 no step before this one saves `keys`; add it to a `save` there",
            "14:10 no step before this one saves `other`; add it to a `save` there",
        ],
    );
    check(
        "type = 'steps'\nurl = 'http://h'\nstep = [{ name = 'a', save = { b = 'header:a b' } }, \
         { name = 'b', save = { c = 'd' } }]",
        &[
            "3:36 `a b` is not a header name",
            "3:81 `d` is not a JSON pointer; write it as `/d`; or write `header:name` or `cookie:name`",
        ],
    );
}
