//! What the settings say of a server that is asked in PromQL.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::collect::http::access::{self, RequestSettings};
use crate::collect::page::scrape::OURS;
use crate::collect::probe::fault::SettingsFault;
use crate::model::series::label::is_plain;
use crate::model::text::shape::SecretText;

/// The metric that says whether a query was answered in full.
pub(crate) const SUCCESS_METRIC: &str = "query_success";

/// A `[[collector]]` of `type = "query"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuerySettings {
    /// The base URL of the server, without `/api/v1`.
    #[schemars(with = "SecretText")]
    pub(crate) url: SecretString,
    /// A bearer token.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) bearer: Option<SecretString>,
    /// The user of basic authentication.
    pub(crate) username: Option<String>,
    /// The user's password.
    #[schemars(with = "Option<SecretText>")]
    pub(crate) password: Option<SecretString>,
    /// Further request headers, such as `X-Scope-OrgID`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, SecretText>")]
    pub(crate) headers: BTreeMap<String, SecretString>,
    /// The only trusted certificate authorities, as PEM.
    pub(crate) ca: Option<String>,
    /// The queries.
    #[serde(default, rename = "query")]
    pub(crate) queries: Vec<Query>,
    /// Maximum size of a response in bytes, uncompressed.
    #[serde(default = "default_size")]
    pub(crate) size: usize,
    /// Maximum number of series of all queries together.
    #[serde(default = "default_series")]
    pub(crate) series: usize,
    /// Rules that this server evaluates, with their expressions.
    #[serde(skip)]
    pub rules: Vec<(String, String)>,
}

/// A `[[collector.query]]` table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The metric name of the result.
    pub(crate) name: String,
    /// The expression, in the server's own PromQL.
    pub(crate) expr: String,
}

fn default_size() -> usize {
    2 * 1024 * 1024
}

fn default_series() -> usize {
    20_000
}

impl QuerySettings {
    /// What every request carries.
    pub(crate) fn keys(&self) -> RequestSettings {
        RequestSettings {
            bearer: self.bearer.clone(),
            basic: access::basic(self.username.as_ref(), self.password.as_ref()),
            headers: self.headers.clone(),
            ca: self.ca.clone(),
        }
    }

    /// Whether the server can be asked at all.
    pub(crate) fn check(&self) -> Result<(), SettingsFault> {
        let mut seen = BTreeSet::new();
        for Query { name, .. } in &self.queries {
            if !is_plain(name, true) {
                return Err(SettingsFault::new(
                    "url",
                    format!("`{name}` is not a metric name"),
                ));
            }
            if OURS.contains(&&**name) || name == SUCCESS_METRIC {
                let words = format!(
                    "`{name}` is reserved for metrics about the query itself; choose another name"
                );
                return Err(SettingsFault::new("url", words));
            }
            if !seen.insert(name) {
                let words = format!("two queries are named `{name}`; every name is used once");
                return Err(SettingsFault::new("url", words));
            }
        }
        access::check(&self.url, &self.keys())
    }

    /// Whether there is nothing to ask.
    pub(crate) fn is_idle(&self) -> bool {
        self.queries.is_empty() && self.rules.is_empty()
    }
}
