//! Joins measured health with incidents as written to one past. Pure.
//!
//! The rule, which `docs/uptime.md` tells to people; the first that fits decides:
//! 1. Planned work is planned work.
//! 2. What an incident file says was bad was bad, seen or not.
//! 3. What could not be seen is unknown.
//! 4. Measured badness counts by itself if it lasted for a minute and no
//!    incident of ours was ever written for it; if one was, the file decided,
//!    also where a person moved its times, made it milder or withdrew it.
//! 5. All else that was seen was fine.

use std::time::Duration;

use jiff::Timestamp;

use crate::history::health::confirmed::{Account, TimeRange};
use crate::model::component::Health;
use crate::model::facts::uptime::{HealthSpan, Spent};
use crate::model::time::duration::elapsed;

/// Measured badness that is shorter counts for nothing by itself.
const BLIP: Duration = Duration::from_mins(1);

/// A time that was spent in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// When it began.
    pub(crate) from: Timestamp,
    /// When it ended.
    pub(crate) to: Timestamp,
    /// How it was spent.
    pub(crate) spent: Spent,
}

/// Joins the past of a component from `from` until `now`.
///
/// Nothing is said of the time before the first measurement: who was not there
/// cannot know how long it worked.
pub(crate) fn join(
    measured: &[HealthSpan],
    account: &Account,
    from: Timestamp,
    now: Timestamp,
) -> Vec<Piece> {
    let Some(first) = begun(measured) else {
        return Vec::new();
    };
    let from = from.max(first);
    let mut edges = Vec::new();
    for (span, health) in counted(measured, &account.noticed, now) {
        edges.push((span.from.max(from), Edge::Measured(health)));
    }
    let mut between = |begin: Timestamp, end: Timestamp, turn: fn(i32) -> Edge| {
        let (begin, end) = (begin.max(from), end.min(now));
        if begin < end {
            edges.extend([(begin, turn(1)), (end, turn(-1))]);
        }
    };
    for outage in &account.outages {
        match outage.weight() {
            Some(Health::Down) => between(outage.from, outage.until(now), Edge::Down),
            Some(Health::Ok | Health::Unknown | Health::Notice | Health::Disrupted) => {
                between(outage.from, outage.until(now), Edge::Disrupted);
            }
            None => {}
        }
    }
    for planned in &account.maintenance {
        let end = planned.to.unwrap_or(now);
        between(planned.from, end, Edge::Maintenance);
    }
    // Stable: of the spans before the window the last one counts at its edge.
    edges.sort_by_key(|(at, _)| *at);
    sweep(&edges, from, now)
}

/// When a component was measured for the first time: rules that could not see it
/// yet have measured nothing.
pub(crate) fn begun(measured: &[HealthSpan]) -> Option<Timestamp> {
    let mut seen = measured.iter();
    let first = seen.find(|span| span.health != Health::Unknown)?;
    Some(first.from)
}

/// The spans, each with what its measured health counts for by itself.
fn counted<'s>(
    measured: &'s [HealthSpan],
    noticed: &[TimeRange],
    now: Timestamp,
) -> impl Iterator<Item = (&'s HealthSpan, Health)> {
    let noticed = merged(noticed, now);
    let bad = |span: &HealthSpan| matches!(span.health, Health::Disrupted | Health::Down);
    let runs = measured.chunk_by(move |one, next| bad(one) && bad(next));
    runs.flat_map(move |run| {
        let (from, to) = (run[0].from, run[run.len() - 1].to);
        let lasted = elapsed(from, to);
        let counts = lasted >= BLIP && !touches(&noticed, from, to);
        run.iter().map(move |span| {
            let health = match span.health {
                Health::Disrupted | Health::Down if !counts => Health::Ok,
                health => health,
            };
            (span, health)
        })
    })
}

/// Stretches that do not overlap, in the order of time.
fn merged(stretches: &[TimeRange], now: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut merged: Vec<(Timestamp, Timestamp)> = Vec::new();
    for stretch in stretches {
        let to = stretch.to.unwrap_or(now).max(stretch.from);
        match merged.last_mut() {
            Some((_, end)) if stretch.from <= *end => *end = to.max(*end),
            _ => merged.push((stretch.from, to)),
        }
    }
    merged
}

fn touches(noticed: &[(Timestamp, Timestamp)], from: Timestamp, to: Timestamp) -> bool {
    let after = noticed.partition_point(|(_, end)| *end < from);
    noticed.get(after).is_some_and(|(begin, _)| *begin <= to)
}

/// Something begins or ends.
#[derive(Clone, Copy, Debug)]
enum Edge {
    Measured(Health),
    Down(i32),
    Disrupted(i32),
    Maintenance(i32),
}

/// What holds at a moment.
#[derive(Debug, Default)]
struct JoinedState {
    measured: Option<Health>,
    down: i32,
    disrupted: i32,
    maintenance: i32,
}

impl JoinedState {
    fn take(&mut self, edge: Edge) {
        match edge {
            Edge::Measured(health) => self.measured = Some(health),
            Edge::Down(turn) => self.down += turn,
            Edge::Disrupted(turn) => self.disrupted += turn,
            Edge::Maintenance(turn) => self.maintenance += turn,
        }
    }

    fn spent(&self) -> Spent {
        if self.maintenance > 0 {
            return Spent::Maintenance;
        }
        match self.measured {
            _ if self.down > 0 => Spent::Down,
            Some(Health::Down) => Spent::Down,
            _ if self.disrupted > 0 => Spent::Disrupted,
            Some(Health::Disrupted) => Spent::Disrupted,
            Some(Health::Ok | Health::Notice) => Spent::Ok,
            Some(Health::Unknown) | None => Spent::Unknown,
        }
    }
}

fn sweep(edges: &[(Timestamp, Edge)], from: Timestamp, now: Timestamp) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut state = JoinedState::default();
    let mut at = from;
    let ends = edges.iter().map(|(at, edge)| (*at, Some(*edge)));
    for (next, edge) in ends.chain([(now, None)]) {
        let next = next.min(now);
        if next > at {
            let spent = state.spent();
            match pieces.last_mut() {
                Some(last) if last.spent == spent => last.to = next,
                _ => pieces.push(Piece {
                    from: at,
                    to: next,
                    spent,
                }),
            }
            at = next;
        }
        if let Some(edge) = edge {
            state.take(edge);
        }
    }
    pieces
}
