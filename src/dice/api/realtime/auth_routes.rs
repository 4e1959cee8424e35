//! `/broadcasting/auth`: says that a socket may hear a channel.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::dice::api::caller::Caller;
use crate::dice::api::realtime::channel::ChannelName;
use crate::dice::api::refusal::ApiError;
use crate::dice::api::rooms::{entry, room_json};
use crate::dice::api::state::ApiState;

const SOCKET_ID_MAX: usize = 50;

/// Which socket wants to hear what.
#[derive(Debug, Deserialize)]
struct ChannelWish {
    socket_id: String,
    channel_name: String,
}

/// Signs that the caller may hear a channel; clients send JSON or a form.
pub(crate) async fn sign(
    State(desk): State<Arc<ApiState>>,
    Caller(user): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let wish = read(&headers, &body)?;
    let is_id = wish.socket_id.len() <= SOCKET_ID_MAX
        && wish
            .socket_id
            .split_once('.')
            .is_some_and(|(first, second)| {
                let is_number = |text: &str| text.parse::<u64>().is_ok();
                is_number(first) && is_number(second)
            });
    if !is_id {
        return Err(ApiError::Invalid("this is not a socket id".to_owned()));
    }
    let forbidden = ApiError::Forbidden("this channel is not yours to hear");
    let channel: ChannelName = match wish.channel_name.parse() {
        Ok(channel) => channel,
        Err(_) => return Err(forbidden),
    };
    let sign = |data: Option<&str>| desk.signer.sign(&wish.socket_id, &wish.channel_name, data);
    match channel {
        ChannelName::PresenceRoom(slug) => {
            let room = entry::room_of(&desk, &slug, user.uuid).await?;
            let me = room.participant(user.uuid).ok_or(forbidden)?;
            let data = json!({
                "user_id": me.id.to_string(),
                "user_info": room_json::participant(me),
            });
            let data = data.to_string();
            Ok(Json(
                json!({ "auth": sign(Some(&data)), "channel_data": data }),
            ))
        }
        ChannelName::PrivateRoom(slug, owner) if owner == user.uuid => {
            entry::room_of(&desk, &slug, user.uuid).await?;
            Ok(Json(json!({ "auth": sign(None) })))
        }
        ChannelName::PrivateUser(owner) if owner == user.uuid => {
            Ok(Json(json!({ "auth": sign(None) })))
        }
        ChannelName::PrivateRoom(..) | ChannelName::PrivateUser(_) => Err(forbidden),
    }
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<ChannelWish, ApiError> {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_form = kind.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"));
    let unusable = || ApiError::Invalid("socket_id and channel_name are needed".to_owned());
    if is_form {
        let uri = axum::http::Uri::builder()
            .path_and_query([b"/?".as_slice(), body].concat())
            .build()
            .map_err(|_| unusable())?;
        let query = axum::extract::Query::<ChannelWish>::try_from_uri(&uri);
        query.map(|query| query.0).map_err(|_| unusable())
    } else {
        serde_json::from_slice(body).map_err(|_| unusable())
    }
}
