//! Incidents in lists of the console.

use crate::language::phases;
use crate::language::speech::Speech;
use crate::model::component::Health;
use crate::model::incident::Incident;
use crate::model::text::language::Language;
use crate::web::ops::console::incidents::addresses::address;
use crate::web::ops::console::moments::OperatorTime;
use crate::web::parts::look::sign::Sign;
use crate::web::site::View;

/// An incident in a list.
#[derive(Clone, Debug)]
pub(crate) struct IncidentRow {
    /// Its page.
    pub(crate) href: String,
    /// Its title.
    pub(crate) title: String,
    /// How bad it is or was.
    pub(crate) sign: Sign,
    /// The same in a word.
    pub(crate) word: String,
    /// The word of its newest phase, if it is open.
    pub(crate) phase: Option<String>,
    /// When it began.
    pub(crate) began: Option<OperatorTime>,
    /// When it was over.
    pub(crate) ended: Option<OperatorTime>,
    /// Names of the parts concerned.
    pub(crate) affected: Vec<String>,
    /// Rules that fire on although a person called it over.
    pub(crate) muted: Vec<String>,
    /// Whether it says that it never was.
    pub(crate) withdrawn: bool,
}

impl IncidentRow {
    /// An incident as a view shows it.
    pub(crate) fn new(incident: &Incident, view: &View<'_>) -> Self {
        let speech = Speech::of(Language::En);
        let is_over = incident.resolved == Some(true);
        let was = sign(incident);
        let (sign, word) = if is_over {
            (Sign::Ok, format!("resolved, was {}", was.word(&speech)))
        } else {
            (was, was.word(&speech))
        };
        let time = |at| OperatorTime::new(at, view);
        let phase = phases::phase(&speech, incident.phase().word());
        let overruled = incident.managed.overruled.iter();
        Self {
            href: address(&incident.id),
            title: incident.title.clone(),
            sign,
            word,
            phase: (!is_over).then_some(phase),
            began: incident.date.map(time),
            ended: incident.resolved_when.filter(|_| is_over).map(time),
            affected: incident.affected.clone(),
            muted: overruled.map(|rule| rule.0.clone()).collect(),
            withdrawn: incident.managed.withdrawn,
        }
    }
}

/// How bad an incident is or was, as a sign.
pub(crate) fn sign(incident: &Incident) -> Sign {
    incident
        .severity
        .map_or(Sign::Notice, |severity| Sign::from(Health::from(severity)))
}
