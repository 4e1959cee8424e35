//! `critwatch notify test`: a marked message through the real channel.

use std::collections::BTreeSet;

use anyhow::{Context as _, anyhow};
use clap::Args;

use crate::app::notifiers::settings::channel_tools;
use crate::command::notify::preview::{names, site};
use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::print;
use crate::command::workspace::settings::Files;
use crate::config::reading::reader::Environment;
use crate::model::text::language::Language;
use crate::model::text::nearest::hint;
use crate::notify::channel::{Channel, ChannelSettings};
use crate::notify::channels::email::EmailSettings;
use crate::notify::mail::letters::compose::Sender;
use crate::notify::mail::letters::content::{Mail, MailContent};
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::mail::letters::reader::{MailReader, ReaderOrigin, Recipient};
use crate::notify::mail::outgoing::names::MessageNames;
use crate::notify::mail::smtp::relay::Relay;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::sending::delivery::DeliveryError;
use crate::pipeline::stages::Pipeline;

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct NotifyTest {
    /// Notifier, by its id
    name: String,
    /// Send the test to this address only; for notifiers of type `email`
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    #[command(flatten)]
    files: Files,
}

impl NotifyTest {
    /// Sends the message, once, and says what became of it.
    pub(crate) async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let config = self.files.read(environment)?;
        let language = config.names.language(None);
        let all = names(&config.notifiers);
        let mut notifiers = config.notifiers.into_iter();
        let Some(notifier) = notifiers.find(|one| one.id == self.name) else {
            return Err(unknown(&self.name, &all).into());
        };
        let now = Pipeline::clock();
        let message = Announcement::test(&self.name, language, now);
        let own = notifier.rules.own_words(&message)?;
        let message = Announcement { own, ..message };
        let key = format!("{}/test/{}", self.name, now.as_millisecond());
        let page = site(&config.names);
        if let ChannelSettings::Email(email) = &notifier.channel {
            let readers = self.readers(email, language)?;
            let mail = Mail {
                key,
                notifier: self.name.clone(),
                topic: None,
                content: MailContent::Announcement(Box::new(message)),
            };
            return self.mail(config.mail, page, mail, readers).await;
        }
        if self.to.is_some() {
            return Err(BadInput::new("`--to` is for notifiers of type `email`").into());
        }
        let tools = channel_tools(language, page, None)?;
        let channel = Channel::new(notifier.channel, &tools);
        let place = Place {
            key: &key,
            ..Place::default()
        };
        let name = &self.name;
        let refused = |error| anyhow!("{name}: {}: {error}", meaning(&error));
        let taken = channel.deliver(name, &message, &place).await;
        let mut said = match taken.map_err(refused)?.message {
            Some(id) => format!("{name}: the message was accepted; the remote side calls it {id}"),
            None => format!("{name}: the message was accepted"),
        };
        if channel.calls() {
            let closed = channel.deliver(name, &message.closed(), &place).await;
            closed.map_err(|error| {
                anyhow!("{said}, but the test alert is still open; resolve it there: {error}")
            })?;
            said += ", and the test alert is resolved again";
        }
        print(&said)
    }

    /// Who gets the test: the address that was asked for, else the fixed recipients.
    fn readers(
        &self,
        email: &EmailSettings,
        language: Language,
    ) -> anyhow::Result<Vec<MailReader>> {
        let addresses = match &self.to {
            Some(to) => vec![to.as_str()],
            None => email.to.iter().map(Recipient::expose).collect(),
        };
        if addresses.is_empty() {
            let words = format!(
                "{} has no fixed recipients, and subscribers are not bothered with a test; say \
                 who gets it with `--to ADDRESS`",
                self.name,
            );
            return Err(BadInput::new(words).into());
        }
        let readers = addresses.iter().map(|address| {
            let read = address.trim().parse();
            let address =
                read.map_err(|_| BadInput::new("this is not the address of a mailbox"))?;
            Ok(MailReader {
                address,
                language,
                origin: ReaderOrigin::Fixed,
            })
        });
        readers.collect()
    }

    /// Hands the test to the relay, and says what it answered for each reader.
    async fn mail(
        &self,
        settings: Option<MailSettings>,
        site: MailSite,
        mail: Mail,
        readers: Vec<MailReader>,
    ) -> anyhow::Result<()> {
        let name = &self.name;
        let Some(settings) = settings else {
            return Err(BadInput::new("the settings have no `[mail]`").into());
        };
        let relay = Relay::new(&settings).context("cannot prepare the relay of `[mail]`")?;
        let sender = Sender { settings, site };
        let names = MessageNames::new(&rand::random::<[u8; 32]>());
        let mut reasons = BTreeSet::new();
        let all = readers.len();
        for reader in readers {
            let name = names.both(&mail.key, None, reader.address.as_ref());
            let message = sender.compose(&mail, &reader, &name, Pipeline::clock());
            let answer = relay.send(&message.map_err(anyhow::Error::msg)?).await;
            reasons.extend(answer.reason().map(str::to_owned));
        }
        relay.close().await;
        if reasons.is_empty() {
            let mails = if all == 1 { "mail" } else { "mails" };
            return print(&format!("{name}: the relay took {all} {mails}"));
        }
        let reasons: Vec<_> = reasons.into_iter().collect();
        Err(anyhow!(
            "{name}: the relay answered: {}",
            reasons.join("; ")
        ))
    }
}

fn unknown(name: &str, all: &[String]) -> BadInput {
    let hint = hint(name, all.iter().map(String::as_str));
    BadInput::new(if all.is_empty() {
        "the settings have no `[[notifier]]`".to_owned()
    } else {
        let all = all.join(", ");
        format!("there is no notifier `{name}`{hint}; there are {all}")
    })
}

/// What an answer means for those who wait for messages.
fn meaning(error: &DeliveryError) -> &'static str {
    match error {
        DeliveryError::Later { .. } => "it was not accepted, and would be retried",
        DeliveryError::Doubtful { .. } => "it may have arrived, and would be retried",
        DeliveryError::Unknown { .. } => "it may or may not have arrived",
        DeliveryError::Gone { .. } => "what it refers to is gone",
        DeliveryError::Refused { .. } => "it was rejected, and would not be retried",
        DeliveryError::Dead { .. } => "nothing can be delivered with these settings",
    }
}
