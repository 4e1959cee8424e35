//! Tells a service manager such as systemd how far we are; without one, nothing happens.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// We answer; also once a reload is over.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// We read the settings again.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// We end.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// We still work.
pub fn alive() {
    tell(&[NotifyState::Watchdog]);
}

/// How often the service manager must hear that we still work, if it waits for it.
pub fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|timeout| timeout / 2)
}

/// Says that we still work whenever there is a new result, and not by a timer, which
/// would go on while the work hangs.
pub async fn guard<T>(
    mut results: watch::Receiver<T>,
    every: Duration,
    alive: impl Fn(),
    stop: CancellationToken,
) {
    let mut last: Option<Instant> = None;
    loop {
        let is_over = tokio::select! {
            () = stop.cancelled() => true,
            changed = results.changed() => changed.is_err(),
        };
        if is_over {
            return;
        }
        if last.is_none_or(|last| last.elapsed() >= every) {
            alive();
            last = Some(Instant::now());
        }
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "cannot reach the service manager");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_new_results_keep_the_watchdog_quiet() {
        let (results, seen) = watch::channel(0);
        let told = AtomicUsize::new(0);
        let stop = CancellationToken::new();
        let tell = || {
            told.fetch_add(1, Ordering::Relaxed);
        };
        let guard = guard(seen, Duration::from_secs(10), tell, stop.clone());
        let work = async {
            for result in 1..=40 {
                results.send_replace(result);
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            let told = told.load(Ordering::Relaxed);
            assert_eq!(told, 4, "once in ten seconds");
            // The work hangs: time alone is no sign of life.
            tokio::time::sleep(Duration::from_hours(1)).await;
            stop.cancel();
            told
        };
        let ((), before) = tokio::join!(guard, work);
        assert_eq!(told.load(Ordering::Relaxed), before);
    }
}
