//! How often a wrong token may be sent.
//!
//! Nobody guesses 256 bits, so that named tokens and sessions are let in whatever went
//! wrong before. The token of the settings may be one that a person made up: it is
//! refused while too many others were tried. The same wrong token again is no guess but
//! a program with old settings, and must not keep everybody else out.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::model::time::duration::elapsed;
use crate::model::token_hash::TokenHash;
use crate::web::serving::connections::visitor::Visitor;

/// How long a wrong token counts.
const WINDOW: Duration = Duration::from_mins(10);

/// Different wrong tokens of one address within [`WINDOW`].
const MOST_OF_ADDRESS: usize = 10;

/// Different wrong tokens of all addresses within [`WINDOW`].
const MOST: usize = 200;

/// A wrong token: who sent it, which one, and when.
type WrongToken = (IpAddr, TokenHash, Timestamp);

/// The wrong tokens of late; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failures(Arc<watch::Sender<RecentFailures>>);

#[derive(Debug, Default)]
struct RecentFailures(VecDeque<WrongToken>);

impl RecentFailures {
    fn forget(&mut self, now: Timestamp) {
        self.0.retain(|(_, _, at)| elapsed(*at, now) < WINDOW);
    }

    /// How long somebody must wait before another token is looked at.
    fn wait(&self, visitor: Visitor, now: Timestamp) -> Option<Duration> {
        let address = visitor.counted();
        let is_own = |(sender, ..): &&WrongToken| *sender == address;
        let own = self.0.iter().filter(is_own).count();
        // The one that must be forgotten first.
        let first = if own >= MOST_OF_ADDRESS {
            self.0.iter().find(is_own)
        } else if self.0.len() >= MOST {
            self.0.front()
        } else {
            None
        };
        let (.., at) = first?;
        Some(WINDOW.saturating_sub(elapsed(*at, now)))
    }

    /// Counts a wrong token; true if no other one is looked at from now on.
    fn add(&mut self, visitor: Visitor, token: TokenHash, now: Timestamp) -> bool {
        let address = visitor.counted();
        let mut all = self.0.iter();
        let is_known = all.any(|(sender, known, _)| *sender == address && *known == token);
        if is_known || self.wait(visitor, now).is_some() {
            return false;
        }
        self.0.push_back((address, token, now));
        self.wait(visitor, now).is_some()
    }
}

impl Failures {
    /// How long somebody must wait before a token that could be guessed is looked at.
    pub(crate) fn wait(&self, visitor: Visitor, now: Timestamp) -> Option<Duration> {
        let mut wait = None;
        self.0.send_if_modified(|recent| {
            recent.forget(now);
            wait = recent.wait(visitor, now);
            false
        });
        wait
    }

    /// Counts a wrong token, which the log tells of when it is one too many.
    pub(crate) fn add(&self, visitor: Visitor, token: TokenHash, now: Timestamp) {
        let is_too_much = self
            .0
            .send_if_modified(|recent| recent.add(visitor, token, now));
        if is_too_much {
            tracing::warn!(
                address = %visitor.0,
                "too many failed logins; further ones are rejected for a while",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn visitor(last: u8) -> Visitor {
        Visitor(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn an_address_may_guess_so_often_and_then_waits() {
        let failures = Failures::default();
        for guess in 0..10 {
            assert_eq!(failures.wait(visitor(1), at(guess)), None, "{guess}");
            let token = TokenHash::of(&guess.to_string());
            failures.add(visitor(1), token, at(guess));
        }
        let wait = failures.wait(visitor(1), at(10));
        assert_eq!(wait, Some(Duration::from_secs(590)));
        assert_eq!(failures.wait(visitor(2), at(10)), None);
        assert_eq!(failures.wait(visitor(1), at(600)), None);
    }

    #[test]
    fn a_program_with_an_old_token_is_no_guesser() {
        let failures = Failures::default();
        for second in 0..500 {
            failures.add(visitor(1), TokenHash::of("old"), at(second));
            assert_eq!(failures.wait(visitor(1), at(second)), None);
        }
    }

    #[test]
    fn all_together_guess_so_often_and_take_no_more_memory() {
        let failures = Failures::default();
        for last in 0..=255 {
            for guess in 0..20 {
                failures.add(visitor(last), TokenHash::of(&guess.to_string()), at(7));
            }
        }
        assert!(failures.wait(visitor(255), at(8)).is_some());
        assert_eq!(failures.0.borrow().0.len(), MOST);
        assert_eq!(failures.wait(visitor(255), at(607)), None);
    }
}
