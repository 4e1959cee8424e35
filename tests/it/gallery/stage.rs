//! What every state is made on: the parts, their past, and what is written.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use critwatch::incident::file::document::Document;
use critwatch::incident::maintenance::progress;
use critwatch::model::board::{Board, Facts, Outlook, Sight};
use critwatch::model::component::Component;
use critwatch::model::facts::firsthand::Firsthand;
use critwatch::model::facts::uptime::Uptime;
use critwatch::model::incident::{Incident, IncidentId};
use critwatch::model::series::measure::ChartState;
use critwatch::model::text::language::Language;
use critwatch::model::text::slug;
use critwatch::model::verdict::{RuleState, Verdict};
use critwatch::web::site::Names;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::gallery::Scene;
use crate::gallery::parts::{component, suffer, track, uptime, verdict};

pub(super) const PARTS: [(&str, &str); 9] = [
    ("Application", "The website and the tables"),
    ("API", "What plugins and the website talk to"),
    ("Blog", ""),
    ("Cache", "Keeps sessions and waiting rolls"),
    ("Database", ""),
    ("Documentation", ""),
    ("Status", "This page"),
    ("Worker", "Rolls the dice"),
    ("WebSockets", ""),
];

pub(super) struct Stage {
    pub(super) now: Timestamp,
    pub(super) names: Names,
    pub(super) language: Language,
    pub(super) components: Vec<(Component, Arc<Uptime>)>,
    pub(super) incidents: Vec<Incident>,
    pub(super) outlooks: BTreeMap<IncidentId, Outlook>,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) sight: Sight,
    pub(super) charts: Vec<Arc<ChartState>>,
    pub(super) firsthand: Firsthand,
}

impl Stage {
    pub(super) fn new(now: Timestamp) -> Self {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut names = Names::new("dddice", zone.clone());
        names.description =
            Some("Rolls, rooms and dice, measured from outside and from within.".into());
        names.url = Some("https://status.example.org".into());
        names.subscriptions = true;
        let components = PARTS.iter().enumerate().map(|(at, (name, about))| {
            let component = component(name, about, None);
            (component, Arc::new(uptime(now, &zone, at)))
        });
        let mut stage = Self {
            now,
            names,
            language: Language::En,
            components: components.collect(),
            incidents: Vec::new(),
            outlooks: BTreeMap::new(),
            verdicts: Vec::new(),
            sight: Sight::Fresh {
                last: now - Duration::from_secs(2),
            },
            charts: Vec::new(),
            firsthand: Firsthand::default(),
        };
        for (days, minutes, title, severity, parts) in [
            (
                3_u64,
                25_u64,
                "Rolls appear late",
                "disrupted",
                &["API", "Worker"][..],
            ),
            (
                9,
                362,
                "Sessions are lost",
                "down",
                &["Application", "API", "Cache"],
            ),
            (47, 9, "Database is slow", "disrupted", &["Database"]),
        ] {
            stage.past(days, minutes, title, severity, parts);
        }
        stage
    }

    pub(super) fn scene(mut self) -> Scene {
        self.suffer();
        if self.verdicts.is_empty() && self.sight != Sight::Unwatched {
            let quiet = RuleState::Quiet { since: self.now };
            let parts = self.components.iter();
            self.verdicts = parts.map(|(part, _)| verdict(part, quiet)).collect();
        }
        self.incidents
            .sort_by_key(|incident| std::cmp::Reverse(incident.date));
        let incidents: Vec<_> = self.incidents.into_iter().map(Arc::new).collect();
        let board = Board::new(
            self.now,
            self.components,
            Facts {
                maintenance: progress::all(&incidents, self.now),
                incidents: Arc::new(incidents.into()),
                outlooks: self.outlooks,
                verdicts: self.verdicts,
                firsthand: self.firsthand,
                ..Facts::of(self.sight)
            },
        );
        let board = Board {
            charts: Arc::new(self.charts),
            ..board
        };
        Scene {
            names: self.names,
            board,
            language: self.language,
            now: self.now,
        }
    }

    /// What open incidents took from this day.
    pub(super) fn suffer(&mut self) {
        let open = self.incidents.iter().filter(|one| one.is_active());
        for incident in open {
            let (Some(severity), Some(began)) = (incident.severity, incident.date) else {
                continue;
            };
            let lasted = Duration::try_from(self.now.duration_since(began)).unwrap_or_default();
            let parts = self.components.iter_mut();
            for (_, past) in parts.filter(|(part, _)| incident.affected.contains(&part.name)) {
                suffer(Arc::make_mut(past), severity, lasted, self.now);
            }
        }
    }

    pub(super) fn ago(&self, minutes: u64) -> Timestamp {
        self.now - Duration::from_mins(minutes)
    }

    pub(super) fn write(
        &mut self,
        title: &str,
        head: &str,
        body: &str,
        at: Timestamp,
    ) -> IncidentId {
        let file = format!("{}-{}.md", at.strftime("%Y-%m-%d"), slug::component(title));
        let text = format!(
            "---\nsection: issue\ntitle: {}\ndate: {at}\n{head}\n---\n{body}\n",
            serde_json::Value::from(title)
        );
        let incident = Document::parse(text).unwrap().incident(&file);
        self.incidents.push(incident);
        self.incidents.last().unwrap().id.clone()
    }

    pub(super) fn past(
        &mut self,
        days: u64,
        minutes: u64,
        title: &str,
        severity: &str,
        parts: &[&str],
    ) {
        let at = self.now - Duration::from_hours(days * 24 + 1);
        // The same day as its bar, also just after midnight.
        let today = self.now.to_zoned(self.names.zone.clone()).date();
        let day = today - i64::try_from(days).unwrap().days();
        let midnight = day.to_zoned(self.names.zone.clone()).unwrap().timestamp();
        let at = at.max(midnight + Duration::from_mins(1));
        let end = at + Duration::from_mins(minutes);
        let head = format!(
            "resolved: true\nresolvedWhen: {end}\nseverity: {severity}\naffected: {parts:?}"
        );
        let body = format!(
            "*Resolved* - It works again. {}\n\n*Investigating* - We look into it. {}\n\n## Background\n\nRedis is the cache.\n\n## Problem\n\nIt was full.\n",
            track(end),
            track(at)
        );
        self.write(title, &head, &body, at);
    }

    pub(super) fn open(
        &mut self,
        title: &str,
        severity: &str,
        parts: &[&str],
        text: &str,
    ) -> IncidentId {
        let at = self.ago(12);
        let head = format!("resolved: false\nseverity: {severity}\naffected: {parts:?}");
        let body = format!("*Investigating* - {text} {}", track(at));
        self.write(title, &head, &body, at)
    }
}
