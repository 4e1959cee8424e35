//! Answers questions about the recent samples, so that nothing is judged later for it.

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::evaluate::detached::{self, ReadExpression};
use crate::evaluate::promql::selected::Selectors;
use crate::evaluate::window::Window;
use crate::model::request::ask::Newest;
use crate::model::request::samples::question::{
    ExpressionQuery, QueryFault, RuleRuns, SeriesQuery, WindowQuestion,
};

/// Questions that are read at once.
const AT_ONCE: usize = 2;

/// A question whose expressions were read.
#[derive(Debug)]
pub struct ReadQuestion(QuestionKind);

#[derive(Debug)]
enum QuestionKind {
    Newest(Selectors, oneshot::Sender<Result<Vec<Newest>, String>>),
    List(Selectors, SeriesQuery),
    Evaluate(ReadExpression, ExpressionQuery),
    Runs(oneshot::Sender<RuleRuns>),
}

/// Reads questions on threads of their own: strangers may write patterns that take
/// seconds to compile, and nothing must be judged later for them.
#[derive(Debug)]
pub struct QuestionReader {
    asks: mpsc::Receiver<WindowQuestion>,
    reading: JoinSet<Option<ReadQuestion>>,
}

impl QuestionReader {
    /// Reads what comes in.
    pub fn new(asks: mpsc::Receiver<WindowQuestion>) -> Self {
        Self {
            asks,
            reading: JoinSet::new(),
        }
    }

    /// Waits for the next question that was read; for ever, if nobody asks any more.
    /// Nothing is lost if it is not waited for to the end.
    pub async fn next(&mut self) -> ReadQuestion {
        loop {
            tokio::select! {
                Some(read) = self.reading.join_next() => if let Ok(Some(read)) = read {
                    return read;
                },
                Some(ask) = self.asks.recv(), if self.reading.len() < AT_ONCE => {
                    if let WindowQuestion::Runs(answer) = ask {
                        return ReadQuestion(QuestionKind::Runs(answer));
                    }
                    self.reading.spawn_blocking(move || read(ask));
                }
                else => std::future::pending().await,
            }
        }
    }
}

/// Reads a question; `None` if what is wrong with it was the answer.
fn read(question: WindowQuestion) -> Option<ReadQuestion> {
    // Who asked may have gone away.
    let kind = match question {
        WindowQuestion::Newest(asked) => match detached::selectors(&asked.selectors) {
            Ok(selectors) => QuestionKind::Newest(selectors, asked.answer),
            Err(QueryFault::Unreadable { why, .. }) => {
                let _ = asked.answer.send(Err(why));
                return None;
            }
            Err(QueryFault::Failed(_) | QueryFault::Busy) => return None,
        },
        WindowQuestion::List(asked) => match detached::selectors(&asked.selectors) {
            Ok(selectors) => QuestionKind::List(selectors, asked),
            Err(fault) => {
                let _ = asked.answer.send(Err(fault));
                return None;
            }
        },
        WindowQuestion::Evaluate(asked) => {
            match ReadExpression::parse(&asked.expr, asked.decisive) {
                Ok(expression) => QuestionKind::Evaluate(expression, asked),
                Err(fault) => {
                    let _ = asked.answer.send(Err(fault));
                    return None;
                }
            }
        }
        WindowQuestion::Runs(answer) => QuestionKind::Runs(answer),
    };
    Some(ReadQuestion(kind))
}

/// Answers a question; an expression is evaluated on a thread of its own.
pub fn answer(
    ReadQuestion(question): ReadQuestion,
    window: &Window,
    runs: impl FnOnce() -> RuleRuns,
    now: Timestamp,
) {
    // Who asked may have gone away.
    match question {
        QuestionKind::Newest(selectors, answer) => {
            let _ = answer.send(Ok(selectors.newest(window, now)));
        }
        QuestionKind::List(selectors, asked) => {
            let time = (asked.from, asked.until.unwrap_or(now));
            let series = detached::series(&selectors, window, time);
            let _ = asked.answer.send(Ok(series));
        }
        QuestionKind::Runs(answer) => {
            let _ = answer.send(runs());
        }
        QuestionKind::Evaluate(expression, asked) => {
            match expression.detach(asked.span, window, now) {
                Err(fault) => {
                    let _ = asked.answer.send(Err(fault));
                }
                Ok(query) => {
                    tokio::task::spawn_blocking(move || {
                        let _ = asked.answer.send(query.answer());
                        drop(asked.permit);
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_asks_where_rules_stand_does_not_wait_for_a_pattern() {
        let (asks, questions) = mpsc::channel(8);
        let mut reader = QuestionReader::new(questions);
        let (answer, mut listed) = oneshot::channel();
        let patterns = r#"a=~"\\pL{90}b","#.repeat(20);
        let question = WindowQuestion::List(SeriesQuery {
            selectors: vec![format!("up{{{patterns}}}")],
            from: None,
            until: None,
            answer,
        });
        let (runs, _stand) = oneshot::channel();
        asks.send(question).await.unwrap();
        asks.send(WindowQuestion::Runs(runs)).await.unwrap();
        let first = reader.next().await;
        assert!(matches!(first, ReadQuestion(QuestionKind::Runs(_))));
        assert!(listed.try_recv().is_err(), "the patterns take a while");
    }
}
