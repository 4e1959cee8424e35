//! Sends rolls at a rate that can be changed, and keeps the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::Client;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

use crate::dice::load::image;
use crate::dice::load::ledger::{LedgerCounts, RollLedger};
use crate::dice::load::profile::{Arrival, Chance, LoadErrand, LoadProfile, LoadRate};
use crate::dice::load::user::{LaterState, RollReply, Seat, ServiceClient};

/// How many rolls are asked about at once at the end.
const ASK_AT_ONCE: usize = 8;
/// How many rolls that were answered in time are compared with what is kept of them.
const COMPARED: usize = 500;

/// Many people, of whom some roll at any moment.
#[derive(Debug)]
pub struct LoadGenerator {
    shared: Arc<Shared>,
    rate: watch::Sender<LoadRate>,
    running: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    service: ServiceClient,
    image: Bytes,
    profile: LoadProfile,
    ledger: watch::Sender<RollLedger>,
    seats: watch::Sender<Vec<Seat>>,
    rooms: watch::Sender<Vec<Option<String>>>,
    places: Arc<Semaphore>,
}

impl LoadGenerator {
    /// Starts without a roll; everybody logs in with the first one.
    pub fn start(profile: LoadProfile, address: &str) -> reqwest::Result<Self> {
        // A second call finds the provider in place, which is just as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .timeout(profile.patience)
            .pool_max_idle_per_host(profile.in_flight)
            .build()?;
        let shared = Arc::new(Shared {
            service: ServiceClient::new(client, address),
            image: image::plain(profile.image_side),
            ledger: watch::Sender::default(),
            seats: watch::Sender::new(vec![Seat::default(); profile.users.max(1)]),
            rooms: watch::Sender::new(vec![None; profile.rooms.max(1)]),
            places: Arc::new(Semaphore::new(profile.in_flight.max(1))),
            profile,
        });
        let (rate, rates) = watch::channel(LoadRate::default());
        let mut running = JoinSet::new();
        match shared.profile.arrival {
            Arrival::Open => {
                running.spawn(open(Arc::clone(&shared), rates));
            }
            Arrival::Closed => {
                for person in 0..shared.profile.users.max(1) {
                    running.spawn(closed(Arc::clone(&shared), person, rates.clone()));
                }
            }
        }
        Ok(Self {
            shared,
            rate,
            running,
        })
    }

    /// Changes how much comes in a second.
    pub fn set_rate(&self, rate: LoadRate) {
        self.rate.send_replace(rate);
    }

    /// Shows the ledger as it is now.
    pub fn ledger(&self) -> RollLedger {
        self.shared.ledger.borrow().clone()
    }

    /// Counts what can be told at any moment.
    pub fn counts(&self) -> LedgerCounts {
        self.shared.ledger.borrow().counts()
    }

    /// Ends the rolls, and lets those under way come to their end.
    pub async fn end(&mut self, within: Duration) {
        self.set_rate(LoadRate::default());
        let all = u32::try_from(self.shared.profile.in_flight.max(1)).unwrap_or(u32::MAX);
        let quiet = self.shared.places.acquire_many(all);
        timeout(within, quiet).await.ok();
        self.running.shutdown().await;
    }

