//! `critwatch check --live`: every collector and receiver tried once, and the rules on
//! what came.

use std::path::Path;
use std::time::Instant;

use futures_util::future::join_all;

use crate::app::notifiers::settings::channel_tools;
use crate::command::notify::preview::site;
use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::note;
use crate::command::workspace::asked;
use crate::config::Config;
use crate::config::reading::places::place_of;
use crate::evaluate::Evaluator;
use crate::files;
use crate::model::finding::{Finding, Weight};
use crate::notify::channel::Channel;
use crate::notify::mail::smtp::relay::Relay;
use crate::notify::sending::harmless::ReceiverSight;
use crate::pipeline::stages::Pipeline;

/// What was seen.
#[derive(Debug, Default)]
pub struct LiveReport {
    /// What is to be said.
    pub findings: Vec<Finding>,
    /// Whether a collector or a receiver failed.
    pub failed: bool,
}

impl LiveReport {
    fn warn(
        &mut self,
        file: &str,
        kind: &'static str,
        place: Option<(usize, usize)>,
        message: String,
    ) {
        self.findings.push(Finding {
            weight: Weight::Warning,
            kind,
            file: file.to_owned(),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            message,
            fix: None,
        });
    }
}

/// Tries each collector and each receiver once, says what they answered in a line,
/// and gives what is to be said of them and of the rules.
pub async fn look(
    mut config: Config,
    path: &Path,
    format: OutputFormat,
) -> anyhow::Result<LiveReport> {
    let file = &*path.display().to_string();
    // Only for places: without it the findings are the same.
    let text = files::settings(path).unwrap_or_default();
    let mut report = LiveReport::default();
    let limits = config.keep.limits(&config.rules, &[], &config.collectors);
    let expected = config.expected();
    let receivers = Receivers::of(&mut config)?;
    let (asked, tried) = tokio::join!(asked::ask(&mut config), receivers.try_all());
    let asked = asked?;
    let collectors = asked.iter().map(|one| Tried {
        id: one.id.clone(),
        failed: one.failed(),
        words: one.in_words(),
    });
    let kinds = [
        ("collector", "collector-failed", collectors.collect()),
        ("notifier", "receiver-failed", tried),
    ];
    for (section, kind, tried) in kinds {
        for Tried { id, failed, words } in tried {
            if failed {
                report.failed = true;
                report.warn(file, kind, place_of(&text, section, &id), words);
            } else if format == OutputFormat::Text {
                note(&words);
            }
        }
    }
    let now = Pipeline::clock();
    let scrapes = asked.iter().filter_map(|one| asked::scrape(one, now));
    let scrapes: Vec<_> = scrapes.collect();
    let mut evaluator = Evaluator::new(config.rules, limits, now, expected);
    for sentence in evaluator.unmatched(scrapes, now) {
        report.warn(file, "no-data", None, sentence);
    }
    Ok(report)
}

/// What came of trying one collector or receiver.
struct Tried {
    id: String,
    failed: bool,
    words: String,
}

/// The receivers of the settings.
struct Receivers {
    channels: Vec<(String, Channel)>,
    relay: Option<Relay>,
}

impl Receivers {
    /// Takes them out of the settings.
    fn of(config: &mut Config) -> anyhow::Result<Self> {
        let language = config.names.language(None);
        let tools = channel_tools(language, site(&config.names), None)?;
        let notifiers = std::mem::take(&mut config.notifiers);
        let channels = notifiers.into_iter().map(|notifier| {
            let channel = Channel::new(notifier.channel, &tools);
            (notifier.id, channel)
        });
        Ok(Self {
            channels: channels.collect(),
            relay: config.mail.as_ref().map(Relay::new).transpose()?,
        })
    }

    /// Tries all of them at the same time; nobody gets a message.
    async fn try_all(self) -> Vec<Tried> {
        let relay = self.relay.as_ref();
        let tries = self.channels.iter().map(|(id, channel)| async move {
            let begun = Instant::now();
            let sight = match channel.harmless().run().await {
                Some(sight) => sight,
                None => match relay {
                    Some(relay) => relay.greet().await.map(|()| ReceiverSight::Known),
                    None => Err("the settings have no `[mail]`".to_owned()),
                },
            };
            let took = begun.elapsed().as_millis();
            Tried {
                id: id.clone(),
                failed: sight.is_err(),
                words: in_words(id, sight, took),
            }
        });
        let all = join_all(tries).await;
        if let Some(relay) = relay {
            relay.close().await;
        }
        all
    }
}

/// What a try of a receiver showed; what it did not show is said as well.
fn in_words(id: &str, sight: Result<ReceiverSight, String>, took: u128) -> String {
    match sight {
        Ok(ReceiverSight::Known) => {
            format!("{id} accepts the credentials, after {took} ms; nothing was sent")
        }
        Ok(ReceiverSight::Reached) => format!(
            "{id} was reached after {took} ms, but not tested: `critwatch notify test {id}` sends \
            a message"
        ),
        Ok(ReceiverSight::Local) => {
            format!("{id} was not tried: it sends nothing over the network")
        }
        Err(why) => format!(
            "{id} would get no message: {why}; compare its address and its token with those of \
            the receiver"
        ),
    }
}
