//! `critwatch notify test`: a marked message through the real channel.

use anyhow::anyhow;
use clap::Args;

use crate::app::notifiers;
use crate::command::notify::preview::{names, site};
use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::print;
use crate::command::workspace::settings::Files;
use crate::config::reading::reader::Environment;
use crate::model::text::nearest::hint;
use crate::notify::channel::Channel;
use crate::notify::delivery::DeliveryError;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::place::Place;
use crate::pipeline::stages::Pipeline;

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct NotifyTest {
    /// The name of the notifier: its `id` in the settings
    name: String,
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
        let tools = notifiers::channel_tools(language, site(&config.names), None)?;
        let channel = Channel::new(notifier.channel, &tools);
        let now = Pipeline::clock();
        let message = Announcement::test(&self.name, language, now);
        let own = notifier.rules.own_words(&message)?;
        let message = Announcement { own, ..message };
        let key = format!("{}/test/{}", self.name, now.as_millisecond());
        let place = Place {
            key: &key,
            ..Place::default()
        };
        let name = &self.name;
        match channel.deliver(name, &message, &place).await {
            Ok(delivered) => print(&match delivered.message {
                Some(id) => format!("{name}: the message was taken; the remote side calls it {id}"),
                None => format!("{name}: the message was taken"),
            }),
            Err(error) => Err(anyhow!("{name}: {}: {error}", meaning(&error))),
        }
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
        DeliveryError::Later { .. } => "it was not taken, and would be tried again",
        DeliveryError::Unknown { .. } => "it may have arrived or not",
        DeliveryError::Gone { .. } => "what it refers to is gone",
        DeliveryError::Refused { .. } => "it was refused, and would not be tried again",
        DeliveryError::Dead { .. } => "nothing can be delivered by these settings",
    }
}
