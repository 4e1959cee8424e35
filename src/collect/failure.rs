//! Why a target could not be asked, in words for operators.

/// A failed attempt; the samples say it to the rules, this says it to the log.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Redis refused, or is out of reach.
    #[error("redis: {0}")]
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
    #[error("{0}: {1}")]
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
    /// The target did not answer in time.
    #[error("no answer in time")]
    Timeout,
}

/// An error of the HTTP client with its causes, without the address: it may
/// carry a secret.
fn chain(error: &reqwest::Error) -> String {
    let mut text = if error.is_connect() {
        "cannot connect"
    } else {
        "request failed"
    }
    .to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
