//! A rule as the settings have it, for those who show it.

use std::time::Duration;

use crate::model::component::{ComponentId, Severity};
use crate::model::series::measure::Bad;
use crate::model::text::unit::Unit;
use crate::model::verdict::{Publish, RuleId};

/// What a rule asks for, and what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFacts {
    /// Its name.
    pub id: RuleId,
    /// Title of the incident that it opens.
    pub title: String,
    /// What it means for visitors, as it is written.
    pub text: String,
    /// Its condition.
    pub expr: String,
    /// What holds it once it fires.
    pub clear: Option<String>,
    /// The collector that evaluates it elsewhere.
    pub source: Option<String>,
    /// How long the condition must hold.
    pub hold: Duration,
    /// How long it goes on firing after that.
    pub keep_firing_for: Duration,
    /// How bad it is when it fires.
    pub severity: Severity,
    /// What it is about.
    pub components: Vec<ComponentId>,
    /// How far it may go by itself.
    pub publish: Publish,
    /// What its decisive values count.
    pub unit: Unit,
    /// Which of them are bad.
    pub bad: Bad,
}

impl RuleFacts {
    /// The threshold in words: `> 512 MiB`; `None` if no number decides.
    pub fn threshold(&self) -> Option<String> {
        let sign = match self.bad {
            Bad::Above(_) => ">",
            Bad::Below(_) => "<",
            Bad::At(_) => "=",
            Bad::Off(_) => "≠",
            Bad::Larger | Bad::Smaller => return None,
        };
        let number = self.bad.threshold()?;
        Some(format!("{sign} {}", self.unit.say(number)))
    }
}
