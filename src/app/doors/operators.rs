//! What operators are answered, by one set of settings.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::{mpsc, watch};

use crate::app::doors::listeners;
use crate::app::doors::operator_doors::OperatorDoors;
use crate::app::metrics::OwnMetrics;
use crate::model::facts::rule_facts::RuleFacts;
use crate::model::facts::rule_tests::RuleTestReport;
use crate::model::request::access::AccessDoor;
use crate::model::request::ask::HistoryQuery;
use crate::model::request::receivers::receiver_preview::ReceiverPreviews;
use crate::model::request::reload::{Reload, SettingsInForce};
use crate::model::request::samples::event_feed::NotesDoor;
use crate::model::request::samples::question::WindowQuestion;
use crate::model::request::samples::silence_request::SilencesDoor;
use crate::runtime::client;
use crate::web::formats::federate;
use crate::web::ops;
use crate::web::ops::access::authenticator::Authenticator;
use crate::web::ops::access::browser::login;
use crate::web::ops::access::browser::login_page::LoginDesk;
use crate::web::ops::access::entrance;
use crate::web::ops::access::oidc::pending::PendingLogins;
use crate::web::ops::access::oidc::provider::Provider;
use crate::web::ops::access::operators::Operators;
use crate::web::ops::api::limit::ChangeLimit;
use crate::web::ops::console;
use crate::web::ops::console::desk::ConsoleDesk;
use crate::web::ops::git_webhook::{self, GitWebhook};
use crate::web::ops::health;
use crate::web::ops::notifications;
use crate::web::ops::prometheus;
use crate::web::ops::prometheus::door::WindowDoor;
use crate::web::ops::push::targets::PushTargets;
use crate::web::ops::state;
use crate::web::serving::connections::listen::Routes;
use crate::web::site::Site;

/// How long the provider of a login may take for an answer.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(8);

/// What other settings replace.
pub(crate) struct OperatorParts {
    /// The board.
    pub site: Site,
    /// The doors of what is pushed.
    pub doors: PushTargets,
    /// The rules.
    pub rules: Vec<RuleFacts>,
    /// What their tests say.
    pub tests: watch::Receiver<Arc<RuleTestReport>>,
    /// Asks for what was written down.
    pub history: mpsc::Sender<HistoryQuery>,
    /// Asks for samples.
    pub ask: mpsc::Sender<WindowQuestion>,
    /// Tells who asks.
    pub authenticator: Authenticator,
    /// Where notes go in.
    pub notes: NotesDoor,
    /// Where silences go in.
    pub silences: SilencesDoor,
    /// Where sessions and the audit log go in.
    pub access: AccessDoor,
    /// Takes requests to read the settings again.
    pub reloads: mpsc::Sender<Reload>,
    /// Takes what git hosts say.
    pub webhook: Option<GitWebhook>,
    /// What receivers would be told of a change.
    pub previews: ReceiverPreviews,
    /// The settings.
    pub settings: SettingsInForce,
}

/// All routes of the operators' listener behind its entrance.
pub(crate) fn routes(
    parts: OperatorParts,
    doors: &OperatorDoors,
    own: &OwnMetrics,
) -> anyhow::Result<Routes> {
    let (site, authenticator) = (parts.site, parts.authenticator);
    // Certificates take a while to read: nobody waits for them in vain.
    let oidc = authenticator.settings().oidc.as_ref();
    let http = oidc
        .map(|_| client::new(PROVIDER_TIMEOUT, false))
        .transpose();
    let http = http.context("cannot make an HTTP client")?;
    let desk = LoginDesk {
        authenticator: authenticator.clone(),
        provider: http.map(Provider::new),
        pending: PendingLogins::default(),
        site: site.clone(),
    };
    let access = parts.access;
    let reloads = (parts.reloads, access.clone());
    let operators = Operators::new(site.clone(), parts.notes, parts.silences, access);
    let samples = WindowDoor::new(parts.ask.clone());
    let console = ConsoleDesk {
        api: doors.api(operators, own.notifiers.clone()),
        levels: Arc::new(own.board.clone()),
        previews: parts.previews,
        settings: Arc::new(parts.settings),
        file_findings: doors.file_findings.clone(),
        reloads: reloads.clone(),
        collectors: own.collectors.states.clone(),
        troubles: own.troubles.clone(),
        rules: Arc::new(parts.rules),
        tests: parts.tests,
        samples: samples.clone(),
        history: parts.history,
        trials: doors.trials.clone(),
    };
    // Pages and the API are two ways to the same folder.
    let limit = ChangeLimit::new(site.clone());
    let routes = health::routes(site.clone(), own.board.clone())
        .merge(prometheus::routes_of(samples))
        .merge(federate::routes(parts.ask))
        .merge(state::routes(
            site,
            own.board.clone(),
            own.notifiers.clone(),
        ))
        .merge(notifications::routes(own.notifiers.clone()))
        .merge(login::routes(desk))
        .merge(ops::routes(parts.doors, reloads))
        .merge(ops::api(
            console.api.clone(),
            doors.keyed.clone(),
            limit.clone(),
        ))
        .merge(console::routes(console.clone(), limit))
        .merge(git_webhook::routes(parts.webhook));
    let proxies = authenticator.proxies().clone();
    let guarded = entrance::guarded(routes, authenticator, own.pushes.clone(), console);
    // Who is turned away at the entrance is counted, too.
    Ok(Routes::new(listeners::closed(guarded, own), proxies))
}
