//! The forms in which providers tell how they are.

use serde::Deserialize;
use serde_json::Value;

use crate::collect::provider::report::{Filter, Part, Report};
use crate::collect::provider::{
    aws, betterstack, cstate, firehydrant, google, heroku, instatus, statuspage,
};

/// A form of status page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Atlassian Statuspage and what speaks like it.
    Statuspage,
    /// `FireHydrant`.
    FireHydrant,
    /// Instatus.
    Instatus,
    /// Better Stack.
    BetterStack,
    /// cState, and critwatch itself.
    CState,
    /// Heroku.
    Heroku,
    /// Google Cloud.
    Google,
    /// AWS.
    Aws,
}

impl Format {
    /// All, in the order in which they are tried.
    pub const ALL: [Self; 8] = [
        Self::Statuspage,
        Self::FireHydrant,
        Self::Instatus,
        Self::BetterStack,
        Self::CState,
        Self::Heroku,
        Self::Google,
        Self::Aws,
    ];

    /// Where it is, below the page's address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Statuspage => "/api/v2/summary.json",
            Self::FireHydrant => "/data/payload.json",
            Self::Instatus => "/v3/summary.json",
            Self::BetterStack | Self::CState => "/index.json",
            Self::Heroku => "/api/v4/current-status",
            Self::Google => "/incidents.json",
            Self::Aws => "/public/currentevents",
        }
    }

    /// Where it lists its parts, if not in the same place.
    pub fn parts_path(self) -> Option<&'static str> {
        (self == Self::Instatus).then_some("/v3/components.json")
    }

    /// Reads the list of parts that is in a place of its own.
    pub fn parts(self, page: &Value) -> Option<Vec<Part>> {
        match self {
            Self::Instatus => instatus::parts(page),
            _ => None,
        }
    }

    /// Reads a page; `None` if it is not of this form, or odd in any way.
    pub fn read(self, page: &Value, filter: &Filter) -> Option<Report> {
        match self {
            Self::Statuspage => statuspage::read(page),
            Self::FireHydrant => firehydrant::read(page),
            Self::Instatus => instatus::read(page),
            Self::BetterStack => betterstack::read(page),
            Self::CState => cstate::read(page),
            Self::Heroku => heroku::read(page),
            Self::Google => google::read(page, filter),
            Self::Aws => aws::read(page, filter),
        }
    }
}

/// Reads the bytes of a page as JSON, in UTF-8 or in UTF-16 with its mark.
pub fn json(bytes: &[u8]) -> Option<Value> {
    let wide = |order: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks_exact(2);
        let units: Vec<_> = pairs.map(|pair| order([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes {
        [0xfe, 0xff, ..] => serde_json::from_str(&wide(u16::from_be_bytes)?).ok(),
        [0xff, 0xfe, ..] => serde_json::from_str(&wide(u16::from_le_bytes)?).ok(),
        [0xef, 0xbb, 0xbf, rest @ ..] => serde_json::from_slice(rest).ok(),
        _ => serde_json::from_slice(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Words that the forms look for, so that random pages come near to real ones.
    const WORDS: [&str; 24] = [
        "page",
        "status",
        "indicator",
        "none",
        "components",
        "name",
        "incidents",
        "impact",
        "timestamps",
        "resolved",
        "conditions",
        "condition",
        "data",
        "attributes",
        "aggregate_state",
        "degraded",
        "included",
        "type",
        "systems",
        "summaryStatus",
        "down",
        "arn",
        "end",
        "status_impact",
    ];

    fn page() -> impl Strategy<Value = Value> {
        let word = prop::sample::select(WORDS.as_slice());
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(|value| json!(value)),
            any::<i64>().prop_map(|value| json!(value)),
            word.clone().prop_map(|value| json!(value)),
            ".{0,8}".prop_map(|value| json!(value)),
        ];
        leaf.prop_recursive(5, 40, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(word.clone().prop_map(str::to_owned), inner, 0..5)
                    .prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic_and_no_title_has_two_lines(page in page(), wide in any::<bool>()) {
            let text = page.to_string();
            let bytes: Vec<u8> = if wide {
                let units = std::iter::once(0xfeff).chain(text.encode_utf16());
                units.flat_map(u16::to_le_bytes).collect()
            } else {
                text.into_bytes()
            };
            let read = json(&bytes).unwrap();
            for format in Format::ALL {
                let report = format.read(&read, &Filter::default());
                for trouble in report.iter().flat_map(|report| &report.troubles) {
                    prop_assert!(!trouble.title.contains(char::is_control));
                }
                let narrowed = report.map(|report| report.narrow(&["name".to_owned()]));
                let _ = narrowed;
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = json(&bytes);
        }
    }
}
