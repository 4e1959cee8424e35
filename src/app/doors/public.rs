//! What stands between the board and its visitors, whatever the settings say.

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::app::paths::Paths;
use crate::model::request::samples::report_count::ReportCounts;
use crate::runtime::limits;
use crate::runtime::tasks::{Tasks, ending};
use crate::web;
use crate::web::export::state::ExportTools;
use crate::web::export::updater::ExportUpdater;
use crate::web::serving::cache::{CacheUpdater, RenderCache};
use crate::web::serving::connections::listen::{Listener, Routes};
use crate::web::serving::connections::visitor::Proxies;
use crate::web::serving::live::{Live, LivePublisher};
use crate::web::serving::metrics::HttpMetrics;
use crate::web::serving::public::{Forms, Public};
use crate::web::site::Site;

/// Open pages that may listen for changes at once, if there are handles for them.
const LISTENERS: usize = 20_000;

/// What answers visitors; pages that are open stay so through other settings.
#[derive(Debug)]
pub(crate) struct PublicServer {
    sites: watch::Sender<Site>,
    cache: RenderCache,
    live: Live,
    forms: Forms,
    metrics: HttpMetrics,
    routes: watch::Sender<Routes>,
}

/// What works for visitors without being asked.
#[derive(Debug)]
pub(crate) struct Background {
    updater: CacheUpdater,
    publisher: LivePublisher,
    exporting: Option<ExportUpdater>,
}

impl PublicServer {
    /// Makes the first pages; a folder that cannot be exported to is told at once.
    pub(crate) fn open(
        site: &Site,
        places: &Paths,
        forms: Forms,
        (metrics, tools): (HttpMetrics, ExportTools),
    ) -> anyhow::Result<(Self, Background)> {
        forms.reports.track(site);
        let (sites, newest) = watch::channel(site.clone());
        let (cache, updater) = RenderCache::new(newest);
        let (live, publisher) = Live::new(&cache, LISTENERS.min(limits::handles() / 2));
        let exporting = places.export.clone();
        let exporting = exporting.map(|place| ExportUpdater::new(&cache, place, tools));
        let background = Background {
            updater,
            publisher,
            exporting: exporting.transpose()?,
        };
        let public = Public::new(
            site.clone(),
            cache.clone(),
            live.clone(),
            forms.clone(),
            Proxies::default(),
            metrics.clone(),
        );
        let server = Self {
            sites,
            cache,
            live,
            forms,
            metrics,
            routes: watch::Sender::new(web::routes(public)),
        };
        Ok((server, background))
    }

    /// Answers by other settings from now on.
    pub(crate) fn put(&self, site: Site, proxies: Proxies) {
        self.forms.reports.track(&site);
        let public = Public::new(
            site.clone(),
            self.cache.clone(),
            self.live.clone(),
            self.forms.clone(),
            proxies,
            self.metrics.clone(),
        );
        self.routes.send_replace(web::routes(public));
        self.sites.send_replace(site);
    }

    /// Waits until pages are those of the newest settings.
    pub(crate) async fn settled(&self) {
        let names = self.sites.borrow().names();
        let mut renders = self.cache.renders();
        // It fails only when we are stopping.
        let _ = renders.wait_for(|rendered| rendered.is_of(&names)).await;
    }

    /// How often they reported something.
    pub(crate) fn tally(&self) -> watch::Receiver<ReportCounts> {
        self.forms.reports.tally()
    }

    /// Where they come in.
    pub(crate) fn door(&self) -> Listener {
        self.routes.subscribe()
    }
}

impl Background {
    /// Starts it.
    pub(crate) fn start(self, tasks: &mut Tasks, stop: &CancellationToken) {
        tasks.start("press", ending(self.updater.run(stop.clone())));
        tasks.start("live", ending(self.publisher.run(stop.clone())));
        if let Some(exporting) = self.exporting {
            tasks.start("export", ending(exporting.run(stop.clone())));
        }
    }
}
