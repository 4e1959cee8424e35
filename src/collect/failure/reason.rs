//! Words for errors of libraries, as operators know the things that failed.

use std::error::Error;
use std::io;
use std::sync::Arc;

use redis::RedisError;
use rustls::{CertificateError, Error as TlsError, InvalidMessage};

use crate::model::text::truncate::truncate;

/// Longer words of a server are cut, in characters.
const LONGEST: usize = 300;

/// What a Redis answered, in its own words, and what can be done about it.
///
/// Operators search for the words of Redis; the client library has others.
pub(crate) fn of_redis(error: &RedisError) -> String {
    let Some(code) = error.code() else {
        // The client library adds nothing to what it wraps.
        return error.source().map_or_else(|| error.to_string(), of);
    };
    let detail = error.detail().unwrap_or_default();
    let answer = truncate(format!("{code} {detail}").trim(), LONGEST);
    match way_out(code, detail) {
        Some(hint) => format!("{answer}; {hint}"),
        None => answer,
    }
}

fn way_out(code: &str, detail: &str) -> Option<&'static str> {
    Some(match code {
        "NOAUTH" => {
            "the server requires a password; set `password`, and `username` if it has users"
        }
        "WRONGPASS" => "check `username` and `password`",
        "ERR" if detail.contains("max number of clients") => {
            "the server accepts no more connections; raise its `maxclients`, or see in \
             `CLIENT LIST` who holds them"
        }
        "ERR" if detail.contains("invalid password") => "check `password`",
        "CLUSTERDOWN" => {
            "some slots have no master; until they do, the cluster serves no keys, unless \
             `cluster-require-full-coverage` is off"
        }
        "OOM" => "the server has reached `maxmemory` and refuses writes",
        "LOADING" => {
            "the server is loading its data from disk; queues are unknown until it has finished"
        }
        "MASTERDOWN" => "the replica has lost its master and must not answer for the data",
        "BUSY" => "a script or function has been running for too long",
        _ => return None,
    })
}

/// The words of an error and of what caused it, without repetitions.
pub(crate) fn of(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(words) = known(error) {
            push(&mut text, &words);
            break;
        }
        push(&mut text, &error.to_string());
        next = error.source();
    }
    text
}

fn push(text: &mut String, words: &str) {
    if text.ends_with(words) {
        return;
    }
    if !text.is_empty() {
        text.push_str(": ");
    }
    text.push_str(words);
}

/// Better words for an error, if it is about TLS; it may be wrapped.
fn known(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<TlsError>() {
        return of_tls(error, false);
    }
    if let Some(shared) = error.downcast_ref::<Arc<dyn Error + Send + Sync>>() {
        return known(shared.as_ref());
    }
    known(error.downcast_ref::<io::Error>()?.get_ref()?)
}

/// Why a server's certificate, or what it speaks, is no good; `None` if the
/// library has good words for it.
///
/// Only who saw the certificate knows whether it is signed by itself.
pub(crate) fn of_tls(error: &TlsError, is_self_signed: bool) -> Option<String> {
    let words = match error {
        TlsError::InvalidCertificate(CertificateError::Other(other))
            if format!("{other:?}").contains("CaUsedAsEndEntity") =>
        {
            "the server's certificate is self-signed as an authority (CA:TRUE), which a server \
             must not present; create one with CA:FALSE, and set it, or the authority that \
             signed it, as the trusted `ca_file`"
        }
        TlsError::InvalidCertificate(
            CertificateError::UnknownIssuer | CertificateError::BadSignature,
        ) if is_self_signed => {
            "the server's certificate is self-signed; set it as the trusted `ca_file`"
        }
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "no trusted authority signed the server's certificate (UnknownIssuer): it is \
             self-signed, or signed by an authority that must be in the trusted `ca_file`"
        }
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the server does not speak TLS on this port"
        }
        _ => return None,
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(answer: &str) -> String {
        let value = redis::parse_redis_value(format!("-{answer}\r\n").as_bytes()).unwrap();
        let redis::Value::ServerError(error) = value else {
            panic!("{answer}");
        };
        of_redis(&error.into())
    }

    #[test]
    fn a_redis_is_quoted_word_by_word() {
        for answer in [
            "ERR max number of clients reached",
            "CLUSTERDOWN The cluster is down",
            "OOM command not allowed when used memory > 'maxmemory'.",
            "LOADING Redis is loading the dataset in memory",
            "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
            "BUSY Redis is busy running a script.",
            "NOAUTH Authentication required.",
            "WRONGPASS invalid username-password pair or user is disabled.",
        ] {
            let text = words(answer);
            assert!(text.starts_with(&format!("{answer}; ")), "{text}");
        }
        assert_eq!(words("MISCONF Errors writing"), "MISCONF Errors writing");
        assert_eq!(words("OWN"), "OWN");
        let long = words(&format!("DENIED {}", "é".repeat(400)));
        assert_eq!(long.chars().count(), LONGEST);
    }

    #[test]
    fn a_certificate_that_nobody_vouches_for_is_told_through_any_wrapping() {
        let unknown = || TlsError::InvalidCertificate(CertificateError::UnknownIssuer);
        let wrapped = io::Error::other(io::Error::other(unknown()));
        assert!(of(&wrapped).starts_with("no trusted authority signed"));
        let redis = RedisError::from(io::Error::new(io::ErrorKind::InvalidData, unknown()));
        assert!(
            of_redis(&redis).contains("self-signed"),
            "{}",
            of_redis(&redis)
        );
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(of(&refused), "connection refused");
    }
}
