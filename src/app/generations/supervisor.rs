//! What stays, whatever the settings say, and on which they are put into force.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::build;
use crate::app::doors::listeners;
use crate::app::doors::operator_doors::OperatorDoors;
use crate::app::doors::operators::{self, OperatorParts};
use crate::app::doors::public::PublicServer;
use crate::app::doors::subscribers;
use crate::app::generations::generation::Generation;
use crate::app::generations::prepared::{Judging, Prepared};
use crate::app::generations::read_settings::ReadSettings;
use crate::app::metrics::OwnMetrics;
use crate::app::notifiers::settings::NotificationSettings;
use crate::app::paths::Paths;
use crate::app::rule_tests::report;
use crate::config::Config;
use crate::incident::folder::disk;
use crate::model::board::Board;
use crate::model::request::ask::HistoryQuery;
use crate::model::request::leadership::Leadership;
use crate::model::request::reload::{Reload, SettingsInForce};
use crate::model::request::samples::event_feed::NotesDoor;
use crate::model::request::samples::silence_request::SilencesDoor;
use crate::notify::subscribers::desk::DeskSettings;
use crate::pipeline::stages::{Pipeline, Reconfiguration};
use crate::runtime::service_manager;
use crate::web::ops::access::authenticator::{AccessMemory, Authenticator};
use crate::web::ops::git_webhook::GitWebhook;
use crate::web::push;
use crate::web::serving::connections::listen::Routes;
use crate::web::site::Site;

/// Questions that may wait for the pipeline.
const ASKS: usize = 8;

/// How long reading the settings may take: a secret may lie on a disk that hangs.
const READING: Duration = Duration::from_secs(30);

/// What stays, whatever the settings say.
#[derive(Debug)]
pub(crate) struct Supervisor {
    /// Where things are kept and where we answer.
    pub places: Paths,
    /// Where boards go.
    pub boards: watch::Sender<Arc<Board>>,
    /// What the page answers.
    pub page: PublicServer,
    /// What operators are answered.
    pub ops: watch::Sender<Routes>,
    /// What those who push from outside are answered.
    pub pushes: watch::Sender<Routes>,
    /// Whom to tell.
    pub telling: mpsc::Sender<NotificationSettings>,
    /// What the subscribers' desk must know.
    pub desk: watch::Sender<DeskSettings>,
    /// Ways in for what operators change.
    pub doors: OperatorDoors,
    /// Our own metrics.
    pub metrics: OwnMetrics,
    /// Takes requests to read the settings again.
    pub reloads: mpsc::Sender<Reload>,
    /// Where operators' notes go in.
    pub door: NotesDoor,
    /// Where operators' silences go in.
    pub silences: SilencesDoor,
    /// Who may come in, and what is known of those who tried.
    pub access: AccessMemory,
    /// Whether this monitor is the one that writes.
    pub lease: Leadership,
    /// Asks for what was written down.
    pub history: mpsc::Sender<HistoryQuery>,
    /// Takes what git hosts say.
    pub webhook: Option<GitWebhook>,
}

impl Supervisor {
    /// Puts settings into force; nobody asks before the stages run.
    pub(crate) fn put(
        &self,
        prepared: Prepared,
        site: Site,
        pipeline: Pipeline,
    ) -> anyhow::Result<Generation> {
        let Prepared {
            mut config,
            mut collectors,
            referee,
        } = prepared;
        build::recall(&mut collectors, &self.places.state);
        let authenticator = Authenticator::new(
            std::mem::take(&mut config.access),
            &config.proxies,
            self.access.clone(),
            Pipeline::clock,
        );
        let (doors, outside) = build::doors(
            &mut collectors,
            &self.places,
            &self.page.tally(),
            (self.metrics.pushes.clone(), authenticator.is_locked()),
        )?;
        let ids = collectors.iter().map(|(schedule, _)| schedule.id.clone());
        self.metrics.collectors.know(&ids.collect());
        self.desk.send_replace(subscribers::settings(&config));
        self.doors.put(&config, &self.places);
        let telling = NotificationSettings::new(&config, &site);
        let previews = telling.previews()?;
        self.telling
            .try_send(telling)
            .map_err(|_| anyhow!("the notifiers do not take their settings"))?;
        let (ask, asks) = mpsc::channel(ASKS);
        let parts = OperatorParts {
            site: site.clone(),
            doors,
            rules: pipeline.rules(),
            tests: report::start(self.places.settings.as_deref(), pipeline.rules_afresh()),
            history: self.history.clone(),
            ask,
            authenticator,
            notes: self.door.clone(),
            silences: self.silences.clone(),
            access: self.access.door.clone(),
            reloads: self.reloads.clone(),
            webhook: self.webhook.clone(),
            previews,
            settings: SettingsInForce::new(config.shown, config.findings, Pipeline::clock()),
        };
        let operators = operators::routes(parts, &self.doors, &self.metrics)?;
        self.ops.send_replace(operators);
        let outside = push::routes(outside, self.metrics.pushes.clone());
        let outside = listeners::closed(outside, &self.metrics);
        self.pushes
            .send_replace(Routes::new(outside, config.proxies.clone()));
        self.page.put(site, config.proxies);
        Ok(Generation {
            pipeline,
            collectors,
            metrics: self.metrics.collectors.clone(),
            referee,
            asks,
            boards: self.boards.clone(),
        })
    }

