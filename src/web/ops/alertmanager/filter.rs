//! Which alerts a query of Alertmanager's API asks for.

use axum::http::StatusCode;
use regex::RegexBuilder;

use crate::model::request::samples::push::PushedAlert;
use crate::model::series::matcher::{self, LabelMatcher};
use crate::web::ops::access::error::OpsError;

/// The only receiver of alerts: critwatch itself.
pub(crate) const RECEIVER: &str = "critwatch";

/// Parameters of a query at most: a pattern takes its time.
const MAX_FILTERS: usize = 32;

/// How large a pattern may become, in bytes.
const PATTERN: usize = 64 * 1024;

/// What a query asks for. All that fires here is active: silences here are about
/// rules, and nothing is inhibited.
#[derive(Debug)]
pub(crate) struct AlertQuery {
    matchers: Vec<LabelMatcher>,
    /// Whether active alerts of our receiver are wanted.
    active: bool,
}

impl AlertQuery {
    /// Reads the parameters of an address.
    pub(crate) fn read(pairs: &[(String, String)]) -> Result<Self, OpsError> {
        let refused = |words: String| OpsError::whole(StatusCode::BAD_REQUEST, words);
        let mut asked = Self {
            matchers: Vec::new(),
            active: true,
        };
        for (at, (key, value)) in pairs.iter().enumerate() {
            if at == MAX_FILTERS {
                return Err(refused(format!(
                    "ask with {MAX_FILTERS} parameters at most"
                )));
            }
            match &**key {
                "filter" => {
                    let read = matcher::parse(value).map_err(|error| refused(error.to_string()));
                    asked.matchers.extend(read?);
                }
                "receiver" => {
                    let anchored = format!("^(?:{value})$");
                    let built = RegexBuilder::new(&anchored).size_limit(PATTERN).build();
                    let pattern = built.map_err(|_| {
                        refused(format!(
                            "`receiver={value}` is a pattern that cannot be read"
                        ))
                    })?;
                    asked.active &= pattern.is_match(RECEIVER);
                }
                "active" => asked.active &= value != "false",
                // None of ours is any of these.
                "silenced" | "inhibited" | "unprocessed" | "muted" => {}
                other => {
                    let words = "there are `filter`, `receiver`, `active`, `silenced`, \
                        `inhibited` and `unprocessed`";
                    return Err(refused(format!("`{other}` is not understood; {words}")));
                }
            }
        }
        Ok(asked)
    }

    /// Whether an alert is among them; a missing label is an empty one.
    pub(crate) fn wants(&self, alert: &PushedAlert) -> bool {
        let value = |label: &str| alert.labels.get(label).map_or("", String::as_str);
        let mut matchers = self.matchers.iter();
        self.active && matchers.all(|one| one.matches(value(one.label())))
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::Query;
    use jiff::Timestamp;

    use super::*;

    fn read(query: &str) -> Result<AlertQuery, OpsError> {
        let uri = format!("/?{query}").parse().unwrap();
        let pairs: Query<Vec<_>> = Query::try_from_uri(&uri).unwrap();
        AlertQuery::read(&pairs.0)
    }

    fn wants(query: &str) -> bool {
        let labels = [("alertname", "Slow"), ("severity", "page")];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let at = Timestamp::UNIX_EPOCH;
        let alert = PushedAlert {
            labels: labels.into(),
            starts: at,
            ends: at,
            updated: at,
        };
        read(query).unwrap().wants(&alert)
    }

    #[test]
    fn alerts_are_chosen_as_alertmanager_chooses_them() {
        for (query, expected) in [
            ("", true),
            ("filter=alertname%3D%22Slow%22", true),
            (
                "filter=alertname%3D%22Slow%22&filter=severity%21%3D%22page%22",
                false,
            ),
            (
                "filter=alertname%3D~%22S.*%22&active=true&silenced=false&inhibited=true",
                true,
            ),
            ("filter=alertname%3D~%22S%22", false),
            ("filter=team%3D%22%22", true),
            (
                "filter=%7Balertname%3D%22Slow%22%2Cseverity%3D%22page%22%7D",
                true,
            ),
            ("active=false&silenced=true", false),
            ("receiver=crit.*", true),
            ("receiver=crit", false),
        ] {
            assert_eq!(wants(query), expected, "{query}");
        }
        for (query, words) in [
            ("filter=Slow", "there is no `=`"),
            ("receiver=(", "cannot be read"),
            ("sort=name", "`sort` is not understood"),
        ] {
            let refused = read(query).unwrap_err();
            assert!(refused.message.contains(words), "{query}: {refused:?}");
        }
    }
}
