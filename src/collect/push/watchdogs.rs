//! The alerts that always fire while their senders are well.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::request::samples::push::{AlertFate, PushedAlert};
use crate::model::series::matcher::{LabelMatcher, MatchOperator, MatcherError, parse};

/// All alerts that are known, by their labels.
pub(crate) type KnownAlerts = BTreeMap<BTreeMap<String, String>, PushedAlert>;

/// The alerts of the settings that must fire for others to be believed.
#[derive(Debug)]
pub(crate) struct Watchdogs {
    awaited: Vec<Awaited>,
}

#[derive(Debug)]
struct Awaited {
    /// As the settings name it.
    text: String,
    matchers: Vec<LabelMatcher>,
    /// Since when it has been heard without a break.
    unbroken: Option<Timestamp>,
}

impl Awaited {
    fn is(&self, alert: &PushedAlert) -> bool {
        let value = |label: &str| alert.labels.get(label).map_or("", String::as_str);
        let mut matchers = self.matchers.iter();
        matchers.all(|one| one.matches(value(one.label())))
    }

    /// When it was told last, if it fires.
    fn heard(&self, alerts: &KnownAlerts, now: Timestamp) -> Option<Timestamp> {
        let own = alerts.values().filter(|alert| self.is(alert));
        let own = own.filter(|alert| alert.fate(now) == AlertFate::Fires);
        own.map(|alert| alert.updated).max()
    }
}

impl Watchdogs {
    /// Reads what the settings name: names of alerts, or matchers of their labels.
    pub(crate) fn read(texts: &[String]) -> Result<Self, MatcherError> {
        let awaited = texts.iter().map(|text| {
            let matchers = if text.contains('=') {
                parse(text)?
            } else {
                vec![LabelMatcher::new("alertname", MatchOperator::Equal, text)?]
            };
            Ok(Awaited {
                text: text.clone(),
                matchers,
                unbroken: None,
            })
        });
        Ok(Self {
            awaited: awaited.collect::<Result<_, _>>()?,
        })
    }

    /// Whether an alert is one of them.
    pub(crate) fn has(&self, alert: &PushedAlert) -> bool {
        self.awaited.iter().any(|one| one.is(alert))
    }

    /// Whether the settings name none.
    pub(crate) fn is_empty(&self) -> bool {
        self.awaited.is_empty()
    }

    /// Notes which of them are heard.
    pub(crate) fn update(&mut self, alerts: &KnownAlerts, now: Timestamp) {
        for one in &mut self.awaited {
            let heard = one.heard(alerts, now);
            one.unbroken = heard.map(|_| one.unbroken.unwrap_or(now));
        }
    }

    /// The first that does not fire, as the settings name it.
    pub(crate) fn silent(&self, alerts: &KnownAlerts, now: Timestamp) -> Option<&str> {
        let mut awaited = self.awaited.iter();
        let silent = awaited.find(|one| one.heard(alerts, now).is_none());
        silent.map(|one| &*one.text)
    }

    /// Until when each of them is known to have been well: when the one was told
    /// last that was told longest ago, and since when all are heard.
    ///
    /// `None` while one is silent, or if there are none.
    pub(crate) fn vouch(&self, alerts: &KnownAlerts, now: Timestamp) -> Option<Vouch> {
        let mut vouch: Option<Vouch> = None;
        for one in &self.awaited {
            let (since, last) = (one.unbroken?, one.heard(alerts, now)?);
            vouch = Some(vouch.map_or(Vouch { since, last }, |before| Vouch {
                since: before.since.max(since),
                last: before.last.min(last),
            }));
        }
        vouch
    }
}

/// From when until when all watchdogs are known to have been well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vouch {
    since: Timestamp,
    last: Timestamp,
}

impl Vouch {
    /// Whether an alert that ran out must be over, as it would have been told
    /// again: its senders were well after it ran out, and have been for as long
    /// as it takes them to repeat what fires.
    pub(crate) fn disproves(self, alert: &PushedAlert) -> bool {
        let told_for = alert.ends.duration_since(alert.updated);
        let repeat = told_for.checked_div(2).unwrap_or(SignedDuration::MAX);
        self.last > alert.ends && self.last.duration_since(self.since) >= repeat
    }
}
