//! What the settings say of a provider's page.

use reqwest::Url;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;

use crate::collect::failure::cause::Failure;
use crate::collect::http::access;
use crate::collect::provider::formats::format::ProviderFormat;
use crate::model::text::shape::SecretText;

/// A `[[collector]]` of `type = "provider"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// The URL of the status page.
    #[schemars(with = "SecretText")]
    pub(crate) url: SecretString,
    /// The format of the page; detected by default.
    pub(crate) format: Option<ProviderFormat>,
    /// The provider's name for visitors; by default its host.
    pub(crate) name: Option<String>,
    /// The provider's components that count; by default all.
    #[serde(default)]
    pub(crate) components: Vec<String>,
    /// The region that counts, for AWS, Azure and Google.
    pub(crate) region: Option<String>,
    /// The services or products that count, for AWS, Azure, Google and Slack.
    #[serde(default)]
    pub(crate) services: Vec<String>,
}

impl ProviderSettings {
    /// Whether the page can be asked for at all.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let url = access::address(&self.url)?;
        let is_narrow = self.region.is_some() || is_one_service(&url);
        if self.format == Some(ProviderFormat::Aws) && !is_narrow {
            return Err(Failure::Answer(NO_REGION.to_owned()));
        }
        Ok(())
    }
}

/// Somewhere in the world something is always broken.
pub(crate) const NO_REGION: &str =
    "the page of AWS covers all regions: set `region`, and `services` if you can";

/// Whether an address is that of a feed of AWS about one service in one region.
pub(crate) fn is_one_service(url: &Url) -> bool {
    let name = url.path().strip_suffix(".rss");
    name.is_some_and(|name| !name.ends_with("/all"))
}
