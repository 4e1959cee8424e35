//! Any text as the body of an incident: its timeline, its HTML, a new update.
#![no_main]

use critwatch::incident::file::body;
use critwatch::incident::file::document::Document;
use critwatch::model::incident::{Phase, Update};
use critwatch::web::text::markdown;
use critwatch::web::site::Names;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let updates = body::parse(text, &TimeZone::UTC).updates;
    for raw_html in [false, true] {
        let names = Names { raw_html, ..Names::new("", TimeZone::UTC) };
        let html = markdown::render(text, &names).to_lowercase();
        assert!(!html.contains("<script") && !html.contains("<iframe") && !html.contains("<svg"));
    }
    let head = "---\nsection: issue\n---\n";
    let Ok(mut document) = Document::parse(format!("{head}{text}")) else { return };
    document.prepend(&Update::new(Timestamp::UNIX_EPOCH, Phase::Monitoring, "It rolls again."));
    assert!(document.bytes().ends_with(text.as_bytes()));
    let incident = document.incident("a.md");
    assert_eq!(incident.updates.len(), updates.len() + 1);
    assert_eq!(incident.updates[0].text, "It rolls again.");
});
