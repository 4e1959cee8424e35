//! What names an update for ever, though others are written above it.

use std::collections::BTreeMap;

use crate::model::incident::Update;

/// A key for each update, in their order: its moment, or its place from below.
///
/// An update keeps its key when its text is corrected or newer updates are written.
pub(crate) fn keys(updates: &[Update]) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let oldest_first = updates.iter().rev().zip(1_u32..);
    let mut keys: Vec<_> = oldest_first
        .map(|(update, place)| {
            let key = match update.at {
                Some(at) => at.strftime("%Y%m%dT%H%M%SZ").to_string(),
                None => place.to_string(),
            };
            let times = seen.entry(key.clone()).or_default();
            *times += 1;
            if *times == 1 {
                key
            } else {
                format!("{key}-{times}")
            }
        })
        .collect();
    keys.reverse();
    keys
}

#[cfg(test)]
mod tests {
    use crate::model::incident::Phase;

    use super::*;

    #[test]
    fn an_update_keeps_its_key_when_a_newer_one_is_written() {
        let at = |text: &str| text.parse().unwrap();
        let update = |time: &str| Update::new(at(time), Phase::Monitoring, "x");
        let mut undated = update("2026-03-01T12:00:00Z");
        undated.at = None;
        let mut updates = vec![
            update("2026-03-01T12:05:00Z"),
            update("2026-03-01T12:05:00Z"),
            undated,
            update("2026-03-01T12:00:00Z"),
        ];
        let before = keys(&updates);
        let expected = [
            "20260301T120500Z-2",
            "20260301T120500Z",
            "2",
            "20260301T120000Z",
        ];
        assert_eq!(before, expected);
        updates.insert(0, update("2026-03-01T12:05:00Z"));
        assert_eq!(keys(&updates)[1..], before);
    }
}
