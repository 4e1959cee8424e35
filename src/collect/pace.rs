//! How often a collector asks: at its interval, or faster while its rules may turn.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::collect::schedule::Schedule;
use crate::model::sample::CollectorId;

/// Tells which collectors are to ask faster at present.
pub(crate) type Hurried = watch::Receiver<Arc<BTreeSet<CollectorId>>>;

/// When a collector asks next.
///
/// The time until the next look counts from the last one, so that a target which hangs is
/// never asked in a crowd.
#[derive(Debug)]
pub(crate) struct ScrapePace {
    id: CollectorId,
    interval: Duration,
    fast: Option<Duration>,
    hurried: Hurried,
    last: Option<Instant>,
}

impl ScrapePace {
    /// Asks at once, and then as the schedule says.
    pub(crate) fn new(schedule: &Schedule, hurried: Hurried) -> Self {
        Self {
            id: CollectorId(schedule.id.clone()),
            interval: schedule.interval,
            fast: schedule.fast,
            hurried,
            last: None,
        }
    }

    /// The time between two looks at present.
    pub(crate) fn interval(&self) -> Duration {
        let fast = self
            .fast
            .filter(|_| self.hurried.borrow().contains(&self.id));
        fast.unwrap_or(self.interval)
    }

    /// Waits until it is time to ask.
    pub(crate) async fn due(&mut self) {
        loop {
            let next = self.last.map(|last| last + self.interval());
            let wait = async {
                if let Some(next) = next {
                    sleep_until(next).await;
                }
            };
            tokio::select! {
                // What is due already is asked, whatever changes.
                biased;
                () = wait => break,
                Ok(()) = self.hurried.changed(), if self.fast.is_some() => {}
            }
        }
        self.last = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(fast: Option<u64>) -> (watch::Sender<Arc<BTreeSet<CollectorId>>>, ScrapePace) {
        let (sender, hurried) = watch::channel(Arc::default());
        let schedule = Schedule {
            id: "redis".to_owned(),
            interval: Duration::from_secs(5),
            fast: fast.map(Duration::from_millis),
            timeout: Duration::from_secs(2),
            concerns: Vec::new(),
        };
        (sender, ScrapePace::new(&schedule, hurried))
    }

    fn hurry(sender: &watch::Sender<Arc<BTreeSet<CollectorId>>>, ids: &[&str]) {
        let ids = ids.iter().map(|id| CollectorId((*id).to_owned()));
        sender.send_replace(Arc::new(ids.collect()));
    }

    /// Milliseconds from the start of each of some looks.
    async fn looks(pace: &mut ScrapePace, start: Instant, count: usize) -> Vec<u128> {
        let mut found = Vec::new();
        for _ in 0..count {
            pace.due().await;
            found.push(start.elapsed().as_millis());
        }
        found
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_hurried_asks_faster_and_then_as_before() {
        let (sender, mut pace) = pace(Some(250));
        let start = Instant::now();
        assert_eq!(looks(&mut pace, start, 2).await, [0, 5000]);
        hurry(&sender, &["redis", "other"]);
        assert_eq!(looks(&mut pace, start, 3).await, [5250, 5500, 5750]);
        hurry(&sender, &["other"]);
        assert_eq!(looks(&mut pace, start, 2).await, [10_750, 15_750]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_hurry_is_noticed_while_it_waits() {
        let (sender, mut pace) = pace(Some(250));
        let start = Instant::now();
        pace.due().await;
        let hurrying = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            hurry(&sender, &["redis"]);
        };
        tokio::join!(pace.due(), hurrying);
        assert_eq!(start.elapsed(), Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_faster_pace_or_a_word_nothing_hurries() {
        let (sender, mut slow) = pace(None);
        hurry(&sender, &["redis"]);
        let start = Instant::now();
        assert_eq!(looks(&mut slow, start, 3).await, [0, 5000, 10_000]);
        let (sender, mut alone) = pace(Some(250));
        drop(sender);
        let start = Instant::now();
        assert_eq!(looks(&mut alone, start, 2).await, [0, 5000]);
    }
}
