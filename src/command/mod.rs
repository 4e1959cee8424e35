//! What the operator can ask for.

pub mod check;
pub mod completions;
#[cfg(feature = "dice")]
pub mod demo;
#[cfg(feature = "dice")]
pub mod dice;
#[cfg(feature = "dice")]
pub mod drill;
pub mod event;
pub mod export;
pub mod import;
pub mod incident;
pub mod init;
pub mod maintenance;
pub mod man;
pub mod notify;
pub mod query;
pub mod rules;
pub mod schema;
pub mod serve;
pub mod silence;
pub mod status;
pub mod subscriber;
pub mod terminal;
pub mod token;
pub mod try_once;
pub mod workspace;
pub mod written;

use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::command::terminal::input::BadInput;
use crate::command::terminal::log_options::{LogLevel, LogOptions};
use crate::command::workspace::settings;
use crate::config::reading::fault::ConfigError;
use crate::config::reading::reader::Environment;
use crate::runtime::telemetry::{self, Style};
use crate::runtime::traces::{self, Traces, TracesError};

/// A status page that writes itself.
///
/// It evaluates rules over the metrics of a service, writes incidents as Markdown files, shows them
/// on a public page and notifies people.
#[derive(Debug, Parser)]
#[command(
    name = "critwatch",
    version,
    max_term_width = 100,
    after_help = "Examples:\n  critwatch demo --fault fill-redis\n  critwatch check\n  critwatch serve"
)]
pub struct CommandLine {
    #[command(flatten)]
    log: LogOptions,
    #[command(subcommand)]
    command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the monitor and serve the status page
    Serve(serve::Serve),
    /// Check the settings and the incident files
    Check(check::Check),
    /// Scrape each collector once and print the samples
    Try(try_once::Try),
    /// Export the site as static files
    Export(export::ExportSite),
    /// Manage incidents
    #[command(subcommand)]
    Incident(incident::IncidentCommand),
    /// Manage scheduled maintenance
    #[command(subcommand)]
    Maintenance(maintenance::MaintenanceCommand),
    /// Manage silences
    #[command(subcommand)]
    Silence(silence::SilenceCommand),
    /// Test notifiers and show their messages
    #[command(subcommand)]
    Notify(notify::NotifyCommand),
    /// Manage e-mail subscribers
    #[command(subcommand)]
    Subscriber(subscriber::SubscriberCommand),
    /// Manage access tokens of the operators' listener
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Record a release, a restart or another change
    Event(event::EventCommand),
    /// List, test, replay and export rules
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Run a complete demo on this machine, with faults on request
    #[cfg(feature = "dice")]
    Demo(demo::Demo),
    /// Replay an outage on a real service and verify what the page said
    #[cfg(feature = "dice")]
    Drill(drill::Drill),
    /// Detect running services and write the first settings
    Init(init::command::Init),
    /// Import from Prometheus rules, Statuspage, Uptime Kuma, Gatus or Better Stack
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Evaluate a PromQL expression on a running server
    Query(query::QueryCommand),
    /// Show the state of a running server
    Status(status::Status),
    /// Run the parts of the demo's dice service
    #[cfg(feature = "dice")]
    #[command(subcommand)]
    Dice(dice::Dice),
    /// Print the JSON Schema of alerts.toml
    Schema(schema::PrintSchema),
    /// Print completions for a shell
    Completions(completions::Completions),
    /// Write manual pages to a folder
    Man(man::Man),
}

