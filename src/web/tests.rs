//! Every reader of one board shows the same: page, badges, documents, metrics.

use std::sync::Arc;

use crate::incident::file::document::Document;
use crate::incident::maintenance::progress;
use crate::model::board::{Board, Facts, Sight};
use crate::model::component::{Health, Severity};
use crate::model::facts::suppression::Suppression;
use crate::model::incident::Incident;
use crate::model::verdict::{Publish, RuleId, RuleState, Verdict};
use crate::web::formats::machines::address::MachineAddress;
use crate::web::ops::board_metrics::MonitorMetrics;
use crate::web::pages::{component, status};
use crate::web::site::{Names, View};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use prometheus::Registry;
use proptest::prelude::*;
use serde_json::Value;

use crate::model::fixtures;

const PARTS: [&str; 3] = ["api", "cache", "worker"];

fn now() -> Timestamp {
    "2026-03-01T19:00:00Z".parse().unwrap()
}

/// A file of any kind.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
struct File {
    severity: Option<Severity>,
    hours: i64,
    scheduled: bool,
    resolved: bool,
    draft: bool,
    post: bool,
    affected: Vec<usize>,
    /// What the service noted: of a rule, one that a person overruled, watched,
    /// and how bad a part of it is.
    rule: Option<usize>,
    muted: Option<usize>,
    watched: bool,
    level: Option<(usize, Severity)>,
    withdrawn: bool,
}

impl File {
    fn incident(&self, number: usize) -> Incident {
        let date = now() + SignedDuration::from_hours(self.hours);
        let severity = self.severity.map_or("", Severity::word);
        let affected: Vec<_> = self.affected.iter().map(|at| PARTS[*at]).collect();
        let body = if self.scheduled {
            "*Scheduled* - Soon. {{< track \"2026-02-28 12:00:00\" >}}"
        } else {
            "*Investigating* - Look. {{< track \"2026-03-01 12:00:00\" >}}"
        };
        let text = format!(
            "---\nsection: issue\ntitle: T{number}\ndate: {date}\nresolved: {}\n\
            severity: {severity}\naffected: [{}]\ndraft: {}\ninformational: {}\n---\n{body}\n",
            self.resolved,
            affected.join(", "),
            self.draft,
            self.post
        );
        let mut incident = Document::parse(text)
            .unwrap()
            .incident(&format!("i{number}.md"));
        let rule = |at: usize| RuleId(PARTS[at].to_owned());
        let managed = &mut incident.managed;
        managed.rules.extend(self.rule.map(rule));
        managed.overruled.extend(self.muted.map(rule));
        managed.good_since = self.watched.then(now);
        managed.severity = self.severity;
        managed.withdrawn = self.withdrawn;
        let level = self.level.map(|(at, level)| (PARTS[at].to_owned(), level));
        managed.levels.extend(level);
        incident
    }
}

fn severity() -> impl Strategy<Value = Severity> {
    prop_oneof![
        Just(Severity::Notice),
        Just(Severity::Disrupted),
        Just(Severity::Down)
    ]
}

fn file() -> impl Strategy<Value = File> {
    let rarely = || proptest::bool::weighted(0.2);
    let one = || proptest::option::weighted(0.3, 0..PARTS.len());
    let level = proptest::option::weighted(0.3, (0..PARTS.len(), severity()));
    let head = (
        proptest::option::weighted(0.9, severity()),
        -3..3_i64,
        any::<bool>(),
    );
    let kind = (rarely(), rarely(), rarely(), rarely(), rarely());
    let affected = proptest::sample::subsequence(vec![0, 1, 2], 0..=3);
    (head, kind, affected, (one(), one(), level)).prop_map(
        |(head, kind, affected, (rule, muted, level))| File {
            severity: head.0,
            hours: head.1,
            scheduled: head.2,
            resolved: kind.0,
            draft: kind.1,
            post: kind.2,
            watched: kind.3,
            withdrawn: kind.4,
            affected,
            rule,
            muted,
            level,
        },
    )
}

