//! The tasks of the notifiers, each replaced by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::notifiers::prepared::{post_office, prepared};
use crate::app::notifiers::settings::{NotificationSettings, NotificationTools};
use crate::model::board::Board;
use crate::runtime::tasks::Tasks;

/// Tasks that finish what they have in hand, by their names: each token says when.
type Finishing = BTreeMap<String, CancellationToken>;

/// Notifies by the newest settings until told to stop.
///
/// A notifier finishes the message in hand and writes its receipt before another
/// one of its name begins, so that nothing is announced twice; nobody else waits.
pub(crate) async fn run(
    mut coming: mpsc::Receiver<NotificationSettings>,
    boards: watch::Receiver<Arc<Board>>,
    tools: NotificationTools,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let (mut tasks, mut before) = (Tasks::new(), Finishing::new());
    let in_force = watch::Sender::new(BTreeSet::new());
    let mut settings = next(&mut coming, &stop).await;
    while let Some(current) = settings {
        let names = current.notifiers.iter().map(|notifier| notifier.id.clone());
        in_force.send_replace(names.collect());
        let generation = tasks.stop().child_token();
        let mut begun = Finishing::new();
        let mut start = |name: String, run: Pin<Box<dyn Future<Output = ()> + Send>>| {
            let (earlier, end) = (before.remove(&name), CancellationToken::new());
            begun.insert(name.clone(), end.clone());
            let told = generation.clone();
            tasks.start(name.clone(), async move {
                // However it ends, another one may begin.
                let _end = end.drop_guard();
                if let Some(earlier) = earlier {
                    earlier.cancelled().await;
                }
                run.await;
                anyhow::ensure!(told.is_cancelled(), "{name} ended by itself");
                Ok(())
            });
        };
        if let Some(post) = post_office(&current, &tools)? {
            let run = post.run(boards.clone(), generation.clone());
            start("mails".to_owned(), Box::pin(run));
        }
        for prepared in prepared(current, &tools)? {
            let resends = tools.resends.open(&prepared.name);
            let (boards, stop) = (boards.clone(), generation.clone());
            let (in_force, tools) = (in_force.subscribe(), tools.clone());
            let name = prepared.name.clone();
            let task = format!("notifier {name}");
            let run = async move {
                if let Some(notifier) = prepared.notifier(&stop).await {
                    notifier.run(boards, resends, stop).await;
                }
                // Only now, as until here it counts what it has in hand.
                if !in_force.borrow().contains(&name) {
                    tools.forget(&name);
                }
            };
            start(task, Box::pin(run));
        }
        // Who has no successor finishes all the same.
        before.extend(begun);
        before.retain(|_, end| !end.is_cancelled());
        settings = tasks.meanwhile(next(&mut coming, &stop)).await?;
        generation.cancel();
    }
    tasks.run(std::future::ready(())).await
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
    use jiff::tz::TimeZone;
    use prometheus::Registry;

    use crate::history::writer::metrics::WriterMetrics;
    use crate::model::board::{Facts, Sight};
    use crate::model::facts::notifier_state::NotifierStates;
    use crate::model::facts::trouble::Troubles;
    use crate::model::request::receivers::resend::ResendDoors;
    use crate::model::text::language::Language;
    use crate::notify::channel::ChannelSettings;
    use crate::notify::mail::outgoing::counts::MailMetrics;
    use crate::notify::mail::outgoing::queue::MailQueue;
    use crate::notify::message::rules::ReceiverRules;
    use crate::notify::metrics::Deliveries;
    use crate::notify::notifier::NotifierSettings;
    use crate::store;

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
            mail: None,
            title: String::new(),
            site: None,
            zone: TimeZone::UTC,
            language: Language::En,
            components: Arc::default(),
        };
        wishes.send(settings).await.unwrap();
        let deliveries = Deliveries::register(&registry, delay).unwrap();
        let tools = NotificationTools {
            state: state.path().to_owned(),
            queue: MailQueue::new(store::open(state.path()).unwrap()),
            deliveries,
            mails: MailMetrics::register(&registry).unwrap(),
            states: NotifierStates::default(),
            resends: ResendDoors::default(),
            troubles: Troubles::default(),
            shared: None,
        };
        let notified = run(coming, boards, tools, stop.clone());
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
