//! What follows from an answer of the relay: pure.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::time::duration::elapsed;
use crate::notify::mail::outgoing::table::{MailState, MailingNote, MailingRow};
use crate::notify::mail::smtp::answer::RelayAnswer;
use crate::notify::subscribers::bounce::Bounce;
use crate::notify::texts::text::one_line;

/// How long a mail is tried.
const GIVE_UP: Duration = Duration::from_hours(5 * 24);

/// The first pause of a mail that was not taken; three times as long each time.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_hours(2);

/// The first pause of a mail in doubt: its connection should be over at the relay, too.
const DOUBT: Duration = Duration::from_mins(5);

/// How often a refusal is doubted while the relay takes no mail at all: about three minutes.
const MOST_DOUBTED_REFUSALS: u32 = 4;

/// The reply code of what failed for good.
const FAILED: u16 = 550;

/// How often a mail is sent without any answer. Mailboxes know a second copy by the
/// name of the message.
const MOST_DOUBTS: u32 = 3;

/// What an answer means when the relay took no other mail lately: what it refuses then, it may
/// refuse because of the sender or of its own settings, whoever reads it.
pub(crate) fn doubted(answer: RelayAnswer, tries: u32) -> RelayAnswer {
    match answer {
        RelayAnswer::NoAddress(reason) | RelayAnswer::Refused(reason)
            if tries < MOST_DOUBTED_REFUSALS =>
        {
            RelayAnswer::Busy(reason)
        }
        // Who else would have taken it?
        RelayAnswer::NoAddress(reason) => RelayAnswer::Refused(reason),
        answer => answer,
    }
}

/// What becomes of a row after an answer, and what its subscriber is told by it.
///
/// `dice` from 0 to 1 spreads the pauses.
pub(crate) fn settled(
    row: &MailingRow,
    answer: &RelayAnswer,
    dice: f64,
    now: Timestamp,
) -> (MailingNote, Option<Bounce>) {
    let mut note = MailingNote {
        id: row.id,
        state: MailState::Due,
        tries: row.tries,
        doubts: row.doubts,
        next: now,
        reason: answer.reason().map(str::to_owned),
    };
    let is_old = elapsed(row.at, now) >= GIVE_UP;
    let mut bounce = None;
    match answer {
        RelayAnswer::Taken => note.state = MailState::Sent,
        RelayAnswer::NoAddress(_) => {
            note.state = MailState::Bounced;
            bounce = Some(Bounce::Drop);
        }
        RelayAnswer::Refused(_) | RelayAnswer::Unsendable(_) => note.state = MailState::Refused,
        RelayAnswer::Trouble(_)
        | RelayAnswer::Busy(_)
        | RelayAnswer::Later(_)
        | RelayAnswer::Full(_)
            if is_old =>
        {
            note.state = MailState::Refused;
            bounce = matches!(answer, RelayAnswer::Full(_)).then_some(Bounce::Count);
        }
        // The queue as a whole waits.
        RelayAnswer::Trouble(_) => {}
        RelayAnswer::Busy(_) | RelayAnswer::Later(_) | RelayAnswer::Full(_) => {
            note.tries = row.tries.saturating_add(1);
            note.next = later(now, FIRST_PAUSE, 3, row.tries, dice);
        }
        RelayAnswer::Unknown(_) => {
            note.doubts = row.doubts.saturating_add(1);
            note.next = later(now, DOUBT, 5, row.doubts, dice);
            if note.doubts >= MOST_DOUBTS {
                note.state = MailState::Unknown;
            }
        }
    }
    (note, bounce)
}

/// What becomes of a row that is not to be sent any more.
pub(crate) fn superseded(row: &MailingRow, reason: &str, now: Timestamp) -> MailingNote {
    MailingNote {
        id: row.id,
        state: MailState::Superseded,
        tries: row.tries,
        doubts: row.doubts,
        next: now,
        reason: Some(reason.to_owned()),
    }
}

