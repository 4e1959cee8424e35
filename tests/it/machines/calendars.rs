//! The calendar, as an independent reader reads it.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::machines::{FILES, board, names, now, show, shown};

/// The events of a calendar by their UID, each property as an independent reader has it.
fn events(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let unfolded = icalendar::parser::unfold(text);
    let calendar = icalendar::parser::read_calendar(&unfolded).unwrap();
    let events = calendar
        .components
        .iter()
        .filter(|part| part.name == "VEVENT");
    events
        .map(|event| {
            let properties: BTreeMap<_, _> = event
                .properties
                .iter()
                .map(|property| (property.name.to_string(), property.val.to_string()))
                .collect();
            (properties["UID"].clone(), properties)
        })
        .collect()
}

#[test]
fn planned_work_is_in_the_calendar_as_an_independent_reader_has_it() {
    let text = show("/calendar.ics");
    assert!(text.lines().all(|line| line.len() <= 75));
    assert!(
        text.split('\n')
            .all(|line| line.is_empty() || line.ends_with('\r'))
    );
    let events = events(&text);
    let names: Vec<_> = events
        .keys()
        .map(|uid| uid.split('@').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "2026-02-10-done",
            "2026-03-01-worker-update",
            "2026-03-05-called-off",
            "2026-03-09-new-disks"
        ]
    );
    let disks = &events["2026-03-09-new-disks@status.example.org"];
    assert_eq!(
        (&*disks["DTSTART"], &*disks["DTEND"]),
        ("20260309T020000Z", "20260309T040000Z")
    );
    assert_eq!(
        (&*disks["SEQUENCE"], &*disks["DTSTAMP"]),
        ("194443200", "20260228T120000Z")
    );
    assert_eq!(disks["STATUS"], "CONFIRMED");
    let off = &events["2026-03-05-called-off@status.example.org"];
    assert_eq!(
        (&*off["STATUS"], &*off["SEQUENCE"]),
        ("CANCELLED", "194522400")
    );
    assert!(!off.contains_key("DTEND"));
}

#[test]
fn a_changed_work_keeps_its_name_in_the_calendar_and_counts_on() {
    let (file, text) = FILES[0];
    let later = now() + Duration::from_secs(5);
    let events = |text: &str, at| {
        events(&shown(
            &board(&[(file, text)], at),
            &names(),
            "/calendar.ics",
        ))
    };
    let before = events(text, now());
    assert_eq!(events(text, later), before);
    let moved = text
        .replace("2026-03-09T02", "2026-03-10T02")
        .replace(
            "---\n*Update",
            "---\n*Cancelled* - No. {{< track \"2026-03-01 18:00:00\" >}}\n\n*Update",
        )
        .replace("resolved: false", "resolved: true");
    let after = events(&moved, later);
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    let event = after.values().next().unwrap();
    assert_eq!(
        (&*event["SEQUENCE"], &*event["DTSTAMP"]),
        ("194551200", "20260301T180000Z")
    );
    assert_eq!(event["STATUS"], "CANCELLED");
}

#[test]
fn a_calendar_without_work_can_be_read() {
    let text = shown(&board(&[], now()), &names(), "/calendar.ics");
    assert!(events(&text).is_empty() && text.contains("VTIMEZONE"));
}
