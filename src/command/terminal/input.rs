//! Input that cannot be used, and options that several commands share.

use std::net::{SocketAddr, ToSocketAddrs as _};

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::incident::manual::affected::UnknownComponent;
use crate::incident::manual::refusal::EditRefusal;
use crate::model::component::Severity;
use crate::model::event::EventError;
use crate::model::time::moment::WhenError;

/// What was typed cannot be used; nothing was done, and the exit code is 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(String);

impl BadInput {
    /// Says what is wrong and what to do about it.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<EditRefusal> for BadInput {
    fn from(refusal: EditRefusal) -> Self {
        Self(refusal.to_string())
    }
}

impl From<UnknownComponent> for BadInput {
    fn from(unknown: UnknownComponent) -> Self {
        Self(unknown.to_string())
    }
}

impl From<WhenError> for BadInput {
    fn from(error: WhenError) -> Self {
        Self(error.to_string())
    }
}

impl From<EventError> for BadInput {
    fn from(error: EventError) -> Self {
        Self(error.to_string())
    }
}

/// Who reads the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// Text for people.
    #[default]
    Text,
    /// JSON for programs.
    Json,
}

/// Reads where a listener is: an address, or a name of this machine such as `localhost`.
pub fn listen_address(text: &str) -> Result<SocketAddr, String> {
    const FORM: &str = "write an address and a port, as in `127.0.0.1:8080`";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let has_port = |(name, port): (&str, &str)| !name.is_empty() && port.parse::<u16>().is_ok();
    if !text.rsplit_once(':').is_some_and(has_port) {
        return Err(FORM.to_owned());
    }
    let found = text.to_socket_addrs();
    let mut found = found.map_err(|error| format!("{error}; {FORM}"))?;
    found.next().ok_or_else(|| FORM.to_owned())
}

/// Reads one of the three words of cState.
pub fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["down", "disrupted", "notice"]).map(|word| match &*word {
        "down" => Severity::Down,
        "disrupted" => Severity::Disrupted,
        _ => Severity::Notice,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_named_by_address_or_name() {
        let port = |text| listen_address(text).map(|address| address.port());
        assert_eq!(port("127.0.0.1:8080"), Ok(8080));
        assert_eq!(port("[::1]:0"), Ok(0));
        assert_eq!(port("localhost:9180"), Ok(9180));
        for wrong in [
            "",
            ":8080",
            "8080",
            "localhost",
            "localhost:",
            "localhost:99999",
            "::1",
        ] {
            let error = listen_address(wrong).expect_err(wrong);
            assert!(error.contains("`127.0.0.1:8080`"), "{wrong}: {error}");
        }
    }
}
