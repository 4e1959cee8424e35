//! The states themselves: what happened, and what is said of it.

use std::sync::Arc;
use std::time::Duration;

use critwatch::model::board::{Outlook, Wait};
use critwatch::model::component::ComponentId;
use critwatch::model::facts::uptime::{DayTally, Uptime};
use critwatch::model::incident::Author;
use critwatch::model::series::measure::{ChartSpan, ChartState, PublishedSeries};
use critwatch::model::text::unit::Unit;
use critwatch::model::verdict::RuleState;
use critwatch::web::site_elements::ExtraPage;
use jiff::SignedDuration;

use crate::gallery::parts::{backlog, component, course, track, uptime, verdict};

use crate::gallery::stage::Stage;

impl Stage {
    pub(super) fn disrupted(&mut self) {
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

    pub(super) fn outage(&mut self) {
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

    pub(super) fn watched(&mut self) {
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

    pub(super) fn maintenance(&mut self) {
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

    pub(super) fn unknown(&mut self) {
        let since = self.now - Duration::from_mins(12);
        for (component, past) in &mut self.components {
            Arc::make_mut(past).since = Some(since);
            self.verdicts
                .push(verdict(component, RuleState::Unknown { since }));
        }
    }

    pub(super) fn first_day(&mut self) {
        self.incidents.clear();
        let zone = self.names.zone.clone();
        for (component, past) in &mut self.components {
            let mut days = uptime(self.now, &zone, 4).days;
            let today = days.len() - 1;
            for day in &mut days[..today] {
                day.tally = DayTally::default();
                day.parts.clear();
            }
            days[today].tally = DayTally {
                ok: Duration::from_mins(23),
                ..DayTally::default()
            };
            let total = days[today].tally;
            *past = Arc::new(Uptime {
                since: Some(self.now),
                begun: Some(self.now - Duration::from_mins(23)),
                days,
                periods: [total; 5],
            });
            component.description = None;
        }
    }

    pub(super) fn crowd(&mut self) {
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

    pub(super) fn notice(&mut self) {
        let about = ExtraPage {
            title: "How we measure".into(),
            body: "From *outside* and from within.\n\n## Often\n\n- every second\n- all day\n"
                .into(),
            is_html: false,
            ..ExtraPage::default()
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

    pub(super) fn forty(&mut self) {
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

    pub(super) fn figures(&mut self) {
        self.outage();
        let (seconds, bytes) = (Unit::Seconds, Unit::Bytes);
        for (id, title, unit, calm, height, bad, parts) in [
            (
                "wait",
                "How long a roll waits",
                seconds,
                0.4,
                40.0,
                10.0,
                &["worker"][..],
            ),
            (
                "memory",
                "Memory of the cache",
                bytes,
                4.1e7,
                1.05e8,
                1.04e8,
                &["cache", "worker"],
            ),
            ("rolls", "Rolls", Unit::PerSecond, 12.0, 3.0, 40.0, &[]),
            ("guests", "Guests", Unit::Count, 240.0, 90.0, 900.0, &[]),
        ] {
            let series = PublishedSeries {
                id: id.into(),
                title: title.into(),
                unit,
                warn: None,
                bad: Some(bad),
                components: parts.iter().map(|id| ComponentId((*id).into())).collect(),
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
            let newest = Some((self.now - Duration::from_secs(3), height));
            self.charts.push(Arc::new(ChartState {
                series,
                courses,
                newest,
            }));
        }
        self.measured();
    }

    /// An incident that is over, with all that is written afterwards.
    pub(super) fn measured(&mut self) {
        let at = self.now - Duration::from_hours(30);
        let end = at + Duration::from_mins(47);
        let head = format!(
            "resolved: true\nresolvedWhen: {end}\nseverity: down\naffected: [API, Cache]\n\
             critwatch:\n  rules: [cache-full]\n  evidence:\n    cache-full: \"Memory of the \
             cache: 99.95 MiB, above 98 MiB\"\n    rolls: \"1,240 rolls wait, more than 50\""
        );
        let picture = format!("{}-cache-is-full.svg", at.strftime("%Y-%m-%d"));
        let clock = |minutes: u64| {
            let at = (at + Duration::from_mins(minutes)).to_zoned(self.names.zone.clone());
            at.strftime("%-d %B, %H:%M").to_string()
        };
        let zone = at
            .to_zoned(self.names.zone.clone())
            .strftime("%Z")
            .to_string();
        let flaps: String = (0..4).rev().fold(String::new(), |text, turn| {
            let [well, again] =
                [6, 9].map(|minute| track(at + Duration::from_mins(turn * 6 + minute)));
            format!(
                "{text}*Investigating* - Failing again. Redis refuses writes. {again}\n\n\
                 *Monitoring* - Working again. {well}\n\n"
            )
        });
        let body = format!(
            "*Resolved* - It works again. {}\n\n{flaps}*Investigating* - We look into it. {}\n\n\
             ## Background\n\nRedis keeps sessions and the rolls that wait.\n\n## Timeline\n\n\
             | {zone} | What happened |\n| --- | --- |\n| {} | First failing measurement |\n\
             | {} | Investigating: We look into it. |\n| {} | Limit changed: `256 MB` |\n\n\
             It was recorded 3 seconds after the first failing measurement.\n\n\
             | Metric | Worst | When | Threshold |\n| --- | --- | --- | --- |\n\
             | Memory of the cache | 99.95 MiB | 10:31 | above 98 MiB |\n\n\
             ![Memory of the cache, as measured](../{picture})\n\n\
             ## Future solutions\n\n- raise its memory\n- tell sooner that it fills\n",
            track(end),
            track(at),
            clock(0),
            clock(0),
            clock(38),
        );
        self.write("Cache is full", &head, &body, at);
        // All of it was written by rules.
        for update in &mut self.incidents.last_mut().unwrap().updates {
            update.author = Author::Rule;
        }
    }
}
