//! *Deliveries*: what each notifier sent, what waits, and what did not get through.

use std::cmp::Reverse;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::model::facts::notifier_state::{DeliveryRecord, NotifierState};
use crate::model::incident::IncidentId;
use crate::model::request::receivers::resend::ResendTime;
use crate::web::ops::access::acting::Acting;
use crate::web::ops::access::browser::form::CheckedForm;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::console::desk::{self, ConsoleDesk};
use crate::web::ops::console::done_notice::DoneNotice;
use crate::web::ops::console::frame::{ConsoleFrame, FrameContext};
use crate::web::ops::console::incidents::addresses::address;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::ops::console::page_table::ConsolePage;
use crate::web::ops::notifications;
use crate::web::site::View;

/// Rows of the log.
const ROWS: usize = 200;

/// A notifier at present.
struct NotifierStanding {
    name: String,
    /// How it stands, in words.
    standing: &'static str,
    is_bad: bool,
    due: usize,
    oldest: Option<OperatorTime>,
    /// Since when nothing gets through, and why.
    failing: Option<(OperatorTime, String)>,
    /// Mails that wait, were taken and were refused.
    mails: Option<(usize, u64, u64)>,
}

/// A message to one receiver.
struct DeliveryRow {
    id: i64,
    notifier: String,
    /// The page of what it is about, if it has one.
    href: Option<String>,
    /// Its title, or its name if there is none.
    topic: String,
    occasion: String,
    /// What became of it, in words.
    fate: &'static str,
    is_bad: bool,
    /// Whether it can be sent again by hand.
    may_resend: bool,
    tries: u32,
    changed: OperatorTime,
    reason: Option<String>,
}

#[derive(Template)]
#[template(path = "console/deliveries.html")]
struct DeliveriesPage {
    frame: ConsoleFrame,
    notifiers: Vec<NotifierStanding>,
    deliveries: Vec<DeliveryRow>,
    /// Whether only what did not get through is shown.
    only_bad: bool,
}

/// Shows them; with `?only=failed` those that did not get through.
pub(crate) async fn show(
    State(desk): State<ConsoleDesk>,
    context: FrameContext,
    Query(asked): Query<Vec<(String, String)>>,
) -> Response {
    let only_bad = asked.contains(&("only".to_owned(), "failed".to_owned()));
    let states = desk.api.notifiers.newest();
    desk.show(ConsolePage::Deliveries, &context, |frame, view| {
        let notifiers = states.iter().map(|state| notifier(state, view));
        let all = states.iter().flat_map(|state| &state.recent);
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|delivery| Reverse((delivery.changed, delivery.id)));
        let rows = all.into_iter().map(|one| delivery(one, view));
        let rows = rows.filter(|row| row.is_bad || !only_bad).take(ROWS);
        DeliveriesPage {
            frame,
            notifiers: notifiers.collect(),
            deliveries: rows.collect(),
            only_bad,
        }
    })
}

/// Nothing but the token that every form has.
#[derive(Deserialize)]
pub(crate) struct ResendForm {}

/// Has a refused message sent again.
pub(crate) async fn resend(
    State(desk): State<ConsoleDesk>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    _: CheckedForm<ResendForm>,
) -> Result<Response, OpsError> {
    let resent = notifications::ask(&desk.api, &actor, &id).await?;
    let notice = match resent.sent {
        ResendTime::Now => DoneNotice::MessageResent,
        ResendTime::AfterReload => DoneNotice::MessageResentAfterReload,
        ResendTime::AfterFailure => DoneNotice::MessageResentAfterFailure,
        ResendTime::AfterQuietHours => DoneNotice::MessageResentAfterQuietHours,
    };
    Ok(desk::done(ConsolePage::Deliveries.address(), notice))
}

fn notifier(state: &NotifierState, view: &View<'_>) -> NotifierStanding {
    let failing = state.failing.as_ref();
    let standing = match failing {
        Some(failing) if failing.paused => "paused until the settings are reloaded",
        Some(_) => "failing",
        None if state.due > 0 => "messages are waiting",
        None => "works",
    };
    let mails = state.mails.as_ref();
    NotifierStanding {
        name: state.name.clone(),
        standing,
        is_bad: failing.is_some(),
        due: state.due,
        oldest: state.oldest.map(|at| OperatorTime::new(at, view)),
        failing: failing.map(|failing| {
            let since = OperatorTime::new(failing.since, view);
            (since, failing.reason.clone())
        }),
        mails: mails.map(|mails| (mails.due, mails.sent, mails.refused)),
    }
}

fn delivery(record: &DeliveryRecord, view: &View<'_>) -> DeliveryRow {
    let waits_after_failure = record.reason.is_some();
    let (fate, is_bad) = match record.state.as_str() {
        "sent" => ("sent", false),
        "due" if waits_after_failure => ("failed, will be retried", true),
        "due" => ("waiting", false),
        "sending" => ("being sent", false),
        "unknown" => ("may not have arrived", true),
        "refused" => ("rejected", true),
        _ => ("no longer needed", false),
    };
    let (kind, name) = record.topic.split_once(':').unwrap_or(("", &record.topic));
    let has_page = matches!(kind, "incident" | "maintenance");
    let mut incidents = view.board.facts.incidents.named(name);
    let title = incidents.next().map(|incident| incident.title.clone());
    DeliveryRow {
        id: record.id,
        notifier: record.notifier.clone(),
        href: has_page.then(|| address(&IncidentId(name.to_owned()))),
        topic: title
            .filter(|_| has_page)
            .unwrap_or_else(|| name.to_owned()),
        occasion: record.occasion.clone(),
        fate,
        is_bad,
        // A refused edit leaves nothing to be sent again.
        may_resend: record.state == "refused" && record.occasion != "edited",
        tries: record.tries,
        changed: OperatorTime::new(record.changed, view),
        reason: record.reason.clone(),
    }
}
