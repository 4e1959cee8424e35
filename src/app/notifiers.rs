//! The notifiers, replaced when the settings are: never two of one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::build::CLIENT_TIMEOUT;
use crate::app::doors::subscribers;
use crate::config::Config;
use crate::language::speech::Speech;
use crate::model::board::Board;
use crate::model::facts::notifier_state::{Failing, NotifierState, NotifierStates};
use crate::model::facts::trouble::Troubles;
use crate::model::request::leadership::ReceiptsDoor;
use crate::model::request::receivers::receiver_preview::ReceiverPreviews;
use crate::model::request::receivers::resend::ResendDoors;
use crate::model::text::language::Language;
use crate::notify::channel::{Channel, ChannelSettings, ChannelTools};
use crate::notify::channels::discord;
use crate::notify::channels::email::MailTools;
use crate::notify::mail::letters::compose::Sender;
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::post::PostOffice;
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::mail::smtp::relay::Relay;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::metrics::Deliveries;
use crate::notify::notifier::{Notifier, NotifierProgress, NotifierSettings};
use crate::notify::outbox::memory::Outbox;
use crate::notify::previews::PreviewedReceivers;
use crate::notify::sending::tools::HttpTools;
use crate::notify::subscribers::recipients::ComponentNames;
use crate::notify::texts::text::one_line;
use crate::notify::texts::wording::SiteWording;
use crate::pipeline::stages::Pipeline;
use crate::runtime::client;
use crate::runtime::tasks::Tasks;
use crate::store;
use crate::web::site::Site;

/// Who is notified, as some settings say.
#[derive(Debug)]
pub(crate) struct NotificationSettings {
    /// The notifiers.
    pub notifiers: Vec<NotifierSettings>,
    /// The relay for mails.
    pub mail: Option<MailSettings>,
    /// The name of the page.
    pub title: String,
    /// The public address of the page.
    pub site: Option<String>,
    /// Whose clock quiet hours follow, and messages name.
    pub zone: TimeZone,
    /// The language of recipients who did not choose one.
    pub language: Language,
    /// The components, by the names with which messages name them.
    pub components: Arc<ComponentNames>,
}

impl NotificationSettings {
    /// What the settings say, and the components of the site.
    pub(crate) fn new(config: &Config, site: &Site) -> Self {
        Self {
            notifiers: config.notifiers.clone(),
            mail: config.mail.clone(),
            title: config.names.title.clone(),
            site: config.names.url.clone(),
            zone: config.names.zone.clone(),
            language: config.names.language.unwrap_or_default(),
            components: subscribers::component_names(site),
        }
    }

    /// Tells what receivers would be told of a change, by these settings.
    pub(crate) fn previews(&self) -> anyhow::Result<ReceiverPreviews> {
        let site = mail_site(&self.title, self.site.as_ref(), &self.zone);
        let tools = channel_tools(self.language, site, None)?;
        let (notifiers, language) = (&self.notifiers, self.language);
        let receivers = PreviewedReceivers::new(notifiers, &tools, self.site.clone(), language);
        Ok(ReceiverPreviews::new(move |change| receivers.of(change)))
    }
}

/// What outlives settings.
#[derive(Debug)]
pub(crate) struct NotificationTools {
    /// The folder of the database.
    pub state: PathBuf,
    /// Where mails wait.
    pub queue: MailQueue,
    /// What is counted of deliveries.
    pub deliveries: Deliveries,
    /// What is counted of mails.
    pub mails: MailMetrics,
    /// How notifiers stand.
    pub states: NotifierStates,
    /// Where operators ask for messages once more.
    pub resends: ResendDoors,
    /// What other parts of the monitor cannot do.
    pub troubles: Troubles,
    /// Where monitors elsewhere learn what was announced.
    pub shared: Option<ReceiptsDoor>,
}

/// How long to wait before a database that cannot be read is tried again.
const UNREAD: Duration = Duration::from_secs(2);

/// Tasks that finish what they have in hand, by their names: each token says when.
type Finishing = BTreeMap<String, CancellationToken>;

