//! The hub of all sockets: one task that owns them, and the handle by which others reach it.

use std::net::IpAddr;

use prometheus::IntGauge;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::dice::api::realtime::channel::ChannelName;
use crate::dice::api::realtime::hub_state::{ChannelMember, HubState, SocketLimits, SocketNumber};
use crate::dice::api::realtime::protocol::ProtocolFault;

/// So many orders may wait; who gives more waits, too.
const ORDERS_MAX: usize = 1024;

type Opened = Result<(SocketNumber, mpsc::Receiver<String>), ProtocolFault>;

/// What the hub is asked to do.
#[derive(Debug)]
enum HubOrder {
    Open(IpAddr, oneshot::Sender<Opened>),
    Close(SocketNumber),
    Send(SocketNumber, String),
    Subscribe(SocketNumber, ChannelName, Option<ChannelMember>),
    Unsubscribe(SocketNumber, ChannelName),
    Say(SocketNumber, ChannelName, String, Value),
    Publish(ChannelName, String, String),
    Expel(ChannelName, String),
    CloseChannel(ChannelName),
}

/// The way to the hub.
#[derive(Clone, Debug)]
pub(crate) struct HubHandle(mpsc::Sender<HubOrder>);

/// The hub itself; somebody must run it.
#[derive(Debug)]
pub(crate) struct Hub {
    orders: mpsc::Receiver<HubOrder>,
    state: HubState,
    open: IntGauge,
}

/// Makes both ends; the gauge shows how many sockets are open.
pub(crate) fn hub(limits: SocketLimits, open: IntGauge) -> (HubHandle, Hub) {
    let (sender, orders) = mpsc::channel(ORDERS_MAX);
    let hub = Hub {
        orders,
        state: HubState::new(limits),
        open,
    };
    (HubHandle(sender), hub)
}

impl Hub {
    /// Runs until stopped; then all sockets are told to connect again, elsewhere or later.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut last = 0;
        loop {
            let order = tokio::select! {
                () = stop.cancelled() => break,
                Some(order) = self.orders.recv() => order,
                else => break,
            };
            self.obey(order, &mut last);
            self.open
                .set(i64::try_from(self.state.count()).unwrap_or(i64::MAX));
        }
        self.state.close_all();
    }

    fn obey(&mut self, order: HubOrder, last: &mut SocketNumber) {
        let state = &mut self.state;
        match order {
            HubOrder::Open(address, reply) => {
                *last += 1;
                let socket = *last;
                let opened = state
                    .open(socket, address)
                    .map(|messages| (socket, messages));
                if reply.send(opened).is_err() {
                    state.close(socket);
                }
            }
            HubOrder::Close(socket) => state.close(socket),
            HubOrder::Send(socket, text) => state.send(socket, text),
            HubOrder::Subscribe(socket, channel, member) => {
                state.subscribe(socket, &channel, member.as_ref());
            }
            HubOrder::Unsubscribe(socket, channel) => state.unsubscribe(socket, &channel),
            HubOrder::Say(socket, channel, event, data) => {
                state.say(socket, &channel, &event, &data);
            }
            HubOrder::Publish(channel, event, data) => state.publish(&channel, &event, &data),
            HubOrder::Expel(channel, member) => state.expel(&channel, &member),
            HubOrder::CloseChannel(channel) => state.close_channel(&channel),
        }
    }
}

impl HubHandle {
    /// Takes a socket in, if there is room.
    pub(crate) async fn open(&self, address: IpAddr) -> Opened {
        let (reply, opened) = oneshot::channel();
        self.order(HubOrder::Open(address, reply)).await;
        opened.await.unwrap_or(Err(ProtocolFault::Reconnect))
    }

    /// Lets a socket go.
    pub(crate) async fn close(&self, socket: SocketNumber) {
        self.order(HubOrder::Close(socket)).await;
    }

    /// Sends a message to one socket, behind those that wait for it already.
    pub(crate) async fn send(&self, socket: SocketNumber, text: String) {
        self.order(HubOrder::Send(socket, text)).await;
    }

    /// Lets a socket hear a channel.
    pub(crate) async fn subscribe(
        &self,
        socket: SocketNumber,
        channel: ChannelName,
        member: Option<ChannelMember>,
    ) {
        self.order(HubOrder::Subscribe(socket, channel, member))
            .await;
    }

    /// Lets a socket hear a channel no more.
    pub(crate) async fn unsubscribe(&self, socket: SocketNumber, channel: ChannelName) {
        self.order(HubOrder::Unsubscribe(socket, channel)).await;
    }

    /// Passes on what a client says to the others on a channel.
    pub(crate) async fn say(
        &self,
        socket: SocketNumber,
        channel: ChannelName,
        event: String,
        data: Value,
    ) {
        self.order(HubOrder::Say(socket, channel, event, data))
            .await;
    }

    /// Tells all on a channel what happened; the data is JSON.
    pub(crate) async fn publish(&self, channel: ChannelName, event: String, data: String) {
        self.order(HubOrder::Publish(channel, event, data)).await;
    }

    /// Takes a member off a presence channel.
    pub(crate) async fn expel(&self, channel: ChannelName, member: String) {
        self.order(HubOrder::Expel(channel, member)).await;
    }

    /// Takes everybody off a channel.
    pub(crate) async fn close_channel(&self, channel: ChannelName) {
        self.order(HubOrder::CloseChannel(channel)).await;
    }

    async fn order(&self, order: HubOrder) {
        // It fails only once the hub has ended, and all sockets with it.
        let _ = self.0.send(order).await;
    }
}
