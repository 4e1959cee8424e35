//! One socket, from its greeting to its end.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use crate::dice::api::realtime::channel::ChannelName;
use crate::dice::api::realtime::hub::HubHandle;
use crate::dice::api::realtime::hub_state::{ChannelMember, SocketNumber};
use crate::dice::api::realtime::protocol::{
    self, ClientMessage, MESSAGE_MAX, ProtocolFault, SubscribeWish, VERSION,
};
use crate::dice::api::realtime::signature::ChannelSigner;
use crate::dice::api::state::ApiState;

/// The longest name of an application or a client event.
const NAME_MAX: usize = 100;
/// So many messages of one client are heard within a second.
const RATE_MAX: u32 = 60;
/// How long one message may take to be sent.
const SEND_WITHIN: Duration = Duration::from_secs(10);

#[derive(Debug, Deserialize)]
pub(crate) struct Dialect {
    protocol: Option<String>,
}

/// What a socket uses of the service.
struct SocketDesk {
    hub: HubHandle,
    signer: ChannelSigner,
    activity_timeout: Duration,
}

/// How a socket ends.
enum SocketEnd {
    /// The client went, or cannot be reached.
    Gone,
    /// The client is told why.
    Fault(ProtocolFault),
}

/// Opens a socket; what is wrong with the address is told over the socket, as clients expect.
pub(crate) async fn open(
    State(desk): State<Arc<ApiState>>,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    Path(app): Path<String>,
    Query(dialect): Query<Dialect>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let own = SocketDesk {
        hub: desk.hub.clone(),
        signer: desk.signer.clone(),
        activity_timeout: desk.activity_timeout,
    };
    let fault = fault_of(&app, dialect.protocol.as_deref());
    let upgrade = upgrade
        .max_message_size(MESSAGE_MAX)
        .max_frame_size(MESSAGE_MAX);
    upgrade.on_upgrade(async move |mut socket| {
        let opened = match fault {
            Some(fault) => Err(fault),
            None => own.hub.open(peer.ip().to_canonical()).await,
        };
        match opened {
            Ok((number, messages)) => serve(own, socket, number, messages).await,
            Err(fault) => end(&mut socket, fault).await,
        }
    })
}

/// Every key names the one application that there is: the SDK's is part of its bundle.
fn fault_of(app: &str, version: Option<&str>) -> Option<ProtocolFault> {
    let is_name =
        (1..=NAME_MAX).contains(&app.len()) && app.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match version {
        _ if !is_name => Some(ProtocolFault::NoApp),
        None => Some(ProtocolFault::NoVersion),
        Some(VERSION) => None,
        Some(_) => Some(ProtocolFault::OtherVersion),
    }
}

async fn serve(
    desk: SocketDesk,
    mut socket: WebSocket,
    number: SocketNumber,
    mut messages: mpsc::Receiver<String>,
) {
    let own = socket_id(number);
    let greeting = protocol::established(&own, desk.activity_timeout);
    if send(&mut socket, greeting).await.is_some() {
        let ended = talk(&desk, &mut socket, number, &mut messages).await;
        if let SocketEnd::Fault(fault) = ended {
            end(&mut socket, fault).await;
        }
    }
    desk.hub.close(number).await;
}

/// The protocol writes ids of sockets as two numbers.
fn socket_id(number: SocketNumber) -> String {
    format!("1.{number}")
}

async fn talk(
    desk: &SocketDesk,
    socket: &mut WebSocket,
    number: SocketNumber,
    messages: &mut mpsc::Receiver<String>,
) -> SocketEnd {
    let mut heard_at = Instant::now();
    let mut is_asked = false;
    let mut pace = Pace::new();
    loop {
        let patience = desk.activity_timeout * if is_asked { 2 } else { 1 };
        tokio::select! {
            message = messages.recv() => {
                let Some(text) = message else {
                    return SocketEnd::Fault(ProtocolFault::Reconnect);
                };
                if send(socket, text).await.is_none() {
                    return SocketEnd::Gone;
                }
            }
            message = socket.recv() => {
                heard_at = Instant::now();
                is_asked = false;
                let text = match message {
                    Some(Ok(Message::Text(text))) => text,
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Binary(_))) => {
                        desk.hub.send(number, ProtocolFault::Unreadable.event()).await;
                        continue;
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return SocketEnd::Gone,
                };
                if pace.is_too_fast() {
                    desk.hub.send(number, ProtocolFault::TooFast.event()).await;
                } else {
                    hear(desk, number, &text).await;
                }
            }
            () = sleep_until(heard_at + patience) => {
                if is_asked {
                    return SocketEnd::Fault(ProtocolFault::NoPong);
                }
                is_asked = true;
                if send(socket, protocol::plain("pusher:ping")).await.is_none() {
                    return SocketEnd::Gone;
                }
            }
        }
    }
}

