//! The text of an update: from the command line, a pipe, or an editor.

use std::io::{self, IsTerminal as _, Read as _, Write as _};

use anyhow::Context as _;
use clap::Args;
use tempfile::NamedTempFile;
use tokio::signal::unix::{SignalKind, signal};

use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::note;
use crate::config::reading::reader::Environment;
use crate::incident::manual::amend;
use crate::incident::manual::refusal::MAX_TEXT;

/// What stands between the text and the help; as `git commit --verbose` has it,
/// so that headings in markdown, which begin with `#` too, stay.
const SCISSORS: &str = "# ------------------------ >8 ------------------------";

/// Where the text comes from.
#[derive(Clone, Debug, Args)]
pub struct TextArgs {
    /// Text for visitors, in Markdown; `-` reads standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    text: Option<String>,
    /// Write the text in $VISUAL or $EDITOR
    #[arg(long)]
    edit: bool,
    /// What an editor begins with.
    #[arg(skip)]
    draft: Option<String>,
}

/// A text, and the file in which it was typed.
#[derive(Debug)]
pub struct Typed {
    /// What was typed.
    pub text: String,
    file: Option<NamedTempFile>,
}

impl TextArgs {
    /// The same, where an editor begins with a text that is there.
    #[must_use]
    pub fn beginning_with(&self, draft: Option<String>) -> Self {
        Self {
            draft,
            ..self.clone()
        }
    }

    /// Reads the text; asks for it on a terminal, and reads a pipe, if none was given.
    pub async fn read(&self, help: &str, environment: &Environment) -> anyhow::Result<Typed> {
        let asks = self.text.is_none() && io::stdin().is_terminal();
        let typed = match self.text.as_deref() {
            Some("-") => piped()?,
            Some(text) => text.to_owned(),
            None if asks || self.edit => self.draft.clone().unwrap_or_default(),
            None => piped()?,
        };
        let mut typed = Typed {
            text: typed,
            file: None,
        };
        if asks || self.edit {
            typed = edit(&typed.text, help, environment).await?;
        }
        match amend::text(&typed.text) {
            Ok(text) if text.is_empty() => anyhow::bail!("nothing was written: the text is empty"),
            Ok(text) => Ok(Typed { text, ..typed }),
            Err(refusal) => typed.keep_unless(Err(BadInput::from(refusal).into())),
        }
    }

    /// The same, with words of ours where none were given.
    pub async fn read_or(
        &self,
        words: impl Into<String>,
        help: &str,
        environment: &Environment,
    ) -> anyhow::Result<Typed> {
        if self.text.is_none() {
            let text = Some(words.into());
            let edit = self.edit;
            let draft = None;
            return Self { text, edit, draft }.read(help, environment).await;
        }
        self.read(help, environment).await
    }
}

impl Typed {
    /// Keeps the file of the editor if what followed failed: typed words are dear.
    pub fn keep_unless<T>(self, outcome: anyhow::Result<T>) -> anyhow::Result<T> {
        if outcome.is_err()
            && let Some(file) = self.file
            && let Ok((_, path)) = file.keep()
        {
            note(&format!("your text is saved in {}", path.display()));
        }
        outcome
    }
}

fn piped() -> anyhow::Result<String> {
    let limit = u64::try_from(MAX_TEXT)?.saturating_add(1);
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    String::from_utf8(bytes)
        .map_err(|_| BadInput::new("the text on standard input is not UTF-8").into())
}

/// Lets a person change a text with a short help below it.
async fn edit(text: &str, help: &str, environment: &Environment) -> anyhow::Result<Typed> {
    let template = template(text, help);
    let typed = edit_file(&template, environment).await?;
    Ok(Typed {
        text: without_help(&typed.text.replace("\r\n", "\n"), &template),
        ..typed
    })
}

/// Lets a person change a text as it is, in $VISUAL or $EDITOR.
pub async fn edit_file(text: &str, environment: &Environment) -> anyhow::Result<Typed> {
    let named = ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(|name| environment.get(name));
    let Some(editor) = named.into_iter().find(|editor| !editor.trim().is_empty()) else {
        return Err(BadInput::new("pass --text, or set $EDITOR").into());
    };
    let mut file = tempfile::Builder::new()
        .prefix("critwatch-")
        .suffix(".md")
        .tempfile()?;
    file.write_all(text.as_bytes())?;
    // Ctrl-C is for the editor; without this it would end us and leave it behind.
    let _interrupts = signal(SignalKind::interrupt())?;
    // By the shell, as git does: an editor may be named with its options.
    let status = tokio::process::Command::new("sh")
        .args(["-c", &format!("{editor} \"$@\""), editor])
        .arg(file.path())
        .status()
        .await
        .with_context(|| format!("cannot start the editor {editor}"))?;
    anyhow::ensure!(status.success(), "nothing was written: {editor} failed");
    // By its name, as editors put a new file in the place of the old one.
    let bytes = std::fs::read(file.path()).context("cannot read the text")?;
    Ok(Typed {
        text: String::from_utf8_lossy(&bytes).into_owned(),
        file: Some(file),
    })
}

fn template(text: &str, help: &str) -> String {
    let lines = help
        .lines()
        .map(|line| format!("# {line}").trim_end().to_owned());
    let help: Vec<_> = [
        SCISSORS.to_owned(),
        "# The line above and everything below it is ignored.".to_owned(),
        "# Write the text for visitors in Markdown. An empty text aborts.".to_owned(),
    ]
    .into_iter()
    .chain(lines)
    .collect();
    format!("{text}\n\n{}\n", help.join("\n"))
}

/// What stands above the scissors; our own lines are left out wherever they are.
fn without_help(typed: &str, template: &str) -> String {
    let ours: Vec<_> = template
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    let ours = &ours[ours.iter().position(|line| *line == SCISSORS).unwrap_or(0)..];
    let above = typed.lines().take_while(|line| *line != SCISSORS);
    let own: Vec<_> = above.filter(|line| !ours.contains(line)).collect();
    own.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stay_and_our_help_goes() {
        let ours = template("# Already\nthere", "An incident\n\nof today");
        assert_eq!(without_help(&ours, &ours), "# Already\nthere");
        let typed = ours.replace("there", "## Background\n\n# of tomorrow");
        assert_eq!(
            without_help(&typed, &ours),
            "# Already\n## Background\n\n# of tomorrow"
        );
        // Without the scissors the help is still known by its words.
        let cut = ours.replace(SCISSORS, "");
        assert_eq!(without_help(&cut, &ours), "# Already\nthere");
    }
}
