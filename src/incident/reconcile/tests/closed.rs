//! What is over: ends that people wrote, and what comes back.

use super::*;

#[test]
fn an_end_that_a_person_wrote_is_respected_until_the_rule_fires_anew() {
    let fires = |since| [firing("oom", "cache", Severity::Down, since)];
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since: at(45) },
    )];
    // It is noted at once, whether the end has a time or not.
    for end in [Some(40), None] {
        assert_eq!(
            overruled(&decide(&[closed(end, &[])], &fires(10), 60)),
            Some(vec!["oom"])
        );
    }
    // A restart sees the rule fire since then only, and opens nothing.
    assert_eq!(
        overruled(&decide(&[closed(Some(40), &["oom"])], &fires(50), 60)),
        None
    );
    // Once quiet it is forgotten, and an end without a time gets one.
    let decision = decide(&[closed(None, &["oom"])], &quiet, 60);
    assert_eq!(overruled(&decision), Some(vec![]));
    assert_eq!(decision.changes[0].1.turn, Some(Turn::Over(at(45))));
    let anew = decide(&[closed(Some(45), &[])], &fires(50), 60);
    assert_eq!(anew.changes[0].1.turn, Some(Turn::Again));
}

#[test]
fn an_end_that_cannot_be_true_is_respected_once_and_mutes_nothing_later() {
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since: at(45) },
    )];
    // Long before it began, and far in the future.
    for end in [-500, 9_000] {
        let firing_on = [firing("oom", "cache", Severity::Down, 10)];
        assert_eq!(
            overruled(&decide(&[closed(Some(end), &[])], &firing_on, 60)),
            Some(vec!["oom"])
        );
        let decision = decide(&[closed(Some(end), &["oom"])], &quiet, 60);
        let managed = decision.changes[0].1.managed.clone().unwrap();
        assert_eq!(
            (decision.changes[0].1.turn, managed.good_since),
            (None, Some(at(45)))
        );
        let mut noted = closed(Some(end), &[]);
        noted.managed = managed;
        let anew = decide(&[noted], &[firing("oom", "cache", Severity::Down, 50)], 60);
        assert_eq!(anew.changes[0].1.turn, Some(Turn::Again));
    }
}

#[test]
fn what_comes_back_within_an_hour_is_the_same_incident_again() {
    let mut over = closed(Some(40), &[]);
    over.severity = Some(Severity::Down);
    over.managed.rules.push(RuleId("rolls".into()));
    // One of its rules that is milder brings it back as what it is now.
    let decision = decide(
        std::slice::from_ref(&over),
        &[firing("rolls", "api", Severity::Disrupted, 50)],
        60,
    );
    assert!(decision.openings.is_empty(), "{decision:?}");
    let [(_, change)] = &decision.changes[..] else {
        panic!("{decision:?}")
    };
    assert_eq!(
        (change.turn, change.severity),
        (Some(Turn::Again), Some(Severity::Disrupted))
    );
    let managed = change.managed.clone().unwrap();
    assert_eq!(
        (managed.recurrences, managed.worst),
        (1, Some(Severity::Down))
    );
    let update = change.updates.last().unwrap();
    assert_eq!(
        (update.phase, &*update.text),
        (Some(Phase::Investigating), "Failing again. rolls text.")
    );
    // Another rule of the same component tells of another fault, and what comes
    // an hour later is another outage.
    let hour = 60 * 60;
    for (rule, since) in [("new", 50), ("oom", 40 + hour + 1)] {
        let fires = [firing(rule, "cache", Severity::Down, since)];
        let decision = decide(std::slice::from_ref(&over), &fires, since + 1);
        assert_eq!(decision.openings.len(), 1, "{rule} {since}");
    }
}

#[test]
fn what_was_withdrawn_does_not_recur_and_hides_no_new_fault() {
    let mut never = closed(Some(40), &[]);
    never.managed.withdrawn = true;
    let fires = [firing("oom", "cache", Severity::Down, 50)];
    let decision = decide(std::slice::from_ref(&never), &fires, 60);
    assert_eq!(decision.openings.len(), 1, "{decision:?}");
    assert!(decision.changes.is_empty(), "{decision:?}");
    // While its rule goes on firing, it is overruled.
    let fires = [firing("oom", "cache", Severity::Down, 10)];
    let decision = decide(&[never], &fires, 60);
    assert!(decision.openings.is_empty(), "{decision:?}");
    assert_eq!(overruled(&decision), Some(vec!["oom"]));
}

#[test]
fn each_end_that_came_too_early_doubles_the_hold_and_four_times_is_the_longest() {
    let quiet = [verdict(
        "oom",
        "cache",
        Severity::Down,
        RuleState::Quiet { since: at(50) },
    )];
    for (false_ends, times) in [(0, 1), (1, 2), (2, 4), (3, 4), (99, 4)] {
        let mut watched = incident(&["oom"], Severity::Down, &["CACHE"], Phase::Monitoring);
        watched.managed.false_ends = false_ends;
        let until = 50 + 100 * times;
        assert!(
            decide(&[watched.clone()], &quiet, until - 1)
                .changes
                .is_empty()
        );
        let over = decide(&[watched], &quiet, until);
        assert_eq!(over.changes[0].1.turn, Some(Turn::Over(at(50))));
    }
}

#[test]
fn our_own_end_that_a_clock_ahead_wrote_is_corrected_and_silences_nobody() {
    let quiet = |since| {
        let state = RuleState::Quiet { since: at(since) };
        [verdict("oom", "cache", Severity::Down, state)]
    };
    let mut ahead = closed(Some(9_000), &[]);
    ahead.managed.ended = Some(at(9_000));
    let ended = |verdicts: &[Verdict]| {
        let decision = decide(std::slice::from_ref(&ahead), verdicts, 60);
        let (_, change) = &decision.changes[0];
        let Some(Turn::Over(end)) = change.turn else {
            panic!("{decision:?}")
        };
        assert_eq!(change.managed.as_ref().unwrap().ended, Some(end));
        end
    };
    assert_eq!(ended(&quiet(45)), at(45));
    assert_eq!(ended(&quiet(99)), at(60));
    assert_eq!(ended(&[]), at(60));
    // What fails now failed after we called it over.
    let fires = [firing("oom", "cache", Severity::Down, 50)];
    let again = decide(std::slice::from_ref(&ahead), &fires, 60);
    assert_eq!(again.changes[0].1.turn, Some(Turn::Again));
    assert_eq!(overruled(&again), Some(vec![]));
    // Before the beginning, by the same clock, nothing ends; it is not said again.
    let mut begun = ahead.clone();
    begun.date = Some(at(9_000));
    for verdicts in [&quiet(45), &quiet(99)] {
        let decision = decide(std::slice::from_ref(&begun), verdicts, 60);
        assert_eq!(decision.changes, []);
    }
    // A person's end stays as it is written.
    ahead.managed.ended = None;
    let unchanged = decide(&[ahead], &quiet(45), 60);
    assert_eq!(unchanged.changes[0].1.turn, None);
}
