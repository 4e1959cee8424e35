//! The whole system on this machine: a Redis, the dice API, its worker, and us.

pub(crate) mod past;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::app::paths::Paths;
use crate::command::serve::announce;
use crate::command::terminal::input::listen_address;
use crate::command::terminal::output::quoted;
use crate::command::workspace::settings::Recorded;
use crate::config::reading::reader::Environment;
use crate::config::{self, Config};
use crate::dice::fault::control::{self, Order};
use crate::dice::fault::harness::Rig;
use crate::dice::fault::place;
use crate::dice::fault::settings::RigSettings;
use crate::dice::fault::switches::FaultSwitch;
use crate::model::time::duration;
use crate::notify::channel::ChannelSettings;
use crate::notify::channels::discord::DiscordSettings;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::notifier::NotifierSettings;
use crate::notify::sending::address::WebhookAddress;
use crate::pipeline::stages::Pipeline;
use crate::runtime::signal;

/// The settings of the demo; also the example for everybody else.
const SETTINGS: &str = include_str!("../../../alerts.toml");

/// The outage that this project is about, so that the page has a past.
const PAST: (&str, &str) = (
    "2023-01-19-cache-outage.md",
    include_str!("../../../incidents/2023-01-19-cache-outage.md"),
);

/// Where a Discord webhook may be named; in the environment, as it is a secret.
const WEBHOOK: &str = "DISCORD_WEBHOOK";

/// Starts a Redis, the dice API, its worker, the monitor and the page.
///
/// Then it prints what happens: faults, samples, verdicts, incidents, messages.
/// Ctrl-C ends everything that it started, and nothing else.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  critwatch demo --fault fill-redis --after 10s --for 20s\n\n\
    Meanwhile, in a second terminal:\n  critwatch dice fault stop-worker\n  \
    critwatch dice fault clear\n\n\
    Set DISCORD_WEBHOOK to send messages to Discord instead of this terminal."
)]
pub struct Demo {
    /// Inject this fault: fill-redis, stop-worker, slow-jobs or hang-redis
    #[arg(long, value_name = "FAULT")]
    fault: Option<FaultSwitch>,
    /// Delay before the fault begins
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration::parse)]
    after: Duration,
    /// Duration of the fault
    #[arg(long = "for", value_name = "TIME", default_value = "20s", value_parser = duration::parse)]
    lasting: Duration,
    /// Duration without firing rules until an incident resolves
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration::parse)]
    hold: Duration,
    /// Folder for sockets, logs, incidents and state; only you may access it
    #[arg(long, value_name = "DIR", default_value_os_t = place::usual())]
    dir: PathBuf,
    #[command(flatten)]
    record: Recorded,
    /// Address of the public page
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = listen_address)]
    listen: SocketAddr,
    /// Address of the operators' listener
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9180", value_parser = listen_address)]
    ops_listen: SocketAddr,
    /// Address of the dice API
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090", value_parser = listen_address)]
    api_listen: SocketAddr,
    /// Address of the worker's metrics
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8091", value_parser = listen_address)]
    worker_listen: SocketAddr,
}

impl Demo {
    /// Runs until Ctrl-C.
    pub async fn run(self, environment: Environment) -> anyhow::Result<()> {
        let mut settings = RigSettings::new(self.dir.clone(), std::env::current_exe()?);
        settings.api_listen = self.api_listen;
        settings.worker_listen = self.worker_listen;
        place::prepare(&self.dir)?;
        let socket = control::bind_control(&self.dir)?;
        let mut rig = Rig::start(settings)
            .await
            .context("cannot start the reference service")?;
        let stop = CancellationToken::new();
        let (orders, inbox) = mpsc::channel(1);
        let outcome = match Box::pin(self.build(&rig, environment)).await {
            Ok(app) => {
                announce(&app);
                self.introduce(&rig, app.addresses.ops);
                tokio::select! {
                    outcome = app.run(self.direct(&mut rig, inbox), built_in) => outcome,
                    () = control::serve_control(socket, orders, stop.clone()) => Ok(()),
                }
            }
            Err(error) => Err(error),
        };
        stop.cancel();
        rig.stop().await;
        outcome
    }

