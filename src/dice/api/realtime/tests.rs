//! What sockets hear, without sockets.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::dice::api::realtime::channel::ChannelName;
use crate::dice::api::realtime::hub_state::{ChannelMember, HubState, OUTBOX_MAX, SocketLimits};
use crate::dice::api::realtime::protocol::ProtocolFault;

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn hub() -> HubState {
    HubState::new(SocketLimits {
        total: 3,
        per_address: 2,
    })
}

fn room() -> ChannelName {
    ChannelName::PresenceRoom("abc".to_owned())
}

fn join(hub: &mut HubState, socket: u64, id: &str) {
    let member = ChannelMember {
        id: id.to_owned(),
        info: json!({ "name": id }),
    };
    hub.subscribe(socket, &room(), Some(&member));
}

fn heard(messages: &mut mpsc::Receiver<String>) -> Vec<(String, Value)> {
    let all = std::iter::from_fn(|| messages.try_recv().ok());
    all.map(|text| {
        let message: Value = serde_json::from_str(&text).unwrap();
        let data = message["data"].as_str().unwrap_or("null");
        let event = message["event"].as_str().unwrap().to_owned();
        (event, serde_json::from_str(data).unwrap())
    })
    .collect()
}

#[test]
fn a_member_with_two_sockets_comes_and_goes_once() {
    let mut hub = hub();
    let mut ann = hub.open(1, ADDRESS).unwrap();
    join(&mut hub, 1, "ann");
    let other = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    let _first = hub.open(2, other).unwrap();
    let mut second = hub.open(3, other).unwrap();
    join(&mut hub, 2, "ben");
    join(&mut hub, 3, "ben");
    let presence = &heard(&mut second)[0].1["presence"];
    assert_eq!(presence["count"], 2);
    assert_eq!(presence["ids"], json!(["ann", "ben"]));
    assert_eq!(presence["hash"]["ben"]["name"], "ben");
    hub.close(2);
    hub.close(3);
    let events: Vec<String> = heard(&mut ann)
        .into_iter()
        .map(|(event, _)| event)
        .collect();
    assert_eq!(
        events,
        [
            "pusher_internal:subscription_succeeded",
            "pusher_internal:member_added",
            "pusher_internal:member_removed",
        ]
    );
}

#[test]
fn sockets_are_bounded_in_all_and_by_address_and_places_come_back() {
    let mut hub = hub();
    let other = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    let open = |hub: &mut HubState, socket, address| hub.open(socket, address).map(|_| ());
    assert_eq!(open(&mut hub, 1, ADDRESS), Ok(()));
    assert_eq!(open(&mut hub, 2, ADDRESS), Ok(()));
    assert_eq!(open(&mut hub, 3, ADDRESS), Err(ProtocolFault::OverCapacity));
    assert_eq!(open(&mut hub, 3, other), Ok(()));
    assert_eq!(open(&mut hub, 4, other), Err(ProtocolFault::OverCapacity));
    hub.close(1);
    assert_eq!(open(&mut hub, 4, ADDRESS), Ok(()));
    assert_eq!(hub.count(), 3);
}

#[test]
fn who_reads_too_slowly_is_let_go_and_the_others_hear_all() {
    let mut hub = hub();
    let mut slow = hub.open(1, ADDRESS).unwrap();
    let mut quick = hub.open(2, ADDRESS).unwrap();
    join(&mut hub, 1, "slow");
    join(&mut hub, 2, "quick");
    heard(&mut quick);
    let mut rolls = 0;
    for _ in 0..2 * OUTBOX_MAX {
        hub.publish(&room(), "roll", "{}");
        let events = heard(&mut quick);
        rolls += events.iter().filter(|(event, _)| event == "roll").count();
    }
    assert_eq!(rolls, 2 * OUTBOX_MAX);
    assert_eq!(heard(&mut slow).len(), OUTBOX_MAX);
    assert!(slow.try_recv().is_err() && hub.count() == 1);
}

#[test]
fn client_events_reach_the_others_of_a_channel_that_was_joined() {
    let mut hub = hub();
    let mut ann = hub.open(1, ADDRESS).unwrap();
    let mut ben = hub.open(2, ADDRESS).unwrap();
    join(&mut hub, 1, "ann");
    join(&mut hub, 2, "ben");
    heard(&mut ann);
    heard(&mut ben);
    hub.say(1, &room(), "client-wave", &json!("{}"));
    assert_eq!(heard(&mut ann), []);
    assert_eq!(heard(&mut ben)[0].0, "client-wave");
    hub.expel(&room(), "ann");
    hub.say(1, &room(), "client-wave", &json!("{}"));
    assert_eq!(heard(&mut ann)[0].0, "pusher:error");
    assert_eq!(heard(&mut ben)[0].0, "pusher_internal:member_removed");
}
