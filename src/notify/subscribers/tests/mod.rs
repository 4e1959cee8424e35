//! The table of subscribers, in a database of its own.

mod erased;
mod fan_out;
mod links;
mod random;
mod reported;
mod returned;

use jiff::Timestamp;

use crate::model::request::receivers::subscription::{
    MailAddress, SubscriptionAnswer, SubscriptionChoice, SubscriptionErrand, SubscriptionLimits,
};
use crate::model::text::language::Language;
use crate::notify::subscribers::errands::{AskedLink, execute};
use crate::store::file::Store;

/// A database that goes with its test.
struct Book {
    folder: tempfile::TempDir,
    store: Store,
}

impl Book {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).unwrap();
        Self { folder, store }
    }

    fn execute(
        &mut self,
        errand: SubscriptionErrand,
        minute: i64,
    ) -> (SubscriptionAnswer, Option<AskedLink>) {
        let outcome = execute(
            &mut self.store,
            errand,
            &SubscriptionLimits::default(),
            at(minute),
        )
        .unwrap();
        (outcome.answer, outcome.link)
    }

    /// Somebody types an address.
    fn ask(
        &mut self,
        address: &str,
        choice: &SubscriptionChoice,
        minute: i64,
    ) -> Option<AskedLink> {
        let errand = SubscriptionErrand::Ask(mail(address), choice.clone());
        let (answer, letter) = self.execute(errand, minute);
        assert_eq!(
            answer,
            SubscriptionAnswer::Asked,
            "all are answered the same"
        );
        letter
    }

    /// Somebody types an address, and its owner confirms.
    fn subscribe(&mut self, address: &str, choice: &SubscriptionChoice, minute: i64) -> AskedLink {
        let letter = self.ask(address, choice, minute).unwrap();
        let errand = SubscriptionErrand::Confirm(letter.token.clone());
        let (answer, _) = self.execute(errand, minute);
        assert_eq!(answer, SubscriptionAnswer::Subscribed(choice.clone()));
        letter
    }
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_000_000_000 + minute * 60).unwrap()
}

fn mail(address: &str) -> MailAddress {
    MailAddress::parse(address).unwrap()
}

fn everything() -> SubscriptionChoice {
    SubscriptionChoice::new(Language::En)
}
