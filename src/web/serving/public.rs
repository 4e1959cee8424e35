//! The state of the public routes.

use std::convert::Infallible;

use axum::extract::{FromRef, Request};
use axum::response::Response;
use tower::Service as _;

use crate::web::reports::submit::Reports;
use crate::web::serving::cache::RenderCache;
use crate::web::serving::connections::visitor::Proxies;
use crate::web::serving::live::Live;
use crate::web::serving::metrics::HttpMetrics;
use crate::web::serving::rendered_pages::RenderedPages;
use crate::web::serving::workers::Workers;
use crate::web::site::Site;
use crate::web::subscriptions::submit::Subscriptions;

/// What takes the forms of visitors.
#[derive(Clone, Debug)]
pub struct Forms {
    /// Takes what they report.
    pub reports: Reports,
    /// Takes subscriptions by e-mail.
    pub subscriptions: Subscriptions,
}

/// All that visitors can reach, by one set of settings.
#[derive(Clone, Debug)]
pub struct Public {
    /// The site.
    pub site: Site,
    /// Every page.
    pub(crate) pages: RenderedPages,
    /// Tells open pages of changes.
    pub live: Live,
    /// Takes what visitors send.
    pub forms: Forms,
    /// The proxies before us.
    pub proxies: Proxies,
    /// Metrics of requests.
    pub metrics: HttpMetrics,
    /// The threads that search.
    pub(crate) workers: Workers,
}

impl Public {
    /// Ties them together.
    pub fn new(
        site: Site,
        cache: RenderCache,
        live: Live,
        forms: Forms,
        proxies: Proxies,
        metrics: HttpMetrics,
    ) -> Self {
        Self {
            pages: RenderedPages::new(cache, &site.names()),
            site,
            live,
            forms,
            proxies,
            metrics,
            workers: Workers::new(),
        }
    }

    /// The answer of the pages: the route is for something else there.
    pub(crate) async fn page(mut self, request: Request) -> Response {
        let answer: Result<Response, Infallible> = self.pages.call(request).await;
        answer.unwrap_or_else(|never| match never {})
    }
}

impl FromRef<Public> for Site {
    fn from_ref(public: &Public) -> Self {
        public.site.clone()
    }
}

impl FromRef<Public> for Reports {
    fn from_ref(public: &Public) -> Self {
        public.forms.reports.clone()
    }
}

impl FromRef<Public> for Subscriptions {
    fn from_ref(public: &Public) -> Self {
        public.forms.subscriptions.clone()
    }
}
