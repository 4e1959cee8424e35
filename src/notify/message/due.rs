//! What is due to a receiver: what is, compared with what was announced.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::time::duration::elapsed;
use crate::notify::message::known::receipt::{Receipt, RemoteMessage};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::rules::{Audience, ReceiverRules, Updates};
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::{Kind, Topic};

/// How long a message may be in doubt before it is sent again; five times as long
/// each time that it was, up to [`LONGEST_DOUBT`].
const DOUBT: Duration = Duration::from_mins(2);

/// The longest pause between messages in doubt: they may all have arrived.
const LONGEST_DOUBT: Duration = Duration::from_hours(1);

/// How often a message is sent without any answer before it is given up: about a day.
const MOST_DOUBTS: u32 = 24;

/// How long an edited message is left alone, as long as its topic is not over.
const EDIT_PAUSE: Duration = Duration::from_secs(10);

/// What a receiver must be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DueMessage {
    /// A new message.
    Post(Occasion),
    /// The message that the remote side calls so is out of date.
    Edit(String),
}

impl DueMessage {
    /// Why it is due.
    pub(crate) fn occasion(&self) -> Occasion {
        match self {
            Self::Post(occasion) => *occasion,
            Self::Edit(_) => Occasion::Edited,
        }
    }

    /// The message that is edited.
    pub(crate) fn edited(&self) -> Option<&str> {
        match self {
            Self::Post(_) => None,
            Self::Edit(id) => Some(id),
        }
    }
}

/// What a channel and its settings allow.
#[derive(Clone, Debug)]
pub(crate) struct Manner<'a> {
    /// The settings of the receiver.
    pub rules: &'a ReceiverRules,
    /// How it is told of updates.
    pub updates: Updates,
}

impl Manner<'_> {
    /// What is due of a topic; `mark` is that of what there is to say.
    ///
    /// `waiting` is what was due before and could not be delivered.
    pub(crate) fn due(
        &self,
        topic: &Topic<'_>,
        receipt: Option<&Receipt>,
        waiting: Option<Occasion>,
        mark: &dyn Fn() -> String,
        now: Timestamp,
    ) -> Option<DueMessage> {
        // Whoever is told by other settings now must not learn what only operators know.
        let is_for_them = topic.id.is_public() || self.rules.audience == Audience::Operators;
        if !is_for_them {
            return None;
        }
        let Some(receipt) = receipt else {
            return self.first(topic, waiting.is_some()).map(DueMessage::Post);
        };
        let posted = match topic.id.kind() {
            Kind::Incident | Kind::Operation => incident(topic, receipt, waiting),
            Kind::Maintenance => self.work(topic, receipt, waiting, now),
        };
        let occasion = posted
            .or_else(|| doubtful(topic, receipt, now))
            .or_else(|| self.update(topic, receipt))
            .or_else(|| self.reminder(topic, receipt, now))
            .map(|occasion| known(occasion, receipt));
        // What was over and recurs is told as if it were new.
        let is_wanted = |occasion: &Occasion| {
            *occasion != Occasion::Recurred || receipt.stage.is_open() || self.rules.wants(topic)
        };
        match occasion.filter(is_wanted) {
            // What was told to be over is corrected where it stands, if it can be.
            Some(Occasion::Withdrawn)
                if receipt.stage != Stage::Open
                    && self.updates == Updates::Edit
                    && receipt.doubt.is_none()
                    && !receipt.messages.is_empty() =>
            {
                self.edit(topic, receipt, mark, now)
            }
            Some(occasion) => Some(DueMessage::Post(occasion)),
            None => self.edit(topic, receipt, mark, now),
        }
    }

    /// What a receiver is told first.
    ///
    /// What was over before it could be told stays untold, unless somebody tried.
    fn first(&self, topic: &Topic<'_>, tried: bool) -> Option<Occasion> {
        let occasion = match topic.stage {
            _ if topic.withdrawn => return None,
            Stage::Open => Occasion::Opened,
            Stage::Scheduled => Occasion::Announced,
            Stage::Begun => Occasion::Begun,
            Stage::Over if tried && topic.id.is_public() => Occasion::Missed,
            Stage::Completed if tried => Occasion::Completed,
            Stage::Over | Stage::Completed | Stage::Cancelled => return None,
        };
        self.rules.wants(topic).then_some(occasion)
    }

    /// What is due of planned work that was announced.
    fn work(
        &self,
        topic: &Topic<'_>,
        receipt: &Receipt,
        waiting: Option<Occasion>,
        now: Timestamp,
    ) -> Option<Occasion> {
        let is_open = matches!(receipt.stage, Stage::Scheduled | Stage::Begun);
        let is_missed = matches!(waiting, Some(Occasion::Begun | Occasion::Completed));
        let (from, until) = topic.window?;
        let known = receipt.window.unwrap_or((from, until));
        match topic.stage {
            Stage::Cancelled => is_open.then_some(Occasion::Cancelled),
            _ if topic.withdrawn => is_open.then_some(Occasion::Cancelled),
            Stage::Completed | Stage::Over => (is_open || is_missed).then_some(Occasion::Completed),
            Stage::Begun if receipt.stage != Stage::Begun => Some(Occasion::Begun),
            Stage::Begun | Stage::Open => {
                (until > known.1 && known.1.is_some()).then_some(Occasion::Extended)
            }
            Stage::Scheduled if receipt.stage != Stage::Scheduled || known != (from, until) => {
                Some(Occasion::Rescheduled)
            }
            Stage::Scheduled => lead(self.rules, receipt, from, now)
                .is_some()
                .then_some(Occasion::Upcoming),
        }
    }

    /// An update, where each is a message of its own, or no message is left to be edited.
    fn update(&self, topic: &Topic<'_>, receipt: &Receipt) -> Option<Occasion> {
        let newest = topic.newest_update()?;
        let is_new = receipt.update.is_none_or(|update| {
            let is_more = topic.updates() > receipt.updates;
            newest > update || newest == update && is_more
        });
        let is_posted = match self.updates {
            Updates::Post => true,
            Updates::Edit => receipt.messages.is_empty(),
            Updates::Off => false,
        };
        (is_posted && topic.stage.is_open() && is_new && receipt.posted.is_some())
            .then_some(Occasion::Update)
    }

    fn reminder(&self, topic: &Topic<'_>, receipt: &Receipt, now: Timestamp) -> Option<Occasion> {
        let every = self.rules.remind_every?;
        let is_due = is_past(receipt.posted?, every, now);
        (topic.stage == Stage::Open && is_due).then_some(Occasion::Reminder)
    }

    /// A message that is out of date: the newest, and at the end those before it.
    fn edit(
        &self,
        topic: &Topic<'_>,
        receipt: &Receipt,
        mark: &dyn Fn() -> String,
        now: Timestamp,
    ) -> Option<DueMessage> {
        let is_over = !topic.stage.is_open();
        let rested = receipt
            .edited
            .max(receipt.posted)
            .is_none_or(|at| is_past(at, EDIT_PAUSE, now));
        if self.updates != Updates::Edit || !(is_over || rested) {
            return None;
        }
        let concerned = if is_over { receipt.messages.len() } else { 1 };
        let concerned = receipt.messages.iter().rev().take(concerned);
        let mut known = concerned
            .filter(|message| message.mark.is_some())
            .peekable();
        known.peek()?;
        let mark = Some(mark());
        let stale = |message: &&RemoteMessage| message.mark != mark;
        let message = known.find(stale)?;
        Some(DueMessage::Edit(message.id.clone()))
    }
}

