//! Every page in every state, from the gallery's boards, against golden files.

use critwatch::model::component::ComponentId;
use critwatch::model::request::receivers::subscription::{
    MailToken, ReportRhythm, SubscriptionChoice,
};
use critwatch::model::text::language::Language;
use critwatch::model::text::slug;
use critwatch::web::pages::archive::{self, ArchivePart, Search};
use critwatch::web::pages::error;
use critwatch::web::pages::report::{self, ReportState};
use critwatch::web::pages::subscription::{self, Progress, Refusal, SubscriptionPage};
use critwatch::web::pages::{component, extra_pages, incident, maintenance, status, subscribe};
use critwatch::web::site::View;
use critwatch::web::site_elements::ExtraPage;
use critwatch::web::subscriptions::form::FormFault;
use jiff::Timestamp;

use crate::gallery::{Scene, scene};
use crate::golden::check;

fn now() -> Timestamp {
    "2026-11-27T18:48:20Z".parse().unwrap()
}

fn at(name: &str) -> Scene {
    scene(name, now())
}

#[test]
fn the_first_page_in_every_state() {
    for (name, golden) in [
        ("healthy", "status-healthy.html"),
        ("disrupted", "status-disrupted.html"),
        ("outage", "status-outage-updates.html"),
        ("watched", "status-watched.html"),
        ("maintenance", "status-maintenance.html"),
        ("blind", "status-blind.html"),
        ("first-day", "status-first-day.html"),
        ("unmeasured", "status-unmeasured.html"),
        ("after", "status-after.html"),
        ("watched-blind", "status-watched-blind.html"),
        ("settling", "status-settling.html"),
        ("right-to-left", "status-right-to-left.html"),
        ("german", "status-german.html"),
    ] {
        check(golden, &at(name).show(status::page).unwrap());
    }
}

/// The page of the newest open incident.
fn newest(view: &View<'_>) -> String {
    let id = view.board.active().next().unwrap().id.0.clone();
    incident::page(view, &id).unwrap().unwrap()
}

#[test]
fn the_page_of_an_incident_in_every_state() {
    for (name, golden) in [
        ("outage", "incident-updates.html"),
        ("watched", "incident-watched.html"),
        ("maintenance", "incident-maintenance.html"),
    ] {
        check(golden, &at(name).show(newest));
    }
}

#[test]
fn the_pages_of_a_subscription() {
    let outage = at("outage");
    let token = || MailToken([7; 32]);
    let choice = SubscriptionChoice {
        maintenance: false,
        components: [ComponentId("api".to_owned())].into(),
        report: Some(ReportRhythm::Weekly),
        ..SubscriptionChoice::new(Language::En)
    };
    for (page, file) in [
        (SubscriptionPage::Asked, "subscription-asked.html"),
        (
            SubscriptionPage::Refused(Refusal::Form(FormFault::Address)),
            "subscription-refused.html",
        ),
        (
            SubscriptionPage::Waiting(token()),
            "subscription-confirm.html",
        ),
        (
            SubscriptionPage::Subscribed(token(), choice, Progress::Saved),
            "subscription-manage.html",
        ),
        (
            SubscriptionPage::Leaving(token()),
            "subscription-leave.html",
        ),
        (SubscriptionPage::Left, "subscription-left.html"),
        (SubscriptionPage::Unknown, "subscription-unknown.html"),
    ] {
        let shown = outage.show(|view| subscription::page(view, &page));
        check(file, &shown.unwrap());
    }
}

