//! The incidents of two replays of one record, side by side.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::app::replay::past::Past;
use crate::model::time::duration::short;

/// What became of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IncidentFate {
    /// Only the changed rules have it.
    New,
    /// Only the rules compared with have it.
    Gone,
    /// Both have it, at other moments.
    Moved,
    /// Both have it alike.
    Same,
}

/// One line of the comparison.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ComparedIncident {
    /// What became of it.
    pub fate: IncidentFate,
    /// Its heading.
    pub title: String,
    /// When it begins, with the changed rules if they have it.
    pub since: Timestamp,
    /// Seconds by which it begins later; negative is earlier.
    pub begins_later: i64,
    /// Seconds by which it ends later; `None` where one of them is open.
    pub ends_later: Option<i64>,
}

/// Pairs the incidents that meet in time and share a component.
pub(crate) fn compare(before: &[Past], after: &[Past]) -> Vec<ComparedIncident> {
    let mut left: Vec<_> = before.iter().collect();
    let mut changes: Vec<_> = after
        .iter()
        .map(|now| match left.iter().position(|was| is_same(was, now)) {
            Some(place) => both(left.remove(place), now),
            None => alone(now, IncidentFate::New),
        })
        .collect();
    changes.extend(left.into_iter().map(|was| alone(was, IncidentFate::Gone)));
    changes.sort_by_key(|change| change.since);
    changes
}

impl ComparedIncident {
    /// It as a row of a table.
    pub(crate) fn row(&self, zone: &TimeZone) -> Vec<String> {
        let sign = match self.fate {
            IncidentFate::New => "+ new",
            IncidentFate::Gone => "- gone",
            IncidentFate::Moved => "~ moved",
            IncidentFate::Same => "= same",
        };
        let since = self.since.to_zoned(zone.clone()).strftime("%F %T %Z");
        let moved = [
            moved("begins", self.begins_later),
            moved("ends", self.ends_later.unwrap_or_default()),
        ];
        let moved: Vec<_> = moved.into_iter().flatten().collect();
        vec![
            sign.to_owned(),
            since.to_string(),
            self.title.clone(),
            moved.join(", "),
        ]
    }
}

fn moved(what: &str, seconds: i64) -> Option<String> {
    let length = short(Duration::from_secs(seconds.unsigned_abs()));
    match seconds {
        0 => None,
        later if later > 0 => Some(format!("{what} {length} later")),
        _ => Some(format!("{what} {length} earlier")),
    }
}

fn is_same(was: &Past, now: &Past) -> bool {
    let meets = was.until.is_none_or(|until| until >= now.since)
        && now.until.is_none_or(|until| until >= was.since);
    meets
        && was
            .components
            .iter()
            .any(|name| now.components.contains(name))
}

fn both(was: &Past, now: &Past) -> ComparedIncident {
    let later = |from: Timestamp, to: Timestamp| to.duration_since(from).as_secs();
    let begins_later = later(was.since, now.since);
    let ends_later = was.until.zip(now.until).map(|(was, now)| later(was, now));
    let same = begins_later == 0
        && was.until == now.until
        && was.severity == now.severity
        && was.components == now.components;
    ComparedIncident {
        fate: if same {
            IncidentFate::Same
        } else {
            IncidentFate::Moved
        },
        title: now.title.clone(),
        since: now.since,
        begins_later,
        ends_later,
    }
}

fn alone(past: &Past, fate: IncidentFate) -> ComparedIncident {
    ComparedIncident {
        fate,
        title: past.title.clone(),
        since: past.since,
        begins_later: 0,
        ends_later: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(title: &str, since: i64, until: Option<i64>, component: &str) -> Past {
        let at = |second| Timestamp::from_second(second).unwrap();
        Past {
            id: title.to_owned(),
            title: title.to_owned(),
            since: at(since),
            until: until.map(at),
            severity: None,
            components: vec![component.to_owned()],
            draft: false,
            rules: Vec::new(),
        }
    }

    #[test]
    fn incidents_that_meet_in_time_and_place_are_one() {
        let before = [
            past("early", 0, Some(10), "A"),
            past("same", 20, Some(30), "A"),
            past("open", 50, None, "A"),
        ];
        let after = [
            past("same", 20, Some(30), "A"),
            past("elsewhere", 20, Some(30), "B"),
            past("later", 130, None, "A"),
        ];
        let changes = compare(&before, &after);
        let rows: Vec<_> = changes
            .iter()
            .map(|change| change.row(&TimeZone::UTC))
            .map(|row| format!("{} {} {}", row[0], row[2], row[3]))
            .collect();
        assert_eq!(
            rows,
            [
                "- gone early ",
                "= same same ",
                "+ new elsewhere ",
                "~ moved later begins 1 min 20 s later",
            ]
        );
    }
}
