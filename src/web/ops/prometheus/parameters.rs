//! What is asked, in the address or in a form, as Prometheus' clients write it.

use std::time::Duration;

use axum::Form;
use axum::extract::{FromRequest, Query, Request};
use axum::http::{Method, Uri};
use jiff::{SignedDuration, Timestamp};

use crate::model::time::duration;
use crate::web::ops::prometheus::answer::ApiFault;

/// Selectors of one question.
const MOST_SELECTORS: usize = 64;

/// The parameters of a question, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct QueryParameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for QueryParameters {
    type Rejection = ApiFault;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiFault> {
        let mut asked = Self::read(request.uri());
        if *request.method() == Method::POST {
            let sent = Form::<Vec<(String, String)>>::from_request(request, state).await;
            let Form(sent) = sent.map_err(|rejection| ApiFault::bad(&rejection.to_string()))?;
            asked.0.extend(sent);
        }
        Ok(asked)
    }
}

impl QueryParameters {
    fn read(address: &Uri) -> Self {
        let read = Query::try_from_uri(address);
        Self(read.map_or_else(|_| Vec::new(), |Query(pairs)| pairs))
    }

    /// A parameter that is filled in; of several the last.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().rev().find(|(one, _)| one == name);
        named
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The expression.
    pub(crate) fn expression(&self) -> Result<&str, ApiFault> {
        self.filled("query")
            .ok_or_else(|| ApiFault::bad("invalid parameter \"query\": name an expression"))
    }

    /// The values of `match[]`, each once.
    pub(crate) fn selectors(&self) -> Result<Vec<String>, ApiFault> {
        let named = self.0.iter().filter(|(name, _)| name == "match[]");
        let mut selectors: Vec<_> = named.map(|(_, value)| value.clone()).collect();
        selectors.dedup();
        if selectors.len() > MOST_SELECTORS {
            let words = format!("invalid parameter \"match[]\": name at most {MOST_SELECTORS}");
            return Err(ApiFault::bad(&words));
        }
        Ok(selectors)
    }

    /// A moment, if it is named: seconds since the epoch, or RFC 3339.
    pub(crate) fn moment(&self, name: &str) -> Result<Option<Timestamp>, ApiFault> {
        let read = |text| moment(text).ok_or_else(|| unusable(name, text, "a time"));
        self.filled(name).map(read).transpose()
    }

    /// A moment that must be named.
    pub(crate) fn needed_moment(&self, name: &str) -> Result<Timestamp, ApiFault> {
        self.moment(name)?
            .ok_or_else(|| unusable(name, "", "a time"))
    }

    /// The step: seconds, or a duration as Prometheus writes it.
    pub(crate) fn step(&self) -> Result<Duration, ApiFault> {
        let text = self.filled("step").unwrap_or_default();
        step(text).ok_or_else(|| unusable("step", text, "a positive duration"))
    }

    /// How many results are wanted at most.
    pub(crate) fn limit(&self) -> Result<usize, ApiFault> {
        let Some(text) = self.filled("limit") else {
            return Ok(usize::MAX);
        };
        match text.parse() {
            Ok(0) => Ok(usize::MAX),
            Ok(limit) => Ok(limit),
            Err(_) => Err(unusable("limit", text, "a number")),
        }
    }
}

fn unusable(name: &str, text: &str, what: &str) -> ApiFault {
    ApiFault::bad(&format!(
        "invalid parameter \"{name}\": `{text}` is not {what}"
    ))
}

/// A moment as Prometheus reads it.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<f64>() {
        let since = SignedDuration::try_from_secs_f64((seconds * 1000.0).round() / 1000.0);
        return Timestamp::from_duration(since.ok()?).ok();
    }
    text.parse().ok()
}

/// A step as Prometheus reads it.
pub(crate) fn step(text: &str) -> Option<Duration> {
    let read = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        Err(_) => duration::parse(text).ok()?,
    };
    (read.as_millis() > 0).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_steps_are_read_as_prometheus_reads_them() {
        for (text, expected) in [
            ("1700000000", Some("2023-11-14T22:13:20Z")),
            ("1700000000.5", Some("2023-11-14T22:13:20.5Z")),
            ("1.7e9", Some("2023-11-14T22:13:20Z")),
            ("2023-11-14T23:13:20+01:00", Some("2023-11-14T22:13:20Z")),
            ("now", None),
            ("NaN", None),
            ("1e300", None),
        ] {
            let expected = expected.map(|at| at.parse::<Timestamp>().unwrap());
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(step("15"), Some(Duration::from_secs(15)));
        assert_eq!(step("0.5"), Some(Duration::from_millis(500)));
        assert_eq!(step("1m30s"), Some(Duration::from_secs(90)));
        for text in ["", "0", "-5", "NaN", "soon", "0.0001"] {
            assert_eq!(step(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_of_several_counts_and_selectors_all() {
        let address = "/?query=a&query=b%2B1&match%5B%5D=up&match%5B%5D=x&limit=0"
            .parse()
            .unwrap();
        let read = QueryParameters::read(&address);
        assert_eq!(read.expression().unwrap(), "b+1");
        assert_eq!(read.selectors().unwrap(), ["up", "x"]);
        assert_eq!(read.limit().unwrap(), usize::MAX);
        assert!(read.needed_moment("start").is_err() && read.moment("time").unwrap().is_none());
    }
}
