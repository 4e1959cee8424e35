//! `critwatch init`: first settings, from a look at what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;

use crate::command::init::found::InitFindings;
use crate::command::init::look::targets::InitTargets;
use crate::command::init::measured::Measured;
use crate::command::init::prompt::address::TargetKind;
use crate::command::init::prompt::{answers, questions};
use crate::command::init::proposal::propose;
use crate::command::init::reference::TargetReference;
use crate::command::init::trial::{self, TrialResult};
use crate::command::serve::Serve;
use crate::command::terminal::input::BadInput;
use crate::command::terminal::output::{note, print, quoted, table};
use crate::command::workspace::asked::AskedCollector;
use crate::command::written::new_file::{is_unchanged, refuse_existing, write_new, write_over};
use crate::config::reading::reader::Environment;
use crate::files;
use crate::model::verdict::RuleState;

/// The settings that the Debian package installs: an example that watches nothing.
const PACKAGED: &str = include_str!("package.toml");

/// The option that names what is written.
const CONFIG: &str = "--config";

/// First settings for a Redis, a queue system, a worker, an API or a Prometheus.
///
/// It inspects your services (reading only, and for some seconds), proposes components,
/// collectors and rules with thresholds from what it measured, tries them, and writes the
/// settings, unless there are some. Without an address it tries the usual ports of this
/// machine. An address with a password stays outside the file: give it by the environment,
/// as in `REDIS_URL`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes:\n  0  the settings are written\n  1  nothing was found, or you declined\n  \
    2  an address does not answer, or the file already exists\n\n\
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
        let is_packaged = is_unchanged(&config, PACKAGED);
        if !self.dry_run && !is_packaged {
            refuse_existing(&config, CONFIG)?;
        }
        let password = self.password()?;
        let password = password.as_deref().map(str::trim);
        let mut targets = self.targets();
        let asks = !self.yes && answers::is_somebody_there();
        if asks {
            if self.title.is_none() {
                self.title = Some(answers::ask("Name of the status page", "Status")?);
            }
            if targets.is_empty() {
                questions::ask_for(&mut targets, password).await?;
            }
        }
        let secrets = secrets(&targets);
        let findings = self.look(targets, password, &environment).await?;
        for (variable, url) in missing(&findings, &secrets) {
            environment.insert(variable, url);
        }
        let (text, tried) = self.settings(&findings, &environment).await?;
        print(&text)?;
        Self::tell(&tried);
        if self.dry_run {
            return Ok(());
        }
        let name = config.display().to_string();
        if asks && !answers::agrees(&format!("Write {name}?"))? {
            anyhow::bail!("nothing was written");
        }
        if is_packaged {
            write_over(&config, PACKAGED, &text)?;
        } else {
            write_new(&config, text.as_bytes(), CONFIG)?;
        }
        std::fs::create_dir_all(self.serve.files.folder(None))?;
        note(&format!("wrote {name}"));
        let run_it = self.run_it || asks && answers::agrees("Run it now?")?;
        if run_it {
            let next = if text.contains("\n[[notifier]]") {
                "next: publish the page"
            } else {
                "next: add a [[notifier]] (docs/notifications.md), and publish the page"
            };
            note(next);
            return Box::pin(self.serve.run(environment)).await;
        }
        self.tell_next(&missing(&findings, &secrets), is_packaged);
        Ok(())
    }

    fn password(&self) -> Result<Option<String>, BadInput> {
        let Some(path) = &self.redis_password_file else {
            return Ok(None);
        };
        let read = files::secret(Path::new(path)).map(Some);
        read.map_err(|error| BadInput::new(format!("cannot read {path}: {error}")))
    }

    /// The targets that the options name.
    fn targets(&self) -> InitTargets {
        let all = |kind: TargetKind, typed: &Vec<String>| kind.addresses(&typed.join(" "));
        InitTargets {
            redis: all(TargetKind::Redis, &self.redis),
            redis_password_file: self.redis_password_file.clone(),
            sites: all(TargetKind::Site, &self.page),
            pages: all(TargetKind::Metrics, &self.metrics),
            prometheus: all(TargetKind::Prometheus, &self.prometheus),
            hosts: all(TargetKind::Host, &self.host),
            are_guessed: false,
        }
    }

    async fn look(
        &self,
        mut targets: InitTargets,
        password: Option<&str>,
        environment: &Environment,
    ) -> anyhow::Result<InitFindings> {
        if targets.is_empty() {
            note("no address given: probing the usual ports of this machine");
            targets.hosts.push("127.0.0.1".to_owned());
            targets.are_guessed = true;
        }
        let title = self.title.clone().unwrap_or_else(|| "Status".to_owned());
        let found = targets.look(title, password, environment).await;
        let found = found.map_err(|failed| BadInput::new(failed.join("\n")))?;
        anyhow::ensure!(
            !found.is_empty(),
            "nothing was found; name what to watch with --redis, --page, --metrics, \
            --prometheus or --host"
        );
        Ok(found)
    }

    /// The text of the settings, after two trials: one measures, one judges the result.
    async fn settings(
        &self,
        findings: &InitFindings,
        environment: &Environment,
    ) -> anyhow::Result<(String, TrialResult)> {
        let config = &self.serve.files.config;
        let folder = config.parent().unwrap_or(Path::new("."));
        let name = config.display().to_string();
        let rounds = usize::from(self.looks);
        let first = propose(findings, &Measured::default());
        let place = (&*name, folder);
        let tried = trial::run(&first.text, place, environment.clone(), rounds).await?;
        let silent = tried.silent.iter().filter_map(|(id, why)| {
            let address = first.addresses.get(id)?;
            Some(format!("{address}: {why}"))
        });
        let silent: Vec<_> = silent.collect();
        if !silent.is_empty() {
            return Err(BadInput::new(silent.join("\n")).into());
        }
        let text = propose(findings, &measured(&tried)).text;
        let tried = trial::run(&text, place, environment.clone(), rounds).await?;
        Ok((text, tried))
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
        note(&format!("state of each rule:\n{}", table(&rows)));
    }

    /// Says what to run.
    fn tell_next(&self, missing: &[(String, String)], is_packaged: bool) {
        let variables: Vec<_> = missing.iter().map(|(name, _)| name.as_str()).collect();
        let config = quoted(&self.serve.files.config.display().to_string());
        let all = variables.join(", ");
        note(&match (is_packaged, all.is_empty()) {
            (true, true) => "next: systemctl restart critwatch".to_owned(),
            (true, false) => format!(
                "next: set {all} in /etc/default/critwatch, as the file contains no secrets; \
                then systemctl restart critwatch"
            ),
            (false, true) => format!("next: critwatch serve --config {config}"),
            (false, false) => format!(
                "next, with {all} in its environment, as the file contains no secrets: \
                critwatch serve --config {config}"
            ),
        });
    }
}

/// The addresses by the names of the variables that may hold them.
fn secrets(targets: &InitTargets) -> BTreeMap<String, String> {
    let lists = [
        ("REDIS_URL", &targets.redis),
        ("PAGE_URL", &targets.sites),
        ("METRICS_URL", &targets.pages),
        ("PROMETHEUS_URL", &targets.prometheus),
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
