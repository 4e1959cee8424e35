//! Renders every page once for each state of the board, when it is asked for.
//!
//! A [`Rendered`] holds the pages of one board. It is replaced when anything visible
//! has changed, or when its running numbers are too old. The first request renders a
//! page on a worker thread; concurrent requests wait for the same result. No lock is
//! held meanwhile, and the cache is bounded in bytes, whatever the number of incidents.

pub(crate) mod rendered_board;
pub(crate) mod visible_change;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::model::board::Board;
use crate::web::serving::cache::rendered_board::{Rendered, pages};
use crate::web::serving::cache::visible_change::alike;
use crate::web::serving::workers::Workers;
use crate::web::site::{Revision, Site};

/// How old the running numbers of a page may be.
const MAX_AGE: Duration = Duration::from_secs(5);

/// Gives every reader the pages of the newest board.
#[derive(Clone, Debug)]
pub struct RenderCache {
    renders: watch::Receiver<Arc<Rendered>>,
}

/// Replaces the rendered pages whenever that is due.
#[derive(Debug)]
pub struct CacheUpdater {
    site: Site,
    /// The site by other settings, when they are read again.
    sites: watch::Receiver<Site>,
    boards: watch::Receiver<Arc<Board>>,
    renders: watch::Sender<Arc<Rendered>>,
}

impl RenderCache {
    /// A cache with the current board, and the updater that replaces it.
    pub fn new(mut sites: watch::Receiver<Site>) -> (Self, CacheUpdater) {
        let site = sites.borrow_and_update().clone();
        let mut boards = site.boards();
        boards.mark_unchanged();
        let (board, now) = site.snapshot();
        let rendered = Rendered {
            revision: Revision(board.at.as_millisecond()),
            board,
            now,
            names: site.names(),
            pictures: site.pictures(),
            pages: pages(),
            workers: Workers::new(),
            last: pages(),
        };
        let (sender, renders) = watch::channel(Arc::new(rendered));
        let updater = CacheUpdater {
            site,
            sites,
            boards,
            renders: sender,
        };
        (Self { renders }, updater)
    }

    /// The pages of the newest board.
    pub(crate) fn rendered(&self) -> Arc<Rendered> {
        Arc::clone(&self.renders.borrow())
    }

    /// Follows the pages of every later board.
    pub(crate) fn renders(&self) -> watch::Receiver<Arc<Rendered>> {
        self.renders.clone()
    }
}

impl CacheUpdater {
    /// Updates the cache until it is stopped.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut beat = tokio::time::interval(MAX_AGE);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        beat.reset();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                changed = self.boards.changed() => {
                    if changed.is_err() {
                        // No more boards: we are stopping.
                        stop.cancelled().await;
                        return;
                    }
                }
                changed = self.sites.changed() => {
                    if changed.is_err() {
                        stop.cancelled().await;
                        return;
                    }
                    self.site = self.sites.borrow_and_update().clone();
                }
                // A board that nobody renews must say so.
                _ = beat.tick() => {}
            }
            if self.step() {
                beat.reset();
            }
        }
    }

    /// Replaces the rendered pages if that is due; returns whether it was.
    fn step(&mut self) -> bool {
        let (board, now) = self.site.snapshot();
        let before = Arc::clone(&self.renders.borrow());
        let names = self.site.names();
        let same = Arc::ptr_eq(&before.names, &names) && alike(&before.board, &board);
        let age: Duration = now.duration_since(before.now).try_into().unwrap_or(MAX_AGE);
        // The beat may come a moment early.
        let due = age + Duration::from_millis(50) >= MAX_AGE;
        if same && !due {
            return false;
        }
        let revision = if same {
            before.revision
        } else {
            Revision(board.at.as_millisecond().max(before.revision.0 + 1))
        };
        self.renders.send_replace(Arc::new(Rendered {
            revision,
            board,
            now,
            names,
            pictures: self.site.pictures(),
            pages: pages(),
            workers: before.workers.clone(),
            last: Arc::clone(&before.pages),
        }));
        true
    }
}

#[cfg(test)]
mod tests;