/// What the rule of each part says; the last part may have none.
fn verdict() -> impl Strategy<Value = Option<(RuleState, Severity, Publish)>> {
    let since = now();
    let state = prop_oneof![
        3 => Just(RuleState::Quiet { since }),
        1 => Just(RuleState::Pending { since }),
        2 => Just(RuleState::Firing { since }),
        1 => Just(RuleState::Unknown { since }),
    ];
    let publish = prop_oneof![
        4 => Just(Publish::Auto),
        1 => Just(Publish::Draft),
        1 => Just(Publish::Internal),
    ];
    proptest::option::weighted(0.8, (state, severity(), publish))
}

fn board() -> impl Strategy<Value = Board> {
    let sight = prop_oneof![
        1 => Just(Sight::Unwatched),
        4 => Just(Sight::Fresh { last: now() }),
        1 => Just(Sight::Blind { since: now() }),
    ];
    let files = proptest::collection::vec(file(), 0..4);
    let verdicts = proptest::collection::vec(verdict(), PARTS.len());
    let suppressed = proptest::sample::subsequence(vec![0, 1, 2], 0..=2);
    (sight, files, verdicts, suppressed).prop_map(|(sight, files, verdicts, suppressed)| {
        let numbered = files.iter().enumerate();
        let incidents: Vec<_> = numbered
            .map(|(at, file)| Arc::new(file.incident(at)))
            .collect();
        let parts = PARTS.iter().zip(verdicts);
        let verdicts = parts.filter_map(|(part, verdict)| {
            let (state, severity, publish) = verdict?;
            Some(Verdict {
                severity,
                publish,
                ..fixtures::verdict(part, part, state)
            })
        });
        let components = PARTS.map(|name| fixtures::component(name, name));
        let suppressed = suppressed.iter().map(|at| RuleId(PARTS[*at].to_owned()));
        Board::new(
            now(),
            components.map(|part| (part, Arc::default())),
            Facts {
                maintenance: progress::all(&incidents, now()),
                incidents: Arc::new(incidents.into()),
                verdicts: verdicts.collect(),
                suppressed: suppressed
                    .map(|rule| (rule, Suppression::Maintenance))
                    .collect(),
                ..Facts::of(sight)
            },
        )
    })
}

/// The answers for one board, requested as visitors and programs do.
struct BoardAnswers<'a> {
    view: View<'a>,
    metrics: String,
}

impl BoardAnswers<'_> {
    fn text(&self, path: &str) -> String {
        let machine = MachineAddress::parse(path).unwrap_or_else(|| panic!("{path}"));
        machine
            .show(&self.view)
            .unwrap()
            .unwrap_or_else(|| panic!("{path}"))
    }

    fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path)).unwrap()
    }

    /// The word of a badge as a picture.
    fn badge(&self, path: &str) -> String {
        let svg = self.text(path);
        let texts = svg
            .split("</text>")
            .filter_map(|part| part.rsplit('>').next());
        let words: Vec<_> = texts
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect();
        words.last().unwrap().to_string()
    }

    fn metric(&self, series: &str) -> bool {
        self.metrics
            .lines()
            .any(|line| line == format!("{series} 1"))
    }

    /// The health that the metrics give a component.
    fn health(&self, part: &str) -> &'static str {
        let mut all = Health::ALL.iter().map(|health| health.word());
        let series = |health: &str| {
            format!("critwatch_component_health{{component=\"{part}\",health=\"{health}\"}}")
        };
        all.find(|health| self.metric(&series(health))).unwrap()
    }
}

/// The text between two others, the first time.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text
        .split(before)
        .nth(1)
        .unwrap_or_else(|| panic!("no {before}"));
    rest.split(after).next().unwrap()
}

/// What cState's badge says of a sign.
fn badge_word(sign: &str) -> &'static str {
    match sign {
        "ok" => "Operational",
        "notice" | "maintenance" => "Maintenance",
        "disrupted" => "Disrupted",
        "down" => "Down",
        _ => "Unknown",
    }
}

fn statuspage_word(sign: &str) -> &'static str {
    match sign {
        "ok" => "operational",
        "maintenance" => "under_maintenance",
        "disrupted" => "partial_outage",
        "down" => "major_outage",
        _ => "degraded_performance",
    }
}

/// cState knows no "unknown" and counts planned work at once.
fn may_count(counted: &str, sign: &str, planned: bool) -> bool {
    counted == sign
        || counted == "notice"
            && (sign == "unknown" || planned && matches!(sign, "ok" | "maintenance"))
}

