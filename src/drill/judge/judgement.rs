//! What the judge found.

use crate::drill::scenario::outage::MeritId;

/// Whether a drill held, and why not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Judgement {
    /// Everything that was not as it must be, in the order of time.
    pub(crate) faults: Vec<JudgedFault>,
    /// The minutes in which the page said something wrong.
    pub(crate) wrong_minutes: Vec<f64>,
    /// The numbers of merit.
    pub(crate) merits: Vec<MeritFound>,
}

/// Something that was not as it must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct JudgedFault {
    /// The minute.
    pub(crate) t: f64,
    /// What was wrong, for people.
    pub(crate) text: String,
}

/// A number of merit: as it was then, and as it is now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MeritFound {
    /// Which.
    pub(crate) id: MeritId,
    /// In the outage that the scenario repeats.
    pub(crate) then: f64,
    /// In this drill; none if it cannot be told.
    pub(crate) now: Option<f64>,
    /// Whether it is as it must be.
    pub(crate) holds: bool,
    /// Whether any value will do: it is measured to be compared.
    pub(crate) is_free: bool,
}

impl Judgement {
    /// Whether everything was as it must be.
    pub(crate) fn holds(&self) -> bool {
        self.faults.is_empty()
    }
}

impl JudgedFault {
    /// Notes a fault.
    pub(crate) fn new(t: f64, text: impl Into<String>) -> Self {
        Self {
            t,
            text: text.into(),
        }
    }
}