    /// Asks the service what became of the rolls that were taken.
    pub async fn afterwards(&self) -> BTreeMap<Uuid, LaterState> {
        let (unanswered, answered) = self.shared.ledger.borrow().taken_by_answer();
        let Some(token) = self.shared.service.log_in().await else {
            return BTreeMap::new();
        };
        let step = (answered.len() / COMPARED).max(1);
        let asked = unanswered
            .into_iter()
            .chain(answered.into_iter().step_by(step));
        stream::iter(asked)
            .map(|uuid| {
                let (service, token) = (&self.shared.service, token.as_str());
                async move { Some((uuid, service.afterwards(token, uuid).await?)) }
            })
            .buffer_unordered(ASK_AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await
    }
}

/// Rolls come at their rate, whatever became of the ones before.
async fn open(shared: Arc<Shared>, mut rates: watch::Receiver<LoadRate>) {
    let mut chance = Chance::new(shared.profile.seed);
    let mut rolling = JoinSet::new();
    let mut due = Instant::now();
    loop {
        let rate = *rates.borrow_and_update();
        if rate.total() <= 0.0 {
            if rates.changed().await.is_err() {
                return;
            }
            due = Instant::now();
            continue;
        }
        due += chance.pause(rate.total());
        tokio::select! {
            () = sleep_until(due) => {}
            changed = rates.changed() => {
                if changed.is_err() {
                    return;
                }
                due = Instant::now();
                continue;
            }
        }
        let person = chance.one_of(shared.profile.users);
        let errand = chance.errand(rate);
        let place = Arc::clone(&shared.places).try_acquire_owned();
        if errand == LoadErrand::Roll {
            shared.ledger.send_modify(|ledger| {
                ledger.offered += 1;
                ledger.unsent += u64::from(place.is_err());
            });
        }
        let number = shared.ledger.borrow().offered;
        // Where too many are under way, people do not get through.
        if let Ok(place) = place {
            let shared = Arc::clone(&shared);
            rolling.spawn(async move {
                match errand {
                    LoadErrand::Roll => shared.roll(person, number).await,
                    LoadErrand::Image => shared.upload(person).await,
                }
                drop(place);
            });
        }
        while rolling.try_join_next().is_some() {}
    }
}

/// A person rolls again once the last roll is answered.
async fn closed(shared: Arc<Shared>, person: usize, mut rates: watch::Receiver<LoadRate>) {
    loop {
        if rates.borrow_and_update().rolls <= 0.0 {
            if rates.changed().await.is_err() {
                return;
            }
            continue;
        }
        let Ok(_place) = shared.places.acquire().await else {
            return;
        };
        let mut number = 0;
        shared.ledger.send_modify(|ledger| {
            ledger.offered += 1;
            number = ledger.offered;
        });
        shared.roll(person, number).await;
    }
}

impl Shared {
    async fn roll(&self, person: usize, number: u64) {
        let mut seat = self.seat(person);
        if seat.token.is_none() {
            self.sit_down(person).await;
            seat = self.seat(person);
        }
        let began = Instant::now();
        let reply = if seat.token.is_some() {
            self.service.roll(&seat, self.profile.dice, number).await
        } else {
            RollReply::Refused
        };
        let took = began.elapsed();
        self.ledger.send_modify(|ledger| ledger.note(&reply, took));
        if reply == RollReply::LoggedOut {
            // The next roll logs in again.
            self.seats
                .send_modify(|seats| set(seats, person, Seat::default()));
        }
    }

    async fn upload(&self, person: usize) {
        let seat = self.seat(person);
        // Nobody sends images before the first roll.
        if seat.token.is_some() && !self.service.upload(&seat, self.image.clone()).await {
            tracing::debug!("an image was not taken");
        }
    }

    fn seat(&self, person: usize) -> Seat {
        self.seats.borrow().get(person).cloned().unwrap_or_default()
    }

    /// Logs in and takes a seat in the person's room, which is made if it is not there.
    async fn sit_down(&self, person: usize) {
        let Some(token) = self.service.log_in().await else {
            return;
        };
        let at = person % self.profile.rooms.max(1);
        let known = self.rooms.borrow().get(at).cloned().flatten();
        let joined = match known {
            Some(slug) if self.service.join(&token, &slug).await => Some(slug),
            _ => self.service.open_room(&token).await,
        };
        if joined.is_some() {
            self.rooms
                .send_modify(|rooms| set(rooms, at, joined.clone()));
        }
        let seat = Seat {
            token: Some(token),
            room: joined,
        };
        self.seats.send_modify(|seats| set(seats, person, seat));
    }
}

/// Replaces what is at a place, if there is one.
fn set<T>(all: &mut [T], at: usize, new: T) {
    if let Some(old) = all.get_mut(at) {
        *old = new;
    }
}
