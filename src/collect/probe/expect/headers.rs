//! Headers that a probe sends, and those that it expects.

use std::collections::BTreeMap;
use std::fmt;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::collect::failure::cause::Failure;
use crate::collect::probe::expect::pattern::BytePattern;
use crate::collect::probe::expect::template::{ProbeTemplate, Values};
use crate::collect::probe::fault::SettingsFault;
use crate::model::text::shape::SecretText;

/// Headers by name; values are secret as a rule.
#[derive(Clone, Default, JsonSchema)]
#[schemars(inline, with = "BTreeMap<String, SecretText>")]
pub(crate) struct Headers(Vec<(HeaderName, ProbeTemplate)>);

impl Headers {
    /// The values of steps that they ask for, each with the header's name.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|(header, value)| value.names().map(|name| (header.as_str(), name)))
    }

    /// Puts them into a request; what a value makes unfit to be sent fails.
    pub(crate) fn write(&self, to: &mut HeaderMap, values: &Values) -> Result<(), Failure> {
        for (name, value) in &self.0 {
            put(to, name.clone(), &value.plain(values))?;
        }
        Ok(())
    }

    /// Faults of headers that belong to no steps.
    pub(crate) fn faults(&self) -> Vec<SettingsFault> {
        let no_value = |(header, name)| {
            let message = format!("nothing saves `{name}` here; only steps save values");
            SettingsFault::new(format!("headers.{header}"), message)
        };
        let mut faults: Vec<_> = self.names().map(no_value).collect();
        for (name, value) in &self.0 {
            // A value of the wrong letters would fail at every attempt.
            if HeaderValue::from_str(&value.plain(&Values::default())).is_err() {
                let message = "a header's value is one line without control characters";
                faults.push(SettingsFault::new(format!("headers.{name}"), message));
            }
        }
        faults
    }
}

/// Sets one header; its value is not shown by who logs requests.
pub(crate) fn put(to: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), Failure> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Failure::Answer(format!("the header `{name}` cannot be sent")))?;
    value.set_sensitive(true);
    to.insert(name, value);
    Ok(())
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|(name, _)| name);
        f.debug_set().entries(names).finish()
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        named(BTreeMap::<String, ProbeTemplate>::deserialize(from)?).map(Self)
    }
}

/// What headers of an answer have to match.
#[derive(Clone, Debug, Default, JsonSchema)]
#[schemars(inline, with = "BTreeMap<String, String>")]
pub(crate) struct Patterns(Vec<(HeaderName, BytePattern)>);

impl Patterns {
    /// Whether each is there and matches, or which is not.
    pub(crate) fn judge(&self, headers: &HeaderMap) -> Result<(), String> {
        for (name, pattern) in &self.0 {
            let mut values = headers.get_all(name).iter();
            if !values.any(|value| pattern.is_in(value.as_bytes())) {
                return Err(format!("the header `{name}` is not what it should match"));
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        named(BTreeMap::<String, BytePattern>::deserialize(from)?).map(Self)
    }
}

/// Reads the names of headers.
fn named<T, E: Error>(headers: BTreeMap<String, T>) -> Result<Vec<(HeaderName, T)>, E> {
    let headers = headers.into_iter().map(|(name, value)| {
        let known = name
            .parse()
            .map_err(|_| E::custom(format!("`{name}` is not a header name")))?;
        Ok((known, value))
    });
    headers.collect()
}
