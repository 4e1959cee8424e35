//! Logins that are on their way: begun here, to be continued by whom the provider
//! sends back.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

use crate::model::time::duration::elapsed;
use crate::model::token_hash::TokenHash;
use crate::web::serving::connections::visitor::Visitor;

/// How long somebody may take at the provider.
const PATIENCE: Duration = Duration::from_mins(10);

/// Logins on their way at once, and of one address; the oldest make room.
const MOST: usize = 200;
const MOST_OF_ADDRESS: usize = 10;

/// A login that is on its way.
#[derive(Clone, Debug)]
pub(crate) struct PendingLogin {
    /// The hash of what the provider gives back to us.
    pub(crate) state: TokenHash,
    /// The hash of what the browser gives back to us: whoever continues is who began.
    pub(crate) browser: TokenHash,
    /// What the token of the provider must name.
    pub(crate) nonce: SecretString,
    /// What shows the provider that we began it (PKCE).
    pub(crate) verifier: SecretString,
    /// The page of the console that somebody wanted to see.
    pub(crate) next: Option<String>,
}

/// All of them; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct PendingLogins(Arc<watch::Sender<Vec<Begun>>>);

#[derive(Debug)]
struct Begun {
    login: PendingLogin,
    address: IpAddr,
    at: Timestamp,
}

impl PendingLogins {
    /// Keeps one.
    pub(crate) fn add(&self, login: PendingLogin, visitor: Visitor, now: Timestamp) {
        let address = visitor.counted();
        self.0.send_modify(|all| {
            all.retain(|one| elapsed(one.at, now) < PATIENCE);
            let own = all.iter().filter(|one| one.address == address).count();
            let oldest = if own >= MOST_OF_ADDRESS {
                all.iter().position(|one| one.address == address)
            } else {
                (all.len() >= MOST).then_some(0)
            };
            if let Some(oldest) = oldest {
                all.remove(oldest);
            }
            all.push(Begun {
                login,
                address,
                at: now,
            });
        });
    }

    /// Takes the one that the provider and the browser know; nobody takes it again,
    /// not even with the right words.
    pub(crate) fn take(&self, state: &str, browser: &str, now: Timestamp) -> Option<PendingLogin> {
        let (state, browser) = (TokenHash::of(state), TokenHash::of(browser));
        let mut taken = None;
        self.0.send_modify(|all| {
            let is_it = |one: &Begun| bool::from(one.login.state.ct_eq(&state));
            taken = all.iter().position(is_it).map(|at| all.remove(at));
        });
        let holds = |one: &Begun| {
            elapsed(one.at, now) < PATIENCE && one.login.browser.ct_eq(&browser).into()
        };
        taken.filter(holds).map(|one| one.login)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn add(all: &PendingLogins, name: &str, third: u8, now: Timestamp) {
        let login = PendingLogin {
            state: TokenHash::of(name),
            browser: TokenHash::of(&format!("{name}'s")),
            nonce: "n".into(),
            verifier: "v".into(),
            next: None,
        };
        all.add(login, Visitor(IpAddr::from([192, 0, third, 1])), now);
    }

    #[test]
    fn a_login_is_continued_once_by_who_began_it_and_in_time() {
        let all = PendingLogins::default();
        for name in ["a", "b", "c"] {
            add(&all, name, 2, at(0));
        }
        let take = |state, browser, now| all.take(state, browser, at(now)).is_some();
        assert!(take("a", "a's", 599));
        assert!(!take("a", "a's", 599), "nobody continues it again");
        assert!(
            !take("b", "c's", 1) && !take("b", "b's", 1),
            "nor after a wrong try"
        );
        assert!(!take("c", "c's", 600) && !take("d", "", 1));
    }

    #[test]
    fn one_address_and_all_together_begin_so_many() {
        let all = PendingLogins::default();
        add(&all, "mine", 1, at(0));
        for number in 0..50 {
            add(&all, &number.to_string(), 2, at(1));
        }
        assert_eq!(all.0.borrow().len(), 1 + MOST_OF_ADDRESS);
        assert!(all.take("mine", "mine's", at(2)).is_some());
        for third in 0..=255 {
            add(&all, &format!("x{third}"), third, at(3));
        }
        assert_eq!(all.0.borrow().len(), MOST);
    }
}