async fn hear(desk: &SocketDesk, number: SocketNumber, text: &str) {
    let hub = &desk.hub;
    match protocol::read(text) {
        Some(ClientMessage::Ping) => hub.send(number, protocol::plain("pusher:pong")).await,
        Some(ClientMessage::Pong) => {}
        Some(ClientMessage::Subscribe(wish)) => subscribe(desk, number, &wish).await,
        Some(ClientMessage::Unsubscribe(channel)) => {
            if let Ok(channel) = channel.parse() {
                hub.unsubscribe(number, channel).await;
            }
        }
        Some(ClientMessage::ClientEvent {
            event,
            channel,
            data,
        }) => match channel.parse() {
            Ok(channel @ ChannelName::PresenceRoom(_)) if event.len() <= NAME_MAX => {
                hub.say(number, channel, event, data).await;
            }
            _ => {
                hub.send(number, ProtocolFault::NoClientEvents.event())
                    .await;
            }
        },
        None => hub.send(number, ProtocolFault::Unreadable.event()).await,
    }
}

async fn subscribe(desk: &SocketDesk, number: SocketNumber, wish: &SubscribeWish) {
    let name: String = wish.channel.chars().take(NAME_MAX).collect();
    let refusal = |error, status| protocol::subscription_error(&name, "AuthError", error, status);
    let Ok(channel) = wish.channel.parse::<ChannelName>() else {
        let refusal = refusal("There is no such channel", 404);
        return desk.hub.send(number, refusal).await;
    };
    let data = wish.channel_data.as_deref();
    let auth = wish.auth.as_deref().unwrap_or_default();
    let is_signed = desk
        .signer
        .holds(auth, &socket_id(number), &wish.channel, data);
    let member = data.and_then(member);
    let is_presence = matches!(channel, ChannelName::PresenceRoom(_));
    if !is_signed || is_presence != member.is_some() {
        let refusal = refusal("The signature does not hold", 403);
        return desk.hub.send(number, refusal).await;
    }
    desk.hub.subscribe(number, channel, member).await;
}

fn member(channel_data: &str) -> Option<ChannelMember> {
    #[derive(Deserialize)]
    struct ChannelData {
        user_id: String,
        user_info: serde_json::Value,
    }
    let ChannelData { user_id, user_info } = serde_json::from_str(channel_data).ok()?;
    Some(ChannelMember {
        id: user_id,
        info: user_info,
    })
}

async fn send(socket: &mut WebSocket, text: String) -> Option<()> {
    let sent = timeout(SEND_WITHIN, socket.send(Message::text(text))).await;
    sent.ok()?.ok()
}

async fn end(socket: &mut WebSocket, fault: ProtocolFault) {
    let (code, reason) = fault.parts();
    let close = Message::Close(Some(CloseFrame {
        code,
        reason: reason.into(),
    }));
    if send(socket, fault.event()).await.is_some() {
        // A client that is gone need not be told.
        let _ = timeout(SEND_WITHIN, socket.send(close)).await;
    }
}

/// Counts messages by the second.
struct Pace {
    since: Instant,
    count: u32,
}

impl Pace {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            count: 0,
        }
    }

    fn is_too_fast(&mut self) -> bool {
        if self.since.elapsed() >= Duration::from_secs(1) {
            *self = Self::new();
        }
        self.count += 1;
        self.count > RATE_MAX
    }
}
