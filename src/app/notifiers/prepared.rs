//! Notifiers that do not know yet what they announced, and what hands mails over.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::app::notifiers::settings::{
    NotificationSettings, NotificationTools, channel_tools, mail_site,
};
use crate::model::facts::notifier_state::{Failing, NotifierState, NotifierStates};
use crate::notify::channel::{Channel, ChannelSettings};
use crate::notify::channels::email::MailTools;
use crate::notify::mail::letters::compose::Sender;
use crate::notify::mail::outgoing::post::PostOffice;
use crate::notify::mail::outgoing::present::FixedRecipients;
use crate::notify::mail::smtp::relay::Relay;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::notifier::{Notifier, NotifierProgress};
use crate::notify::outbox::memory::Outbox;
use crate::pipeline::stages::Pipeline;
use crate::store;

/// How long to wait before a database that cannot be read is tried again.
const UNREAD: Duration = Duration::from_secs(2);

/// A notifier that does not know yet what it announced.
pub(crate) struct PreparedNotifier {
    /// Its name in the settings.
    pub name: String,
    target: String,
    state: PathBuf,
    states: NotifierStates,
    make: Box<dyn FnOnce(Outbox) -> Notifier + Send>,
}

impl PreparedNotifier {
    /// The notifier, with what it announced before and what it left undone; `None` if it is
    /// told to stop first. A database that is locked or broken ends no program.
    pub(crate) async fn notifier(self, stop: &CancellationToken) -> Option<Notifier> {
        let open = || {
            let store = store::open(&self.state)?;
            let name = (&*self.name, self.target.clone());
            let outbox = Outbox::open(store, name, Pipeline::clock());
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
pub(crate) fn prepared(
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
        let mails = matches!(notifier.channel, ChannelSettings::Email(_));
        let mails = mails.then(|| tools.mails.clone());
        let target = notifier.channel.target();
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
            target,
            state: tools.state.clone(),
            states: states.clone(),
            make: Box::new(move |outbox| {
                if let Some(mails) = mails {
                    mails.begin(&name);
                }
                Notifier {
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
                }
            }),
        }
    });
    Ok(notifiers.collect())
}

/// The task that hands mails over, if the settings have a relay.
pub(crate) fn post_office(
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
        recipients: Arc::new(fixed_recipients(settings)),
        clock: Pipeline::clock,
    }))
}

/// Who gets mails by the settings, by notifier.
fn fixed_recipients(settings: &NotificationSettings) -> FixedRecipients {
    let notifiers = settings.notifiers.iter();
    let mailing = notifiers.filter_map(|notifier| match &notifier.channel {
        ChannelSettings::Email(email) => Some((notifier.id.clone(), email.recipients())),
        _ => None,
    });
    mailing.collect()
}
