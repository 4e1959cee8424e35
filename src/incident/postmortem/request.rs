//! Requests the recorded facts of incidents that are over, one at a time, for the
//! journal to write; waits for no disk.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::incident::journal::Journal;
use crate::incident::postmortem::facts::IncidentFacts;
use crate::incident::postmortem::picture;
use crate::model::component::Component;
use crate::model::event::Event;
use crate::model::incident::{Incident, IncidentId};
use crate::model::request::ask::{FoundHistory, HistoryQuery};
use crate::model::series::measure::Decisive;

/// The channel to the history, and the pending request.
#[derive(Debug, Default)]
pub struct PostmortemRequest {
    asks: Option<mpsc::Sender<HistoryQuery>>,
    waiting: Option<(IncidentId, oneshot::Receiver<FoundHistory>)>,
    /// Until when nothing is tried, as something could not be written.
    rests: Option<Timestamp>,
}

/// How long it rests after something could not be written.
const REST: Duration = Duration::from_secs(10);

impl PostmortemRequest {
    /// Starts with the way to what was written down.
    pub fn new(asks: mpsc::Sender<HistoryQuery>) -> Self {
        Self {
            asks: Some(asks),
            ..Self::default()
        }
    }

    /// Takes an answer in and has it written; asks for the next one that is due.
    pub async fn tend(
        &mut self,
        journal: &mut Journal,
        decisive: &[&Decisive],
        components: &[Component],
        now: Timestamp,
    ) {
        if let Some((id, mut answer)) = self.waiting.take() {
            match answer.try_recv() {
                Ok(found) => {
                    write_if_due(journal, &id, &found, decisive, components, now).await;
                    let due = journal.ended(now);
                    let failed = due.iter().any(|(incident, _)| incident.id == id);
                    self.rests = now.checked_add(REST).ok().filter(|_| failed);
                }
                Err(oneshot::error::TryRecvError::Empty) => {
                    self.waiting = Some((id, answer));
                    return;
                }
                // It is still due, and is requested again.
                Err(oneshot::error::TryRecvError::Closed) => return,
            }
        }
        if self.rests.is_some_and(|until| now < until) {
            return;
        }
        let due = journal.ended(now).into_iter().next();
        if let Some(((incident, end), asks)) = due.zip(self.asks.as_ref())
            && let Some(date) = incident.date
        {
            let (from, until) = picture::range(date, end, now);
            let (answer, answered) = oneshot::channel();
            let rules = incident.managed.rules.iter();
            let lookup = HistoryQuery {
                metrics: rules.map(Decisive::metric).collect(),
                from,
                until,
                answer,
            };
            if asks.try_send(lookup).is_ok() {
                self.waiting = Some((incident.id.clone(), answered));
            }
        }
    }
}

/// Has the post-mortem written if it is still due: people may have written it.
async fn write_if_due(
    journal: &mut Journal,
    id: &IncidentId,
    found: &FoundHistory,
    decisive: &[&Decisive],
    components: &[Component],
    now: Timestamp,
) {
    let mut due = journal.ended(now).into_iter();
    let Some((incident, end)) = due.find(|(incident, _)| incident.id == *id) else {
        return;
    };
    let rules = incident.managed.rules.iter();
    let decisive = rules.filter_map(|rule| decisive.iter().find(|one| one.rule == *rule));
    let date = incident.date.unwrap_or(end);
    let wording = journal.wording().clone();
    let story = IncidentFacts {
        incident: &incident,
        end,
        range: picture::range(date, end, now),
        decisive: decisive.copied().collect(),
        events: concerning(&incident, end, &found.events, components),
        found,
        wording: &wording,
        pictured: false,
    };
    journal.write_post_mortem(story, now).await;
}

/// The events during the incident that concern everything or an affected component.
fn concerning(
    incident: &Incident,
    end: Timestamp,
    events: &[Event],
    components: &[Component],
) -> Vec<Event> {
    let newest = incident.updates.iter().filter_map(|update| update.at).max();
    let last = newest.max(Some(end));
    let concerned = |event: &&Event| {
        let affected = event.components.iter().any(|id| {
            let component = components.iter().find(|component| component.id == *id);
            component.is_some_and(|component| incident.affected.contains(&component.name))
        });
        let meanwhile = incident.date.is_none_or(|date| event.at >= date);
        meanwhile
            && last.is_none_or(|last| event.at <= last)
            && (affected || event.components.is_empty())
    };
    events.iter().filter(concerned).cloned().collect()
}
