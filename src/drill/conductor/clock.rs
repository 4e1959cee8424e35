//! The minute of the outage that it is now.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};

use crate::drill::scale::Speed;
use crate::pipeline::stages::Pipeline;

/// Turns our time into minutes of the outage, and back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutageClock {
    speed: Speed,
    began: Instant,
    from: f64,
    zero: Timestamp,
}

impl OutageClock {
    /// Starts in a minute of the outage.
    pub(crate) fn start(speed: Speed, from: f64) -> Self {
        let until_zero = speed.minutes(from.abs());
        let now = Pipeline::clock();
        let zero = if from < 0.0 {
            now + until_zero
        } else {
            now - until_zero
        };
        Self {
            speed,
            began: Instant::now(),
            from,
            zero,
        }
    }

    /// The moment of minute 0.
    pub(crate) fn zero(&self) -> Timestamp {
        self.zero
    }

    /// How fast it goes.
    pub(crate) fn speed(&self) -> Speed {
        self.speed
    }

    /// The minute that it is now.
    pub(crate) fn now(&self) -> f64 {
        self.from + self.speed.outage_minutes(self.began.elapsed())
    }

    /// The minute of a moment.
    pub(crate) fn minute(&self, at: Timestamp) -> f64 {
        let since = at.duration_since(self.zero);
        since.as_secs_f64() * self.speed.0 / 60.0
    }

    /// Waits until a minute has come.
    pub(crate) async fn wait(&self, minute: f64) {
        let after: Duration = self.speed.minutes((minute - self.from).max(0.0));
        sleep_until(self.began + after).await;
    }
}
