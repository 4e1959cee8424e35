//! The table of recorded events, read back from the report of an incident.
//!
//! The file tells the story once more below its updates, for those who read it
//! elsewhere. On the page that would be a second timeline with the same words.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::language::{moments, phases};
use crate::model::incident::Incident;

/// Days between two rows at most: no number of a day comes later than that.
const APART: i64 = 62;

/// A row: when, and what as markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecordedRow {
    /// When it happened.
    pub(crate) at: Timestamp,
    /// The event.
    pub(crate) words: String,
}

/// Takes the tables of what was recorded out of a report: the rows that no update
/// tells, and the report without them. What stood beside a table keeps its place
/// under another heading. A table that people changed into something else stays.
pub(crate) fn split(
    report: &str,
    incident: &Incident,
    zone: &TimeZone,
    heading: &str,
) -> (Vec<RecordedRow>, String) {
    let mut rows = Vec::new();
    let mut rest: Vec<String> = Vec::new();
    let lines: Vec<&str> = report.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let long = lines[at..]
            .iter()
            .take_while(|line| line.starts_with('|'))
            .count();
        match read(&lines[at..at + long], incident, zone) {
            Some(found) => {
                rows.extend(found);
                rename(&mut rest, heading);
            }
            None => rest.extend(
                lines[at..at + long.max(1)]
                    .iter()
                    .map(|line| (*line).to_owned()),
            ),
        }
        at += long.max(1);
    }
    rows.retain(|row| {
        let mut told = incident.updates.iter();
        !told.any(|update| phases::is_line_of(&row.words, &update.word))
    });
    (rows, without_empty(&rest, heading))
}

/// Names the heading above a table that was taken out.
fn rename(rest: &mut [String], heading: &str) {
    let last = rest.iter_mut().rev().find(|line| !line.trim().is_empty());
    if let Some(line) = last.filter(|line| line.starts_with('#')) {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        *line = format!("{} {heading}", "#".repeat(level));
    }
}

