//! The names of channels.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A channel that clients can hear.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ChannelName {
    /// `presence-room.{slug}`: everybody in a room, who also see each other.
    PresenceRoom(String),
    /// `private-room.{slug}.{user}`: one participant of a room.
    PrivateRoom(String, Uuid),
    /// `private-user.{user}`: one user, in no room.
    PrivateUser(Uuid),
}

/// Says that there is no such channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such channel")]
pub(crate) struct UnknownChannel;

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PresenceRoom(slug) => write!(f, "presence-room.{slug}"),
            Self::PrivateRoom(slug, user) => write!(f, "private-room.{slug}.{user}"),
            Self::PrivateUser(user) => write!(f, "private-user.{user}"),
        }
    }
}

impl FromStr for ChannelName {
    type Err = UnknownChannel;

    fn from_str(text: &str) -> Result<Self, UnknownChannel> {
        let is_slug = |slug: &str| {
            (1..=32).contains(&slug.len()) && slug.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let uuid = |text| Uuid::try_parse(text).map_err(|_| UnknownChannel);
        if let Some(slug) = text.strip_prefix("presence-room.") {
            let slug = Some(slug).filter(|slug| is_slug(slug));
            return Ok(Self::PresenceRoom(slug.ok_or(UnknownChannel)?.to_owned()));
        }
        if let Some(user) = text.strip_prefix("private-user.") {
            return Ok(Self::PrivateUser(uuid(user)?));
        }
        let room = text.strip_prefix("private-room.").ok_or(UnknownChannel)?;
        let (slug, user) = room.split_once('.').ok_or(UnknownChannel)?;
        let slug = Some(slug).filter(|slug| is_slug(slug));
        Ok(Self::PrivateRoom(
            slug.ok_or(UnknownChannel)?.to_owned(),
            uuid(user)?,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_as_they_are_written_and_others_are_none() {
        let user = Uuid::new_v4();
        let slug = "abc123".to_owned();
        for name in [
            ChannelName::PresenceRoom(slug.clone()),
            ChannelName::PrivateRoom(slug, user),
            ChannelName::PrivateUser(user),
        ] {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        for text in [
            "",
            "room.abc",
            "presence-room.",
            "presence-room.a.b",
            "private-room.abc",
        ] {
            assert_eq!(text.parse::<ChannelName>(), Err(UnknownChannel), "{text}");
        }
    }
}
