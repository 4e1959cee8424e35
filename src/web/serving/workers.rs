//! Threads for the work that strangers ask for: so many at once, the rest waits.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use tokio::sync::Semaphore;

/// A bounded pool of blocking threads.
///
/// The threads that work may block are shared by all: who looks up names for
/// probes or writes incidents must never stand behind what visitors ask for.
#[derive(Clone, Debug)]
pub(crate) struct Workers(Arc<Semaphore>);

impl Workers {
    /// As many as there are processors, and two at least.
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        Self(Arc::new(Semaphore::new(processors.max(2))))
    }

    /// Runs a job as soon as a thread is free; `None` if it panicked.
    ///
    /// A caller that stops waiting loses its turn. A job that has begun keeps its
    /// thread to the end, whether anybody waits for it or not.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let permit = Arc::clone(&self.0).acquire_owned().await.ok()?;
        let work = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(work).await.ok()
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn those_who_ask_and_go_away_do_not_pile_up_work() {
        let workers = Workers(Arc::new(Semaphore::new(2)));
        let (begun, begins) = mpsc::channel();
        let mut gates = Vec::new();
        for _ in 0..9 {
            let (gate, waits) = mpsc::channel::<()>();
            let begun = begun.clone();
            let mut work = Box::pin(workers.work(move || {
                begun.send(()).unwrap();
                let _ = waits.recv();
            }));
            // It is asked for, and nobody waits for the answer.
            assert!(futures_util::poll!(&mut work).is_pending());
            gates.push(gate);
        }
        begins.recv().unwrap();
        begins.recv().unwrap();
        assert_eq!(workers.0.available_permits(), 0);
        drop(gates);
        assert_eq!(workers.work(|| 7).await, Some(7));
        // Seven have never begun.
        drop(begun);
        assert_eq!(begins.iter().count(), 0);
    }
}