/// What becomes of a row whose mail came back after the relay had taken it, with an
/// enhanced status code.
pub(crate) fn came_back(
    row: &MailingRow,
    status: &str,
    now: Timestamp,
) -> (MailingNote, Option<Bounce>) {
    let (state, bounce) = match RelayAnswer::of(FAILED, status) {
        RelayAnswer::NoAddress(_) => (MailState::Bounced, Some(Bounce::Drop)),
        RelayAnswer::Full(_) => (MailState::Refused, Some(Bounce::Count)),
        RelayAnswer::Taken
        | RelayAnswer::Later(_)
        | RelayAnswer::Refused(_)
        | RelayAnswer::Unsendable(_)
        | RelayAnswer::Unknown(_)
        | RelayAnswer::Busy(_)
        | RelayAnswer::Trouble(_) => (MailState::Refused, None),
    };
    let note = MailingNote {
        id: row.id,
        state,
        tries: row.tries,
        doubts: row.doubts,
        next: now,
        reason: Some(format!("it came back: {}", one_line(status))),
    };
    (note, bounce)
}

/// When something is tried again: after a pause that grows by a factor with each try,
/// with up to a quarter more or less.
fn later(now: Timestamp, first: Duration, factor: u32, tries: u32, dice: f64) -> Timestamp {
    let pause = first.saturating_mul(factor.saturating_pow(tries));
    let pause = pause
        .min(LONGEST_PAUSE)
        .mul_f64(0.75 + dice.clamp(0.0, 1.0) / 2.0);
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use crate::model::text::language::Language;
    use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin};

    use super::*;

    fn row(tries: u32, doubts: u32) -> MailingRow {
        MailingRow {
            id: 1,
            mail: 1,
            reader: MailReader {
                address: "mia@example.org".parse().unwrap(),
                language: Language::En,
                origin: ReaderOrigin::Fixed,
            },
            tries,
            doubts,
            at: Timestamp::UNIX_EPOCH,
            sent_with: None,
        }
    }

    fn after(
        row: &MailingRow,
        answer: &RelayAnswer,
        hours: i64,
    ) -> (MailState, i64, Option<Bounce>) {
        let now = Timestamp::from_second(hours * 3600).unwrap();
        let (note, bounce) = settled(row, answer, 0.5, now);
        (note.state, note.next.as_second() - now.as_second(), bounce)
    }

    #[test]
    fn pauses_grow_for_five_days() {
        let later = || RelayAnswer::Later("451".to_owned());
        let pauses = [0, 1, 2, 6, 7, 60].map(|tries| after(&row(tries, 0), &later(), 1).1);
        assert_eq!(pauses, [5, 15, 45, 3645, 7200, 7200]);
        let given_up = after(&row(60, 0), &later(), 120);
        assert_eq!(given_up, (MailState::Refused, 0, None));
    }

    #[test]
    fn an_address_is_dropped_by_its_own_codes_only() {
        let reason = || "550".to_owned();
        let none = after(&row(0, 0), &RelayAnswer::NoAddress(reason()), 0);
        assert_eq!(none, (MailState::Bounced, 0, Some(Bounce::Drop)));
        let refused = after(&row(0, 0), &RelayAnswer::Refused(reason()), 0);
        assert_eq!(refused, (MailState::Refused, 0, None));
        let full = || RelayAnswer::Full(reason());
        assert_eq!(after(&row(0, 0), &full(), 0), (MailState::Due, 5, None));
        let full = after(&row(9, 0), &full(), 120);
        assert_eq!(full, (MailState::Refused, 0, Some(Bounce::Count)));
    }

    #[test]
    fn a_refusal_is_believed_of_a_relay_that_takes_mails_or_after_some_tries() {
        let none = || RelayAnswer::NoAddress("550 5.1.1".to_owned());
        let spam = || RelayAnswer::Refused("554".to_owned());
        let later = RelayAnswer::Later("451".to_owned());
        assert_eq!(doubted(later.clone(), 0), later);
        for answer in [none(), spam()] {
            assert!(matches!(doubted(answer, 3), RelayAnswer::Busy(_)));
        }
        for answer in [none(), spam()] {
            assert!(matches!(doubted(answer, 4), RelayAnswer::Refused(_)));
        }
    }

    #[test]
    fn a_mail_in_doubt_is_sent_three_times_at_most() {
        let unknown = || RelayAnswer::Unknown("broke".to_owned());
        assert_eq!(
            after(&row(0, 0), &unknown(), 0),
            (MailState::Due, 300, None)
        );
        assert_eq!(
            after(&row(0, 1), &unknown(), 0),
            (MailState::Due, 1500, None)
        );
        let last = after(&row(0, 2), &unknown(), 0);
        assert_eq!(last.0, MailState::Unknown);
    }
}
