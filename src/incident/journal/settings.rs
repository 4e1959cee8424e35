//! Settings of the journal.

use std::path::PathBuf;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::incident::maintenance::occurrences::Plan;
use crate::model::request::leadership::Leadership;
use crate::model::text::language::Language;

/// Settings of the journal that do not change while it runs.
#[derive(Clone, Debug)]
pub struct JournalSettings {
    /// The incidents folder.
    pub folder: PathBuf,
    /// How long all must be quiet before an incident is over.
    pub hold: Duration,
    /// The site's time zone.
    pub zone: TimeZone,
    /// The zone of dates in the files that name none.
    pub dates: TimeZone,
    /// Whether pages dated in the future are shown, as cState sites want it.
    pub build_future: bool,
    /// The site's language, in which the journal writes.
    pub language: Language,
    /// Languages of the site, the first one first; none if it has one alone.
    pub languages: Vec<String>,
    /// Maintenance that is planned in the settings.
    pub plans: Vec<Plan>,
    /// Whether a lease lets this monitor write.
    pub lease: Leadership,
}

impl JournalSettings {
    /// A folder of a site that says nothing else.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            hold: Duration::from_mins(15),
            zone: TimeZone::UTC,
            dates: TimeZone::UTC,
            build_future: true,
            language: Language::default(),
            languages: Vec::new(),
            plans: Vec::new(),
            lease: Leadership::default(),
        }
    }
}
