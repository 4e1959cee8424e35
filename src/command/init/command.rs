//! `critwatch init`: first settings, from a look at what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;

use crate::command::init::answers;
use crate::command::init::found::InitFindings;
use crate::command::init::look::targets::InitTargets;
use crate::command::init::measured::Measured;
use crate::command::init::proposal::propose;
use crate::command::init::reference::TargetReference;
use crate::command::init::trial::{self, TrialResult};
use crate::command::serve::Serve;
use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::{note, print, quoted, table};
use crate::command::workspace::asked::AskedCollector;
use crate::command::written::new_file::{refuse_existing, write_new};
use crate::config::reading::reader::Environment;
use crate::files;
use crate::model::verdict::RuleState;

/// Where a Redis usually is.
const USUAL_REDIS: &str = "redis://127.0.0.1:6379";

/// First settings for a Redis, a queue system, a worker, an API or a Prometheus.
///
/// It looks (reading only, and not for long), proposes components, collectors and
/// rules with thresholds from what it measured, tries them, and writes the settings,
/// unless there are some. Without addresses it looks at this machine. An address with
/// a password stays outside the file: give it by the environment, as in `REDIS_URL`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  the settings are written\n  1  nothing was found, or you declined\n  \
    2  a target does not answer, or a file exists already\n\n\
    Examples:\n  critwatch init\n  critwatch init --yes --redis redis://127.0.0.1:6379/0 --page https://shop.example.org/\n  \
    REDIS_URL=redis://:secret@cache:6379 critwatch init --serve\n  \
    critwatch init --host 10.0.0.5 --dry-run"
)]
pub struct Init {
    /// Redis server to watch: `redis://[user:password@]host:port/db`, `rediss://…` or
    /// `unix:///path`; may be repeated
    #[arg(long, value_name = "URL", env = "REDIS_URL", hide_env_values = true)]
    redis: Vec<String>,
    /// File with the password of Redis; the settings refer to it
    #[arg(long, value_name = "FILE")]
    redis_password_file: Option<String>,
    /// URL that your users open; may be repeated
    #[arg(long, value_name = "URL")]
    page: Vec<String>,
    /// URL of a metrics page of a worker, an API or an exporter; may be repeated
    #[arg(long, value_name = "URL")]
    metrics: Vec<String>,
    /// URL of a Prometheus server, without `/api/v1`; may be repeated
    #[arg(long, value_name = "URL")]
    prometheus: Vec<String>,
    /// Host to probe for Redis, exporters and Prometheus on their usual ports; may be repeated
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
    /// Title of the page
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Accept all proposals without asking; implied without a terminal
    #[arg(long, short)]
    yes: bool,
    /// Print the settings without writing them
    #[arg(long, conflicts_with = "run_it")]
    dry_run: bool,
    /// Number of scrapes per collector from which thresholds are derived
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=60))]
    looks: u8,
    /// Start `critwatch serve` afterwards
    #[arg(long = "serve")]
    run_it: bool,
    #[command(flatten)]
    serve: Serve,
}

impl Init {
    /// Looks, proposes, tries, writes, and runs it if that is wished.
    pub(crate) async fn run(mut self, mut environment: Environment) -> anyhow::Result<()> {
        let config = self.serve.files.config.clone();
        if self.serve.files.cstate.is_some() {
            let message = "a cState site needs no init: critwatch serve --cstate DIR";
            return Err(BadInput::new(message).into());
        }
        if !self.dry_run {
            refuse_existing(&config)?;
        }
        let asks = !self.yes && answers::is_somebody_there();
        if asks {
            self.ask()?;
        }
        let secrets = self.secrets();
        let findings = self.look(&environment).await?;
        for (variable, url) in missing(&findings, &secrets) {
            environment.insert(variable, url);
        }
        let folder = config.parent().unwrap_or(Path::new("."));
        let name = config.display().to_string();
        let rounds = usize::from(self.looks);
        let first = propose(&findings, &Measured::default());
        let tried = trial::run(&first, (&name, folder), environment.clone(), rounds).await?;
        let text = propose(&findings, &measured(&tried));
        let tried = trial::run(&text, (&name, folder), environment.clone(), rounds).await?;
        print(&text)?;
        Self::tell(&tried);
        if self.dry_run {
            return Ok(());
        }
        if asks && !answers::agrees(&format!("Write {name}?"))? {
            anyhow::bail!("nothing was written");
        }
        write_new(&config, text.as_bytes())?;
        std::fs::create_dir_all(self.serve.files.folder(None))?;
        note(&format!("wrote {name}"));
        let run_it = self.run_it || asks && answers::agrees("Run it now?")?;
        if run_it {
            note(
                "next: add a [[notifier]] (docs/notifications.md), and publish the address of the page",
            );
            return Box::pin(self.serve.run(environment)).await;
        }
        self.tell_next(&findings);
        Ok(())
    }

