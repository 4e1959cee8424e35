//! Sends to a Matrix room, and replaces what it sent.
//!
//! By the Matrix specification of the client-server API.

use reqwest::{RequestBuilder, StatusCode};
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::model::text::shape::SecretText;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::address::ApiAddress;
use crate::notify::sending::delivery::{Delivered, DeliveryError, send};
use crate::notify::sending::harmless::HarmlessCheck;
use crate::notify::sending::tools::HttpTools;
use crate::notify::texts::markup::{HTML_LINES, PLAIN};
use crate::notify::texts::text::json_size;

const REMOTE: &str = "Matrix";

/// Bytes of the words of one message. An event has 65,536 bytes at most, and an edit
/// holds its words four times: plain and as HTML, new and for older clients.
const MAX_WORDS: usize = 12_000;

/// A `[[notifier]]` of `type = "matrix"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatrixSettings {
    /// The homeserver.
    server: ApiAddress,
    /// The id of the room.
    room: RoomId,
    /// The access token of the sending account.
    #[schemars(with = "SecretText")]
    token: SecretString,
}

/// The id of a room: `!abc:example.org`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, with = "String")]
struct RoomId(String);

impl TryFrom<String> for RoomId {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        if id.starts_with('!') {
            Ok(Self(id))
        } else {
            Err("write the id of the room, which begins with `!`; its name with `#` may change")
        }
    }
}

impl MatrixSettings {
    /// Where its messages are.
    pub(crate) fn place(&self) -> String {
        self.room.0.clone()
    }
}

/// A room to send to.
#[derive(Debug)]
pub(crate) struct Matrix {
    settings: MatrixSettings,
    tools: HttpTools,
    /// Set once the room is known to be readable without keys.
    open: OnceCell<()>,
}

impl Matrix {
    /// An account in a room.
    pub(crate) fn new(settings: MatrixSettings, tools: HttpTools) -> Self {
        Self {
            settings,
            tools,
            open: OnceCell::new(),
        }
    }

    /// How it can be tried without a message.
    pub(crate) fn harmless(&self) -> HarmlessCheck {
        // Only who is in the room may ask who is.
        let request = self.tools.client.get(self.room(&["joined_members"]));
        HarmlessCheck::Ask(self.authorized(request))
    }

    /// Sends a message, or replaces the one at that place.
    pub(crate) async fn deliver(
        &self,
        message: &Announcement,
        place: &Place<'_>,
    ) -> Result<Delivered, DeliveryError> {
        self.open.get_or_try_init(|| self.is_open()).await?;
        let request = place.request(message);
        let address = self.room(&["send", "m.room.message", &*request]);
        let payload = self.payload(message, place.message);
        let request = self.tools.client.put(address).json(&payload);
        let answer = send(self.authorized(request), REMOTE).await?;
        let answer = answer.accepted(REMOTE)?.json();
        // Each edit refers to the first event.
        let first = place.message.or(answer["event_id"].as_str());
        Ok(Delivered {
            message: first.map(str::to_owned),
            thread: None,
        })
    }

    /// Refuses a room in which messages are encrypted: ours would not be.
    async fn is_open(&self) -> Result<(), DeliveryError> {
        let address = self.room(&["state", "m.room.encryption"]);
        let request = self.authorized(self.tools.client.get(address));
        let answer = send(request, REMOTE).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        answer.accepted(REMOTE)?;
        Err(DeliveryError::Dead {
            reason: "the Matrix room is encrypted; critwatch can only send to rooms that are not"
                .to_owned(),
        })
    }

    fn room(&self, rest: &[&str]) -> String {
        let room = ["_matrix", "client", "v3", "rooms", &self.settings.room.0];
        self.settings.server.at(room.iter().chain(rest).copied())
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(self.settings.token.expose_secret())
    }

    /// The event, or that which replaces the event of that id.
    pub(crate) fn payload(&self, message: &Announcement, replaced: Option<&str>) -> Value {
        let words = self.tools.wording.words(message);
        let words = words.within(MAX_WORDS, HTML_LINES.size(json_size));
        let url = message.url.as_deref();
        let link = url.map(|url| {
            let url = HTML_LINES.escaped(url);
            format!("<a href=\"{url}\">{url}</a>")
        });
        let strong = |headline| format!("<strong>{headline}</strong>");
        let html = words.paragraphs(HTML_LINES, strong, link.as_deref());
        let plain = words.paragraphs(PLAIN, |headline| headline, url);
        let content = |before: &str| {
            json!({
                "msgtype": "m.notice",
                "body": format!("{before}{plain}"),
                "format": "org.matrix.custom.html",
                "formatted_body": format!("{before}{html}"),
                // Nobody is mentioned, whatever the words are.
                "m.mentions": {},
            })
        };
        let Some(event) = replaced else {
            return content("");
        };
        let mut edit = content("* ");
        edit["m.new_content"] = content("");
        edit["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": event });
        edit
    }
}
