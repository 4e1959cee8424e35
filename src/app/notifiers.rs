//! The notifiers, replaced when the settings are: never two of one at a time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::build::CLIENT_TIMEOUT;
use crate::language::speech::Speech;
use crate::model::board::Board;
use crate::model::facts::notifier_state::NotifierStates;
use crate::model::text::language::Language;
use crate::notify::channel::{Channel, ChannelTools};
use crate::notify::channels::discord;
use crate::notify::message::rules::ReceiverRules;
use crate::notify::metrics::Deliveries;
use crate::notify::notifier::{Notifier, NotifierProgress, NotifierSettings};
use crate::notify::outbox::memory::Outbox;
use crate::notify::tools::HttpTools;
use crate::notify::wording::SiteWording;
use crate::pipeline::stages::Pipeline;
use crate::runtime::client;
use crate::runtime::tasks::{Tasks, ending};
use crate::store;

/// Who is notified, as some settings say.
#[derive(Debug)]
pub(crate) struct NotificationSettings {
    /// The notifiers.
    pub notifiers: Vec<NotifierSettings>,
    /// The public address of the page.
    pub site: Option<String>,
    /// Whose clock quiet hours follow, and messages name.
    pub zone: TimeZone,
    /// The language of messages.
    pub language: Language,
}

/// Notifies by the newest settings until told to stop.
///
/// A notifier finishes the message in hand and writes its receipt before another
/// one of its name begins, so that nothing is announced twice; nobody else waits.
pub(crate) async fn run(
    mut coming: mpsc::Receiver<NotificationSettings>,
    boards: watch::Receiver<Arc<Board>>,
    state: PathBuf,
    (deliveries, states): (Deliveries, NotifierStates),
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut waiting = None;
    loop {
        let settings = match waiting.take() {
            None => next(&mut coming, &stop).await,
            there => there,
        };
        let Some(settings) = settings else {
            return Ok(());
        };
        let names = settings.notifiers.iter().map(|notifier| &*notifier.id);
        let names: BTreeSet<_> = names.collect();
        deliveries.know(&names);
        states.retain(|name| names.contains(name));
        let mut tasks = Tasks::new();
        for notifier in notifiers(settings, &state, &deliveries, &states)? {
            let name = format!("notifier {}", notifier.name);
            let run = notifier.run(boards.clone(), tasks.stop());
            tasks.start(name, ending(run));
        }
        let until = async { waiting = next(&mut coming, &stop).await };
        tasks.run(until).await?;
        if waiting.is_none() {
            return Ok(());
        }
    }
}

/// The notifiers, each with what it announced before and what it left undone.
fn notifiers(
    settings: NotificationSettings,
    state: &Path,
    deliveries: &Deliveries,
    states: &NotifierStates,
) -> anyhow::Result<Vec<Notifier>> {
    let tools = tools(settings.language, settings.zone.clone())?;
    let notifiers = settings.notifiers.into_iter().map(|notifier| {
        let name = notifier.id;
        let outbox = Outbox::open(store::open(state)?, &name, Pipeline::clock());
        let channel = Channel::new(notifier.channel, &tools);
        let kinds = notifier.rules.kinds.or_else(|| channel.kinds());
        Ok(Notifier {
            outbox: outbox.context("cannot read the outbox")?,
            rules: ReceiverRules {
                kinds,
                ..notifier.rules
            },
            channel,
            deliveries: deliveries.clone(),
            states: states.clone(),
            site: settings.site.clone(),
            zone: settings.zone.clone(),
            language: settings.language,
            clock: Pipeline::clock,
            progress: NotifierProgress::default(),
            name,
        })
    });
    notifiers.collect()
}

/// What channels share.
pub(crate) fn tools(language: Language, zone: TimeZone) -> anyhow::Result<ChannelTools> {
    Ok(ChannelTools {
        http: HttpTools {
            client: client::new(CLIENT_TIMEOUT, false).context("cannot make an HTTP client")?,
            wording: SiteWording {
                speech: Speech::of(language),
                zone,
            },
        },
        discord: discord::global_limit(),
        clock: Pipeline::clock,
    })
}

/// Other settings; none once we are told to stop.
async fn next(
    coming: &mut mpsc::Receiver<NotificationSettings>,
    stop: &CancellationToken,
) -> Option<NotificationSettings> {
    tokio::select! {
        () = stop.cancelled() => None,
        next = coming.recv() => next,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use prometheus::Registry;

    use crate::history::writer::metrics::WriterMetrics;
    use crate::model::board::{Facts, Sight};
    use crate::notify::channel::ChannelSettings;

    use super::*;

    #[tokio::test]
    async fn the_last_board_may_go_before_the_notifiers_are_stopped() {
        let state = tempfile::tempdir().unwrap();
        let registry = Registry::new();
        let delay = WriterMetrics::register(&registry).unwrap().delay();
        let (wishes, coming) = mpsc::channel(1);
        let (board, boards) = watch::channel(Arc::new(Board::new(
            Timestamp::UNIX_EPOCH,
            [],
            Facts::of(Sight::Unwatched),
        )));
        let stop = CancellationToken::new();
        let settings = NotificationSettings {
            notifiers: vec![NotifierSettings {
                id: "log".to_owned(),
                rules: ReceiverRules::default(),
                channel: ChannelSettings::Console {},
            }],
            site: None,
            zone: TimeZone::UTC,
            language: Language::En,
        };
        wishes.send(settings).await.unwrap();
        let deliveries = Deliveries::register(&registry, delay).unwrap();
        let place = state.path().to_owned();
        let counted = (deliveries, NotifierStates::default());
        let notified = run(coming, boards, place, counted, stop.clone());
        let stopping = async {
            // The notifier has begun, and waits for the next board.
            while board.receiver_count() < 2 {
                tokio::task::yield_now().await;
            }
            drop(board);
            for _ in 0..9 {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        let (notified, ()) = tokio::join!(notified, stopping);
        assert_eq!(notified.map_err(|error| format!("{error:#}")), Ok(()));
    }
}
