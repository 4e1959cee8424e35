//! The variables `OTEL_…` whose values the library of traces would pass over in silence
//! if it cannot read them.

use std::collections::BTreeMap;

/// Numbers, each of one or more.
const NUMBERS: [&str; 10] = [
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_MAX_CONCURRENT_EXPORTS",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
];

/// The samplers that the library has.
const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

/// A value that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} cannot be used: it is `{value}`; write {expected}")]
pub struct UnreadableVariable {
    /// The variable.
    pub name: &'static str,
    /// What it says.
    pub value: String,
    /// What it may say.
    pub expected: String,
}

/// The first variable that cannot be read; an empty one is as if it were not there.
pub(crate) fn unreadable(environment: &BTreeMap<String, String>) -> Option<UnreadableVariable> {
    let said = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    let is_number = |value: &String| value.parse::<u32>().is_ok_and(|number| number > 0);
    let is_share = |value: &String| {
        let share = value.parse::<f64>();
        share.is_ok_and(|share| (0.0..=1.0).contains(&share))
    };
    let fault = |name, value: &String, expected: &str| UnreadableVariable {
        name,
        value: value.escape_debug().to_string(),
        expected: expected.to_owned(),
    };
    let number = NUMBERS.into_iter().find_map(|name| {
        let value = said(name).filter(|value| !is_number(value))?;
        Some(fault(name, value, "a whole number of at least 1"))
    });
    let sampler = || {
        let name = "OTEL_TRACES_SAMPLER";
        let value = said(name).filter(|value| !SAMPLERS.contains(&value.as_str()))?;
        Some(fault(
            name,
            value,
            &format!("one of {}", SAMPLERS.join(", ")),
        ))
    };
    let share = || {
        let name = "OTEL_TRACES_SAMPLER_ARG";
        let value = said(name).filter(|value| !is_share(value))?;
        Some(fault(name, value, "a number from 0 to 1"))
    };
    number.or_else(sampler).or_else(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_cannot_be_read_is_refused_with_what_it_may_be() {
        let (number, share) = ("a whole number of at least 1", "a number from 0 to 1");
        for (name, value, expected) in [
            ("OTEL_BSP_SCHEDULE_DELAY", "abc", Some(number)),
            ("OTEL_BSP_SCHEDULE_DELAY", "5s", Some(number)),
            ("OTEL_BSP_SCHEDULE_DELAY", "0", Some(number)),
            ("OTEL_BSP_SCHEDULE_DELAY", "-1", Some(number)),
            ("OTEL_BSP_SCHEDULE_DELAY", "500", None),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "", None),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1e4", Some(number)),
            ("OTEL_TRACES_SAMPLER_ARG", "10%", Some(share)),
            ("OTEL_TRACES_SAMPLER_ARG", "1.5", Some(share)),
            ("OTEL_TRACES_SAMPLER_ARG", "NaN", Some(share)),
            ("OTEL_TRACES_SAMPLER_ARG", "0.1", None),
            ("OTEL_TRACES_SAMPLER", "traceidratio", None),
            ("OTEL_SERVICE_NAME", "abc", None),
        ] {
            let found = unreadable(&[(name.to_owned(), value.to_owned())].into());
            let expected = expected.map(|expected| UnreadableVariable {
                name,
                value: value.to_owned(),
                expected: expected.to_owned(),
            });
            assert_eq!(found, expected, "{name}={value}");
        }
    }

    #[test]
    fn a_sampler_that_is_not_there_is_refused_with_those_that_are() {
        let environment = [("OTEL_TRACES_SAMPLER".to_owned(), "xray".to_owned())].into();
        assert_eq!(
            unreadable(&environment).unwrap().to_string(),
            "OTEL_TRACES_SAMPLER cannot be used: it is `xray`; write one of always_on, \
             always_off, traceidratio, parentbased_always_on, parentbased_always_off, \
             parentbased_traceidratio"
        );
    }
}
