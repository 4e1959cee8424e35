//! What the page shows after a person changed something.

use jiff::tz::TimeZone;

use crate::app::snapshot;
use crate::command::terminal::output::print;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::model::board::Board;
use crate::model::component::Health;
use crate::model::facts::suppression::Suppression;
use crate::model::verdict::{RuleId, Verdict};
use crate::pipeline::stages::Pipeline;

/// The public state of a site, in one line for the operator who changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageState(String);

impl PageState {
    /// Prints what visitors read from now on, as far as that can be known.
    ///
    /// It is made of the files and of what a running `serve` has written. Where
    /// they cannot be read nothing is printed: the change itself was made.
    pub(crate) async fn print(
        files: &Files,
        database: &StateFolder,
        environment: Environment,
    ) -> anyhow::Result<()> {
        let Ok(mut config) = files.still(environment) else {
            return Ok(());
        };
        let incidents = files.folder(config.incidents.as_ref());
        let zone = config.names.zone.clone();
        let now = Pipeline::clock();
        match snapshot::board(&mut config, &incidents, &database.state, now).await {
            Ok(board) => print(&Self::of(&board, &zone).0),
            Err(_) => Ok(()),
        }
    }

    /// The state of a board; moments are in the zone.
    pub(crate) fn of(board: &Board, zone: &TimeZone) -> Self {
        let troubled = board.components.iter().filter(|state| {
            !matches!(state.health, Health::Ok | Health::Unknown) && !state.in_maintenance
        });
        let troubled: Vec<_> = troubled
            .map(|state| format!("{} {}", state.component.name, state.health.word()))
            .collect();
        let open = board.troubles().count();
        let mut parts = vec![match (troubled.is_empty(), open) {
            (false, _) => troubled.join(", "),
            (true, 0) => "all components work, no open incident".to_owned(),
            (true, 1) => "all components work, 1 open incident".to_owned(),
            (true, open) => format!("all components work, {open} open incidents"),
        }];
        parts.extend(unheard(board, zone));
        Self(format!("the page shows: {}", parts.join("; ")))
    }
}

/// Rules that fire and do not drive the page, each with the reason.
fn unheard(board: &Board, zone: &TimeZone) -> Vec<String> {
    let firing = board.facts.verdicts.iter();
    let firing = firing.filter(|verdict| verdict.state.is_firing());
    firing
        .filter_map(|verdict| {
            let why = reason(board, verdict, zone)?;
            Some(format!("`{}` fires, {why}", verdict.rule.0))
        })
        .collect()
}

fn reason(board: &Board, verdict: &Verdict, zone: &TimeZone) -> Option<String> {
    let rule: &RuleId = &verdict.rule;
    match board.facts.suppressed.get(rule) {
        None => {}
        Some(Suppression::Maintenance) => return Some("suppressed by maintenance".to_owned()),
        Some(Suppression::Silenced { silence, until }) => {
            let mut silences = board.facts.silences.iter();
            let author = silences
                .find(|one| one.id == *silence)
                .map_or_else(String::new, |one| format!(" by {}", one.request.author));
            let until = until.to_zoned(zone.clone()).strftime("%F %H:%M %Z");
            return Some(format!("silenced{author} until {until}"));
        }
    }
    let incidents = &board.facts.incidents;
    let mut closed = incidents.iter();
    let closed = closed.find(|incident| incident.managed.overruled.contains(rule))?;
    Some(format!("overruled by {}", closed.id))
}
