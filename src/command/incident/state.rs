//! `critwatch incident reopen`, `withdraw` and `publish`: what becomes of an
//! incident as a whole.

use clap::Args;

use crate::command::terminal::input::BadInput;
use crate::command::workspace::folder::Workspace;
use crate::command::workspace::options::{Opener, TextPrompt, Writing, update};
use crate::config::reading::reader::Environment;
use crate::incident::file::change::FileChange;
use crate::incident::manual::amend::{reopen, withdraw};
use crate::model::incident::{Incident, Phase};

/// Arguments of `reopen`.
#[derive(Debug, Args)]
pub struct Reopen {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    /// The word that opens the update
    #[arg(long, value_enum, default_value = "investigating")]
    phase: Opener,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `withdraw`.
#[derive(Debug, Args)]
pub struct Withdraw {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    #[command(flatten)]
    writing: Writing,
}

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub struct PublishIncident {
    /// Its id, a part of it that no other has, or its file's name
    id: String,
    #[command(flatten)]
    writing: Writing,
}

impl Reopen {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let with = |present: &Incident, text: &str| FileChange {
            updates: vec![update(self.phase.word(), text)],
            ..reopen(present)
        };
        let prompt = TextPrompt {
            help: format!("Why it is open again: {}", incident.title),
            suggested: Some(desk.wording.say("wrote-reopened")),
        };
        let told = writing.tell_by(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}

impl Withdraw {
    /// Does what was asked.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        let with = |present: &Incident, text: &str| {
            let change = withdraw(present, Workspace::now());
            let word = match change.turn {
                Some(_) => Phase::Resolved.word(),
                None => Opener::Update.word(),
            };
            FileChange {
                updates: vec![update(word, text)],
                ..change
            }
        };
        let prompt = TextPrompt {
            help: format!("Why it is withdrawn: {}", incident.title),
            suggested: Some(desk.wording.say("wrote-withdrawn")),
        };
        let told = writing.tell_by(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}

impl PublishIncident {
    /// Does what was asked: publishes a draft, or the post-mortem of what is over.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let writing = &self.writing;
        let mut desk = Workspace::open(&writing.files, environment.clone()).await?;
        let incident = desk.find(&self.id)?;
        if incident.draft || incident.resolved != Some(true) {
            let publish = FileChange {
                publish: true,
                ..FileChange::default()
            };
            return writing.amend(&mut desk, &incident, &publish).await;
        }
        let word = Opener::PostMortem.word();
        refuse_post_mortem(&desk, &incident, word).await?;
        let with = |text: &str| FileChange {
            updates: vec![update(word, text)],
            ..FileChange::default()
        };
        let prompt = TextPrompt {
            help: format!("Announcement of the post-mortem of: {}", incident.title),
            suggested: Some(desk.wording.say("wrote-published")),
        };
        let told = writing.tell(&mut desk, &incident, prompt, with, environment);
        told.await
    }
}

/// Rejects a post-mortem that is not written, or is published already.
async fn refuse_post_mortem(
    desk: &Workspace,
    incident: &Incident,
    word: &str,
) -> anyhow::Result<()> {
    let id = &incident.id;
    let unwritten = desk.unwritten(&incident.name).await?;
    if !unwritten.is_empty() {
        return Err(BadInput::new(format!(
            "{id}: nobody has written {}; `critwatch incident edit {id}` opens the file, and a \
            section that is not needed can be deleted there",
            unwritten.join(", ")
        ))
        .into());
    }
    if incident.layout.report.is_empty() {
        return Err(BadInput::new(format!(
            "{id} is public and over, and has no post-mortem; `critwatch incident edit {id}` \
            opens the file, where it stands below the updates, under headings"
        ))
        .into());
    }
    let mut updates = incident.updates.iter();
    if updates.any(|update| update.word.eq_ignore_ascii_case(word)) {
        return Err(BadInput::new(format!("{id}: its post-mortem is published already")).into());
    }
    Ok(())
}