    /// Runs the stages, and others whenever the settings are read again.
    pub(crate) async fn watch(
        self,
        mut generation: Generation,
        mut requests: mpsc::Receiver<Reload>,
        read: ReadSettings,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        loop {
            let mut next = None;
            let until = async {
                next = tokio::select! {
                    () = stop.cancelled() => None,
                    next = self.usable(&mut requests, &read) => next,
                };
            };
            let before = generation.run(until).await?;
            let Some((mut prepared, judging, reload)) = next else {
                return Ok(());
            };
            let now = Pipeline::clock();
            let settings = Reconfiguration {
                journal: build::journal(&prepared.config, &self.places, &self.lease),
                zone: prepared.config.names.zone.clone(),
                hold: prepared.config.hold,
                components: std::mem::take(&mut prepared.config.components),
                evaluator: judging.evaluator,
                retention: judging.retention,
                subjects: judging.subjects,
                language: judging.language,
            };
            let mut pipeline = before.reconfigured(settings, now);
            self.boards.send_replace(Arc::new(pipeline.step(now).await));
            let names = &prepared.config.names;
            let site = self.places.site(names, self.boards.subscribe());
            let put = self.put(prepared, site, pipeline);
            if stop.is_cancelled() {
                // Those who would be given other settings may have ended first.
                return Ok(());
            }
            generation = put?;
            self.page.settled().await;
            self.metrics.reload.good(now);
            tracing::info!(
                "the settings are reloaded and in force; the listeners stay at {} and {}",
                self.places.listen,
                self.places.ops_listen,
            );
            service_manager::ready();
            // Who asked may have gone away.
            let _ = reload.answer.send(Ok(()));
        }
    }

    /// Reads the settings where nobody waits for a disk, and not for long.
    async fn read(&self, read: &ReadSettings) -> anyhow::Result<Config> {
        let read = Arc::clone(read);
        let reading = tokio::task::spawn_blocking(move || read());
        let config = tokio::time::timeout(READING, reading).await;
        let late = || {
            let seconds = READING.as_secs();
            format!(
                "they cannot be read within {seconds} s; see whether a disk hangs or a pipe is read"
            )
        };
        let config = config.with_context(late)???;
        // The stages stand still until the folder is open.
        let folder = &self.places.incidents;
        disk::make(folder)
            .await
            .with_context(|| format!("cannot use the folder {}", folder.display()))?;
        Ok(config)
    }

    /// Waits for settings that can be used; others leave the old ones in force.
    async fn usable(
        &self,
        requests: &mut mpsc::Receiver<Reload>,
        read: &ReadSettings,
    ) -> Option<(Prepared, Judging, Reload)> {
        while let Some(reload) = requests.recv().await {
            service_manager::reloading();
            let config = self.read(read).await;
            match config.and_then(|config| Prepared::new(config, Pipeline::clock())) {
                Ok((prepared, judging)) => return Some((prepared, judging, reload)),
                Err(error) => {
                    self.metrics.reload.bad();
                    let why = format!("{error:#}");
                    tracing::error!(
                        "the settings cannot be reloaded, the old ones stay in force: {why}"
                    );
                    service_manager::ready();
                    let _ = reload.answer.send(Err(why));
                }
            }
        }
        None
    }
}
