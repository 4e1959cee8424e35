//! What open sockets hear of rolls, rooms and dice boxes.

use std::convert::Infallible;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::dice::api::realtime::channel::ChannelName;
use crate::dice::api::realtime::hub::HubHandle;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rolls::view::{self, RollView};
use crate::dice::api::rooms::room_json;
use crate::dice::api::state::ApiState;
use crate::dice::database::rolls::RollState;
use crate::dice::database::rooms::Room;
use crate::dice::roll::job::RollAnswer;

/// What happened to a roll.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RollEvent {
    /// It was answered.
    Created,
    /// Some of its dice were hidden, dropped or cleared.
    Updated,
    /// It is in no history any more.
    Deleted,
}

/// What happened to a theme in a dice box.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DiceBoxEvent {
    /// It was put in.
    Created,
    /// It was taken out.
    Deleted,
}

/// Announces every roll that is answered, whoever waits for it.
pub(crate) async fn watch(desk: Arc<ApiState>) -> Infallible {
    let mut answered = desk.rolling.answered();
    loop {
        match answered.recv().await {
            Ok(uuid) => {
                if let Err(error) = announce(&desk, uuid).await {
                    tracing::warn!(%error, roll.uuid = %uuid, "cannot announce a roll");
                }
            }
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "rolls come faster than they are announced");
            }
            // The other end lives as long as the service.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

async fn announce(desk: &ApiState, uuid: Uuid) -> Result<(), ApiError> {
    if let Some(RollState::Answered(RollAnswer::Rolled(answer))) = desk.rolling.find(uuid).await?
        && let Some(view) = view::one(desk, answer).await?
    {
        roll(&desk.hub, RollEvent::Created, &view).await;
    }
    Ok(())
}

/// Tells those who may see a roll what happened to it.
pub(crate) async fn roll(hub: &HubHandle, event: RollEvent, view: &RollView) {
    let Some(room) = view.room() else { return };
    let event = match event {
        RollEvent::Created => "RollCreateEvent",
        RollEvent::Updated => "RollUpdateEvent",
        RollEvent::Deleted => "RollDeleteEvent",
    };
    let channels = match view.receivers() {
        None => vec![ChannelName::PresenceRoom(room.slug.clone())],
        Some(users) => users
            .into_iter()
            .map(|user| ChannelName::PrivateRoom(room.slug.clone(), user))
            .collect(),
    };
    publish(hub, channels, event, &view.to_json()).await;
}

/// Tells those in a room how it is now.
pub(crate) async fn room(hub: &HubHandle, room: &Room) {
    let channels = vec![ChannelName::PresenceRoom(room.slug.clone())];
    publish(
        hub,
        channels,
        "RoomUpdateEvent",
        &room_json::room(room, true),
    )
    .await;
}

/// Tells a user what happened in their dice box.
pub(crate) async fn dice_box(hub: &HubHandle, event: DiceBoxEvent, user: Uuid, theme: &Value) {
    let event = match event {
        DiceBoxEvent::Created => "DiceBoxCreateEvent",
        DiceBoxEvent::Deleted => "DiceBoxDeleteEvent",
    };
    publish(hub, vec![ChannelName::PrivateUser(user)], event, theme).await;
}

async fn publish(hub: &HubHandle, channels: Vec<ChannelName>, event: &str, data: &Value) {
    // Clients of Laravel expect events in this namespace.
    let name = format!("App\\Events\\{event}");
    let data = json!({ "data": data }).to_string();
    for channel in channels {
        hub.publish(channel, name.clone(), data.clone()).await;
    }
}