#[expect(clippy::too_many_lines, reason = "one list of all that must agree")]
fn agree(board: &Board) {
    let metrics = MonitorMetrics::new(Registry::new()).unwrap();
    let families = metrics.with(board).unwrap();
    let encoder = prometheus::TextEncoder::new();
    let names = Names {
        url: Some("https://status.example.org".into()),
        ..Names::new("Dice", TimeZone::UTC)
    };
    let answers = BoardAnswers {
        view: View::new(&names, board, now()),
        metrics: encoder.encode_to_string(&families).unwrap(),
    };
    let page = status::page(&answers.view).unwrap();
    let whole = between(&page, "class=\"banner is-", "\"");
    let word = |sign: &str| {
        let word = between(&page, "<title>", "</title>");
        (word.chars().next().unwrap(), sign.to_owned())
    };
    let sign = crate::web::parts::look::sign::Sign::ALL
        .into_iter()
        .find(|sign| sign.name() == whole);
    assert_eq!(word(whole).0.to_string(), sign.unwrap().glyph());
    assert_eq!(answers.json("/api/embed.json")["health"], *whole);
    assert_eq!(answers.badge("/index.svg"), badge_word(whole));
    let indicator = match whole {
        "ok" => "none",
        "maintenance" => "maintenance",
        "disrupted" => "major",
        "down" => "critical",
        _ => "minor",
    };
    let summary = answers.json("/api/v2/summary.json");
    assert_eq!(summary["status"]["indicator"], indicator, "{whole}");
    assert_eq!(
        answers.json("/api/v2/status.json")["status"],
        summary["status"]
    );
    let works = |list: &str| {
        let works = answers.json(&format!("/api/v2/scheduled-maintenances/{list}.json"));
        works["scheduled_maintenances"].as_array().unwrap().len()
    };
    assert_eq!(works("active"), board.running().count());
    let all = board.facts.planned().len();
    assert_eq!(works("upcoming"), all - board.running().count());
    let index = answers.json("/index.json");
    let any = !board.facts.planned().is_empty();
    let counted = index["summaryStatus"].as_str().unwrap();
    let posted = board
        .active()
        .any(|one| one.informational && one.severity.is_some());
    assert!(
        may_count(counted, whole, any) || posted,
        "{counted} {whole}"
    );
    for (at, part) in PARTS.iter().enumerate() {
        let place = format!("id=\"{part}\" data-part=\"part-{part}\" data-state=\"");
        let sign = between(&page, &place, "\"");
        let own = component::page(&answers.view, part).unwrap().unwrap();
        assert_eq!(between(&own, "<p class=\"word is-", "\""), sign, "{part}");
        let planned = board
            .facts
            .planned()
            .iter()
            .any(|one| one.components.iter().any(|one| one == part));
        assert_eq!(
            answers.badge(&format!("/affected/{part}/index.svg")),
            badge_word(sign),
            "{part}"
        );
        let shield = answers.json(&format!("/badge/{part}.json"));
        let word = between(&own, "<p class=\"word is-", "</p>");
        assert!(
            word.contains(shield["message"].as_str().unwrap()),
            "{word} {shield}"
        );
        assert_eq!(shield["isError"], sign == "down");
        let components = summary["components"].as_array().unwrap();
        let theirs = components.iter().find(|one| one["name"] == *part).unwrap();
        assert_eq!(theirs["status"], statuspage_word(sign), "{part}");
        let system = &index["systems"][at];
        let counted = system["status"].as_str().unwrap();
        assert!(
            may_count(counted, sign, planned) || posted,
            "{part}: {counted} {sign}"
        );
        let list = answers.json(&format!("/affected/{part}/index.json"));
        assert_eq!(list["status"], system["status"], "{part}");
        // Health and the flag beside it.
        let flag = format!("critwatch_component_in_maintenance{{component=\"{part}\"}}");
        assert_eq!(answers.metric(&flag), sign == "maintenance", "{part}");
        assert!(
            sign == "maintenance" || answers.health(part) == sign,
            "{part}: {sign}"
        );
    }
}

proptest! {
    #[test]
    fn nothing_that_is_said_of_a_board_contradicts_another(board in board()) {
        agree(&board);
    }
}

