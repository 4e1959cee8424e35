//! Boards of every state that the page must show well, as of any moment.

mod parts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use critwatch::incident::file::document::Document;
use critwatch::incident::maintenance::progress;
use critwatch::model::board::{Board, BoardInput, Outlook, Sight, Wait};
use critwatch::model::component::{Component, ComponentId};
use critwatch::model::facts::uptime::{DayTally, Uptime};
use critwatch::model::incident::{Incident, IncidentId};
use critwatch::model::request::event_feed::{Noted, NotesDoor};
use critwatch::model::series::measure::{ChartSpan, FigureState, PublishedSeries};
use critwatch::model::text::language::Language;
use critwatch::model::text::slug;
use critwatch::model::text::unit::Unit;
use critwatch::model::verdict::{RuleState, Verdict};
use critwatch::web::reports::counter::Tallied;
use critwatch::web::reports::submit::Reports;
use critwatch::web::site::{FreePage, Names, View};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use parts::{backlog, component, course, suffer, track, uptime, verdict};

/// Every state, by its name.
pub(crate) const SCENES: [&str; 15] = [
    "healthy",
    "notice",
    "disrupted",
    "outage",
    "watched",
    "maintenance",
    "blind",
    "first-day",
    "crowd",
    "forty",
    "figures",
    "long-title",
    "right-to-left",
    "german",
    "japanese",
];

/// A picture beside an incident.
const PICTURE: &str = include_str!("../../golden/chart-alone.svg.snap");

/// A folder with the pictures that incidents show.
pub(crate) fn pictures(board: &Board) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (_, svg) = PICTURE.split_once("---\n<svg").unwrap();
    let shown = board.incidents.iter();
    for incident in shown.filter(|one| one.body.contains(".svg)")) {
        let file = folder.path().join(incident.picture());
        std::fs::write(file, format!("<svg{svg}")).unwrap();
    }
    folder
}

