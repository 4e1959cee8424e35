//! Any bytes as an incident file: read, printed, and changed key by key.
#![no_main]

use critwatch::incident::file::document::Document;
use critwatch::incident::file::edit::Set;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = Document::parse(bytes) else { return };
    assert_eq!(document.bytes(), bytes);
    let before = document.incident("a.md");
    let names = ["API".to_owned(), "Ü: \"x\"".to_owned()];
    for (key, value) in [
        ("title", Set::Text("a: \"b\"")),
        ("resolved", Set::Bool(true)),
        ("affected", Set::List(&names)),
        ("resolvedWhen", Set::Moment(jiff::Timestamp::UNIX_EPOCH)),
    ] {
        let mut changed = document.clone();
        if changed.set(key, &value).is_err() {
            continue;
        }
        let after = changed.incident("a.md");
        assert_eq!(after.body, before.body);
        assert_eq!(after.severity, before.severity);
        match value {
            Set::Text(text) => assert_eq!(after.title, text),
            Set::Bool(value) => assert_eq!(after.resolved, Some(value)),
            Set::List(names) => assert_eq!(after.affected, names),
            _ => assert_eq!(after.resolved_when, Some(jiff::Timestamp::UNIX_EPOCH)),
        }
    }
});
