//! What the settings say of notifiers, and what outlives them.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::tz::TimeZone;

use crate::app::build::CLIENT_TIMEOUT;
use crate::app::doors::subscribers;
use crate::config::Config;
use crate::language::speech::Speech;
use crate::model::facts::notifier_state::NotifierStates;
use crate::model::facts::trouble::Troubles;
use crate::model::request::leadership::ReceiptsDoor;
use crate::model::request::receivers::receiver_preview::ReceiverPreviews;
use crate::model::request::receivers::resend::ResendDoors;
use crate::model::text::language::Language;
use crate::notify::channel::ChannelTools;
use crate::notify::channels::discord;
use crate::notify::channels::email::MailTools;
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::mail::outgoing::counts::MailMetrics;
use crate::notify::mail::outgoing::queue::MailQueue;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::metrics::Deliveries;
use crate::notify::notifier::NotifierSettings;
use crate::notify::previews::PreviewedReceivers;
use crate::notify::sending::tools::HttpTools;
use crate::notify::subscribers::recipients::ComponentNames;
use crate::notify::texts::text::one_line;
use crate::notify::texts::wording::SiteWording;
use crate::pipeline::stages::Pipeline;
use crate::runtime::client;
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
#[derive(Clone, Debug)]
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

impl NotificationTools {
    /// Lets a notifier that the settings gave up leave nothing that is shown or counted.
    pub(crate) fn forget(&self, notifier: &str) {
        self.deliveries.forget(notifier);
        self.mails.forget(notifier);
        self.states.forget(notifier);
    }
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
