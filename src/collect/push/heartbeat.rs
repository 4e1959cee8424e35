//! A dead man's switch: jobs say that they have run; silence is what is bad.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::mpsc;

use crate::collect::failure::cause::Failure;
use crate::collect::push::beats::Beats;
use crate::collect::push::entry::{Tools, WAITING, closed};
use crate::collect::push::samples::SHORTEST;
use crate::model::request::samples::push::{Beat, Push, PushEntry};
use crate::model::sample::Sample;
use crate::model::text::shape::SecretText;
use crate::model::token_hash::TokenHash;

/// Longest name, in bytes.
const NAME: usize = 128;

/// A `[[collector]]` of the type `heartbeat`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeartbeatSettings {
    /// The names of the jobs.
    pub(crate) names: Vec<String>,
    /// The secret part of the address to which each job may push without a token.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, SecretText>")]
    pub(crate) secrets: BTreeMap<String, SecretString>,
}

impl HeartbeatSettings {
    /// Whether the names can stand in an address.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        for name in &self.names {
            if name.is_empty() || name.len() > NAME || !name.bytes().all(is_plain) {
                return Err(Failure::Answer(format!(
                    "write `{name}` in letters, digits, dashes and dots: it is part of an address"
                )));
            }
            if !seen.insert(name) {
                return Err(Failure::Answer(format!(
                    "the heartbeat `{name}` appears twice"
                )));
            }
        }
        self.check_secrets()?;
        if self.names.is_empty() {
            let words = "name the jobs that are awaited: `names = [\"backup\"]`";
            return Err(Failure::Answer(words.to_owned()));
        }
        Ok(())
    }
}

impl HeartbeatSettings {
    fn check_secrets(&self) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        for (name, secret) in &self.secrets {
            let secret = secret.expose_secret();
            let fault = if !self.names.contains(name) {
                format!("`secrets`: no heartbeat `{name}` is awaited; add it to `names`")
            } else if secret.len() < SHORTEST || !secret.bytes().all(is_plain) {
                format!(
                    "`secrets`: that of `{name}` has at least {SHORTEST} letters and digits, since \
                    it stands in an address; make one with `openssl rand -hex 16`"
                )
            } else if !seen.insert(secret) {
                format!("`secrets`: that of `{name}` is also that of another heartbeat")
            } else {
                continue;
            };
            return Err(Failure::Answer(fault));
        }
        Ok(())
    }

    /// What is kept of the secrets, with the names that they stand for.
    fn hashes(&self) -> Vec<(TokenHash, String)> {
        let secrets = self.secrets.iter();
        secrets
            .map(|(name, secret)| (TokenHash::of(secret.expose_secret()), name.clone()))
            .collect()
    }
}

/// Whether this may stand in an address as it is.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

/// Waits for heartbeats.
#[derive(Debug)]
pub struct HeartbeatCollector {
    settings: HeartbeatSettings,
    open: Option<Box<HeartbeatEntry>>,
}

#[derive(Debug)]
struct HeartbeatEntry {
    beats: Beats,
    inbox: mpsc::Receiver<Push<Beat>>,
    clock: fn() -> Timestamp,
}

impl HeartbeatCollector {
    /// Starts with its door closed.
    pub(crate) fn new(settings: HeartbeatSettings) -> Self {
        Self {
            settings,
            open: None,
        }
    }

    /// Opens the door and reads what is known from before.
    pub(crate) fn open(&mut self, tools: &Tools<'_>) -> Result<PushEntry, Failure> {
        let names = self.settings.names.clone();
        let beats = Beats::open(tools.store()?, &names, (tools.clock)());
        let beats = beats
            .map_err(|error| Failure::Answer(format!("heartbeats cannot be read: {error}")))?;
        let (sender, inbox) = mpsc::channel(WAITING);
        self.open = Some(Box::new(HeartbeatEntry {
            beats,
            inbox,
            clock: tools.clock,
        }));
        Ok(PushEntry::Heartbeats {
            names,
            secrets: self.settings.hashes(),
            beats: sender,
        })
    }

    /// Waits for a heartbeat, and takes it and those behind it over.
    pub(crate) async fn pushed(&mut self) {
        let Some(open) = &mut self.open else {
            return std::future::pending().await;
        };
        let Some(first) = open.inbox.recv().await else {
            return std::future::pending().await;
        };
        let mut next = Some(first);
        while let Some(Push { what, answer }) = next {
            open.beats.take(&what, (open.clock)());
            // Who pushed may have gone away; the beat counts all the same.
            let _ = answer.send(Ok(()));
            next = open.inbox.try_recv().ok();
        }
    }

    /// Says what is known.
    pub(crate) fn collect(&self) -> Result<Vec<Sample>, Failure> {
        let open = self.open.as_ref().ok_or_else(closed)?;
        Ok(open.beats.samples((open.clock)()))
    }
}
