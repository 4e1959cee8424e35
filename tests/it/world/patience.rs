//! Waiting for what comes by itself: one way to look, and one patience.

use std::fmt::Debug;
use std::time::{Duration, Instant};

/// Nothing that is waited for may take longer; what passes is seen at once.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// From one look to the next.
const PAUSE: Duration = Duration::from_millis(20);

/// What one look brings: what was waited for, or what is there instead.
pub(crate) trait Look {
    /// What was waited for.
    type Found;

    /// Tells the two apart; what is there instead is for who reads of a failure.
    fn found(self) -> Result<Self::Found, String>;
}

impl Look for bool {
    type Found = ();

    fn found(self) -> Result<(), String> {
        self.then_some(()).ok_or_else(String::new)
    }
}

impl<T> Look for Option<T> {
    type Found = T;

    fn found(self) -> Result<T, String> {
        self.ok_or_else(String::new)
    }
}

impl<T, E: Debug> Look for Result<T, E> {
    type Found = T;

    fn found(self) -> Result<T, String> {
        self.map_err(|instead| format!("; there is {instead:?}"))
    }
}

/// Looks until it finds something, and gives that.
pub(crate) async fn until<L: Look>(what: &str, mut look: impl AsyncFnMut() -> L) -> L::Found {
    let start = Instant::now();
    let mut looks = tokio::time::interval(PAUSE);
    loop {
        looks.tick().await;
        match look().await.found() {
            Ok(found) => return found,
            Err(instead) => lose_patience(start, what, &instead),
        }
    }
}

/// The same where nobody else may run meanwhile.
pub(crate) fn until_blocking<L: Look>(what: &str, mut look: impl FnMut() -> L) -> L::Found {
    let start = Instant::now();
    loop {
        match look().found() {
            Ok(found) => return found,
            Err(instead) => lose_patience(start, what, &instead),
        }
        std::thread::sleep(PAUSE);
    }
}

fn lose_patience(start: Instant, what: &str, instead: &str) {
    assert!(
        start.elapsed() < PATIENCE,
        "waited in vain until {what}{instead}"
    );
}
