//! `critwatch notify preview`: what each receiver would get about an incident.

use clap::Args;
use serde_json::{Value, json};

use crate::app::notifiers::settings::{channel_tools, mail_site};
use crate::app::snapshot;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, plain, print, print_json};
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::settings::{Files, StateFolder};
use crate::config::reading::reader::Environment;
use crate::model::text::language::Language;
use crate::notify::channel::{Channel, ChannelTools, MessagePreview};
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::message::announcement::{Announcement, OwnWords};
use crate::notify::message::occasion::Occasion;
use crate::notify::message::topic::Topic;
use crate::notify::notifier::NotifierSettings;
use crate::pipeline::stages::Pipeline;
use crate::web::site::Names;

/// Arguments of `preview`.
#[derive(Debug, Args)]
pub struct NotifyPreview {
    /// Id, a unique part of it, or the name of the file
    incident: String,
    #[command(flatten)]
    files: Files,
    #[command(flatten)]
    database: StateFolder,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// What one receiver would get.
struct ReceiverPreview {
    notifier: String,
    /// `None` if its settings leave the incident out.
    message: Option<(Occasion, MessagePreview)>,
}

impl NotifyPreview {
    /// Prints what each notifier would send.
    pub(crate) async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let desk = Workspace::open(&self.files, environment.clone()).await?;
        let id = desk.find(&self.incident)?.id.clone();
        let mut config = self.files.read(environment)?;
        let tools = channel_tools(config.names.language(None), site(&config.names), None)?;
        let incidents = self.files.folder(config.incidents.as_ref());
        let state = &self.database.state;
        let now = Pipeline::clock();
        let board = snapshot::board(&mut config, &incidents, state, now).await?;
        let mut topics = Topic::public(&board, |incident| incident.id == id).into_iter();
        let topic = topics.find(|topic| topic.id.name() == id.0);
        let topic = topic.ok_or_else(|| {
            BadInput::new(format!(
                "no message is sent about {id}: it is a draft, or a page that is not announced"
            ))
        })?;
        let site = (config.names.url.as_deref(), config.names.language(None));
        let previews = config.notifiers.iter();
        let previews = previews.map(|one| preview(one, &topic, site, &tools));
        show(&previews.collect::<Vec<_>>(), self.format)
    }
}

/// The page that mails name.
pub(crate) fn site(names: &Names) -> MailSite {
    mail_site(&names.title, names.url.as_ref(), &names.zone)
}

/// The names of the notifiers.
pub(crate) fn names(notifiers: &[NotifierSettings]) -> Vec<String> {
    notifiers.iter().map(|one| one.id.clone()).collect()
}

fn preview(
    notifier: &NotifierSettings,
    topic: &Topic<'_>,
    (site, language): (Option<&str>, Language),
    tools: &ChannelTools,
) -> ReceiverPreview {
    let occasion = Occasion::of(topic.stage, topic.withdrawn);
    let message = notifier.rules.wants(topic).then(|| {
        let message = Announcement::new(topic, occasion, site).spoken(language);
        let own = notifier.rules.own_words(&message).unwrap_or_else(|fault| {
            note(&format!("{}: {fault}", notifier.id));
            OwnWords::default()
        });
        let message = Announcement { own, ..message };
        let channel = Channel::new(notifier.channel.clone(), tools);
        (occasion, channel.preview(&message))
    });
    ReceiverPreview {
        notifier: notifier.id.clone(),
        message,
    }
}

fn show(previews: &[ReceiverPreview], format: OutputFormat) -> anyhow::Result<()> {
    match format {
        OutputFormat::Json => print_json(&previews.iter().map(value).collect::<Vec<_>>()),
        OutputFormat::Text if previews.is_empty() => print("the settings have no `[[notifier]]`"),
        OutputFormat::Text => {
            let texts = previews.iter().map(text);
            print(&texts.collect::<Vec<_>>().join("\n\n"))
        }
    }
}

fn value(preview: &ReceiverPreview) -> Value {
    let mut shown = json!({ "notifier": preview.notifier, "occasion": null });
    if let Some((occasion, message)) = &preview.message {
        shown["occasion"] = json!(occasion);
        match message {
            MessagePreview::Json(payload) => shown["payload"] = payload.clone(),
            MessagePreview::Text(text) => shown["text"] = json!(text),
        }
    }
    shown
}

fn text(preview: &ReceiverPreview) -> String {
    let name = &preview.notifier;
    match &preview.message {
        None => format!("{name}: nothing; its settings leave this out"),
        Some((occasion, MessagePreview::Json(payload))) => {
            format!("{name}: {}\n{payload:#}", occasion.word())
        }
        Some((occasion, MessagePreview::Text(text))) => {
            format!("{name}: {}\n{}", occasion.word(), plain(text))
        }
    }
}