/// What is due of an incident, or for operators, of which something was told.
fn incident(topic: &Topic<'_>, receipt: &Receipt, waiting: Option<Occasion>) -> Option<Occasion> {
    let is_public = topic.id.is_public();
    match (topic.stage, receipt.stage) {
        _ if topic.withdrawn => (!receipt.withdrawn).then_some(Occasion::Withdrawn),
        (Stage::Over, Stage::Open) if !receipt.certain && is_public => Some(Occasion::Missed),
        (Stage::Over, Stage::Open) => Some(Occasion::Resolved),
        // It recurred meanwhile, which could not be delivered.
        (Stage::Over, _) => {
            let is_missed = matches!(waiting, Some(Occasion::Recurred | Occasion::Missed));
            (is_missed && is_public).then_some(Occasion::Missed)
        }
        (_, Stage::Open) => (topic.severity > receipt.severity).then_some(Occasion::Worse),
        (_, _) => Some(Occasion::Recurred),
    }
}

/// What there is to say to somebody who may not know of the beginning: that, before
/// anything else.
fn known(occasion: Occasion, receipt: &Receipt) -> Occasion {
    let goes_on = matches!(
        occasion,
        Occasion::Worse | Occasion::Update | Occasion::Reminder
    );
    let doubt = receipt.doubt.as_ref();
    let doubt = doubt.filter(|_| goes_on && !receipt.certain);
    match doubt.map(|doubt| doubt.occasion) {
        Some(first @ (Occasion::Opened | Occasion::Recurred)) => first,
        Some(_) | None => occasion,
    }
}

/// What nobody knows to have arrived is sent again: at once where that is safe, else at
/// growing intervals.
fn doubtful(topic: &Topic<'_>, receipt: &Receipt, now: Timestamp) -> Option<Occasion> {
    let doubt = receipt.doubt.as_ref()?;
    let times = doubt.times.filter(|times| *times < MOST_DOUBTS)?;
    let pause = DOUBT.saturating_mul(5_u32.saturating_pow(times.saturating_sub(1)));
    let is_time = doubt.at_once || is_past(doubt.since, pause.min(LONGEST_DOUBT), now);
    is_time.then(|| match doubt.occasion {
        // It says how things are by now.
        Occasion::Worse if topic.severity < receipt.severity => Occasion::Update,
        Occasion::Withdrawn if !topic.withdrawn => Occasion::Resolved,
        occasion => occasion,
    })
}

/// Whether so much time has passed. A moment that is further ahead was dated by a clock
/// that was ahead, and holds nothing up; an answer is always a little later than the step
/// that asked.
fn is_past(since: Timestamp, pause: Duration, now: Timestamp) -> bool {
    elapsed(since, now) >= pause || elapsed(now, since) > pause
}

/// The reminder of planned work that is due, as seconds before its beginning.
///
/// Whoever was told of the work within that time needs none.
pub(crate) fn lead(
    rules: &ReceiverRules,
    receipt: &Receipt,
    from: Timestamp,
    now: Timestamp,
) -> Option<u64> {
    let left: Duration = elapsed(now, from);
    let reached = rules
        .leads()
        .into_iter()
        .filter(|lead| left <= *lead)
        .min()?;
    let is_told = receipt.lead.is_some_and(|lead| lead <= reached.as_secs());
    let is_fresh = receipt
        .posted
        .is_some_and(|posted| elapsed(posted, from) <= reached);
    (from > now && !is_told && !is_fresh).then_some(reached.as_secs())
}
