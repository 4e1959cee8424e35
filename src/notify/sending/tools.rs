//! What the channels that speak HTTP share.

use reqwest::Client;

use crate::notify::texts::wording::SiteWording;

/// What the channels that speak HTTP share.
#[derive(Clone, Debug)]
pub(crate) struct HttpTools {
    /// Sends requests; it follows no redirects.
    pub client: Client,
    /// The words of the site.
    pub wording: SiteWording,
}