#[test]
fn work_that_is_only_planned_changes_no_answer_but_cstates() {
    let planned = File {
        severity: Some(Severity::Notice),
        hours: 16,
        scheduled: true,
        resolved: false,
        draft: false,
        post: false,
        affected: vec![0],
        rule: None,
        muted: None,
        watched: false,
        level: None,
        withdrawn: false,
    };
    let component = fixtures::component("api", "api");
    let shown = |hours| {
        let file = File {
            hours,
            ..planned.clone()
        };
        let incidents = vec![Arc::new(file.incident(0))];
        let board = Board::new(
            now(),
            vec![(component.clone(), Arc::default())],
            Facts {
                maintenance: progress::all(&incidents, now()),
                incidents: Arc::new(incidents.into()),
                verdicts: vec![fixtures::verdict(
                    "r",
                    "api",
                    RuleState::Quiet { since: now() },
                )],
                ..Facts::of(Sight::Fresh { last: now() })
            },
        );
        let names = Names::new("Dice", TimeZone::UTC);
        let answers = BoardAnswers {
            view: View::new(&names, &board, now()),
            metrics: String::new(),
        };
        let index = answers.json("/index.json");
        [
            answers.json("/badge/api.json")["message"].clone(),
            answers.json("/api/embed.json")["word"].clone(),
            answers.badge("/index.svg").into(),
            index["systems"][0]["status"].clone(),
            board.components[0].health.word().into(),
        ]
    };
    assert_eq!(
        shown(16),
        ["operational", "operational", "Operational", "notice", "ok"]
    );
    let at_work = ["maintenance", "maintenance", "Maintenance", "notice", "ok"];
    assert_eq!(shown(-1), at_work);
}

#[test]
fn a_rule_that_nobody_is_to_hear_turns_nothing_red_and_its_blindness_counts() {
    let since = now();
    let until = since + SignedDuration::from_secs(90);
    let shown = |state, suppressed: bool, overruled: bool, expected: Option<&str>| {
        let rule = RuleId("api".into());
        let closed = File {
            severity: Some(Severity::Down),
            hours: -1,
            scheduled: false,
            resolved: true,
            draft: false,
            post: false,
            affected: vec![0],
            rule: Some(0),
            muted: overruled.then_some(0),
            watched: false,
            level: None,
            withdrawn: false,
        };
        let silenced = Suppression::Silenced { silence: 1, until };
        let component = fixtures::component("api", "api");
        let verdict = fixtures::verdict(&rule.0, &component.id.0, state);
        let board = Board::new(
            now(),
            vec![(component, Arc::default())],
            Facts {
                incidents: Arc::new(vec![Arc::new(closed.incident(0))].into()),
                verdicts: vec![verdict],
                suppressed: suppressed.then_some((rule, silenced)).into_iter().collect(),
                ..Facts::of(Sight::Fresh { last: now() })
            },
        );
        let names = Names::new("D", TimeZone::UTC);
        let view = View::new(&names, &board, now());
        let page = status::page(&view).unwrap();
        let says = |words: &str| page.contains(words);
        assert_eq!(
            says("Our team has silenced its alerts until"),
            expected == Some("silenced")
        );
        assert_eq!(
            says("Our team has overruled a check"),
            expected == Some("overruled")
        );
        board.components[0].health.word()
    };
    let firing = RuleState::Firing { since };
    assert_eq!(shown(firing, false, false, None), "down");
    assert_eq!(shown(firing, true, false, Some("silenced")), "ok");
    assert_eq!(shown(firing, false, true, Some("overruled")), "ok");
    assert_eq!(
        shown(RuleState::Unknown { since }, true, true, None),
        "unknown"
    );
}

