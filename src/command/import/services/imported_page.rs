//! What another program knows, in words of ours.

use jiff::Timestamp;

use crate::model::component::Severity;
use crate::model::finding::{Finding, Weight};

/// All that was read.
#[derive(Clone, Debug, Default)]
pub(crate) struct ImportedPage {
    /// The name of the page.
    pub(crate) title: Option<String>,
    /// Its address.
    pub(crate) url: Option<String>,
    /// What visitors know by name.
    pub(crate) components: Vec<ImportedComponent>,
    /// What is asked.
    pub(crate) probes: Vec<ImportedProbe>,
    /// Jobs that report.
    pub(crate) heartbeats: Vec<ImportedHeartbeat>,
    /// What was.
    pub(crate) incidents: Vec<ImportedIncident>,
    /// Who gets mails.
    pub(crate) subscribers: Vec<PastSubscriber>,
    /// What is not taken, or not as it was.
    pub(crate) findings: Vec<Finding>,
}

impl ImportedPage {
    /// Notes what is not taken, and why.
    pub(crate) fn leave_out(&mut self, file: &str, line: Option<usize>, message: String) {
        self.findings.push(Finding {
            weight: Weight::Warning,
            kind: "skipped",
            file: file.to_owned(),
            line,
            column: None,
            message,
            fix: None,
        });
    }

    /// Notes what is taken in another way.
    pub(crate) fn change(&mut self, file: &str, line: Option<usize>, message: String) {
        self.findings.push(Finding {
            weight: Weight::Hint,
            kind: "changed",
            file: file.to_owned(),
            line,
            column: None,
            message,
            fix: None,
        });
    }

    /// Adds a component, unless it is known.
    pub(crate) fn component(&mut self, component: ImportedComponent) {
        if !self
            .components
            .iter()
            .any(|known| known.key == component.key)
        {
            self.components.push(component);
        }
    }
}

/// What visitors know by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct ImportedComponent {
    /// The other program's name for it.
    pub(crate) key: String,
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) description: Option<String>,
    /// The group that it stands in.
    pub(crate) category: Option<String>,
}

/// How something is asked.
#[derive(Clone, Debug)]
pub(crate) enum ProbeTarget {
    /// By HTTP.
    Http {
        /// Where.
        url: String,
        /// How, unless by GET.
        method: Option<String>,
        /// Statuses that are good, unless 2xx.
        status: Vec<toml::Value>,
        /// A pattern that the body must have.
        body: Option<String>,
        /// A pattern that it must not have.
        body_not: Option<String>,
        /// Expectations of its JSON.
        json: Vec<toml::Table>,
    },
    /// By opening a connection.
    Tcp {
        /// Where.
        address: String,
        /// Whether with TLS.
        tls: bool,
    },
    /// By opening a `WebSocket`.
    WebSocket {
        /// Where.
        url: String,
    },
}

impl ProbeTarget {
    /// The URL, if it has one.
    pub(crate) fn url(&self) -> Option<&str> {
        match self {
            Self::Http { url, .. } | Self::WebSocket { url } => Some(url),
            Self::Tcp { .. } => None,
        }
    }
}

/// Something that is asked.
#[derive(Clone, Debug)]
pub(crate) struct ImportedProbe {
    /// The component that it is about.
    pub(crate) component: String,
    /// How it is asked.
    pub(crate) target: ProbeTarget,
    /// How often, in seconds.
    pub(crate) interval: f64,
    /// How long an answer may take, in seconds.
    pub(crate) timeout: Option<f64>,
    /// For how long it must fail, in seconds.
    pub(crate) hold: f64,
    /// From how many seconds on an answer is slow.
    pub(crate) slow: Option<f64>,
    /// How many seconds before its end a certificate is told.
    pub(crate) certificate: Option<f64>,
}

/// A job that reports.
#[derive(Clone, Debug)]
pub(crate) struct ImportedHeartbeat {
    /// The component that it is about.
    pub(crate) component: String,
    /// Its name.
    pub(crate) name: String,
    /// After how many seconds it is late.
    pub(crate) late: f64,
}

/// An incident, or planned work, that was.
#[derive(Clone, Debug)]
pub(crate) struct ImportedIncident {
    /// Heading.
    pub(crate) title: String,
    /// When it began.
    pub(crate) began: Timestamp,
    /// When it was over.
    pub(crate) ended: Option<Timestamp>,
    /// How bad it was.
    pub(crate) severity: Severity,
    /// The components concerned, by the other program's names.
    pub(crate) affected: Vec<String>,
    /// What was said.
    pub(crate) updates: Vec<PastUpdate>,
    /// What was learned.
    pub(crate) postmortem: Option<String>,
    /// Whether it was planned.
    pub(crate) is_planned: bool,
}

/// Something that was said.
#[derive(Clone, Debug)]
pub(crate) struct PastUpdate {
    /// When.
    pub(crate) at: Timestamp,
    /// The word that opens it.
    pub(crate) word: &'static str,
    /// The words.
    pub(crate) text: String,
}

/// Somebody who gets mails.
#[derive(Clone, Debug)]
pub(crate) struct PastSubscriber {
    /// The address.
    pub(crate) address: String,
    /// The components, by the other program's names; none for all.
    pub(crate) components: Vec<String>,
}