/// Notifies by the newest settings until told to stop.
///
/// A notifier finishes the message in hand and writes its receipt before another
/// one of its name begins, so that nothing is announced twice; nobody else waits.
pub(crate) async fn run(
    mut coming: mpsc::Receiver<NotificationSettings>,
    boards: watch::Receiver<Arc<Board>>,
    tools: NotificationTools,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let (mut tasks, mut before) = (Tasks::new(), Finishing::new());
    let mut settings = next(&mut coming, &stop).await;
    while let Some(current) = settings {
        let names = current.notifiers.iter().map(|notifier| &*notifier.id);
        let names: BTreeSet<_> = names.collect();
        tools.deliveries.know(&names);
        tools.states.retain(|name| names.contains(name));
        tools.mails.know(|name| names.contains(name));
        let generation = tasks.stop().child_token();
        let mut begun = Finishing::new();
        let mut start = |name: String, run: Pin<Box<dyn Future<Output = ()> + Send>>| {
            let (earlier, end) = (before.remove(&name), CancellationToken::new());
            begun.insert(name.clone(), end.clone());
            let told = generation.clone();
            tasks.start(name.clone(), async move {
                // However it ends, another one may begin.
                let _end = end.drop_guard();
                if let Some(earlier) = earlier {
                    earlier.cancelled().await;
                }
                run.await;
                anyhow::ensure!(told.is_cancelled(), "{name} ended by itself");
                Ok(())
            });
        };
        if let Some(post) = post_office(&current, &tools)? {
            let run = post.run(boards.clone(), generation.clone());
            start("mails".to_owned(), Box::pin(run));
        }
        for prepared in prepared(current, &tools)? {
            let resends = tools.resends.open(&prepared.name);
            let (boards, stop) = (boards.clone(), generation.clone());
            let name = format!("notifier {}", prepared.name);
            let run = async move {
                if let Some(notifier) = prepared.notifier(&stop).await {
                    notifier.run(boards, resends, stop).await;
                }
            };
            start(name, Box::pin(run));
        }
        // Who has no successor finishes all the same.
        before.extend(begun);
        before.retain(|_, end| !end.is_cancelled());
        settings = tasks.meanwhile(next(&mut coming, &stop)).await?;
        generation.cancel();
    }
    tasks.run(std::future::ready(())).await
}

/// A notifier that does not know yet what it announced.
struct PreparedNotifier {
    name: String,
    state: PathBuf,
    states: NotifierStates,
    make: Box<dyn FnOnce(Outbox) -> Notifier + Send>,
}

impl PreparedNotifier {
    /// The notifier, with what it announced before and what it left undone; `None` if it is
    /// told to stop first. A database that is locked or broken ends no program.
    async fn notifier(self, stop: &CancellationToken) -> Option<Notifier> {
        let open = || {
            let store = store::open(&self.state)?;
            let outbox = Outbox::open(store, &self.name, Pipeline::clock());
            outbox.context("cannot read the outbox")
        };
        let since = Pipeline::clock();
        let mut said = None;
        loop {
            let error: anyhow::Error = match open() {
                Ok(outbox) => return Some((self.make)(outbox)),
                Err(error) => error,
            };
            let reason = format!("{error:#}");
            if said.as_ref() != Some(&reason) {
                tracing::error!(
                    notifier.name = self.name,
                    reason,
                    "notifier {} cannot begin; it is tried again",
                    self.name
                );
                let failing = Failing {
                    since,
                    reason: reason.clone(),
                    paused: false,
                };
                self.states.put(NotifierState {
                    name: self.name.clone(),
                    failing: Some(failing),
                    ..NotifierState::default()
                });
                said = Some(reason);
            }
            tokio::select! {
                () = stop.cancelled() => return None,
                () = tokio::time::sleep(UNREAD) => {}
            }
        }
    }
}

/// The notifiers, before they know what they announced.
fn prepared(
    settings: NotificationSettings,
    tools: &NotificationTools,
) -> anyhow::Result<Vec<PreparedNotifier>> {
    let channels = channel_tools(
        settings.language,
        mail_site(&settings.title, settings.site.as_ref(), &settings.zone),
        settings.mail.as_ref().map(|_| MailTools {
            queue: tools.queue.clone(),
            metrics: tools.mails.clone(),
            language: settings.language,
            components: Arc::clone(&settings.components),
            clock: Pipeline::clock,
        }),
    )?;
    let (site, zone, language) = (settings.site, settings.zone, settings.language);
    let notifiers = settings.notifiers.into_iter().map(|notifier| {
        let name = notifier.id;
        if matches!(notifier.channel, ChannelSettings::Email(_)) {
            tools.mails.begin(&name);
        }
        let channel = Channel::new(notifier.channel, &channels);
        let kinds = notifier.rules.kinds.or_else(|| channel.kinds());
        let rules = ReceiverRules {
            kinds,
            ..notifier.rules
        };
        let (deliveries, states) = (tools.deliveries.clone(), tools.states.clone());
        let (troubles, shared) = (tools.troubles.clone(), tools.shared.clone());
        let (site, zone) = (site.clone(), zone.clone());
        PreparedNotifier {
            name: name.clone(),
            state: tools.state.clone(),
            states: states.clone(),
            make: Box::new(move |outbox| Notifier {
                name,
                rules,
                channel,
                outbox,
                deliveries,
                states,
                troubles,
                // Another monitor may have announced before us.
                progress: NotifierProgress::after_another(shared.is_some()),
                shared,
                site,
                zone,
                language,
                clock: Pipeline::clock,
            }),
        }
    });
    Ok(notifiers.collect())
}

