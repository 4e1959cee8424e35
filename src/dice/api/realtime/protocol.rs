//! The messages of Pusher's protocol, as values.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

/// The only version of the protocol that is spoken.
pub(crate) const VERSION: &str = "7";
/// The longest message of a client.
pub(crate) const MESSAGE_MAX: usize = 10 * 1024;

/// A fault by the protocol's own codes. From 4000 to 4099 a client is not to connect again as it
/// is, from 4100 after a while, from 4200 at once; others leave the connection open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProtocolFault {
    /// The address names no application.
    NoApp,
    /// The address names no version of the protocol.
    NoVersion,
    /// The version is another one.
    OtherVersion,
    /// Too many connections.
    OverCapacity,
    /// The connection fell behind with reading, or the service ends.
    Reconnect,
    /// Nothing came for too long.
    NoPong,
    /// Client events come too fast.
    TooFast,
    /// A client event on a channel that takes none.
    NoClientEvents,
    /// A message that cannot be read.
    Unreadable,
}

impl ProtocolFault {
    /// The number and the words of a fault.
    pub(crate) fn parts(self) -> (u16, &'static str) {
        match self {
            Self::NoApp => (4001, "There is no such application"),
            Self::OtherVersion => (4007, "Only version 7 of the protocol is spoken here"),
            Self::NoVersion => (4008, "The address has no version of the protocol"),
            Self::OverCapacity => (4100, "There are too many connections"),
            Self::Reconnect => (4200, "Connect again"),
            Self::NoPong => (4201, "Nothing was heard for too long"),
            Self::TooFast => (4301, "Client events come too fast"),
            Self::NoClientEvents => (4300, "Client events need a channel that you have joined"),
            Self::Unreadable => (4302, "The message cannot be read"),
        }
    }

    /// Writes the event that says so.
    pub(crate) fn event(self) -> String {
        let (code, message) = self.parts();
        let data = json!({ "code": code, "message": message });
        json!({ "event": "pusher:error", "data": data }).to_string()
    }
}

/// A message of a client.
#[derive(Debug, PartialEq)]
pub(crate) enum ClientMessage {
    /// Is anybody there?
    Ping,
    /// Yes.
    Pong,
    /// Wants to hear a channel.
    Subscribe(SubscribeWish),
    /// Wants to hear it no more.
    Unsubscribe(String),
    /// Says something to the others on a channel.
    ClientEvent {
        /// Begins with `client-`.
        event: String,
        /// Where.
        channel: String,
        /// Anything.
        data: Value,
    },
}

/// Wants to hear a channel.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct SubscribeWish {
    /// Which.
    pub(crate) channel: String,
    /// The signature.
    pub(crate) auth: Option<String>,
    /// Who it is, on presence channels; signed too.
    pub(crate) channel_data: Option<String>,
}

#[derive(Deserialize)]
struct ClientEnvelope {
    event: String,
    channel: Option<String>,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
struct ChannelOnly {
    channel: String,
}

/// Reads a message; none if it is none.
pub(crate) fn read(text: &str) -> Option<ClientMessage> {
    let envelope: ClientEnvelope = serde_json::from_str(text).ok()?;
    match envelope.event.as_str() {
        "pusher:ping" => Some(ClientMessage::Ping),
        "pusher:pong" => Some(ClientMessage::Pong),
        "pusher:subscribe" => {
            let wish = serde_json::from_value(envelope.data).ok()?;
            Some(ClientMessage::Subscribe(wish))
        }
        "pusher:unsubscribe" => {
            let ChannelOnly { channel } = serde_json::from_value(envelope.data).ok()?;
            Some(ClientMessage::Unsubscribe(channel))
        }
        event if event.starts_with("client-") => Some(ClientMessage::ClientEvent {
            event: envelope.event,
            channel: envelope.channel?,
            data: envelope.data,
        }),
        _ => None,
    }
}

/// Writes the greeting.
pub(crate) fn established(socket: &str, activity_timeout: Duration) -> String {
    let seconds = activity_timeout.as_secs().max(1);
    let data = json!({ "socket_id": socket, "activity_timeout": seconds });
    // The protocol wants most data as a text that is JSON itself.
    json!({ "event": "pusher:connection_established", "data": data.to_string() }).to_string()
}

/// Writes an event on a channel, with data that is JSON already.
pub(crate) fn event(name: &str, channel: &str, data: &str) -> String {
    json!({ "event": name, "channel": channel, "data": data }).to_string()
}

/// Writes what a client said to the others; its data stays as it was, text or not.
pub(crate) fn client_event(name: &str, channel: &str, data: &Value, user: &str) -> String {
    json!({ "event": name, "channel": channel, "data": data, "user_id": user }).to_string()
}

/// Writes that a channel cannot be heard, and why.
pub(crate) fn subscription_error(channel: &str, kind: &str, error: &str, status: u16) -> String {
    let data = json!({ "type": kind, "error": error, "status": status });
    json!({ "event": "pusher:subscription_error", "channel": channel, "data": data }).to_string()
}

/// Writes an event without a channel.
pub(crate) fn plain(name: &str) -> String {
    json!({ "event": name, "data": {} }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_are_none_are_not_read() {
        for text in [
            "",
            "null",
            "{}",
            r#"{"event":"pusher:subscribe","data":{}}"#,
            r#"{"event":"App\\Events\\RollCreateEvent","channel":"a","data":{}}"#,
            r#"{"event":"client-x","data":{}}"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(
            read(r#"{"event":"pusher:ping"}"#),
            Some(ClientMessage::Ping)
        );
    }
}