/// The text without headings of that name under which nothing stands.
fn without_empty(lines: &[String], heading: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let is_ours = line.starts_with('#') && line.trim_start_matches('#').trim() == heading;
        let mut below = lines[at + 1..]
            .iter()
            .filter(|line| !line.trim().is_empty());
        let is_empty = below.next().is_none_or(|line| line.starts_with('#'));
        if !(is_ours && is_empty) {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

/// The rows of a table, if all of them have a time.
fn read(lines: &[&str], incident: &Incident, zone: &TimeZone) -> Option<Vec<RecordedRow>> {
    let [head, line, rows @ ..] = lines else {
        return None;
    };
    let is_line = line
        .chars()
        .all(|sign| matches!(sign, '|' | '-' | ':' | ' '));
    let (named, _) = cells(head).filter(|_| is_line && !rows.is_empty())?;
    let mut day = incident.date?.to_zoned(zone.clone()).date();
    let mut found: Vec<RecordedRow> = Vec::new();
    for row in rows {
        let (when, words) = cells(row)?;
        let (date, time, said) = moment(&when)?;
        day = match date {
            None => day,
            Some(RowDay::Whole(date)) => date,
            Some(RowDay::Number(date)) => {
                let mut days = (0..APART).map_while(|on: i64| day.checked_add(on.days()).ok());
                days.find(|day| day.day() == date)?
            }
        };
        let at = moments::instant(day, time, zone, said.unwrap_or(&named))?;
        if found.last().is_some_and(|last| last.at > at) {
            return None;
        }
        found.push(RecordedRow { at, words });
    }
    Some(found)
}

/// The two cells of a row; a sign that is escaped parts nothing.
fn cells(row: &str) -> Option<(String, String)> {
    let inner = row.trim().strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for sign in inner.chars() {
        if sign == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(sign);
        }
        escaped = sign == '\\' && !escaped;
    }
    match cells.as_slice() {
        [one, other] => Some((one.trim().to_owned(), other.trim().to_owned())),
        _ => None,
    }
}

/// The day of a row, as far as it is named.
#[derive(Clone, Copy, Debug)]
enum RowDay {
    /// All of it.
    Whole(Date),
    /// Its number in the month, as older versions wrote it.
    Number(i8),
}

/// `2026-03-01 23:48:03 CET` or `1 March, 23:48`: the day, the time, and the zone, as
/// far as they are named.
fn moment(text: &str) -> Option<(Option<RowDay>, Time, Option<&str>)> {
    let (day, clock) = match text.rsplit_once(", ") {
        Some((day, clock)) => {
            let digits: String = day.chars().filter(char::is_ascii_digit).collect();
            (Some(RowDay::Number(digits.parse().ok()?)), clock)
        }
        None => match text.split_once(' ') {
            Some((day, clock)) if !day.contains(':') => {
                (Some(RowDay::Whole(day.parse().ok()?)), clock)
            }
            _ => (None, text),
        },
    };
    let (clock, zone) = match clock.split_once(' ') {
        Some((clock, zone)) => (clock, Some(zone)),
        None => (clock, None),
    };
    let mut parts = clock.splitn(3, ':');
    let mut number = || parts.next()?.parse::<i8>().ok();
    let (hour, minute) = (number()?, number()?);
    let time = Time::new(hour, minute, number().unwrap_or_default(), 0).ok()?;
    Some((day, time, zone))
}

#[cfg(test)]
mod tests {
    use crate::model::incident::Update;

    use super::*;

    fn incident(words: &[&str]) -> Incident {
        let update = |word: &&str| Update {
            word: (*word).to_owned(),
            ..Update::default()
        };
        Incident {
            date: "2026-03-01T23:48:00Z".parse().ok(),
            updates: words.iter().map(update).collect(),
            ..Incident::default()
        }
    }

    const TABLE: &str = "| UTC | What happened |\n| --- | --- |\n\
        | 1 March, 23:48 | First failing measurement |\n\
        | 23:48 | Investigating: The cache is full. |\n\
        | 2 March, 00:20 | Release: v0.9 \\| |\n";

    fn told(report: &str, zone: &str) -> (Vec<String>, String) {
        let zone = TimeZone::get(zone).unwrap();
        let incident = incident(&["Investigating"]);
        let (rows, rest) = split(report, &incident, &zone, "Measurements");
        let rows = rows.iter().map(|row| format!("{} {}", row.at, row.words));
        (rows.collect(), rest)
    }

    #[test]
    fn what_was_recorded_leaves_the_report_for_the_timeline() {
        let rows = [
            "2026-03-01T23:48:00Z First failing measurement",
            "2026-03-02T00:20:00Z Release: v0.9 \\|",
        ];
        let report = format!("## Background\n\nA rush.\n\n## Timeline\n\n{TABLE}\n## Future\n\nx");
        let rest = "## Background\n\nA rush.\n\n\n\n## Future\n\nx";
        let (found, left) = told(&report, "UTC");
        assert_eq!(found, rows);
        assert_eq!(left, rest);
        // What stands below keeps a heading.
        let report = format!("## Timeline\n\n{TABLE}\nIt took 3 seconds.\n");
        let (_, rest) = told(&report, "UTC");
        assert_eq!(rest, "## Measurements\n\n\nIt took 3 seconds.");
    }

    #[test]
    fn a_table_that_says_something_else_stays() {
        for report in [
            "| Metric | Worst |\n| --- | --- |\n| a | b |",
            "| UTC | What happened |\n| --- | --- |\n| … | 12 more |",
            "| UTC | What happened |\n| --- | --- |\n| 23:50 | a |\n| 23:49 | b |",
            "| UTC | What | More |\n| --- | --- | --- |\n| 23:50 | a | b |",
        ] {
            assert_eq!(told(report, "UTC"), (vec![], report.to_owned()));
        }
        // Another zone than that of the site: its clock is not known.
        assert_eq!(told(TABLE, "Europe/Berlin").0, [""; 0]);
    }

    #[test]
    fn a_clock_that_changes_meanwhile_is_read_by_its_name() {
        let table = "| CEST | x |\n| --- | --- |\n| 25 October, 02:30 | a |\n| 02:30 CET | b |";
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let incident = Incident {
            date: "2026-10-25T00:30:00Z".parse().ok(),
            ..Incident::default()
        };
        let (rows, _) = split(table, &incident, &zone, "");
        let at: Vec<_> = rows.iter().map(|row| row.at.to_string()).collect();
        assert_eq!(at, ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]);
    }
}
