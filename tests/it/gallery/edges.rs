//! Rarer states: nothing measured yet, just over, quiet again, and names of any length.

use std::sync::Arc;
use std::time::Duration;

use critwatch::model::board::{Outlook, Sight, Wait};
use critwatch::model::component::ComponentId;
use critwatch::model::facts::firsthand::{Firsthand, PassedProbe};

use crate::gallery::parts::track;
use crate::gallery::stage::Stage;

impl Stage {
    /// Minutes after the end of one outage, and hours after that of another.
    pub(super) fn after(&mut self) {
        self.firsthand();
        for (began, ended, title) in [(6, 2, "Logins are failing"), (400, 338, "Rolls are late")] {
            let (at, end) = (self.ago(began), self.ago(ended));
            let head = format!(
                "resolved: true\nresolvedWhen: {end}\nseverity: down\naffected: [API, Cache]"
            );
            let body = format!("*Resolved* - It works again. {}", track(end));
            self.write(title, &head, &body, at);
        }
    }

    /// A site that has just been set up.
    pub(super) fn empty(&mut self) {
        self.sight = Sight::Unwatched;
        self.components.clear();
        self.incidents.clear();
    }

    /// A site whose incidents people write: no rule looks at anything.
    pub(super) fn unmeasured(&mut self) {
        self.sight = Sight::Unwatched;
        for (_, past) in &mut self.components {
            *past = Arc::default();
        }
    }

    /// What probes found, and what visitors reported.
    pub(super) fn firsthand(&mut self) {
        let probe = |id: &str, millis| PassedProbe {
            components: vec![ComponentId(id.into())],
            at: self.ago(0) - Duration::from_secs(3),
            took: Duration::from_millis(millis),
        };
        self.firsthand = Firsthand {
            passed: vec![probe("api", 412), probe("blog", 80), probe("cache", 2)],
            reports: [("api", 9), ("", 3), ("blog", 1)]
                .map(|(id, count)| (ComponentId(id.into()), count))
                .into(),
        };
    }

    /// Names of any length in any script.
    pub(super) fn long_names(&mut self) {
        let names = [
            "https://api.eu-central-1.production.internal.example.org/v1/checkout/sessions",
            "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselverwaltungssystem",
            "プログラミングインターフェースおよびリアルタイム接続管理サービス統合基盤",
            "Автоматизированнаясистемауправленияпользовательскимисоединениями",
            "منصةالاتصالاتالفوريةوإدارةجلساتالمستخدمينالموزعةعالميا",
            "Ηλεκτροεγκεφαλογραφικοεπικοινωνιακόςδιακομιστήςσυνεδριών",
        ];
        self.names.title = "Würfelgemeinschaftsverwaltungsgesellschaft mbH & Co. KG".into();
        for ((component, _), name) in self.components.iter_mut().zip(names) {
            component.name = name.into();
        }
        let title = names.join("");
        self.open(&title, "down", &names, names[1]);
        let at = self.ago(30);
        let head = format!(
            "resolved: true\nresolvedWhen: {}\nseverity: down\naffected: {names:?}",
            self.ago(20)
        );
        self.write(names[1], &head, "*Resolved* - Again.", at);
    }

    /// Quiet again, but not for long enough to be told.
    pub(super) fn settling(&mut self) {
        self.watched();
        let good = self.now - Duration::from_secs(40);
        for outlook in self.outlooks.values_mut() {
            *outlook = Outlook {
                good_since: Some(good),
                waits: vec![Wait::Hold],
                ..Outlook::default()
            };
        }
        for incident in &mut self.incidents {
            incident.managed.good_since = None;
        }
    }
}
