//! Reads on a thread of its own what may hang: a disk, a process, its memory.
//!
//! The kernel lets a file of a hanging disk or process wait for ever, and no
//! timeout ends that. Only this thread waits then; the program can still end.

use std::thread;

use tokio::sync::{mpsc, oneshot};

use crate::collect::failure::cause::Failure;

/// A thread that reads when asked, and ends with this.
#[derive(Debug)]
pub(crate) struct ReadingThread<A> {
    orders: mpsc::Sender<oneshot::Sender<A>>,
}

impl<A: Send + 'static> ReadingThread<A> {
    /// Starts the thread.
    pub(crate) fn start(mut read: impl FnMut() -> A + Send + 'static) -> Result<Self, Failure> {
        let (orders, mut inbox) = mpsc::channel::<oneshot::Sender<A>>(1);
        let thread = move || {
            while let Some(answer) = inbox.blocking_recv() {
                // Who gave up waiting wants no answer that is old by now.
                if !answer.is_closed() {
                    let _ = answer.send(read());
                }
            }
        };
        thread::Builder::new()
            .name("reading".to_owned())
            .spawn(thread)
            .map_err(|error| Failure::Answer(format!("cannot start a thread: {error}")))?;
        Ok(Self { orders })
    }

    /// Waits for an answer; who stops waiting may ask again.
    pub(crate) async fn ask(&self) -> Result<A, Failure> {
        let ended = || Failure::Answer("the thread that reads has ended".to_owned());
        let (answer, wait) = oneshot::channel();
        self.orders.send(answer).await.map_err(|_| ended())?;
        wait.await.map_err(|_| ended())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc as std_mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_reading_that_hangs_keeps_nobody_and_goes_on_when_it_can() {
        let (release, stuck) = std_mpsc::channel::<()>();
        let mut readings = 0;
        let reading = ReadingThread::start(move || {
            readings += 1;
            if readings == 1 {
                stuck.recv().unwrap();
            }
            readings
        })
        .unwrap();
        for _ in 0..4 {
            let patience = Duration::from_millis(20);
            let hung = tokio::time::timeout(patience, reading.ask()).await;
            assert!(hung.is_err());
        }
        release.send(()).unwrap();
        // Those who gave up are not read for.
        assert_eq!(reading.ask().await.unwrap(), 2);
    }
}
