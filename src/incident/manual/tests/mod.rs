//! People, programs and the service at the same files.

mod random;

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::manual::desk::{IncidentDesk, ManualSettings};
use crate::incident::manual::outcome::DeskRefusal;
use crate::incident::manual::refusal::EditRefusal;
use crate::incident::reconcile::wording::Wording;
use crate::model::access::{Actor, Proof};
use crate::model::component::Severity;
use crate::model::fixtures::component;
use crate::model::request::incidents::incident_change::{
    AskedLevels, ChangeRequest, ChangeTarget, ChangedKeys, IncidentChange, IncidentEdit,
    NewIncident, Opener,
};
use crate::model::text::language::Language;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A desk as it is made for each errand.
fn desk(folder: &Path) -> IncidentDesk {
    IncidentDesk::new(ManualSettings {
        folder: folder.to_owned(),
        dates: TimeZone::UTC,
        languages: Vec::new(),
        wording: Wording::new(Language::En, TimeZone::UTC),
        components: vec![component("api", "API"), component("cache", "Cache")],
    })
}

fn request(name: &str, change: IncidentChange) -> ChangeRequest {
    let proof = match name {
        "" => Proof::Command,
        _ => Proof::Token,
    };
    ChangeRequest {
        actor: Actor {
            name: name.to_owned(),
            proof,
        },
        preview: false,
        seen: None,
        change,
    }
}

fn incident(title: &str, text: &str) -> NewIncident {
    NewIncident {
        title: title.to_owned(),
        severity: Severity::Down,
        affected: vec!["api".to_owned()],
        levels: AskedLevels::new(),
        date: None,
        over: None,
        draft: false,
        join: false,
        opener: Opener::Investigating,
        text: text.to_owned(),
        state_of: None,
    }
}

#[tokio::test]
async fn an_update_of_somebody_is_signed_beside_the_keys_and_a_command_signs_nothing() {
    let place = tempfile::tempdir().unwrap();
    let now = at("2026-03-01T12:00:00Z");
    let open = |name| request(name, IncidentChange::Open(incident("A", "We look.")));
    let signed = desk(place.path())
        .change(&open("Ann\nB"), now)
        .await
        .unwrap();
    assert_eq!(signed.incident.updates[0].by.as_deref(), Some("Ann B"));
    let text = String::from_utf8(signed.after.unwrap()).unwrap();
    assert!(
        text.contains("  authors: {") && !text.contains("We look. Ann"),
        "{text}"
    );
    let plain = desk(place.path()).change(&open(""), now).await.unwrap();
    assert!(
        !String::from_utf8(plain.after.unwrap())
            .unwrap()
            .contains("authors")
    );
    // Another text is no longer the one that was signed.
    let path = place.path().join(&signed.incident.name);
    std::fs::write(&path, text.replace("We look.", "They look.")).unwrap();
    let target = ChangeTarget::File(signed.incident.name.clone());
    let found = desk(place.path()).look(&target, now).await.unwrap();
    assert_eq!(found.incident.updates[0].by, None);
    // A new signature forgets those whose updates are gone.
    let edit = IncidentEdit::Update {
        opener: Opener::Update,
        keys: ChangedKeys::default(),
        text: Some("More.".to_owned()),
    };
    let update = request("Ben", IncidentChange::Edit(target, edit));
    let signed = desk(place.path()).change(&update, now).await.unwrap();
    assert_eq!(signed.incident.managed.authors.len(), 1);
    assert_eq!(signed.incident.updates[0].by.as_deref(), Some("Ben"));
}

#[tokio::test]
async fn a_withdrawn_incident_may_be_updated_but_not_withdrawn_again() {
    let place = tempfile::tempdir().unwrap();
    let now = at("2026-03-01T12:00:00Z");
    let opened = request("Ann", IncidentChange::Open(incident("A", "We look.")));
    let opened = desk(place.path()).change(&opened, now).await.unwrap();
    let target = ChangeTarget::Id(opened.incident.id.clone());
    let edit = |edit| request("Ann", IncidentChange::Edit(target.clone(), edit));
    let withdraw = edit(IncidentEdit::Withdraw { text: None });
    desk(place.path()).change(&withdraw, now).await.unwrap();
    let update = edit(IncidentEdit::Update {
        opener: Opener::Update,
        keys: ChangedKeys::default(),
        text: Some("Sorry.".to_owned()),
    });
    desk(place.path()).change(&update, now).await.unwrap();
    let refused = desk(place.path()).change(&withdraw, now).await.unwrap_err();
    let DeskRefusal::Objections(objections) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(objections[0].refusal, EditRefusal::Withdrawn);
}
