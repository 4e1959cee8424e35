//! What a store did not do, in words that say what helps.

use std::error::Error;

/// The longest reason that is passed on.
const LONGEST: usize = 200;

/// There are no credentials, and this machine has none of its own.
#[derive(Debug, thiserror::Error)]
#[error("no credentials")]
pub(crate) struct NoCredentials;

/// Why a store was not written.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// What the environment says of it cannot be used.
    #[error("the variables AWS_… cannot be used: {0}")]
    Settings(String),
    /// It cannot be asked as nobody may.
    #[error(
        "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this \
         machine a role that may write to the bucket"
    )]
    Anonymous,
    /// The bucket is not there.
    #[error("the store has no bucket of this name; create it, or name another")]
    NoBucket,
    /// The credentials are wrong, or are not enough.
    #[error(
        "the store refuses ({0}); it must know the credentials of AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY and let them list, read, write and delete objects of the bucket"
    )]
    Refused(String),
    /// The bucket is somebody else's.
    #[error("there are more than {0} objects; give the export a prefix of its own")]
    Crowded(usize),
    /// It does not answer, or not as it should.
    #[error("the store does not answer as it should: {0}")]
    Away(String),
}

impl BucketError {
    /// Whether it lasts until somebody changes the settings or the store.
    pub(crate) fn needs_hands(&self) -> bool {
        match self {
            Self::Settings(_)
            | Self::Anonymous
            | Self::NoBucket
            | Self::Refused(_)
            | Self::Crowded(_) => true,
            Self::Away(_) => false,
        }
    }
}

impl From<object_store::Error> for BucketError {
    fn from(error: object_store::Error) -> Self {
        let deepest = deepest(&error);
        if deepest.is::<NoCredentials>() {
            return Self::Anonymous;
        }
        let reason = deepest.to_string();
        let code = code(&reason);
        let is_refusal = matches!(
            error,
            object_store::Error::PermissionDenied { .. }
                | object_store::Error::Unauthenticated { .. }
        );
        match code {
            Some("NoSuchBucket") => Self::NoBucket,
            Some(
                code @ ("AccessDenied"
                | "InvalidAccessKeyId"
                | "SignatureDoesNotMatch"
                | "InvalidToken"
                | "ExpiredToken"),
            ) => Self::Refused(code.to_owned()),
            code if is_refusal || reason.contains("status code: 403") => {
                Self::Refused(code.unwrap_or("403").to_owned())
            }
            Some(code) => Self::Away(code.to_owned()),
            None => Self::Away(brief(&reason)),
        }
    }
}

/// What is behind an error.
pub(super) fn deepest(error: &object_store::Error) -> &(dyn Error + 'static) {
    let mut deepest: &(dyn Error + 'static) = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest
}

/// The name that an answer of S3 gives to what is wrong.
fn code(answer: &str) -> Option<&str> {
    let (_, rest) = answer.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_word = code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then_some(code)
}

/// The first line of a reason, if it is not too long.
fn brief(reason: &str) -> String {
    let line = reason.lines().next().unwrap_or_default();
    let shown = line.chars().filter(|c| !c.is_control());
    shown.take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, body: &str) -> object_store::Error {
        let text = format!("Server returned non-2xx status code: {status} X: {body}");
        object_store::Error::Generic {
            store: "S3",
            source: text.into(),
        }
    }

    #[test]
    fn what_helps_is_told_from_what_passes() {
        let body = |code: &str| {
            format!("<Error><Code>{code}</Code><StringToSign>secret</StringToSign></Error>")
        };
        for (status, code, needs_hands, word) in [
            (404, "NoSuchBucket", true, "no bucket"),
            (
                403,
                "InvalidAccessKeyId",
                true,
                "refuses (InvalidAccessKeyId)",
            ),
            (403, "SomethingNew", true, "refuses (SomethingNew)"),
            (503, "SlowDown", false, "SlowDown"),
        ] {
            let error = BucketError::from(answered(status, &body(code)));
            let said = error.to_string();
            assert_eq!(error.needs_hands(), needs_hands, "{said}");
            assert!(said.contains(word) && !said.contains("secret"), "{said}");
        }
        let said = BucketError::from(answered(502, "bad\ngateway")).to_string();
        assert!(said.ends_with("status code: 502 X: bad"), "{said}");
        let none = object_store::Error::Generic {
            store: "S3",
            source: Box::new(NoCredentials),
        };
        assert!(matches!(BucketError::from(none), BucketError::Anonymous));
    }
}