/// Runs a command; 0 is done, 1 failed, 2 unusable settings or input.
pub fn run(line: CommandLine) -> ExitCode {
    let CommandLine { log, command } = line;
    let environment = crate::config::environment();
    // What is tried is no news of the service.
    let usual = if is_trial(&command) {
        LogLevel::Error
    } else {
        LogLevel::Info
    };
    let variable = environment.get("RUST_LOG").map(String::as_str);
    let filter = log.filter(variable, usual);
    let traces = match traces(&command, &environment) {
        Ok(traces) => traces,
        Err(error) => {
            complain(&error.into());
            return ExitCode::from(2);
        }
    };
    telemetry::start(log.style(style(&command)), &filter, traces.as_ref());
    let result = match command {
        Command::Serve(serve) => finish(serve.run(environment)).map(|()| ExitCode::SUCCESS),
        Command::Check(check) => finish(check.run(environment)),
        Command::Try(asked) => finish(asked.run(environment)),
        Command::Export(export) => finish(export.run(environment)).map(|()| ExitCode::SUCCESS),
        Command::Incident(incident) => {
            finish(incident.run(environment)).map(|()| ExitCode::SUCCESS)
        }
        Command::Maintenance(maintenance) => {
            finish(maintenance.run(environment)).map(|()| ExitCode::SUCCESS)
        }
        Command::Silence(silence) => finish(silence.run(environment)).map(|()| ExitCode::SUCCESS),
        Command::Notify(notify) => finish(notify.run(environment)).map(|()| ExitCode::SUCCESS),
        Command::Subscriber(subscriber) => subscriber.run(environment).map(|()| ExitCode::SUCCESS),
        Command::Token(token) => token.run(&environment).map(|()| ExitCode::SUCCESS),
        Command::Event(event) => event.run(environment).map(|()| ExitCode::SUCCESS),
        Command::Rules(rules) => finish(rules.run(environment)),
        Command::Init(init) => finish(init.run(environment)).map(|()| ExitCode::SUCCESS),
        Command::Import(import) => import.run().map(|()| ExitCode::SUCCESS),
        Command::Query(query) => finish(query.run(&environment)).map(|()| ExitCode::SUCCESS),
        Command::Status(status) => finish(status.run(environment)).map(|()| ExitCode::SUCCESS),
        #[cfg(feature = "dice")]
        Command::Demo(demo) => finish(demo.run(environment)).map(|()| ExitCode::SUCCESS),
        #[cfg(feature = "dice")]
        Command::Drill(drill) => finish(drill.run()),
        #[cfg(feature = "dice")]
        Command::Dice(dice) => dice::run(dice),
        Command::Schema(command) => command.run().map(|()| ExitCode::SUCCESS),
        Command::Completions(completions) => completions
            .run(CommandLine::command())
            .map(|()| ExitCode::SUCCESS),
        Command::Man(man) => man.run(CommandLine::command()).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        complain(&error);
        ExitCode::from(if is_input(&error) { 2 } else { 1 })
    })
}

/// Traces of what runs for long, if the environment names a collector for them.
fn traces(command: &Command, environment: &Environment) -> Result<Option<Traces>, TracesError> {
    let runs_for_long = match command {
        Command::Serve(_) => true,
        #[cfg(feature = "dice")]
        Command::Demo(_) => true,
        _ => false,
    };
    let wanted = runs_for_long && traces::are_wanted(environment);
    wanted.then(|| Traces::new(environment)).transpose()
}

/// How logs look.
fn style(command: &Command) -> Style {
    match command {
        #[cfg(feature = "dice")]
        Command::Demo(_) => Style::Story,
        _ => Style::Log,
    }
}

/// Whether a command only tries something out.
fn is_trial(command: &Command) -> bool {
    match command {
        Command::Rules(_) | Command::Try(_) | Command::Notify(_) => true,
        #[cfg(feature = "dice")]
        Command::Drill(_) => true,
        _ => false,
    }
}

/// How long a thread that waits for the disk may outlive its command.
const HANGING: Duration = Duration::from_secs(1);

/// Runs a command to its end.
///
/// On this very thread: a child that dies with its parent dies with the thread
/// that started it, and this one lives as long as the program.
fn finish<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut command = pin!(command);
    run_to_end(command.as_mut())
}

/// The same for all commands, compiled once: a runtime would compile each three times.
fn run_to_end<T>(command: Pin<&mut dyn Future<Output = anyhow::Result<T>>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Runtime::new()?;
    let result = runtime.block_on(command);
    // A thread that waits for a disk which hangs must not keep the program alive.
    runtime.shutdown_timeout(HANGING);
    result
}

/// Whether what the operator gave us is at fault.
fn is_input(error: &anyhow::Error) -> bool {
    error.is::<BadInput>()
        || error.is::<ConfigError>()
        || error.is::<settings::UnusableFiles>()
        || error.is::<settings::UnreadableFiles>()
}

#[expect(clippy::print_stderr, reason = "commands talk to the terminal")]
fn complain(error: &anyhow::Error) {
    if error.is::<ConfigError>() || error.is::<settings::UnusableFiles>() {
        eprintln!("{error}");
    } else {
        eprintln!("critwatch: {error:#}");
    }
}
