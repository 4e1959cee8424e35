//! Silences that are about nothing at present: they are kept, for what they are about may
//! be still to come, but whoever asked for them is told.

use crate::model::facts::silence_scope::{SilencedRule, mistake};
use crate::model::series::alert_labels::alerts;
use crate::model::silence::{Silence, SilenceRequest};
use crate::model::verdict::Verdict;

/// Why a silence is about no alert of any rule at present, if it is about none.
pub(crate) fn about_nothing(request: &SilenceRequest, verdicts: &[Verdict]) -> Option<String> {
    let silence = Silence {
        id: 0,
        request: request.clone(),
    };
    let mut all = verdicts.iter().flat_map(alerts);
    if all.any(|labels| silence.is_about(&labels)) {
        return None;
    }
    let rules = verdicts.iter().map(|verdict| SilencedRule {
        id: &verdict.rule,
        severity: verdict.severity,
        components: &verdict.components,
    });
    let rules: Vec<_> = rules.collect();
    let why = mistake(&request.matchers, &rules, &[]);
    Some(why.unwrap_or_else(|| "no alert of any rule has these labels".to_owned()))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use crate::model::fixtures;
    use crate::model::verdict::RuleState;

    use super::*;

    #[test]
    fn a_silence_about_nothing_is_told_with_what_was_meant() {
        let since: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let span = (since, since + SignedDuration::from_hours(1));
        let verdicts = [fixtures::verdict(
            "stuck",
            "api",
            RuleState::Quiet { since },
        )];
        let told = |matcher: &str| {
            let matchers = [matcher.to_owned()];
            let request = SilenceRequest::new(&matchers, span, "Ann", "Move", since).unwrap();
            about_nothing(&request, &verdicts)
        };
        assert_eq!(told("rule=stuck"), None);
        assert_eq!(
            told("rule=stukc").as_deref(),
            Some("`rule=\"stukc\"` matches nothing; did you mean `rule=stuck`?")
        );
        assert_eq!(
            told("queue=a").as_deref(),
            Some("no alert of any rule has these labels")
        );
    }
}
