//! Which form of the text format a scraper asks for.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use crate::web::formats::federate::escaping::Escaping;

/// Wishes of one scraper that are looked at.
const MAX_ACCEPTED: usize = 32;

/// How samples are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextFormat {
    /// `0.0.4` or `1.0.0`; the text is the same.
    version: &'static str,
    /// How names outside the classic alphabet are written.
    pub(crate) escaping: Escaping,
}

impl TextFormat {
    /// The form that is asked for, found as Prometheus finds it: of the kinds
    /// that we write the most wanted; who asks for nothing gets underscores.
    ///
    /// The word `escaping` counts in kinds that we do not write, too.
    pub(crate) fn negotiate(headers: &HeaderMap) -> Self {
        let accept = headers.get(ACCEPT);
        let accept = accept.and_then(|accept| accept.to_str().ok());
        let mut accepted: Vec<Accepted<'_>> = accept
            .unwrap_or_default()
            .split(',')
            .take(MAX_ACCEPTED)
            .map(Accepted::read)
            .collect();
        accepted.sort_by(|one, other| other.quality.total_cmp(&one.quality));
        let mut escaping = Escaping::Underscores;
        let version = accepted.into_iter().find_map(|one| {
            escaping = one.escaping.unwrap_or(escaping);
            let version = match one.version {
                "" | "0.0.4" => "0.0.4",
                "1.0.0" => "1.0.0",
                _ => return None,
            };
            (one.kind == "text/plain").then_some(version)
        });
        Self {
            version: version.unwrap_or("0.0.4"),
            escaping,
        }
    }

    /// The value of `content-type`.
    pub(crate) fn kind(self) -> String {
        let Self { version, escaping } = self;
        format!(
            "text/plain; version={version}; charset=utf-8; escaping={}",
            escaping.word()
        )
    }
}

/// One of the kinds that a scraper takes.
struct Accepted<'h> {
    kind: &'h str,
    version: &'h str,
    escaping: Option<Escaping>,
    quality: f64,
}

impl<'h> Accepted<'h> {
    fn read(text: &'h str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let mut one = Self {
            kind: parts.next().unwrap_or_default(),
            version: "",
            escaping: None,
            quality: 1.0,
        };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim_matches('"');
            match name {
                "version" => one.version = value,
                "escaping" => {
                    let mut all = Escaping::ALL.into_iter();
                    one.escaping = all.find(|escaping| escaping.word() == value);
                }
                "q" => one.quality = value.parse().unwrap_or(1.0),
                _ => {}
            }
        }
        one
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(accept: &str, version: &str, escaping: Escaping) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        let format = TextFormat::negotiate(&headers);
        assert_eq!(
            (format.version, format.escaping),
            (version, escaping),
            "{accept}"
        );
    }

    #[test]
    fn the_form_is_found_as_prometheus_finds_it() {
        use Escaping::{AllowUtf8, Dots, Underscores, Values};
        let none = TextFormat::negotiate(&HeaderMap::new());
        let kind = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
        assert_eq!(none.kind(), kind);
        // As Prometheus 3 asks by default, and as Prometheus 2 does.
        check(
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
            "1.0.0",
            AllowUtf8,
        );
        check(
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "0.0.4",
            Underscores,
        );
        check(
            "text/plain;version=1.0.0; escaping=\"values\"",
            "1.0.0",
            Values,
        );
        check("text/plain;escaping=dots", "0.0.4", Dots);
        check(
            "text/plain;version=1.0.0;q=0.1, text/plain;q=0.9;escaping=values",
            "0.0.4",
            Values,
        );
        check(
            "application/json;escaping=dots, text/plain;version=1.0.0",
            "1.0.0",
            Dots,
        );
        check(
            "text/plain;version=1.0.0;escaping=shouting",
            "1.0.0",
            Underscores,
        );
        check("text/plain;version=7", "0.0.4", Underscores);
        check("*/*", "0.0.4", Underscores);
    }

    proptest! {
        #[test]
        fn no_wish_makes_it_panic(accept in "[ -~]{0,80}") {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, accept.parse().unwrap());
            let _ = TextFormat::negotiate(&headers);
        }
    }
}
