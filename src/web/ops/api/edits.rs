//! What somebody may do to a file that is there, and how a body says it: the API and
//! the console read the same fields.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::component::Severity;
use crate::model::request::incidents::incident_change::{
    ChangedKeys, IncidentEdit, NewIncident, NewWork, Opener,
};
use crate::model::verdict::RuleId;
use crate::web::ops::access::error::OpsError;
use crate::web::ops::api::fields::BodyFields;

/// The keys of a head that a body may change.
const KEYS: [&str; 5] = ["title", "date", "severity", "affected", "severityOf"];

/// The rule whose risk is accepted if none is named.
const CAPACITY: &str = "capacity-lint";

/// What a text is for.
const TEXT: &str = "say what visitors read, as markdown";

/// By what a body is read.
#[derive(Clone, Debug)]
pub(crate) struct EditScene {
    /// The zone of moments that name none.
    pub(crate) zone: TimeZone,
    /// The moment.
    pub(crate) now: Timestamp,
    /// The name of who asks.
    pub(crate) by: String,
}

/// What somebody may do to a file that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EditAct {
    /// Add an update, and change keys.
    Update,
    /// Change keys without a word to visitors.
    Change,
    /// Give the newest update another text.
    Correct,
    /// Call it over.
    Resolve,
    /// Open it again.
    Reopen,
    /// Say that it never was.
    Withdraw,
    /// Publish a draft, or the post-mortem of what is over.
    Publish,
    /// Accept a standing risk.
    Accept,
    /// Write the post-mortem.
    Report,
    /// Put another text in the place of the whole file.
    Replace,
    /// Delete a draft.
    Delete,
    /// Let planned work end at another moment.
    Extend,
    /// Say that planned work is done.
    End,
    /// Call planned work off.
    Cancel,
}

impl EditAct {
    /// The words of the audit log.
    pub(crate) fn audited(self) -> &'static str {
        match self {
            Self::Update => "update incident",
            Self::Change => "change incident",
            Self::Correct => "correct incident",
            Self::Resolve => "resolve incident",
            Self::Reopen => "reopen incident",
            Self::Withdraw => "withdraw incident",
            Self::Publish => "publish incident",
            Self::Accept => "accept risk",
            Self::Report => "write post-mortem",
            Self::Replace => "replace incident",
            Self::Delete => "delete incident",
            Self::Extend => "extend maintenance",
            Self::End => "end maintenance",
            Self::Cancel => "cancel maintenance",
        }
    }

    /// What may stand in a body.
    fn known(self) -> Vec<&'static str> {
        match self {
            Self::Update => [&KEYS[..], &["text", "phase"]].concat(),
            Self::Change => KEYS.to_vec(),
            Self::Correct => [&KEYS[..], &["text"]].concat(),
            Self::Resolve | Self::End => vec!["at", "text"],
            Self::Reopen => vec!["phase", "text"],
            Self::Withdraw | Self::Publish | Self::Report | Self::Replace | Self::Cancel => {
                vec!["text"]
            }
            Self::Accept => vec!["rule", "by"],
            Self::Delete => Vec::new(),
            Self::Extend => vec!["until", "text"],
        }
    }

    /// What a body asks.
    pub(crate) fn read(self, body: &[u8], scene: &EditScene) -> Result<IncidentEdit, OpsError> {
        let mut fields = BodyFields::read(body, &self.known())?;
        let edit = self.edit(&mut fields, scene);
        fields.done()?;
        Ok(edit)
    }

    fn edit(self, fields: &mut BodyFields, scene: &EditScene) -> IncidentEdit {
        let moment = |fields: &mut BodyFields, name| fields.moment(name, &scene.zone, scene.now);
        match self {
            Self::Update => IncidentEdit::Update {
                opener: fields.opener(Opener::Update),
                keys: keys(fields, scene),
                text: Some(fields.needed("text", TEXT)),
            },
            Self::Change => IncidentEdit::Update {
                opener: Opener::Update,
                keys: keys(fields, scene),
                text: None,
            },
            Self::Correct => IncidentEdit::Correct {
                keys: keys(fields, scene),
                text: fields.needed("text", TEXT),
            },
            Self::Resolve => IncidentEdit::Resolve {
                at: moment(fields, "at"),
                text: fields.text("text"),
            },
            Self::Reopen => IncidentEdit::Reopen {
                opener: fields.opener(Opener::Investigating),
                text: fields.text("text"),
            },
            Self::Withdraw => IncidentEdit::Withdraw {
                text: fields.text("text"),
            },
            Self::Publish => IncidentEdit::Publish {
                text: fields.text("text"),
            },
            Self::Accept => IncidentEdit::Accept {
                rule: RuleId(fields.text("rule").unwrap_or_else(|| CAPACITY.to_owned())),
                by: fields.text("by").unwrap_or_else(|| scene.by.clone()),
            },
            Self::Report => IncidentEdit::Report {
                text: fields.needed("text", "write what was learned, below headings"),
            },
            Self::Replace => IncidentEdit::Replace {
                text: fields.needed("text", "write the whole file"),
            },
            Self::Delete => IncidentEdit::Delete,
            Self::Extend => IncidentEdit::Extend {
                until: needed_moment(fields, scene, "until", "say when it ends now"),
                text: fields.text("text"),
            },
            Self::End => IncidentEdit::End {
                at: moment(fields, "at"),
                text: fields.text("text"),
            },
            Self::Cancel => IncidentEdit::Cancel {
                text: fields.text("text"),
            },
        }
    }
}