    /// Asks for what the options do not say.
    fn ask(&mut self) -> anyhow::Result<()> {
        if self.title.is_none() {
            self.title = Some(answers::ask("Name of the status page", "Status")?);
        }
        let named = |list: &Vec<String>| !list.is_empty();
        let lists = [
            &self.redis,
            &self.page,
            &self.metrics,
            &self.prometheus,
            &self.host,
        ];
        if lists.into_iter().any(named) {
            return Ok(());
        }
        let words = "URL of Redis, - for none (if it has a password, set REDIS_URL instead)";
        self.redis = given(answers::ask(words, USUAL_REDIS)?);
        self.page = given(answers::ask(
            "URL that your users open, empty for none",
            "",
        )?);
        let words = "URL of a metrics page of a worker or an API, empty for none";
        self.metrics = given(answers::ask(words, "")?);
        self.prometheus = given(answers::ask("URL of Prometheus, empty for none", "")?);
        let words = "Host to probe on the usual ports, empty for none";
        self.host = given(answers::ask(words, "")?);
        Ok(())
    }

    async fn look(&self, environment: &Environment) -> anyhow::Result<InitFindings> {
        let mut targets = InitTargets {
            redis: self.redis.clone(),
            redis_password_file: self.redis_password_file.clone(),
            sites: self.page.clone(),
            pages: self.metrics.clone(),
            prometheus: self.prometheus.clone(),
            hosts: self.host.clone(),
        };
        if targets.is_empty() {
            note("no address given: probing the usual ports of this machine");
            targets.hosts.push("127.0.0.1".to_owned());
        }
        let password = match &self.redis_password_file {
            Some(path) => Some(
                files::secret(Path::new(path))
                    .map_err(|error| BadInput::new(format!("cannot read {path}: {error}")))?,
            ),
            None => None,
        };
        let password = password.as_deref().map(str::trim);
        let title = self.title.clone().unwrap_or_else(|| "Status".to_owned());
        let found = targets.look(title, password, environment).await;
        let found = found.map_err(|failed| BadInput::new(failed.join("\n")))?;
        anyhow::ensure!(
            !found.is_empty(),
            "nothing was found; name what is to be watched: --redis, --page, --metrics, \
            --prometheus or --host"
        );
        Ok(found)
    }

    /// The addresses by the names of the variables that may hold them.
    fn secrets(&self) -> BTreeMap<String, String> {
        let lists = [
            ("REDIS_URL", &self.redis),
            ("PAGE_URL", &self.page),
            ("METRICS_URL", &self.metrics),
            ("PROMETHEUS_URL", &self.prometheus),
        ];
        let none = Environment::new();
        let mut secrets = BTreeMap::new();
        for (name, urls) in lists {
            for (number, url) in urls.iter().enumerate() {
                let reference = TargetReference::of(url, name, number, &none);
                secrets.extend(reference.variable.map(|variable| (variable, url.clone())));
            }
        }
        secrets
    }

    /// Says what the collectors answered and what the rules say.
    fn tell(tried: &TrialResult) {
        for asked in &tried.asked {
            note(&asked.in_words());
        }
        let mut rows = vec![["RULE", "NOW"].map(str::to_owned).to_vec()];
        rows.extend(tried.verdicts.iter().map(|verdict| {
            let state = match &verdict.state {
                RuleState::Quiet { .. } => "quiet",
                RuleState::Unknown { .. } => "no data",
                _ => "would open an incident if this continues",
            };
            vec![verdict.rule.0.clone(), state.to_owned()]
        }));
        note(&format!("result of each rule:\n{}", table(&rows)));
    }

    /// Says what to run.
    fn tell_next(&self, findings: &InitFindings) {
        let variables: Vec<_> = missing(findings, &self.secrets())
            .into_iter()
            .map(|(variable, _)| variable)
            .collect();
        let set = if variables.is_empty() {
            String::new()
        } else {
            let all = variables.join(", ");
            format!(" with {all} in its environment; the file contains no secrets")
        };
        let config = quoted(&self.serve.files.config.display().to_string());
        note(&format!("next{set}: critwatch serve --config {config}"));
    }
}

/// The one answer, unless it is none.
fn given(answer: String) -> Vec<String> {
    if answer.is_empty() || answer == "-" {
        Vec::new()
    } else {
        vec![answer]
    }
}

/// The variables that the settings need and the environment lacks, with their values.
fn missing(findings: &InitFindings, secrets: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let redis = findings.redis.iter().map(|one| &one.url);
    let sites = findings.sites.iter().map(|one| &one.url);
    let pages = findings.pages.iter().map(|one| &one.url);
    let servers = findings.prometheus.iter().map(|one| &one.url);
    let all = redis.chain(sites).chain(pages).chain(servers);
    let variables: BTreeSet<_> = all.filter_map(|url| url.variable.clone()).collect();
    variables
        .into_iter()
        .filter_map(|name| secrets.get(&name).map(|url| (name.clone(), url.clone())))
        .collect()
}

/// What the trial measured, and the rules that saw nothing although all answered.
fn measured(tried: &TrialResult) -> Measured {
    if tried.asked.iter().any(AskedCollector::failed) {
        return Measured::of(&tried.scrapes);
    }
    let unseen = tried
        .verdicts
        .iter()
        .filter(|verdict| matches!(verdict.state, RuleState::Unknown { .. }));
    let mut measured = Measured::of(&tried.scrapes);
    measured.unseen = unseen.map(|verdict| verdict.rule.0.clone()).collect();
    measured
}
