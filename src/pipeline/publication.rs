//! From verdicts and incidents to the board, for a running service and for a snapshot.

use std::sync::Arc;

use jiff::Timestamp;

use crate::history::{Announced, History};
use crate::incident::journal::state::JournalState;
use crate::incident::maintenance::list::MaintenanceList;
use crate::incident::reconcile::suppression::suppressed;
use crate::model::board::{Board, Facts, Sight};
use crate::model::component::Component;
use crate::model::facts::weight;
use crate::model::incidents::list::Incidents;
use crate::model::series::measure::ChartState;
use crate::model::silence::Silence;
use crate::model::verdict::Verdict;

/// What a board is made of, besides the facts of its moment.
#[derive(Debug)]
pub(crate) struct Publication<'a> {
    /// Components in the order of the page.
    pub components: &'a [Component],
    /// The planned work of all incidents.
    pub maintenance: &'a mut MaintenanceList,
    /// The past; none if nothing was ever stored.
    pub history: Option<&'a mut History>,
}

impl Publication<'_> {
    /// Notes in the past what rules measured, and gives the first facts of the moment.
    pub(crate) fn measured(
        &mut self,
        verdicts: Vec<Verdict>,
        sight: Sight,
        now: Timestamp,
    ) -> Facts {
        if let Some(history) = &mut self.history {
            let measured = weight::measured_health(self.components, &verdicts);
            history.note(measured, sight, now);
        }
        Facts {
            verdicts,
            ..Facts::of(sight)
        }
    }

    /// Adds the silences, and what they and planned work suppress.
    pub(crate) fn suppressed(
        &mut self,
        facts: Facts,
        incidents: &Arc<Incidents>,
        silences: Arc<Vec<Silence>>,
        now: Timestamp,
    ) -> Facts {
        self.maintenance.read(incidents, now);
        let planned = self.maintenance.all();
        Facts {
            suppressed: suppressed(&facts.verdicts, self.components, planned, &silences, now),
            silences,
            ..facts
        }
    }

    /// Makes the board once the incidents are written, and sums up the past with them.
    pub(crate) fn board(
        self,
        facts: Facts,
        written: JournalState,
        (written_at, charts): (Timestamp, Arc<Vec<Arc<ChartState>>>),
        now: Timestamp,
    ) -> Board {
        let Self {
            components,
            maintenance,
            mut history,
        } = self;
        maintenance.read(&written.incidents, now);
        let announced = Announced {
            components,
            incidents: &written.incidents,
            away: &written.away,
            opened: &written.opened,
            verdicts: &facts.verdicts,
            maintenance: maintenance.spans(),
            written: written_at,
        };
        if let Some(history) = &mut history {
            history.confirm(&announced, now);
        }
        let mut facts = Facts {
            incidents: written.incidents,
            outlooks: written.outlooks,
            faults: written.faults,
            reader: written.reader,
            unwritten: written.unwritten,
            maintenance: maintenance.all().to_vec(),
            ..facts
        };
        let Some(history) = history else {
            let nothing = |component: &Component| (component.clone(), Arc::default());
            let board = Board::new(now, components.iter().map(nothing), facts);
            return Board { charts, ..board };
        };
        facts.related = history.related(now);
        facts.firsthand = history.firsthand(now);
        facts.honesty = history.honesty();
        let past = |component: &Component| (component.clone(), history.uptime(&component.id));
        let board = Board::new(now, components.iter().map(past), facts);
        Board {
            charts,
            revised: history.revised(&board),
            ..board
        }
    }
}
