//! `critwatch import`: takes over what other programs know.

pub mod prometheus_rules;
pub mod reading;
pub mod services;

use clap::Subcommand;

use crate::command::import::prometheus_rules::command::ImportPrometheusRules;
use crate::command::import::services::command::{ImportPage, PageSource};

/// What can be taken over; nothing that is there is overwritten.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  critwatch import prometheus-rules rules.yml --out rules.toml\n  \
        critwatch import gatus config.yaml --out page"
)]
pub enum ImportCommand {
    /// Import a Prometheus rule file
    #[command(
        after_help = "Exit codes:\n  0  at least one rule was imported\n  2  the file is unusable, or no rule could be imported\n\n\
        Examples:\n  critwatch import prometheus-rules redis.yml\n  \
        critwatch import prometheus-rules redis.yml --component cache --out redis.toml\n  \
        critwatch import prometheus-rules all.yml --source prometheus"
    )]
    PrometheusRules(ImportPrometheusRules),
    /// Import responses of the Statuspage API (JSON) and its subscribers (CSV)
    #[command(
        after_help = "Example:\n  critwatch import statuspage components.json incidents.json subscribers.csv --state state"
    )]
    Statuspage(ImportPage),
    /// Import a backup of Uptime Kuma
    #[command(after_help = "Example:\n  critwatch import uptime-kuma Uptime_Kuma_Backup.json")]
    UptimeKuma(ImportPage),
    /// Import a Gatus configuration
    #[command(after_help = "Example:\n  critwatch import gatus config.yaml")]
    Gatus(ImportPage),
    /// Import responses of the Better Stack API (JSON)
    #[command(
        name = "betterstack",
        after_help = "Example:\n  critwatch import betterstack monitors.json status-reports.json"
    )]
    BetterStack(ImportPage),
}

impl ImportCommand {
    /// Does what was asked.
    pub fn run(self) -> anyhow::Result<()> {
        match self {
            Self::PrometheusRules(import) => import.run(),
            Self::Statuspage(import) => import.run(PageSource::Statuspage),
            Self::UptimeKuma(import) => import.run(PageSource::UptimeKuma),
            Self::Gatus(import) => import.run(PageSource::Gatus),
            Self::BetterStack(import) => import.run(PageSource::BetterStack),
        }
    }
}