/// An incident that a body begins.
pub(crate) fn new_incident(body: &[u8], scene: &EditScene) -> Result<NewIncident, OpsError> {
    let known = [&KEYS[..], &["text", "phase", "draft", "join"]].concat();
    let mut fields = BodyFields::read(body, &known)?;
    let severity = fields.severity("severity");
    if severity.is_none() && !fields.is_faulty("severity") {
        fields.wrong("severity", "say how bad it is: down, disrupted or notice");
    }
    let new = NewIncident {
        title: fields.needed("title", "say what it is, in one line"),
        severity: severity.unwrap_or(Severity::Notice),
        affected: affected(&mut fields),
        levels: fields.levels("severityOf"),
        date: fields.moment("date", &scene.zone, scene.now),
        over: None,
        draft: fields.flag("draft"),
        join: fields.flag("join"),
        opener: fields.opener(Opener::Investigating),
        text: fields.needed("text", TEXT),
        state_of: None,
    };
    fields.done()?;
    Ok(new)
}

/// Planned work that a body announces.
pub(crate) fn new_work(body: &[u8], scene: &EditScene) -> Result<NewWork, OpsError> {
    let known = ["title", "from", "to", "affected", "text"];
    let mut fields = BodyFields::read(body, &known)?;
    let work = NewWork {
        title: fields.needed("title", "say what is done, in one line"),
        from: needed_moment(&mut fields, scene, "from", "say when it begins"),
        to: needed_moment(&mut fields, scene, "to", "say when it ends"),
        affected: affected(&mut fields),
        text: fields.text("text"),
    };
    fields.done()?;
    Ok(work)
}

/// The keys that a body changes.
fn keys(fields: &mut BodyFields, scene: &EditScene) -> ChangedKeys {
    ChangedKeys {
        title: fields.text("title"),
        date: fields.moment("date", &scene.zone, scene.now),
        severity: fields.severity("severity"),
        affected: fields.names("affected"),
        levels: fields.levels("severityOf"),
    }
}

/// The components concerned, of which there must be one.
fn affected(fields: &mut BodyFields) -> Vec<String> {
    let affected = fields.names("affected");
    if affected.as_ref().is_none_or(Vec::is_empty) && !fields.is_faulty("affected") {
        fields.wrong("affected", "name the components concerned, in a list");
    }
    affected.unwrap_or_default()
}

/// A moment that must be there.
fn needed_moment(fields: &mut BodyFields, scene: &EditScene, field: &str, way: &str) -> Timestamp {
    let at = fields.moment(field, &scene.zone, scene.now);
    if at.is_none() && !fields.is_faulty(field) {
        fields.wrong(field, way);
    }
    at.unwrap_or(scene.now)
}