const PARTS: [(&str, &str); 9] = [
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

/// Where reports of visitors go; nobody reads them.
pub(crate) fn reports() -> Reports {
    let (entries, _) = std::sync::mpsc::sync_channel(1);
    let (_, noted) = tokio::sync::watch::channel(Noted::default());
    let tallied = Tallied::register(&prometheus::Registry::new()).unwrap();
    Reports::new(NotesDoor { entries, noted }, tallied)
}

/// A board with the words of its site.
pub(crate) struct Scene {
    pub(crate) names: Names,
    pub(crate) board: Board,
    pub(crate) language: Language,
    pub(crate) now: Timestamp,
}

impl Scene {
    /// Makes something of its view.
    pub(crate) fn show<T>(&self, page: impl FnOnce(&View<'_>) -> T) -> T {
        page(&View {
            language: self.language,
            ..View::new(&self.names, &self.board, self.now)
        })
    }
}

/// The scene of that name.
pub(crate) fn scene(name: &str, now: Timestamp) -> Scene {
    let mut stage = Stage::new(now);
    match name {
        "disrupted" => stage.disrupted(),
        "outage" => stage.outage(),
        "watched" => stage.watched(),
        "maintenance" => stage.maintenance(),
        "blind" => {
            let since = now - Duration::from_mins(12);
            stage.sight = Sight::Blind { since };
            stage.unknown();
        }
        "first-day" => stage.first_day(),
        "notice" => stage.notice(),
        "crowd" => stage.crowd(),
        "forty" => stage.forty(),
        "figures" => stage.figures(),
        "long-title" => {
            let title = "Rolls of more than a hundred dice at once appear late or twice \
                on tables with many guests, and exports of them are empty";
            assert_eq!(title.len(), 120);
            stage.open(
                title,
                "disrupted",
                &["API", "Worker"],
                "Some rolls are late.",
            );
        }
        "right-to-left" => {
            let title = "انقطاع الخدمة: لا تظهر رميات النرد";
            stage.open(
                title,
                "down",
                &["API", "Cache"],
                "نبحث عن السبب. الرميات لا تظهر.",
            );
        }
        "german" => stage.german(),
        "japanese" => stage.japanese(),
        _ => {}
    }
    stage.scene()
}

struct Stage {
    now: Timestamp,
    names: Names,
    language: Language,
    components: Vec<(Component, Arc<Uptime>)>,
    incidents: Vec<Incident>,
    outlooks: BTreeMap<IncidentId, Outlook>,
    verdicts: Vec<Verdict>,
    sight: Sight,
    figures: Vec<Arc<FigureState>>,
}

impl Stage {
    fn new(now: Timestamp) -> Self {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut names = Names::new("dddice", zone.clone());
        names.description =
            Some("Rolls, rooms and dice, measured from outside and from within.".into());
        names.url = Some("https://status.example.org".into());
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
            figures: Vec::new(),
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

    fn scene(mut self) -> Scene {
        self.suffer();
        self.incidents
            .sort_by_key(|incident| std::cmp::Reverse(incident.date));
        let incidents: Vec<_> = self.incidents.into_iter().map(Arc::new).collect();
        let board = Board::new(
            self.now,
            BoardInput {
                components: self.components,
                planned: progress::planned(&incidents, self.now),
                incidents: Arc::new(incidents.into()),
                outlooks: self.outlooks,
                verdicts: self.verdicts,
                ..BoardInput::of(self.sight)
            },
        );
        let board = Board {
            figures: Arc::new(self.figures),
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
    fn suffer(&mut self) {
        let open = self.incidents.iter().filter(|one| one.is_active());
        for incident in open {
            let (Some(severity), Some(began)) = (incident.severity, incident.date) else {
                continue;
            };
            let lasted = Duration::try_from(self.now.duration_since(began)).unwrap_or_default();
            let parts = self.components.iter_mut();
            for (_, past) in parts.filter(|(part, _)| incident.affected.contains(&part.name)) {
                suffer(Arc::make_mut(past), severity, lasted);
            }
        }
    }

    fn ago(&self, minutes: u64) -> Timestamp {
        self.now - Duration::from_mins(minutes)
    }

    fn write(&mut self, title: &str, head: &str, body: &str, at: Timestamp) -> IncidentId {
        let file = format!("{}-{}.md", at.strftime("%Y-%m-%d"), slug::component(title));
        let text = format!(
            "---\nsection: issue\ntitle: {}\ndate: {at}\n{head}\n---\n{body}\n",
            serde_json::Value::from(title)
        );
        let incident = Document::parse(text).unwrap().incident(&file);
        self.incidents.push(incident);
        self.incidents.last().unwrap().id.clone()
    }

    fn past(&mut self, days: u64, minutes: u64, title: &str, severity: &str, parts: &[&str]) {
        let at = self.now - Duration::from_hours(days * 24 + 1);
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

    fn open(&mut self, title: &str, severity: &str, parts: &[&str], text: &str) -> IncidentId {
        let at = self.ago(12);
        let head = format!("resolved: false\nseverity: {severity}\naffected: {parts:?}");
        let body = format!("*Investigating* - {text} {}", track(at));
        self.write(title, &head, &body, at)
    }

    fn disrupted(&mut self) {
        let id = self.open(
            "Worker is slow",
            "disrupted",
            &["Worker"],
            "Rolls appear late.",
        );
        self.outlooks.insert(
            id,
            Outlook {
                backlogs: vec![backlog(240.0, 9, 0.7)],
                waits: vec![Wait::Failing(vec!["Worker".into()])],
                next_word: Some(self.now + Duration::from_mins(18)),
                ..Outlook::default()
            },
        );
    }

    fn outage(&mut self) {
        let (first, second, third) = (self.ago(72), self.ago(61), self.ago(12));
        let parts = ["Application", "API", "Cache", "Worker"];
        let head = format!("resolved: false\nseverity: down\naffected: {parts:?}");
        let body = format!(
            "*Identified* - Memory is being raised. Rolls that wait are kept. {}\n\n\
             *Update* - Memory is full; 1,240 rolls wait. You may be logged out. {}\n\n\
             *Investigating* - Redis refused the first write. {}",
            track(third),
            track(second),
            track(first)
        );
        let id = self.write("Rolls are failing", &head, &body, first);
        self.outlooks.insert(
            id,
            Outlook {
                backlogs: vec![backlog(1240.0, 40, -5.0)],
                next_word: Some(self.now + Duration::from_mins(8)),
                ..Outlook::default()
            },
        );
    }

    fn watched(&mut self) {
        let (first, good) = (self.ago(49), self.ago(6));
        let head = format!(
            "resolved: false\nseverity: down\naffected: [API, Cache]\ncritwatch:\n  rules: [x]\n  good_since: {good}"
        );
        let body = format!(
            "*Monitoring* - Working again. {}\n\n*Investigating* - Redis refused the first write. {}",
            track(good),
            track(first)
        );
        let id = self.write("Rolls are failing", &head, &body, first);
        let until = good + Duration::from_mins(15);
        self.outlooks.insert(
            id,
            Outlook {
                good_since: Some(good),
                until: Some(until),
                waits: vec![
                    Wait::Backlog {
                        what: "rolls".into(),
                        count: 312,
                    },
                    Wait::Capacity,
                    Wait::Hold,
                ],
                backlogs: vec![backlog(312.0, 12, -2.0)],
                next_word: None,
            },
        );
    }

    fn maintenance(&mut self) {
        for (from, hours, title, parts) in [
            (
                -40_i64,
                2_i64,
                "Database moves to a larger machine",
                ["Database"],
            ),
            (60 * 55, 1, "New certificates", ["API"]),
        ] {
            let from = self.now + SignedDuration::from_mins(from);
            let until = from + SignedDuration::from_hours(hours);
            let head = format!(
                "resolved: false\nresolvedWhen: {until}\nseverity: notice\naffected: {parts:?}"
            );
            let said = self.now - Duration::from_hours(30);
            let body = format!(
                "*Scheduled* - Rolls go on; saved rooms cannot be opened. {}",
                track(said)
            );
            self.write(title, &head, &body, from);
        }
    }

    fn unknown(&mut self) {
        let since = self.now - Duration::from_mins(12);
        for (component, past) in &mut self.components {
            Arc::make_mut(past).since = Some(since);
            self.verdicts
                .push(verdict(component, RuleState::Unknown { since }));
        }
    }

    fn first_day(&mut self) {
        self.incidents.clear();
        let zone = self.names.zone.clone();
        for (component, past) in &mut self.components {
            let mut days = uptime(self.now, &zone, 4).days;
            let today = days.len() - 1;
            for day in &mut days[..today] {
                day.tally = DayTally {
                    unknown: Duration::from_hours(24),
                    ..DayTally::default()
                };
            }
            days[today].tally = DayTally {
                ok: Duration::from_mins(23),
                ..DayTally::default()
            };
            let total = days[today].tally;
            *past = Arc::new(Uptime {
                since: Some(self.now),
                days,
                periods: [total; 5],
            });
            component.description = None;
        }
    }

    fn crowd(&mut self) {
        let zone = self.names.zone.clone();
        self.components = (0..60_usize)
            .map(|at| {
                let category = format!(
                    "Region {}",
                    [
                        "Berlin", "Paris", "Oslo", "Lagos", "Quito", "Tokyo", "Perth", "Austin"
                    ][at % 8]
                );
                let component = component(&format!("Service {}", at + 1), "", Some(&category));
                (component, Arc::new(uptime(self.now, &zone, at)))
            })
            .collect();
        self.open(
            "Some requests fail",
            "disrupted",
            &["Service 10", "Service 42"],
            "We look into it.",
        );
    }

    fn notice(&mut self) {
        let about = FreePage {
            title: "How we measure".into(),
            body: "From *outside* and from within.\n\n## Often\n\n- every second\n- all day\n"
                .into(),
            is_html: false,
            ..FreePage::default()
        };
        self.names.pages.insert("pages/about".into(), about);
        let at = self.ago(200);
        let head = "resolved: false\nseverity: notice\naffected: [Blog]";
        let body = "*Update* - Comments are read-only until the move is over. ";
        self.write("Comments rest", head, &format!("{body}{}", track(at)), at);
        let head = "informational: true\npin: true";
        let body = "From December on, tables keep their history for a *year*.";
        self.write("Tables remember longer", head, body, self.ago(3000));
    }

    fn forty(&mut self) {
        let zone = self.names.zone.clone();
        let long = "Synchronisation of shared tables between regional data centres, part";
        let parts = (0..40_usize).map(|at| {
            let about = if at % 3 == 0 {
                "Keeps what guests see on their screens the same for everybody at a table"
            } else {
                ""
            };
            let component = component(&format!("{long} {}", at + 1), about, None);
            (component, Arc::new(uptime(self.now, &zone, at)))
        });
        self.components = parts.collect();
        let names: Vec<_> = [3, 7, 8, 21]
            .map(|at| format!("{long} {at}"))
            .into_iter()
            .collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        self.open("Tables are out of step", "down", &names, "We look into it.");
    }

    fn figures(&mut self) {
        self.outage();
        for (id, title, unit, calm, height, bad) in [
            (
                "wait",
                "How long a roll waits",
                Unit::Seconds,
                0.4,
                40.0,
                10.0,
            ),
            (
                "memory",
                "Memory of the cache",
                Unit::Bytes,
                4.1e7,
                1.05e8,
                1.04e8,
            ),
        ] {
            let figure = PublishedSeries {
                id: id.into(),
                title: title.into(),
                unit,
                warn: None,
                bad: Some(bad),
                components: vec![ComponentId("worker".into())],
            };
            let courses = [
                ChartSpan::Hour,
                ChartSpan::Day,
                ChartSpan::Week,
                ChartSpan::Month,
                ChartSpan::Quarter,
            ];
            let course = |span| (span, Arc::new(course(self.now, span, calm, height)));
            let courses = courses.map(course).into();
            self.figures.push(Arc::new(FigureState { figure, courses }));
        }
        self.measured();
    }

    /// An incident that is over, with all that is written afterwards.
    fn measured(&mut self) {
        let at = self.now - Duration::from_hours(30);
        let end = at + Duration::from_mins(47);
        let head = format!(
            "resolved: true\nresolvedWhen: {end}\nseverity: down\naffected: [API, Cache]\n\
             critwatch:\n  rules: [cache-full]\n  evidence:\n    cache-full: \"Memory of the \
             cache: 99.95 MiB, more than 98 MiB\"\n    rolls: \"1,240 rolls wait, more than 50\""
        );
        let picture = format!("{}-cache-is-full.svg", at.strftime("%Y-%m-%d"));
        let body = format!(
            "*Resolved* - It works again. {}\n\n*Investigating* - We look into it. {}\n\n\
             ## Background\n\nRedis keeps sessions and the rolls that wait.\n\n## Timeline\n\n\
             | UTC | What happened |\n| --- | --- |\n| 10:02 | First failing measurement |\n\
             | 10:40 | Limit changed: `256 MB` |\n\n\
             | Metric | Worst | When | Threshold |\n| --- | --- | --- | --- |\n\
             | Memory of the cache | 99.95 MiB | 10:31 | above 98 MiB |\n\n\
             ![Memory of the cache, as measured](../{picture})\n\n\
             ## Future solutions\n\n- raise its memory\n- tell sooner that it fills\n",
            track(end),
            track(at)
        );
        self.write("Cache is full", &head, &body, at);
    }

    fn japanese(&mut self) {
        self.language = Language::Ja;
        self.names.title = "ダイスの館".into();
        self.names.description = Some("部屋とダイスの状態を、内と外から測っています。".into());
        let names = [
            "アプリケーション",
            "プログラミングインターフェース",
            "ブログ",
            "キャッシュ",
            "データベース",
            "説明書",
            "状態ページ",
            "ダイス処理",
            "リアルタイム接続",
        ];
        for ((component, _), name) in self.components.iter_mut().zip(names) {
            component.name = name.into();
            component.description = None;
        }
        self.outage();
        let incident = self.incidents.last_mut().unwrap();
        incident.title = "ダイスの結果が表示されない障害が発生しています".into();
        incident.affected = vec![names[1].into(), names[3].into()];
    }

    fn german(&mut self) {
        self.language = Language::De;
        self.names.title = "Würfelgemeinschaft".into();
        for ((component, _), name) in self.components.iter_mut().zip([
            "Anwendungsoberfläche",
            "Programmierschnittstelle",
            "Blog",
            "Zwischenspeicher",
            "Datenbankverwaltungssystem",
            "Dokumentation",
            "Zustandsseite",
            "Würfelverarbeitung",
            "Echtzeitverbindungen",
        ]) {
            component.name = name.into();
        }
        self.outage();
        let incident = self.incidents.last_mut().unwrap();
        incident.title = "Würfe schlagen fehl".into();
        incident.affected = vec!["Programmierschnittstelle".into(), "Zwischenspeicher".into()];
    }
}
