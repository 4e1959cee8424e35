//! Renders every page once for each state of the board, when it is asked for.
//!
//! An edition is all that can be shown of one board. It is replaced when what
//! pages show has changed, or when its running figures are too old. A page of it
//! is made by the first who asks, on a thread that may take its time; who asks
//! meanwhile waits for the same. Nobody holds a lock while anything is made, and
//! what an edition takes is bounded in bytes, whatever the number of incidents.

pub(crate) mod visible_change;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::model::board::Board;
use crate::model::text::language::Language;
use crate::web::serving::cache::visible_change::alike;
use crate::web::serving::response::coding::Coding;
use crate::web::serving::response::rendered::RenderedResponse;
use crate::web::serving::workers::Workers;
use crate::web::site::{Names, Revision, Site, View};
use crate::web::table::Address;
use crate::web::table::pages::Page;

/// How old the running figures of a page may be.
const LASTS: Duration = Duration::from_secs(5);

/// Bytes that the pages of an edition may take; those of the last one are kept, too.
const ROOM: u64 = 12 * 1024 * 1024;

/// Pages that an edition usually has.
const USUAL: usize = 64;

/// Names a rendered page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    /// Where it is.
    pub address: Address,
    /// The language that it is written in.
    pub language: Language,
    /// How it travels.
    pub coding: Coding,
}

#[derive(Clone, Copy, Debug)]
struct ByBytes;

impl Weighter<PageKey, Arc<RenderedResponse>> for ByBytes {
    fn weight(&self, key: &PageKey, response: &Arc<RenderedResponse>) -> u64 {
        response.weight() + u64::try_from(key.address.name().len()).unwrap_or_default()
    }
}

type Pages = Cache<PageKey, Arc<RenderedResponse>, ByBytes>;

/// All that can be shown of one board.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// Which state of what pages show this is.
    pub revision: Revision,
    /// The board, honest for its age.
    pub board: Arc<Board>,
    /// The moment at which it is shown.
    pub now: Timestamp,
    names: Arc<Names>,
    pictures: Option<Arc<Path>>,
    pages: Arc<Pages>,
    /// They make them.
    workers: Workers,
    /// Those of the last edition, of which much may still be true.
    last: Arc<Pages>,
}

/// Why a page could not be made.
#[derive(Debug)]
enum RenderFailure {
    /// There is none of that name.
    Missing,
    /// Its maker did not come back.
    Lost,
}

/// Where editions come from; every reader has one.
#[derive(Clone, Debug)]
pub struct RenderCache {
    renders: watch::Receiver<Arc<Rendered>>,
}

/// Makes an edition whenever one is due.
#[derive(Debug)]
pub struct CacheUpdater {
    site: Site,
    /// The site by other settings, when they are read again.
    sites: watch::Receiver<Site>,
    boards: watch::Receiver<Arc<Board>>,
    renders: watch::Sender<Arc<Rendered>>,
}

fn pages() -> Arc<Pages> {
    // One part: what is bounded must not depend on the number of processors.
    let options = OptionsBuilder::new()
        .shards(1)
        .estimated_items_capacity(USUAL)
        .weight_capacity(ROOM)
        .build();
    let lifecycle = DefaultLifecycle::default();
    let hash = DefaultHashBuilder::default();
    Arc::new(match options {
        Ok(options) => Cache::with_options(options, ByBytes, hash, lifecycle),
        // Cannot be: all is given.
        Err(_) => Cache::with(USUAL, ROOM, ByBytes, hash, lifecycle),
    })
}

impl RenderCache {
    /// Makes the first edition, and what makes the others.
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

    /// The newest edition.
    pub(crate) fn rendered(&self) -> Arc<Rendered> {
        Arc::clone(&self.renders.borrow())
    }

    /// Every edition that is made from now on.
    pub(crate) fn renders(&self) -> watch::Receiver<Arc<Rendered>> {
        self.renders.clone()
    }
}

impl CacheUpdater {
    /// Prints until told to stop.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut beat = tokio::time::interval(LASTS);
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

