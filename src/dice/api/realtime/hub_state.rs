//! Who hears which channel, and who is on it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::dice::api::realtime::channel::ChannelName;
use crate::dice::api::realtime::protocol::{self, ProtocolFault};

/// So many messages wait for a client that reads slowly.
pub(crate) const OUTBOX_MAX: usize = 256;
/// The most channels that one socket hears.
const CHANNELS_MAX: usize = 50;

/// The number of a socket.
pub(crate) type SocketNumber = u64;

/// Who somebody is on a presence channel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChannelMember {
    /// The same for all sockets of one member.
    pub(crate) id: String,
    /// What the others learn of it.
    pub(crate) info: Value,
}

/// How many sockets there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SocketLimits {
    /// In all.
    pub(crate) total: usize,
    /// From one address.
    pub(crate) per_address: usize,
}

/// All open sockets, and what they hear.
#[derive(Debug)]
pub(crate) struct HubState {
    limits: SocketLimits,
    sockets: HashMap<SocketNumber, SocketSeat>,
    addresses: HashMap<IpAddr, usize>,
    channels: HashMap<ChannelName, ChannelListeners>,
}

#[derive(Debug)]
struct SocketSeat {
    address: IpAddr,
    outbox: mpsc::Sender<String>,
    channels: HashSet<ChannelName>,
}

/// The sockets on a channel; on presence channels with who they are.
#[derive(Debug, Default)]
struct ChannelListeners(BTreeMap<SocketNumber, Option<ChannelMember>>);

impl ChannelListeners {
    fn sockets_of(&self, member: &str) -> Vec<SocketNumber> {
        let is_it = |one: &Option<ChannelMember>| one.as_ref().is_some_and(|one| one.id == member);
        let found = self.0.iter().filter(|(_, one)| is_it(one));
        found.map(|(socket, _)| *socket).collect()
    }

    /// Everybody once, however many sockets they have.
    fn presence(&self) -> Value {
        let members: BTreeMap<&str, &Value> = self
            .0
            .values()
            .flatten()
            .map(|member| (&*member.id, &member.info))
            .collect();
        let ids: Vec<&&str> = members.keys().collect();
        json!({ "presence": { "count": members.len(), "ids": ids, "hash": members } })
    }
}

impl HubState {
    /// Makes one without sockets.
    pub(crate) fn new(limits: SocketLimits) -> Self {
        Self {
            limits,
            sockets: HashMap::new(),
            addresses: HashMap::new(),
            channels: HashMap::new(),
        }
    }

    /// Counts the open sockets.
    pub(crate) fn count(&self) -> usize {
        self.sockets.len()
    }

    /// Takes a socket in, if there is room; its messages then come over the receiver.
    pub(crate) fn open(
        &mut self,
        socket: SocketNumber,
        address: IpAddr,
    ) -> Result<mpsc::Receiver<String>, ProtocolFault> {
        let here = self.addresses.get(&address).copied().unwrap_or(0);
        if self.sockets.len() >= self.limits.total || here >= self.limits.per_address {
            return Err(ProtocolFault::OverCapacity);
        }
        self.addresses.insert(address, here + 1);
        let (outbox, messages) = mpsc::channel(OUTBOX_MAX);
        let seat = SocketSeat {
            address,
            outbox,
            channels: HashSet::new(),
        };
        self.sockets.insert(socket, seat);
        Ok(messages)
    }

    /// Lets a socket go; the others learn that it went.
    pub(crate) fn close(&mut self, socket: SocketNumber) {
        let Some(seat) = self.sockets.get(&socket) else {
            return;
        };
        for channel in seat.channels.clone() {
            self.unsubscribe(socket, &channel);
        }
        let Some(seat) = self.sockets.remove(&socket) else {
            return;
        };
        if let Some(count) = self.addresses.get_mut(&seat.address) {
            *count -= 1;
            if *count == 0 {
                self.addresses.remove(&seat.address);
            }
        }
    }

