//! What others say of themselves: related to us, and never a cause.

use jiff::Timestamp;

use crate::model::component::Health;

/// Trouble that a provider reports on its own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Who reports it, as the settings name it.
    pub provider: String,
    /// How bad the provider says that it is.
    pub health: Health,
    /// Its title, one line of plain text.
    pub title: String,
    /// Since when, if the provider says so.
    pub since: Option<Timestamp>,
    /// Where to read more, over HTTP.
    pub link: Option<String>,
}