    async fn build(&self, rig: &Rig, mut environment: Environment) -> anyhow::Result<App> {
        let (incidents, state) = (self.dir.join("incidents"), self.dir.join("state"));
        let is_new = begin(&incidents)
            .with_context(|| format!("cannot write to {}", incidents.display()))?;
        let addresses = rig.addresses();
        environment.insert("REDIS_URL".to_owned(), addresses.redis_url.clone());
        environment.insert(
            "DICE_API_URL".to_owned(),
            format!("http://{}", addresses.api),
        );
        environment.insert(
            "DICE_WORKER_URL".to_owned(),
            format!("http://{}", addresses.worker),
        );
        let webhook = environment
            .get(WEBHOOK)
            .filter(|url| !url.is_empty())
            .cloned();
        let mut config: Config =
            config::read(SETTINGS, "alerts.toml", Path::new("."), environment, None)?;
        config.hold = self.hold;
        if is_new && !state.exists() {
            let folders = (&*incidents, &*state);
            past::write(folders, &config.components, Pipeline::clock()).await?;
        }
        if let Some(webhook) = webhook {
            config.notifiers = vec![NotifierSettings {
                id: "discord".to_owned(),
                rules: ReceiverRules::default(),
                channel: ChannelSettings::Discord(DiscordSettings {
                    webhook: WebhookAddress::parse(&webhook)
                        .map_err(|fault| anyhow::anyhow!("{WEBHOOK}: {fault}"))?,
                    thread_id: None,
                    forum: false,
                    mention_role: None,
                }),
            }];
        }
        let places = Paths {
            settings: None,
            incidents,
            fetched: None,
            state,
            listen: self.listen,
            ops_listen: self.ops_listen,
            export: None,
            record: self.record.clone().place(),
        };
        Box::pin(App::build(config, &places)).await
    }

    #[expect(clippy::print_stdout, reason = "commands talk to the terminal")]
    fn introduce(&self, rig: &Rig, operators: SocketAddr) {
        let addresses = rig.addresses();
        println!("dice api listening on http://{}", addresses.api);
        println!("dice worker listening on http://{}", addresses.worker);
        println!("redis listening on {}", addresses.redis_url);
        println!(
            "incidents are written to {}",
            self.dir.join("incidents").display()
        );
        let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("critwatch"));
        let program = program.display();
        println!("the page begins with 90 days of made-up history; everything from now on is real");
        // A demo in another folder is found by that folder alone.
        let place = if self.dir == place::usual() {
            String::new()
        } else {
            format!(" --dir {}", quoted(&self.dir.display().to_string()))
        };
        println!("inject a fault: {program} dice fault fill-redis{place}");
        println!("clear it:       {program} dice fault clear{place}");
        let state = quoted(&self.dir.join("state").display().to_string());
        println!(
            "create a token: {program} token add me --scope admin --expires 1d --state {state}"
        );
        println!("use it to log in to the console at http://{operators}/console");
        println!("stop with Ctrl-C\n");
    }

    /// Makes the faults that were asked for, until the program is to stop.
    async fn direct(&self, rig: &mut Rig, mut inbox: mpsc::Receiver<Order>) {
        let ending = signal::stop();
        let begin = tokio::time::Instant::now() + self.after;
        let mut script = self
            .fault
            .map(|fault| [(begin, Some(fault)), (begin + self.lasting, None)])
            .into_iter()
            .flatten()
            .peekable();
        tokio::pin!(ending);
        loop {
            let next = script.peek().map(|(at, _)| *at);
            let due = async {
                match next {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = &mut ending => return,
                Some((request, answer)) = inbox.recv() => {
                    // Who asked may have gone away; the fault is made all the same.
                    let _ = answer.send(rig.obey(request).await);
                }
                () = due => {
                    let request = match script.next() {
                        Some((_, Some(fault))) => control::ControlRequest::Apply(fault),
                        _ => control::ControlRequest::Clear,
                    };
                    if let Err(why) = rig.obey(request).await {
                        tracing::error!("the fault cannot be switched: {why}");
                    }
                }
            }
        }
    }
}

/// What a demo says to who wants its settings to be read again.
fn built_in() -> anyhow::Result<Config> {
    anyhow::bail!("the settings of the demo are built in; use `critwatch serve` for your own")
}

/// Makes the incidents folder, with the outage of 2023 if it is new; whether it is.
fn begin(folder: &Path) -> std::io::Result<bool> {
    let is_new = !folder.exists();
    if is_new {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join(PAST.0), PAST.1)?;
    }
    Ok(is_new)
}
