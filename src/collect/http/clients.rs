//! The HTTP clients that collectors share.

use reqwest::Client;

/// Clients by what they do with redirects.
#[derive(Clone, Debug)]
pub struct HttpClients {
    /// Follows a few redirects, as a visitor would.
    pub redirecting: Client,
    /// Follows none: what a request carries is not for those that a target redirects to.
    pub direct: Client,
}
