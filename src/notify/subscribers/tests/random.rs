//! Random subscribers: each gets exactly what was chosen, in whole conversations.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::model::component::ComponentId;
use crate::model::request::receivers::subscription::{
    ReportRhythm, SubscriptionChoice, SubscriptionErrand,
};
use crate::model::text::language::Language;
use crate::notify::subscribers::recipients::{Matter, Topical, readers};
use crate::notify::subscribers::tests::{Book, at};

const PARTS: [&str; 3] = ["api", "cache", "worker"];

/// What happens, one each minute.
#[derive(Clone, Debug)]
enum ReaderStep {
    Subscribes(usize, SubscriptionChoice),
    Changes(usize, SubscriptionChoice),
    Leaves(usize),
    Announced { topic: usize, ends: bool },
}

fn choices() -> impl Strategy<Value = SubscriptionChoice> {
    let components = prop::collection::btree_set(prop::sample::select(&PARTS[..]), 0..3);
    let report = prop::option::of(prop::sample::select(&ReportRhythm::ALL[..]));
    (components, any::<bool>(), any::<bool>(), report).prop_map(
        |(components, incidents, maintenance, report)| SubscriptionChoice {
            language: Language::En,
            components: components
                .into_iter()
                .map(|id| ComponentId(id.to_owned()))
                .collect(),
            incidents,
            maintenance,
            report,
        },
    )
}

/// Four topics: two incidents and two works, on one part each or on none.
fn topical(topic: usize, ends: bool) -> Topical {
    let parts: &[&str] = [&["api"][..], &[], &["cache", "worker"], &["worker"]][topic];
    let parts = parts
        .iter()
        .map(|id| ComponentId((*id).to_owned()))
        .collect();
    Topical {
        topic: format!("topic:{topic}"),
        matter: if topic < 2 {
            Matter::Incident(parts)
        } else {
            Matter::Maintenance(parts)
        },
        ends,
    }
}

/// Whether a choice has a topic, said in another way than the code says it.
fn chose(choice: &SubscriptionChoice, topic: usize) -> bool {
    let kind = if topic < 2 {
        choice.incidents
    } else {
        choice.maintenance
    };
    let has = |id: &str| choice.components.contains(&ComponentId(id.to_owned()));
    let part = match topic {
        0 => has("api"),
        1 => true,
        2 => has("cache") || has("worker"),
        _ => has("worker"),
    };
    kind && (part || choice.components.is_empty())
}

fn happenings() -> impl Strategy<Value = Vec<ReaderStep>> {
    let one = prop_oneof![
        (0..4_usize, choices()).prop_map(|(who, choice)| ReaderStep::Subscribes(who, choice)),
        (0..4_usize, choices()).prop_map(|(who, choice)| ReaderStep::Changes(who, choice)),
        (0..4_usize).prop_map(ReaderStep::Leaves),
        (0..4_usize, any::<bool>()).prop_map(|(topic, ends)| ReaderStep::Announced { topic, ends }),
        (0..4_usize, any::<bool>()).prop_map(|(topic, ends)| ReaderStep::Announced { topic, ends }),
    ];
    prop::collection::vec(one, 1..40)
}

/// Who was sent something, by pages of one announcement.
fn sent(book: &mut Book, what: &Topical, minute: i64) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut after = 0;
    loop {
        let page = readers(&book.store, what, after, at(minute)).unwrap();
        for one in page.readers {
            assert!(all.insert(one.address.to_string()), "sent twice");
        }
        let Some(next) = page.next else {
            return all;
        };
        assert!(next > after);
        after = next;
    }
}

/// What is known of a subscriber from outside.
struct Known {
    choice: SubscriptionChoice,
    since: i64,
    told: BTreeSet<usize>,
    token: crate::model::request::receivers::subscription::MailToken,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn each_gets_what_was_chosen_and_no_end_without_a_beginning(happenings in happenings()) {
        let mut book = Book::new();
        let mut known: BTreeMap<usize, Known> = BTreeMap::new();
        let mut first: BTreeMap<usize, i64> = BTreeMap::new();
        for (step, happening) in happenings.into_iter().enumerate() {
            let minute = 1000 * i64::try_from(step).unwrap();
            match happening {
                ReaderStep::Subscribes(who, choice) => {
                    let book = &mut book;
                    known.entry(who).or_insert_with(|| {
                        let address = format!("{who}@example.org");
                        let token = book.subscribe(&address, &choice, minute).token;
                        let told = BTreeSet::new();
                        Known { choice, since: minute, told, token }
                    });
                }
                ReaderStep::Changes(who, choice) => {
                    if let Some(one) = known.get_mut(&who) {
                        let late = minute - one.since >= 2 * 24 * 60;
                        let token = one.token.clone();
                        book.execute(SubscriptionErrand::Change(token, choice.clone()), minute);
                        if !late {
                            one.choice = choice;
                        }
                    }
                }
                ReaderStep::Leaves(who) => {
                    if let Some(one) = known.get(&who) {
                        let late = minute - one.since >= 2 * 24 * 60;
                        book.execute(SubscriptionErrand::Leave(one.token.clone()), minute);
                        if !late {
                            known.remove(&who);
                        }
                    }
                }
                ReaderStep::Announced { topic, ends } => {
                    let began = *first.entry(topic).or_insert(minute);
                    let sent = sent(&mut book, &topical(topic, ends), minute);
                    let mut due = BTreeSet::new();
                    for (who, one) in &mut known {
                        let kind = if topic < 2 { one.choice.incidents } else { one.choice.maintenance };
                        let goes_on = one.told.contains(&topic) && kind;
                        let begins = chose(&one.choice, topic) && !ends && one.since <= began;
                        if goes_on || begins {
                            one.told.insert(topic);
                            due.insert(format!("{who}@example.org"));
                        }
                    }
                    prop_assert_eq!(sent, due);
                }
            }
        }
    }
}

#[test]
fn a_report_goes_once_to_those_who_asked_for_it() {
    let mut book = Book::new();
    let choice = |report| SubscriptionChoice {
        report,
        ..SubscriptionChoice::new(Language::En)
    };
    book.subscribe("none@example.org", &choice(None), 0);
    book.subscribe("week@example.org", &choice(Some(ReportRhythm::Weekly)), 0);
    book.subscribe("month@example.org", &choice(Some(ReportRhythm::Monthly)), 0);
    let weekly = |week: &str| Topical {
        topic: format!("report:{week}"),
        matter: Matter::Report(ReportRhythm::Weekly),
        ends: false,
    };
    let week = BTreeSet::from(["week@example.org".to_owned()]);
    assert_eq!(sent(&mut book, &weekly("2026-W10"), 10), week);
    assert_eq!(sent(&mut book, &weekly("2026-W10"), 11), BTreeSet::new());
    assert_eq!(sent(&mut book, &weekly("2026-W11"), 12), week);
}

#[test]
fn many_are_read_page_by_page() {
    let mut book = Book::new();
    let some = SubscriptionChoice {
        maintenance: false,
        ..SubscriptionChoice::new(Language::En)
    };
    for who in 0..1_200 {
        let wants = who >= 1_100;
        let choice = SubscriptionChoice {
            incidents: wants,
            ..some.clone()
        };
        book.subscribe(&format!("n{who}@d{who}.example.org"), &choice, 0);
    }
    // The first two pages have nobody.
    assert_eq!(sent(&mut book, &topical(1, false), 5).len(), 100);
}
