//! Why git could not do something.

use std::time::Duration;

/// Every reason, as metrics name them.
pub(crate) const REASONS: [&str; 7] = [
    "missing",
    "timeout",
    "unreachable",
    "refused",
    "behind",
    "busy",
    "failed",
];

/// Why git could not do something.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    /// The program is not there.
    #[error("there is no program `git`; install it")]
    Missing,
    /// It took too long and was ended.
    #[error("`git {act}` took longer than {} s", limit.as_secs())]
    Timeout {
        /// What it was to do.
        act: String,
        /// How long it may take.
        limit: Duration,
    },
    /// The remote does not answer.
    #[error("the remote does not answer: {0}")]
    Unreachable(String),
    /// The remote answers, and does not let us.
    #[error("the remote refuses: {0}")]
    Refused(String),
    /// Others have pushed meanwhile.
    #[error("others have pushed meanwhile")]
    Behind,
    /// Somebody saves files all the time, or another monitor uses the repository.
    #[error("{0}")]
    Busy(String),
    /// Anything else.
    #[error("`git {act}` failed: {text}")]
    Failed {
        /// What it was to do.
        act: String,
        /// What it said.
        text: String,
    },
    /// Our own files.
    #[error("cannot use {place}")]
    Files {
        /// The file or folder.
        place: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What git says of a remote that cannot be reached.
const AWAY: [&str; 11] = [
    "could not resolve host",
    "connection refused",
    "connection timed out",
    "operation timed out",
    "no route to host",
    "network is unreachable",
    "failed to connect",
    "couldn't connect",
    "connection reset",
    "unexpectedly closed",
    "does not appear to be a git repository",
];

/// What git says of a push that came too late.
const BEHIND: [&str; 5] = [
    "non-fast-forward",
    "fetch first",
    "stale info",
    "cannot lock ref",
    "failed to update ref",
];

/// What git says of a remote that does not let us.
const REFUSED: [&str; 12] = [
    "authentication failed",
    "permission denied",
    "could not read username",
    "could not read password",
    "access denied",
    "returned error: 401",
    "returned error: 403",
    "returned error: 404",
    "remote rejected",
    "repository not found",
    "host key verification failed",
    "pre-receive hook declined",
];

impl GitError {
    /// What `git act` means by what it said.
    pub(crate) fn of(act: &str, said: &str) -> Self {
        let text = line(said);
        let small = said.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| small.contains(word));
        if act == "push" && has(&BEHIND) {
            Self::Behind
        } else if has(&REFUSED) {
            Self::Refused(text)
        } else if has(&AWAY) {
            Self::Unreachable(text)
        } else {
            Self::Failed {
                act: act.to_owned(),
                text,
            }
        }
    }

    /// The reason as metrics name it.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Timeout { .. } => "timeout",
            Self::Unreachable(_) => "unreachable",
            Self::Refused(_) => "refused",
            Self::Behind => "behind",
            Self::Busy(_) => "busy",
            Self::Failed { .. } | Self::Files { .. } => "failed",
        }
    }
}

/// What git said, on one line without what steers a terminal.
fn line(said: &str) -> String {
    let words: Vec<_> = said.split_whitespace().collect();
    let words = words.join(" ");
    words
        .chars()
        .filter(|sign| !sign.is_control())
        .take(300)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_says_has_a_reason() {
        let reason = |act, said| GitError::of(act, said).reason();
        for (act, said, expected) in [
            ("push", "! [rejected] main -> main (fetch first)", "behind"),
            (
                "push",
                "! [remote rejected] main -> main (protected branch)",
                "refused",
            ),
            (
                "fetch",
                "git@host: Permission denied (publickey).",
                "refused",
            ),
            (
                "fetch",
                "fatal: unable to access: Could not resolve host: a",
                "unreachable",
            ),
            (
                "fetch",
                "fatal: '/gone' does not appear to be a git repository",
                "unreachable",
            ),
            ("fetch", "fatal: bad object", "failed"),
        ] {
            assert_eq!(reason(act, said), expected, "{said}");
            assert!(REASONS.contains(&expected));
        }
    }
}
