//! All maintenance among the incidents, read again when files or the clock change it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::incident::maintenance::progress::{all, maintenance_spans, stage};
use crate::model::facts::planned::Planned;
use crate::model::facts::uptime::Maintenance;
use crate::model::incident::IncidentId;
use crate::model::incidents::list::Incidents;

/// Maintenance as the incident files describe it.
///
/// Reading all files takes long where there are thousands, so that happens only
/// when they changed; between two changes the clock can move open maintenance alone.
#[derive(Debug, Default)]
pub struct MaintenanceList {
    incidents: Arc<Incidents>,
    all: Vec<Planned>,
    spans: Vec<Maintenance>,
}

impl MaintenanceList {
    /// Reads what the incidents say at that moment.
    pub fn read(&mut self, incidents: &Arc<Incidents>, now: Timestamp) {
        if !Arc::ptr_eq(&self.incidents, incidents) {
            self.incidents = Arc::clone(incidents);
            self.all = all(incidents, now);
            self.spans = maintenance_spans(incidents, now);
        } else if self.moved(now) {
            self.spans = maintenance_spans(incidents, now);
        }
    }

    /// Moves open maintenance to the stage of that moment; returns whether any moved.
    fn moved(&mut self, now: Timestamp) -> bool {
        let incidents = Arc::clone(&self.incidents);
        let stage_now = |id: &IncidentId| {
            let mut open = incidents.active();
            stage(open.find(|incident| incident.id == *id)?, now)
        };
        let mut moved = false;
        self.all.retain_mut(|work| {
            if !work.stage.is_open() {
                return true;
            }
            let stage = stage_now(&work.id);
            moved |= stage != Some(work.stage);
            work.stage = stage.unwrap_or(work.stage);
            stage.is_some()
        });
        moved
    }

    /// Public maintenance, past and to come, newest first.
    pub fn all(&self) -> &[Planned] {
        &self.all
    }

    /// From when until when components were under maintenance, as it really was.
    pub fn spans(&self) -> &[Maintenance] {
        &self.spans
    }
}

#[cfg(test)]
mod tests {
    use crate::incident::file::document::Document;
    use crate::model::facts::planned::WorkStage;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Maintenance from 12:00 to 13:00, and a notice whose beginning alone makes it one.
    fn incidents() -> Arc<Incidents> {
        let file = |name: &str, body: &str| {
            let text = format!(
                "---\nsection: issue\ndate: 2026-03-02T12:00:00Z\nresolved: false\n\
                resolvedWhen: 2026-03-02T13:00:00Z\nseverity: notice\naffected: [API]\n---\n{body}\n"
            );
            Arc::new(Document::parse(text).unwrap().incident(name))
        };
        let files = [file("a.md", "*Scheduled* - Soon."), file("b.md", "Slow.")];
        Arc::new(files.into_iter().collect())
    }

    #[test]
    fn the_clock_moves_open_maintenance_though_no_file_changes() {
        let incidents = incidents();
        let mut list = MaintenanceList::default();
        for (now, stages, spans) in [
            (
                "2026-03-02T11:00:00Z",
                vec![WorkStage::Scheduled, WorkStage::Scheduled],
                0,
            ),
            ("2026-03-02T12:30:00Z", vec![WorkStage::InProgress], 1),
            ("2026-03-02T14:00:00Z", vec![WorkStage::Overdue], 1),
        ] {
            list.read(&incidents, at(now));
            let found: Vec<_> = list.all().iter().map(|work| work.stage).collect();
            assert_eq!((found, list.spans().len()), (stages, spans), "{now}");
            // Whoever begins to read at that moment sees the same.
            let mut fresh = MaintenanceList::default();
            fresh.read(&incidents, at(now));
            assert_eq!(fresh.all(), list.all(), "{now}");
            assert_eq!(fresh.spans(), list.spans(), "{now}");
        }
    }
}