#[test]
fn the_other_pages() {
    let outage = at("outage");
    let part = |view: &View<'_>| component::page(view, &slug::component("API")).unwrap();
    check("component.html", &outage.show(part).unwrap());
    check(
        "maintenance.html",
        &at("maintenance").show(maintenance::page).unwrap(),
    );
    check("subscribe.html", &outage.show(subscribe::page).unwrap());
    for (report, golden) in [
        (ReportState::Open, "report.html"),
        (ReportState::Taken, "report-taken.html"),
        (ReportState::Refused, "report-refused.html"),
    ] {
        check(
            golden,
            &outage.show(|view| report::page(view, report)).unwrap(),
        );
    }
    check("not-found.html", &outage.show(error::missing).unwrap());
    let mut site = at("healthy");
    let page = ExtraPage {
        title: "About <us>".into(),
        body: "We *roll*. <script>alert(1)</script>".into(),
        is_html: false,
        ..ExtraPage::default()
    };
    site.names.pages.insert("pages/about".into(), page);
    let about = |view: &View<'_>| extra_pages::page(view, "pages/about").unwrap();
    check("free.html", &site.show(about).unwrap());
}

#[test]
fn the_history_is_found_by_time_words_and_component() {
    let outage = at("outage");
    let show = |part: ArchivePart| {
        outage
            .show(|view| archive::page(view, &part))
            .map(Result::unwrap)
    };
    let found = |words: &str, component: &str| {
        let search = Search {
            words: words.into(),
            component: component.into(),
        };
        let page = show(ArchivePart::Newest(search)).unwrap();
        let list = page.split_once("id=\"list\"").unwrap().1;
        let list = list.split_once("<nav").unwrap().0;
        list.matches("<li><svg").count()
    };
    for (words, component, expected) in [
        ("late", "", 1),
        ("LATE rolls", "", 1),
        ("redis", "", 4),
        ("", "Cache", 2),
        ("rolls", "Worker", 2),
        ("nothing of that", "", 0),
    ] {
        assert_eq!(found(words, component), expected, "{words} {component}");
    }
    let search = Search {
        words: "\"><script>".into(),
        component: "API".into(),
    };
    check(
        "history-found.html",
        &show(ArchivePart::Newest(search)).unwrap(),
    );
    check(
        "history-month.html",
        &show(ArchivePart::Month(2026, 11)).unwrap(),
    );
    assert!(show(ArchivePart::Year(2026)).is_some());
    assert!(show(ArchivePart::Year(2020)).is_none() && show(ArchivePart::Month(2026, 3)).is_none());
    let parts = outage.show(archive::parts);
    assert!(parts.into_iter().all(|part| show(part).is_some()));
}

#[test]
fn every_page_speaks_every_language() {
    for name in ["outage", "watched", "maintenance", "blind", "first-day"] {
        let mut scene = at(name);
        let mut first: Vec<String> = Vec::new();
        for language in Language::ALL {
            scene.language = language;
            let page = scene.show(status::page).unwrap();
            assert!(page.contains(&format!("<html lang=\"{language}\"")));
            let headline = page.split("<h1").nth(1).unwrap();
            let headline = headline.split("</h1>").next().unwrap().to_owned();
            // The title of an incident is as it was written.
            assert!(
                name == "outage" || !first.contains(&headline),
                "{name} {language}"
            );
            first.push(headline);
            for page in [
                scene.show(subscribe::page),
                scene.show(maintenance::page),
                scene.show(|view| report::page(view, ReportState::Taken)),
                scene.show(|view| component::page(view, "api").unwrap()),
                scene.show(error::missing),
            ] {
                page.unwrap();
            }
        }
    }
}

#[test]
fn work_that_is_only_planned_changes_no_sign() {
    let mut scene = at("maintenance");
    scene
        .board
        .facts
        .maintenance
        .retain(|work| work.stage == critwatch::model::facts::planned::WorkStage::Scheduled);
    let running = scene.board.facts.incidents.iter().filter(|one| {
        one.severity != Some(critwatch::model::component::Severity::Notice)
            || one.date > Some(now())
    });
    scene.board.facts.incidents = std::sync::Arc::new(running.cloned().collect());
    for state in &mut scene.board.components {
        state.in_maintenance = false;
    }
    let page = scene.show(status::page).unwrap();
    assert!(
        page.contains("● All systems are operational."),
        "{}",
        &page[..800]
    );
    assert!(page.contains("New certificates") && !page.contains("is-notice"));
}