    /// Lets a socket hear a channel, as a member on presence channels.
    pub(crate) fn subscribe(
        &mut self,
        socket: SocketNumber,
        channel: &ChannelName,
        member: Option<&ChannelMember>,
    ) {
        let name = channel.to_string();
        let Some(seat) = self.sockets.get_mut(&socket) else {
            return;
        };
        if seat.channels.len() >= CHANNELS_MAX && !seat.channels.contains(channel) {
            let refusal =
                protocol::subscription_error(&name, "LimitReached", "Too many channels", 429);
            self.send(socket, refusal);
            return;
        }
        if !seat.channels.insert(channel.clone()) {
            return;
        }
        let listeners = self.channels.entry(channel.clone()).or_default();
        let arrived = member.filter(|one| listeners.sockets_of(&one.id).is_empty());
        listeners.0.insert(socket, member.cloned());
        let data = match member {
            Some(_) => listeners.presence(),
            None => json!({}),
        };
        let succeeded = "pusher_internal:subscription_succeeded";
        self.send(socket, protocol::event(succeeded, &name, &data.to_string()));
        if let Some(ChannelMember { id, info }) = arrived {
            let data = json!({ "user_id": id, "user_info": info }).to_string();
            let added = protocol::event("pusher_internal:member_added", &name, &data);
            self.send_all(channel, &added, Some(socket));
        }
    }

    /// Lets a socket hear a channel no more.
    pub(crate) fn unsubscribe(&mut self, socket: SocketNumber, channel: &ChannelName) {
        if let Some(seat) = self.sockets.get_mut(&socket) {
            seat.channels.remove(channel);
        }
        let Some(listeners) = self.channels.get_mut(channel) else {
            return;
        };
        let member = listeners.0.remove(&socket).flatten();
        let gone = member.filter(|one| listeners.sockets_of(&one.id).is_empty());
        if listeners.0.is_empty() {
            self.channels.remove(channel);
        }
        if let Some(ChannelMember { id, .. }) = gone {
            let data = json!({ "user_id": id }).to_string();
            let name = channel.to_string();
            let removed = protocol::event("pusher_internal:member_removed", &name, &data);
            self.send_all(channel, &removed, None);
        }
    }

    /// Takes a member off a channel, on all of its sockets.
    pub(crate) fn expel(&mut self, channel: &ChannelName, member: &str) {
        let listeners = self.channels.get(channel);
        let sockets = listeners.map_or_else(Vec::new, |all| all.sockets_of(member));
        for socket in sockets {
            self.unsubscribe(socket, channel);
        }
    }

    /// Takes everybody off a channel.
    pub(crate) fn close_channel(&mut self, channel: &ChannelName) {
        let listeners = self.channels.get(channel);
        let sockets: Vec<_> =
            listeners.map_or_else(Vec::new, |all| all.0.keys().copied().collect());
        for socket in sockets {
            self.unsubscribe(socket, channel);
        }
    }

    /// Tells all on a channel what happened.
    pub(crate) fn publish(&mut self, channel: &ChannelName, event: &str, data: &str) {
        if self.channels.contains_key(channel) {
            let text = protocol::event(event, &channel.to_string(), data);
            self.send_all(channel, &text, None);
        }
    }

    /// Passes on what a member of a presence channel says to the others.
    pub(crate) fn say(
        &mut self,
        socket: SocketNumber,
        channel: &ChannelName,
        event: &str,
        data: &Value,
    ) {
        let listeners = self.channels.get(channel);
        let member = listeners
            .and_then(|all| all.0.get(&socket))
            .cloned()
            .flatten();
        match member {
            Some(member) => {
                let name = channel.to_string();
                let text = protocol::client_event(event, &name, data, &member.id);
                self.send_all(channel, &text, Some(socket));
            }
            None => self.send(socket, ProtocolFault::NoClientEvents.event()),
        }
    }

    /// Ends all sockets: their receivers hear nothing more.
    pub(crate) fn close_all(&mut self) {
        self.sockets.clear();
        self.channels.clear();
        self.addresses.clear();
    }

    fn send_all(&mut self, channel: &ChannelName, text: &str, but: Option<SocketNumber>) {
        let listeners = self.channels.get(channel).into_iter();
        let sockets: Vec<_> = listeners.flat_map(|all| all.0.keys().copied()).collect();
        for socket in sockets.into_iter().filter(|socket| Some(*socket) != but) {
            self.send(socket, text.to_owned());
        }
    }

    /// Puts a message into an outbox; a client that reads too slowly loses its connection.
    pub(crate) fn send(&mut self, socket: SocketNumber, text: String) {
        let Some(seat) = self.sockets.get(&socket) else {
            return;
        };
        if seat.outbox.try_send(text).is_err() {
            self.close(socket);
        }
    }
}
