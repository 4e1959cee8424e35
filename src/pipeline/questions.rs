//! Answers questions about the recent samples, so that nothing is judged later for it.

use jiff::Timestamp;

use crate::evaluate::detached::{self, DetachedQuery};
use crate::evaluate::promql::selected;
use crate::evaluate::window::Window;
use crate::model::request::question::{ExpressionQuery, RuleRuns, WindowQuestion};

/// Answers a question; an expression is evaluated on a thread of its own.
pub fn answer(
    question: WindowQuestion,
    window: &Window,
    runs: impl FnOnce() -> RuleRuns,
    now: Timestamp,
) {
    // Who asked may have gone away.
    match question {
        WindowQuestion::Newest(asked) => {
            let newest = selected::newest(&asked.selectors, window, now);
            let _ = asked.answer.send(newest);
        }
        WindowQuestion::List(asked) => {
            let time = (asked.from, asked.until.unwrap_or(now));
            let series = detached::series(&asked.selectors, window, time);
            let _ = asked.answer.send(series);
        }
        WindowQuestion::Runs(answer) => {
            let _ = answer.send(runs());
        }
        WindowQuestion::Evaluate(asked) => {
            let ExpressionQuery {
                expr,
                decisive,
                span,
                permit,
                answer,
            } = asked;
            match DetachedQuery::new((&expr, decisive), span, window, now) {
                Err(fault) => {
                    let _ = answer.send(Err(fault));
                }
                Ok(query) => {
                    tokio::task::spawn_blocking(move || {
                        let _ = answer.send(query.answer());
                        drop(permit);
                    });
                }
            }
        }
    }
}