/// The page that mails name.
pub(crate) fn mail_site(title: &str, url: Option<&String>, zone: &TimeZone) -> MailSite {
    MailSite {
        title: one_line(title),
        url: url.cloned(),
        zone: zone.clone(),
    }
}

/// What channels share; mails need a queue.
pub(crate) fn channel_tools(
    language: Language,
    site: MailSite,
    mail: Option<MailTools>,
) -> anyhow::Result<ChannelTools> {
    Ok(ChannelTools {
        http: HttpTools {
            client: client::new(CLIENT_TIMEOUT, false).context("cannot make an HTTP client")?,
            wording: SiteWording {
                speech: Speech::of(language),
                zone: site.zone.clone(),
            },
        },
        discord: discord::global_limit(),
        clock: Pipeline::clock,
        site,
        mail,
    })
}

/// The task that hands mails over, if the settings have a relay.
fn post_office(
    settings: &NotificationSettings,
    tools: &NotificationTools,
) -> anyhow::Result<Option<PostOffice>> {
    let Some(mail) = &settings.mail else {
        return Ok(None);
    };
    Ok(Some(PostOffice {
        queue: tools.queue.clone(),
        relay: Relay::new(mail).context("cannot prepare the relay of `[mail]`")?,
        sender: Sender {
            settings: mail.clone(),
            site: mail_site(&settings.title, settings.site.as_ref(), &settings.zone),
        },
        metrics: tools.mails.clone(),
        clock: Pipeline::clock,
    }))
}

/// Other settings; none once we are told to stop.
async fn next(
    coming: &mut mpsc::Receiver<NotificationSettings>,
    stop: &CancellationToken,
) -> Option<NotificationSettings> {
    tokio::select! {
        () = stop.cancelled() => None,
        next = coming.recv() => next,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use prometheus::Registry;

    use crate::history::writer::metrics::WriterMetrics;
    use crate::model::board::{Facts, Sight};

    use super::*;

    #[tokio::test]
    async fn the_last_board_may_go_before_the_notifiers_are_stopped() {
        let state = tempfile::tempdir().unwrap();
        let registry = Registry::new();
        let delay = WriterMetrics::register(&registry).unwrap().delay();
        let (wishes, coming) = mpsc::channel(1);
        let (board, boards) = watch::channel(Arc::new(Board::new(
            Timestamp::UNIX_EPOCH,
            [],
            Facts::of(Sight::Unwatched),
        )));
        let stop = CancellationToken::new();
        let settings = NotificationSettings {
            notifiers: vec![NotifierSettings {
                id: "log".to_owned(),
                rules: ReceiverRules::default(),
                channel: ChannelSettings::Console {},
            }],
            mail: None,
            title: String::new(),
            site: None,
            zone: TimeZone::UTC,
            language: Language::En,
            components: Arc::default(),
        };
        wishes.send(settings).await.unwrap();
        let deliveries = Deliveries::register(&registry, delay).unwrap();
        let tools = NotificationTools {
            state: state.path().to_owned(),
            queue: MailQueue::new(store::open(state.path()).unwrap()),
            deliveries,
            mails: MailMetrics::register(&registry).unwrap(),
            states: NotifierStates::default(),
            resends: ResendDoors::default(),
            troubles: Troubles::default(),
            shared: None,
        };
        let notified = run(coming, boards, tools, stop.clone());
        let stopping = async {
            // The notifier has begun, and waits for the next board.
            while board.receiver_count() < 2 {
                tokio::task::yield_now().await;
            }
            drop(board);
            for _ in 0..9 {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        let (notified, ()) = tokio::join!(notified, stopping);
        assert_eq!(notified.map_err(|error| format!("{error:#}")), Ok(()));
    }
}
