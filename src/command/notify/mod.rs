//! `critwatch notify`: what receivers were sent, what they would get, and whether it arrives.

pub mod log;
pub mod preview;
pub mod resend;
pub mod test;

use clap::Subcommand;

use crate::command::notify::log::NotifyLog;
use crate::command::notify::preview::NotifyPreview;
use crate::command::notify::resend::NotifyResend;
use crate::command::notify::test::NotifyTest;
use crate::config::reading::reader::Environment;

/// What can be asked of notifiers; only `resend` needs a server.
#[derive(Debug, Subcommand)]
pub enum NotifyCommand {
    /// List sent, waiting and failed messages
    #[command(after_help = "Example:\n  critwatch notify log --notifier team --failed")]
    Log(NotifyLog),
    /// Send a test message through a notifier and print the response
    ///
    /// The message is sent once and never retried; waiting messages stay queued. Exit code 0 means
    /// delivered, 1 not delivered, 2 unusable settings.
    #[command(after_help = "Example:\n  critwatch notify test team")]
    Test(NotifyTest),
    /// Show what each notifier would send for an incident
    ///
    /// Sends nothing. The output contains no addresses, tokens or keys.
    #[command(after_help = "Example:\n  critwatch notify preview cache-full")]
    Preview(NotifyPreview),
    /// Send a rejected message again
    ///
    /// A running `serve` sends it, with its current content. If the operators' listener
    /// requires a token, name a file with one of scope `write`. Exit codes: 0 if the message
    /// is queued, 1 if it cannot be sent again, 2 if there is no such message or the token
    /// lacks the scope.
    #[command(
        after_help = "Example:\n  critwatch notify log --failed\n  critwatch notify resend 42"
    )]
    Resend(NotifyResend),
}

impl NotifyCommand {
    /// Does what was asked.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        match self {
            Self::Log(log) => log.run(environment),
            Self::Test(test) => test.run(environment).await,
            Self::Preview(preview) => preview.run(environment).await,
            Self::Resend(resend) => resend.run(&environment).await,
        }
    }
}
