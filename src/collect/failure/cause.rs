//! Why a target could not be asked, in words for operators.

use crate::collect::failure::reason;

/// Every cause that a failure is counted under.
pub(crate) const CAUSES: [&str; 5] = ["timeout", "connection", "status", "answer", "limit"];

/// A failed attempt; the samples say it to the rules, this says it to the log.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Redis refused, or is out of reach.
    #[error("redis: {}", reason::of_redis(.0))]
    Redis(#[from] redis::RedisError),
    /// An answer of Redis has an unexpected shape.
    #[error("redis: {0}")]
    Shape(#[from] redis::ParsingError),
    /// The target is out of reach or speaks no HTTP.
    #[error("http: {}", chain(.0))]
    Http(#[from] reqwest::Error),
    /// The target answered with a status that means no good.
    #[error("{path} answered {status}")]
    Status {
        /// What was asked.
        path: String,
        /// What was answered.
        status: reqwest::StatusCode,
    },
    /// No line to the target could be opened.
    #[error("{what}: {why}", what = .0, why = reason::of(.1))]
    Reach(&'static str, std::io::Error),
    /// A step of several went wrong.
    #[error("step `{step}`: {cause}")]
    Step {
        /// Its name.
        step: String,
        /// Why.
        cause: Box<Self>,
    },
    /// The target answered, but not as it should.
    #[error("{0}")]
    Answer(String),
    /// The target answered with more than we take.
    #[error("{0}")]
    Limit(String),
    /// The target did not answer in time.
    #[error("no answer in time")]
    Timeout,
}

impl Failure {
    /// What it is counted under, one of [`CAUSES`].
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Redis(error) if error.is_timeout() => "timeout",
            Self::Redis(error) if error.is_io_error() => "connection",
            Self::Http(error) if error.is_timeout() => "timeout",
            Self::Http(error) if error.is_body() || error.is_decode() => "answer",
            Self::Http(_) | Self::Reach(..) => "connection",
            Self::Status { .. } => "status",
            Self::Limit(_) => "limit",
            Self::Step { cause, .. } => cause.cause(),
            Self::Redis(_) | Self::Shape(_) | Self::Answer(_) => "answer",
        }
    }
}

/// An error of the HTTP client with its causes, without the address: it may
/// carry a secret.
fn chain(error: &reqwest::Error) -> String {
    let what = if error.is_connect() {
        "cannot connect"
    } else {
        "request failed"
    };
    match std::error::Error::source(error) {
        Some(cause) => format!("{what}: {}", reason::of(cause)),
        None => what.to_owned(),
    }
}
