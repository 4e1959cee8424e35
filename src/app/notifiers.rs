//! The notifiers, replaced when the settings are: never two of one at a time.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::app::build;
use crate::model::board::Board;
use crate::notify::NotifierKind;
use crate::notify::delivery::Deliveries;
use crate::runtime::tasks::{Tasks, ending};

/// Who is told, as some settings say.
#[derive(Debug)]
pub(crate) struct Notifiers {
    /// The notifiers by name.
    pub notifiers: Vec<(String, NotifierKind)>,
    /// The public address of the page.
    pub site: Option<String>,
}

/// Tells by the newest settings until told to stop.
///
/// Who tells finishes the message in hand and writes its receipt before another
/// one of its name begins, so that nothing is told twice; nobody else waits.
pub(crate) async fn tell(
    mut wishes: mpsc::Receiver<Notifiers>,
    boards: watch::Receiver<Arc<Board>>,
    state: PathBuf,
    deliveries: Deliveries,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let mut told = None;
    loop {
        let telling = match told.take() {
            None => next(&mut wishes, &stop).await,
            there => there,
        };
        let Some(Notifiers { notifiers, site }) = telling else {
            return Ok(());
        };
        let names = notifiers.iter().map(|(name, _)| &**name);
        deliveries.know(&names.collect());
        let mut tasks = Tasks::new();
        for teller in build::tellers(notifiers, site.as_ref(), &state, &deliveries)? {
            let name = format!("notifier {}", teller.name);
            let run = teller.run(boards.clone(), tasks.stop());
            tasks.start(name, ending(run));
        }
        let until = async { told = next(&mut wishes, &stop).await };
        tasks.run(until).await?;
        if told.is_none() {
            return Ok(());
        }
    }
}

/// Other settings; none once we are told to stop.
async fn next(
    wishes: &mut mpsc::Receiver<Notifiers>,
    stop: &CancellationToken,
) -> Option<Notifiers> {
    tokio::select! {
        () = stop.cancelled() => None,
        next = wishes.recv() => next,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use prometheus::Registry;

    use crate::history::writer::metrics::WriterMetrics;
    use crate::model::board::{Facts, Sight};

    use super::*;

    #[tokio::test]
    async fn the_last_board_may_go_before_those_who_tell_are_stopped() {
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
        let notifiers = vec![("log".to_owned(), NotifierKind::Console {})];
        let site = None;
        wishes.send(Notifiers { notifiers, site }).await.unwrap();
        let deliveries = Deliveries::register(&registry, delay).unwrap();
        let place = state.path().to_owned();
        let told = tell(coming, boards, place, deliveries, stop.clone());
        let stopping = async {
            // The teller has begun, and waits for the next board.
            while board.receiver_count() < 2 {
                tokio::task::yield_now().await;
            }
            drop(board);
            for _ in 0..9 {
                tokio::task::yield_now().await;
            }
            stop.cancel();
        };
        let (told, ()) = tokio::join!(told, stopping);
        assert_eq!(told.map_err(|error| format!("{error:#}")), Ok(()));
    }
}