#[test]
fn a_post_mortem_is_announced_on_the_first_page_once_it_is_published() {
    let shown = |update: &str| {
        let file = format!(
            "---\nsection: issue\ntitle: Logins fail\ndate: 2026-02-24T10:00:00Z\nresolved: true\n\
            resolvedWhen: 2026-02-24T11:00:00Z\nseverity: down\naffected: [api]\n---\n{update}\n"
        );
        let incident = Document::parse(file).unwrap().incident("a.md");
        let board = Board::new(
            now(),
            Vec::new(),
            Facts {
                incidents: Arc::new(vec![Arc::new(incident)].into()),
                ..Facts::of(Sight::Unwatched)
            },
        );
        let names = Names::new("D", TimeZone::UTC);
        status::page(&View::new(&names, &board, now())).unwrap()
    };
    let published = "*Post-mortem* - We learned. {{< track \"2026-03-01 17:00:00\" >}}";
    assert!(shown(published).contains("Post-mortem published"));
    let long_ago = published.replace("2026-03-01", "2026-02-20");
    for quiet in [
        &*long_ago,
        "*Resolved* - Over. {{< track \"2026-02-24 11:00:00\" >}}",
    ] {
        assert!(!shown(quiet).contains("Post-mortem published"));
    }
}

/// A component with a rule and one without, as far as anything is collected.
fn half_measured(sight: Sight) -> Board {
    let components = ["watched", "kept"].map(|id| fixtures::component(id, id));
    let quiet = fixtures::verdict("r", "watched", RuleState::Quiet { since: now() });
    let verdicts = (sight != Sight::Unwatched).then_some(quiet);
    Board::new(
        now(),
        fixtures::fresh(components),
        Facts {
            verdicts: verdicts.into_iter().collect(),
            ..Facts::of(sight)
        },
    )
}

const REPORTED: &str = "no incidents reported";

#[test]
fn a_component_that_nothing_measures_is_not_called_operational() {
    let names = Names::new("D", TimeZone::UTC);
    let shown = |sight: Sight| {
        let board = half_measured(sight);
        let view = View::new(&names, &board, now());
        let page = status::page(&view).unwrap();
        ["watched", "kept"].map(|id| {
            let row = between(&page, &format!("<li id=\"{id}\""), "</p>");
            let word = between(row, "<b class=\"word is-ok\">", "</b>").to_owned();
            assert_eq!(row.contains("data-unmeasured"), word == REPORTED, "{id}");
            let own = component::page(&view, id).unwrap().unwrap();
            assert!(between(&own, "<p class=\"word is-ok\">", "</p>").ends_with(&word));
            let answers = BoardAnswers {
                view: View::new(&names, &board, now()),
                metrics: String::new(),
            };
            let badge = answers.json(&format!("/badge/{id}.json"));
            assert_eq!(badge["message"], *word);
            // Clients know but five words; the description says what this one means.
            let summary = answers.json("/api/v2/summary.json");
            let mut parts = summary["components"].as_array().unwrap().iter();
            let part = parts.find(|part| part["name"] == *id).unwrap();
            assert_eq!(part["status"], "operational");
            let caveat = part["description"].to_string().contains("not measured");
            assert_eq!(caveat, word == REPORTED, "{id}");
            word
        })
    };
    let fresh = Sight::Fresh { last: now() };
    assert_eq!(shown(fresh), ["operational", REPORTED]);
    assert_eq!(shown(Sight::Unwatched), [REPORTED; 2]);
}

#[test]
fn a_site_that_nothing_measures_is_not_called_operational() {
    let names = Names::new("D", TimeZone::UTC);
    let shown = |sight: Sight| {
        let board = half_measured(sight);
        let answers = BoardAnswers {
            view: View::new(&names, &board, now()),
            metrics: String::new(),
        };
        let word = answers.json("/api/embed.json")["word"].clone();
        [
            word,
            answers.json("/api/v2/status.json")["status"]["description"].clone(),
        ]
    };
    let fresh = Sight::Fresh { last: now() };
    assert_eq!(shown(fresh), ["operational", "All Systems Operational"]);
    assert_eq!(shown(Sight::Unwatched), [REPORTED, "No Incidents Reported"]);
}

#[test]
fn nothing_measured_is_green_while_nothing_can_be_seen() {
    let board = half_measured(Sight::Blind {
        since: now() - SignedDuration::from_mins(3),
    });
    let health = [0, 1].map(|at: usize| board.components[at].health);
    assert_eq!(health, [Health::Unknown, Health::Ok]);
    // It has been so since then, whatever was counted before.
    let names = Names::new("D", TimeZone::UTC);
    let page = status::page(&View::new(&names, &board, now())).unwrap();
    let row = between(&page, "<li id=\"watched\"", "</p>");
    assert!(row.contains("data-since=\"2026-03-01T18:57:00Z\""), "{row}");
}
