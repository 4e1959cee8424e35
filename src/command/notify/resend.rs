//! `critwatch notify resend`: a refused message once more.

use clap::Args;
use reqwest::StatusCode;

use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{print, print_json};
use crate::command::workspace::running_server::RunningServer;
use crate::config::reading::reader::Environment;

/// Arguments of `resend`.
#[derive(Debug, Args)]
pub struct NotifyResend {
    /// Its number, as `critwatch notify log` shows it
    #[arg(value_name = "ID")]
    id: i64,
    #[command(flatten)]
    server: RunningServer,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl NotifyResend {
    /// Asks the running server, whose notifier alone knows what was sent.
    pub(crate) async fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let path = format!("/api/v1/notifications/{}/resend", self.id);
        let url = self.server.url(&path);
        let token = self.server.token(environment)?;
        let answer = self.server.post(&url, token.as_deref()).await?;
        let said = answer.json(&url)?;
        let why = said["detail"].as_str().unwrap_or("it was refused");
        match answer.status {
            StatusCode::ACCEPTED if self.format == OutputFormat::Json => print_json(&said),
            StatusCode::ACCEPTED => print(match said["sent"].as_str() {
                Some("after_reload") => {
                    "the notifier is paused; it sends the message when you reload the settings"
                }
                Some("after_failure") => {
                    "the notifier is failing; it sends the message as soon as it gets through"
                }
                Some("after_quiet_hours") => "the message is sent after the quiet hours",
                _ => "the message is sent again; `critwatch notify log` shows it",
            }),
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => Err(BadInput::new(why).into()),
            _ => anyhow::bail!("{why}"),
        }
    }
}
