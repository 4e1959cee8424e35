//! The rendered pages of one board.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use crate::model::board::Board;
use crate::model::text::language::Language;
use crate::web::serving::response::coding::Coding;
use crate::web::serving::response::rendered::RenderedResponse;
use crate::web::serving::workers::Workers;
use crate::web::site::{Names, Revision, View};
use crate::web::table::Address;
use crate::web::table::pages::Page;

/// Bytes that the pages of one board may take; those of the last one are retained, too.
const MAX_CACHE_BYTES: u64 = 12 * 1024 * 1024;

/// Pages that a board usually has in the cache.
const EXPECTED_PAGES: usize = 64;

/// Names a rendered page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    /// Where it is.
    pub(crate) address: Address,
    /// The language that it is written in.
    pub(crate) language: Language,
    /// How it travels.
    pub(crate) coding: Coding,
}

/// Weighs pages by their bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByBytes;

impl Weighter<PageKey, Arc<RenderedResponse>> for ByBytes {
    fn weight(&self, key: &PageKey, response: &Arc<RenderedResponse>) -> u64 {
        response.weight() + u64::try_from(key.address.name().len()).unwrap_or_default()
    }
}

/// Rendered pages by their keys, bounded in bytes.
pub(crate) type Pages = Cache<PageKey, Arc<RenderedResponse>, ByBytes>;

/// The pages of one board.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// Which state of what pages show this is.
    pub(crate) revision: Revision,
    /// The board, marked as blind if it is too old.
    pub(crate) board: Arc<Board>,
    /// The moment at which it is shown.
    pub(crate) now: Timestamp,
    pub(crate) names: Arc<Names>,
    pub(crate) pictures: Option<Arc<Path>>,
    pub(crate) pages: Arc<Pages>,
    /// The threads that render pages.
    pub(crate) workers: Workers,
    /// The pages of the last board, many of which are still current.
    pub(crate) last: Arc<Pages>,
}

/// Why a page could not be rendered.
#[derive(Debug)]
enum RenderFailure {
    /// There is none of that name.
    Missing,
    /// Its renderer panicked.
    Lost,
}

/// An empty cache of pages.
pub(crate) fn pages() -> Arc<Pages> {
    // One part: what is bounded must not depend on the number of processors.
    let options = OptionsBuilder::new()
        .shards(1)
        .estimated_items_capacity(EXPECTED_PAGES)
        .weight_capacity(MAX_CACHE_BYTES)
        .build();
    let lifecycle = DefaultLifecycle::default();
    let hash = DefaultHashBuilder::default();
    Arc::new(match options {
        Ok(options) => Cache::with_options(options, ByBytes, hash, lifecycle),
        // Cannot be: all is given.
        Err(_) => Cache::with(EXPECTED_PAGES, MAX_CACHE_BYTES, ByBytes, hash, lifecycle),
    })
}

impl Rendered {
    /// Whether it belongs to the site with these very names.
    pub(crate) fn is_of(&self, names: &Arc<Names>) -> bool {
        Arc::ptr_eq(&self.names, names)
    }

    /// Whether the site has another language of that code.
    pub(crate) fn has_language(&self, code: &str) -> bool {
        self.names.translation(code).is_some()
    }

    /// Whether visitors may send the form of a page.
    pub(crate) fn takes_form(&self, page: Page) -> bool {
        match page {
            Page::Report => self.names.takes_reports(),
            Page::Subscribe => self.names.subscriptions,
            _ => false,
        }
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
            revision: Some(self.revision),
            ..View::new(&self.names, &self.board, self.now)
        }
    }

    /// A page that is already rendered.
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

    /// Renders a page, or reuses that of the last board if it is the same.
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