    /// Makes an edition if one is due; says whether it was.
    fn step(&mut self) -> bool {
        let (board, now) = self.site.snapshot();
        let before = Arc::clone(&self.renders.borrow());
        let names = self.site.names();
        let same = Arc::ptr_eq(&before.names, &names) && alike(&before.board, &board);
        let age: Duration = now.duration_since(before.now).try_into().unwrap_or(LASTS);
        // The beat may come a moment early.
        let due = age + Duration::from_millis(50) >= LASTS;
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

impl Rendered {
    /// Whether it is of the site of those very words.
    pub(crate) fn is_of(&self, names: &Arc<Names>) -> bool {
        Arc::ptr_eq(&self.names, names)
    }

    /// Whether the site has another language of that code.
    pub(crate) fn speaks(&self, code: &str) -> bool {
        self.names.translation(code).is_some()
    }

    /// Whether visitors may say that something fails.
    pub(crate) fn takes_reports(&self) -> bool {
        self.names.takes_reports()
    }

    /// The language that a visitor is given, by `Accept-Language`.
    pub(crate) fn language(&self, accept: Option<&str>) -> Language {
        self.names.language(accept)
    }

    /// What its pages are made of.
    pub(crate) fn view(&self, language: Language) -> View<'_> {
        View {
            language,
            pictures: self.pictures.as_deref(),
            ..View::new(&self.names, &self.board, self.now)
        }
    }

    /// A page that was asked for before.
    pub(crate) fn ready(&self, key: &PageKey) -> Option<Arc<RenderedResponse>> {
        self.pages.get(key)
    }

    /// A page; `None` if nothing is there.
    pub(crate) async fn response(self: &Arc<Self>, key: PageKey) -> Option<Arc<RenderedResponse>> {
        let plain = self.plain(&key).await?;
        if key.coding == Coding::Plain || !plain.shrinks() {
            return Some(plain);
        }
        let made = self.pages.get_or_insert_async(&key, async {
            let (rendered, key) = (Arc::clone(self), key.clone());
            let work = move || {
                let plain = rendered.pages.get(&PageKey {
                    coding: Coding::Plain,
                    ..key.clone()
                })?;
                plain.compressed(key.coding, rendered.last.get(&key))
            };
            let made = self.workers.work(work).await;
            made.flatten().ok_or(RenderFailure::Lost)
        });
        // What cannot be compressed travels as it is.
        Some(made.await.unwrap_or(plain))
    }

    async fn plain(self: &Arc<Self>, key: &PageKey) -> Option<Arc<RenderedResponse>> {
        let key = PageKey {
            coding: Coding::Plain,
            ..key.clone()
        };
        let made = self.pages.get_or_insert_async(&key, async {
            let (rendered, key) = (Arc::clone(self), key.clone());
            let work = move || rendered.render(&key);
            let made = self.workers.work(work).await;
            made.ok_or(RenderFailure::Lost)?
                .ok_or(RenderFailure::Missing)
        });
        match made.await {
            Ok(response) => Some(response),
            Err(RenderFailure::Missing) => None,
            Err(RenderFailure::Lost) => {
                Some(Arc::new(RenderedResponse::broken(&self.view(key.language))))
            }
        }
    }

    /// Makes a page, or takes over that of the last edition if it is the same.
    fn render(&self, key: &PageKey) -> Option<Arc<RenderedResponse>> {
        let response = RenderedResponse::render(&key.address, &self.view(key.language))?;
        let last = self.last.get(key);
        Some(
            last.filter(|last| last.is_like(&response))
                .unwrap_or_else(|| Arc::new(response)),
        )
    }

    /// The page for what is not there.
    pub(crate) async fn missing(
        self: &Arc<Self>,
        language: Language,
        coding: Coding,
    ) -> Arc<RenderedResponse> {
        let key = PageKey {
            address: Address::site(Page::Missing),
            language,
            coding,
        };
        match self.response(key).await {
            Some(response) => response,
            None => Arc::new(RenderedResponse::broken(&self.view(language))),
        }
    }
}

#[cfg(test)]
mod tests;
