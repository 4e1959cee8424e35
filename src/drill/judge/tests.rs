//! The judge: a page that tells the truth holds, and each lie is found.

use proptest::prelude::*;

use crate::drill::judge::judge;
use crate::drill::judge::merits::first_error;
use crate::drill::record::{
    DrillRecord, FileSeen, MessageSeen, MinuteSeen, PageSeen, ServiceSeen, UpdateSeen,
};
use crate::drill::scenario::builtin::BuiltIn;
use crate::drill::scenario::outage::{FirstError, RedisPolicy, Scenario};
use crate::drill::scenario::read;
use crate::model::component::{Health, Severity};
use crate::model::incident::Phase;

fn scenario() -> Scenario {
    let built_in = BuiltIn::named("upstream").unwrap();
    read::scenario(built_in.scenario, "upstream.toml").unwrap()
}

fn page(overall: Health, phase: Option<Phase>) -> PageSeen {
    PageSeen {
        overall,
        banner: "…".to_owned(),
        components: [("API".to_owned(), overall)].into(),
        open: phase
            .map(|phase| ("API".to_owned(), phase))
            .into_iter()
            .collect(),
    }
}

/// A page of a minute as it should be.
fn truth(t: f64) -> PageSeen {
    match t {
        t if t < 1.0 => page(Health::Ok, None),
        t if t < 31.0 => page(Health::Down, Some(Phase::Investigating)),
        t if t < 47.0 => page(Health::Disrupted, Some(Phase::Monitoring)),
        _ => page(Health::Ok, None),
    }
}

fn message(t: f64, title: &str) -> MessageSeen {
    MessageSeen {
        t,
        title: title.to_owned(),
        text: String::new(),
        is_edit: false,
    }
}

/// What a drill sees of a page that tells the truth.
fn record(scenario: &Scenario) -> DrillRecord {
    let mut minutes = Vec::new();
    let mut t = scenario.from();
    while t < scenario.to() {
        let service = ServiceSeen {
            memory: Some(0.1),
            rolls_ok: u64::from(!(0.0..30.0).contains(&t)),
            rolls_failed: u64::from((0.0..30.0).contains(&t)),
            ..ServiceSeen::default()
        };
        minutes.push(MinuteSeen {
            t,
            page: Some(truth(t)),
            service,
        });
        t += 1.0;
    }
    let update = |t, word: &str| UpdateSeen {
        t: Some(t),
        word: word.to_owned(),
        text: String::new(),
    };
    DrillRecord {
        scenario: "upstream".to_owned(),
        speed: 60.0,
        minutes,
        messages: vec![message(1.2, "Down: API"), message(47.1, "Resolved: API")],
        files: vec![FileSeen {
            name: "2026-03-01-api.md".to_owned(),
            title: "API".to_owned(),
            date: 0.4,
            resolved_when: Some(30.2),
            severity: Some(Severity::Down),
            affected: vec!["API".to_owned(), "Application".to_owned()],
            updates: vec![
                update(1.0, "Investigating"),
                update(31.0, "Monitoring"),
                update(47.0, "Resolved"),
            ],
        }],
        ..DrillRecord::default()
    }
}

#[test]
fn a_page_that_tells_the_truth_holds() {
    let scenario = scenario();
    let judgement = judge(&scenario, &record(&scenario));
    assert_eq!(judgement.faults, []);
    assert!(judgement.merits.iter().all(|merit| merit.holds));
}

#[test]
fn with_the_mended_settings_nothing_may_open() {
    let scenario = scenario();
    let mut record = record(&scenario);
    record.is_fixed = true;
    assert!(!judge(&scenario, &record).holds());
    for minute in &mut record.minutes {
        minute.page = Some(page(Health::Ok, None));
    }
    record.files.clear();
    record.messages.clear();
    assert_eq!(judge(&scenario, &record).faults, []);
}

proptest! {
    #[test]
    fn a_minute_in_which_the_page_lies_is_found(at in 0_usize..95, lie in 0_usize..4) {
        let scenario = scenario();
        let mut record = record(&scenario);
        let minute = &mut record.minutes[at];
        let (t, is_out) = (minute.t, (5.0..30.0).contains(&minute.t));
        minute.page = match lie {
            0 => None,
            1 => Some(page(Health::Unknown, None)),
            2 if is_out => Some(page(Health::Ok, None)),
            3 if is_out => Some(page(Health::Down, Some(Phase::Monitoring))),
            _ => return Ok(()),
        };
        let judgement = judge(&scenario, &record);
        prop_assert!(!judgement.holds());
        prop_assert_eq!(judgement.wrong_minutes, vec![t]);
    }

    #[test]
    fn a_message_that_calls_it_over_early_is_found(t in 0.0_f64..43.9) {
        let scenario = scenario();
        let mut record = record(&scenario);
        record.messages.insert(1, message(t.max(1.2), "Resolved: API"));
        let judgement = judge(&scenario, &record);
        prop_assert!(judgement.faults.iter().any(|fault| fault.text.contains("too early")));
    }

    #[test]
    fn a_head_that_is_off_is_found(off in prop_oneof![-90.0_f64..-1.0, 4.0_f64..90.0]) {
        let scenario = scenario();
        let mut record = record(&scenario);
        record.files[0].date = off;
        prop_assert!(!judge(&scenario, &record).holds());
    }

    #[test]
    fn a_second_incident_is_found(more in 1_usize..4) {
        let scenario = scenario();
        let mut record = record(&scenario);
        let file = record.files[0].clone();
        record.files.extend(vec![file; more]);
        prop_assert!(!judge(&scenario, &record).holds());
    }
}

#[test]
fn an_incident_that_came_back_too_often_is_found() {
    let scenario = scenario();
    let mut record = record(&scenario);
    let again = record.files[0].updates[0].clone();
    record.files[0].updates.insert(2, again);
    let judgement = judge(&scenario, &record);
    assert!(
        judgement
            .faults
            .iter()
            .any(|fault| fault.text.contains("1 recurrences"))
    );
}

#[test]
fn under_another_policy_other_things_are_true() {
    let built_in = BuiltIn::named("cache-outage").unwrap();
    let scenario = read::scenario(built_in.scenario, "cache-outage.toml").unwrap();
    let phase = |scenario: &Scenario| scenario.phase(20.0).unwrap().components["Cache"].clone();
    assert_eq!(phase(&scenario), [Health::Down].into());
    assert_eq!(scenario.under(None), scenario);
    let evicting = scenario.under(Some(RedisPolicy::VolatileLru));
    assert_eq!(phase(&evicting), [Health::Down, Health::Disrupted].into());
    assert_eq!(evicting.head.first_error, FirstError::FailedRolls);
    // Rolls fail from minute 10 on, and the first write is refused in minute 20.
    let minutes = (0_u32..30).map(|t| MinuteSeen {
        t: t.into(),
        page: None,
        service: ServiceSeen {
            rolls_failed: u64::from(t >= 10),
            refused: u64::from(t >= 20),
            ..ServiceSeen::default()
        },
    });
    let record = DrillRecord {
        minutes: minutes.collect(),
        ..DrillRecord::default()
    };
    assert_eq!(first_error(&scenario, &record), Some(20.0));
    assert_eq!(first_error(&evicting, &record), Some(10.0));
}
