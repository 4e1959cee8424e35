//! How many people do what, and how often: seeded, so that a run can be repeated.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// Who uses the service.
#[derive(Clone, Debug)]
pub struct LoadProfile {
    /// How many people.
    pub users: usize,
    /// In how many rooms; each person sits in one.
    pub rooms: usize,
    /// How many dice a roll has.
    pub dice: usize,
    /// The side of the square images that are sent, in pixels.
    pub image_side: u32,
    /// What chance begins with.
    pub seed: u64,
    /// How many requests may be under way.
    pub in_flight: usize,
    /// How long people wait for an answer.
    pub patience: Duration,
    /// Who decides when the next roll comes.
    pub arrival: Arrival,
}

/// How much comes in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoadRate {
    /// Rolls; in a closed loop any number lets people roll.
    pub rolls: f64,
    /// Images for thumbnails.
    pub images: f64,
}

/// What somebody does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoadErrand {
    /// Roll.
    Roll,
    /// Send an image.
    Image,
}

impl LoadRate {
    /// Everything together.
    pub(crate) fn total(self) -> f64 {
        self.rolls + self.images
    }
}

/// Who decides when the next roll comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Chance, at a rate: rolls do not wait for the answers of others, as with many people.
    Open,
    /// Each person, once the last roll is answered.
    Closed,
}

/// Chance, from a seed.
#[derive(Debug)]
pub(crate) struct Chance(StdRng);

impl Chance {
    /// Begins with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// Tells how long until the next of so many a second, which come independently.
    pub(crate) fn pause(&mut self, per_second: f64) -> Duration {
        let uniform: f64 = self.0.random();
        let seconds = -(1.0 - uniform).ln() / per_second;
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::from_hours(1))
    }

    /// Chooses what comes next, by how much comes of each.
    pub(crate) fn errand(&mut self, rate: LoadRate) -> LoadErrand {
        if self.0.random::<f64>() * rate.total() < rate.images {
            LoadErrand::Image
        } else {
            LoadErrand::Roll
        }
    }

    /// Chooses one of so many.
    pub(crate) fn one_of(&mut self, count: usize) -> usize {
        self.0.random_range(0..count.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_keep_their_rate_and_repeat_with_their_seed() {
        let pauses = |seed| {
            let mut chance = Chance::new(seed);
            (0..10_000).map(|_| chance.pause(50.0)).collect::<Vec<_>>()
        };
        let all = pauses(7);
        let total: Duration = all.iter().sum();
        assert!((190.0..210.0).contains(&total.as_secs_f64()), "{total:?}");
        assert_eq!(all, pauses(7));
        assert_ne!(all, pauses(8));
    }
}
