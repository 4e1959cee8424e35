//! How many changes the operators' listener takes: a program that runs wild must not
//! fill the folder.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::model::time::duration::elapsed;
use crate::web::ops::access::error::OpsError;
use crate::web::site::Site;

/// Changes that may come at once.
const BURST: f64 = 200.0;

/// Changes a second after that.
const RATE: f64 = 10.0;

/// How many changes are left at a moment.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    left: f64,
    at: Timestamp,
}

impl Allowance {
    /// Whether one more may be made; if so, it counts.
    fn take(&mut self, now: Timestamp) -> bool {
        let since: std::time::Duration = elapsed(self.at, now);
        self.left = (self.left + since.as_secs_f64() * RATE).min(BURST);
        self.at = now;
        let may = self.left >= 1.0;
        if may {
            self.left -= 1.0;
        }
        may
    }
}

/// Counts the changes of all who make them.
#[derive(Clone, Debug)]
pub(crate) struct ChangeLimit {
    site: Site,
    allowance: Arc<watch::Sender<Allowance>>,
}

impl ChangeLimit {
    /// Nothing was changed yet.
    pub(crate) fn new(site: Site) -> Self {
        let at = site.show(|view| view.now);
        let allowance = watch::Sender::new(Allowance { left: BURST, at });
        Self {
            site,
            allowance: Arc::new(allowance),
        }
    }
}

/// Lets those through who only look, and so many others.
pub(crate) async fn guard(
    State(limit): State<ChangeLimit>,
    request: Request,
    next: Next,
) -> Response {
    let now = limit.site.show(|view| view.now);
    let mut may = matches!(*request.method(), Method::GET | Method::HEAD);
    if !may {
        limit
            .allowance
            .send_modify(|allowance| may = allowance.take(now));
    }
    if may {
        return next.run(request).await;
    }
    let message = "too many changes; 10 a second are allowed";
    OpsError::whole(StatusCode::TOO_MANY_REQUESTS, message).into_response()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_is_taken_and_then_so_many_a_second() {
        let now = Timestamp::UNIX_EPOCH;
        let mut allowance = Allowance {
            left: BURST,
            at: now,
        };
        let mut taken = |now| (0..1_000).filter(|_| allowance.take(now)).count();
        assert_eq!(taken(now), 200);
        assert_eq!(taken(now + Duration::from_secs(2)), 20);
        assert_eq!(
            taken(now + Duration::from_secs(1)),
            0,
            "a clock that steps back"
        );
        assert_eq!(taken(now + Duration::from_secs(1_000)), 200);
    }
}
