//! The forms in which providers tell how they are.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::collect::provider::formats::feed::RssFeed;
use crate::collect::provider::formats::{
    aws, azure, betterstack, cstate, firehydrant, google, heroku, instatus, slack, statusio,
    statuspage,
};
use crate::collect::provider::report::{Filter, ProviderComponent, ProviderReport};

/// A format of status pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProviderFormat {
    /// Atlassian Statuspage and compatible pages.
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
    /// Google Cloud and Google Workspace.
    Google,
    /// Slack.
    Slack,
    /// Azure.
    Azure,
    /// AWS, its events or one of its feeds.
    Aws,
    /// Status.io.
    StatusIo,
}

/// Where a page of a form is, below the address of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PagePlace {
    /// What tells how all is; empty if it is the address itself.
    pub(crate) page: &'static str,
    /// What lists the parts, if that is not in the page.
    pub(crate) parts: Option<&'static str>,
}

impl PagePlace {
    const fn at(page: &'static str) -> Self {
        Self { page, parts: None }
    }
}

/// What a provider sends.
#[derive(Clone, Debug)]
pub enum ProviderPage {
    /// JSON of some form.
    Json(Value),
    /// An RSS feed.
    Rss(RssFeed),
}

impl ProviderFormat {
    /// All, in the order in which they are tried.
    pub const ALL: [Self; 11] = [
        Self::Statuspage,
        Self::FireHydrant,
        Self::Instatus,
        Self::BetterStack,
        Self::CState,
        Self::Heroku,
        Self::Google,
        Self::Slack,
        Self::Azure,
        Self::Aws,
        Self::StatusIo,
    ];

    /// How the settings call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Statuspage => "statuspage",
            Self::FireHydrant => "firehydrant",
            Self::Instatus => "instatus",
            Self::BetterStack => "betterstack",
            Self::CState => "cstate",
            Self::Heroku => "heroku",
            Self::Google => "google",
            Self::Slack => "slack",
            Self::Azure => "azure",
            Self::Aws => "aws",
            Self::StatusIo => "statusio",
        }
    }

    /// Where it may be, the newest place first.
    pub(crate) fn places(self) -> &'static [PagePlace] {
        match self {
            Self::Statuspage => const { &[PagePlace::at("/api/v2/summary.json")] },
            Self::FireHydrant => const { &[PagePlace::at("/data/payload.json")] },
            Self::Instatus => {
                const {
                    &[
                        PagePlace {
                            page: "/v3/summary.json",
                            parts: Some("/v3/components.json"),
                        },
                        PagePlace {
                            page: "/summary.json",
                            parts: Some("/v2/components.json"),
                        },
                    ]
                }
            }
            Self::BetterStack | Self::CState => const { &[PagePlace::at("/index.json")] },
            Self::Heroku => const { &[PagePlace::at("/api/v4/current-status")] },
            Self::Google => const { &[PagePlace::at("/incidents.json")] },
            Self::Slack => const { &[PagePlace::at("/api/v2.0.0/current")] },
            Self::Azure => {
                const {
                    &[
                        PagePlace::at("/en-us/status/feed/"),
                        PagePlace::at("/feed/"),
                    ]
                }
            }
            Self::Aws => const { &[PagePlace::at("/public/currentevents"), PagePlace::at("")] },
            Self::StatusIo => const { &[PagePlace::at("")] },
        }
    }

    /// Reads the list of parts that is in a place of its own.
    pub fn parts(self, page: &Value) -> Option<Vec<ProviderComponent>> {
        match self {
            Self::Instatus => instatus::parts(page),
            Self::Statuspage
            | Self::FireHydrant
            | Self::BetterStack
            | Self::CState
            | Self::Heroku
            | Self::Google
            | Self::Slack
            | Self::Azure
            | Self::Aws
            | Self::StatusIo => None,
        }
    }

    /// Reads a page; `None` if it is not of this form, or odd in any way.
    pub fn read(self, page: &ProviderPage, filter: &Filter) -> Option<ProviderReport> {
        match (self, page) {
            (Self::Statuspage, ProviderPage::Json(page)) => statuspage::read(page),
            (Self::FireHydrant, ProviderPage::Json(page)) => firehydrant::read(page),
            (Self::Instatus, ProviderPage::Json(page)) => instatus::read(page),
            (Self::BetterStack, ProviderPage::Json(page)) => betterstack::read(page),
            (Self::CState, ProviderPage::Json(page)) => cstate::read(page),
            (Self::Heroku, ProviderPage::Json(page)) => heroku::read(page),
            (Self::Google, ProviderPage::Json(page)) => google::read(page, filter),
            (Self::Slack, ProviderPage::Json(page)) => slack::read(page, filter),
            (Self::StatusIo, ProviderPage::Json(page)) => statusio::read(page),
            (Self::Aws, ProviderPage::Json(page)) => aws::read(page, filter),
            (Self::Aws, ProviderPage::Rss(feed)) => aws::read_feed(feed, filter),
            (Self::Azure, ProviderPage::Rss(feed)) => azure::read(feed, filter),
            (Self::Azure, ProviderPage::Json(_))
            | (
                Self::Statuspage
                | Self::FireHydrant
                | Self::Instatus
                | Self::BetterStack
                | Self::CState
                | Self::Heroku
                | Self::Google
                | Self::Slack
                | Self::StatusIo,
                ProviderPage::Rss(_),
            ) => None,
        }
    }
}

/// Reads the bytes of a page.
pub fn document(bytes: &[u8]) -> Option<ProviderPage> {
    match RssFeed::read(bytes) {
        Some(feed) => Some(ProviderPage::Rss(feed)),
        None => json(bytes).map(ProviderPage::Json),
    }
}

/// Reads the bytes of a page as JSON, in UTF-8 or in UTF-16 with its mark.
pub(crate) fn json(bytes: &[u8]) -> Option<Value> {
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
    const WORDS: [&str; 29] = [
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
        "active_incidents",
        "title",
        "result",
        "status_overall",
        "status_code",
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

    #[test]
    fn every_form_is_called_as_the_settings_call_it() {
        for format in ProviderFormat::ALL {
            let read: ProviderFormat = serde_json::from_value(json!(format.name())).unwrap();
            assert_eq!(read, format);
            assert!(!format.places().is_empty());
        }
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
            for format in ProviderFormat::ALL {
                let report = format.read(&ProviderPage::Json(read.clone()), &Filter::default());
                for trouble in report.iter().flat_map(|report| &report.troubles) {
                    prop_assert!(!trouble.title.contains(char::is_control));
                }
                let narrowed = report.map(|report| report.narrow(&["name".to_owned()]));
                let _ = narrowed;
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = document(&bytes);
        }
    }
}
