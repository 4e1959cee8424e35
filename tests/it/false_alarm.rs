//! A rule that is wrong, and the hand that corrects what the page says of it.

use serde_json::Value;

use crate::place::{Place, words};
use crate::world::Monitor;
use crate::world::discord::Discord;
use crate::world::patience::until;

/// Settings with a rule that always fires: nobody listens where it looks.
const SETTINGS: &str = "[site]\ntitle = 'Dice'\n[[component]]\nid = 'mails'\nname = 'Mails'\n\
    [[collector]]\nid = 'mails'\ntype = 'tcp'\naddress = '127.0.0.1:9'\ninterval = '1s'\n\
    [[rule]]\nid = 'mails-late'\nexpr = 'probe_success == 0'\nseverity = 'down'\ncomponents = ['mails']\n\
    title = 'Mails are late'\ntext = 'They wait.'\n\
    [[notifier]]\nid = 'team'\ntype = 'discord'\nwebhook = '${WEBHOOK}'\n";

/// What visitors and programs read of the site.
struct Shown {
    page: String,
    status: Value,
    incidents: Value,
    feed: String,
}

impl Shown {
    async fn of(monitor: &Monitor) -> Self {
        let json = async |path: &str| -> Value {
            serde_json::from_str(&monitor.get(path).await.1).unwrap()
        };
        Self {
            page: monitor.get("/").await.1,
            status: json("/api/v2/status.json").await,
            incidents: json("/api/v2/incidents.json").await,
            feed: monitor.get("/feed.atom").await.1,
        }
    }

    fn is_red(&self) -> bool {
        self.page.contains("class=\"banner is-down")
    }
}

async fn until_shown(monitor: &Monitor, what: &str, is_so: impl Fn(&Shown) -> bool) -> Shown {
    until(what, async || {
        let shown = Shown::of(monitor).await;
        if is_so(&shown) { Some(shown) } else { None }
    })
    .await
}

/// Waits until the database, from which commands learn it, knows that the rule fires.
async fn until_noted(place: &Place) {
    let database = place.path("state/critwatch.db");
    until("the database knows that the rule fires", async || {
        let store = rusqlite::Connection::open(&database).unwrap();
        let count = "SELECT count(*) FROM run WHERE firing_since IS NOT NULL";
        let firing = store.query_row(count, [], |row| row.get(0));
        (firing == Ok(1)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_false_alarm_is_silenced_resolved_and_withdrawn_and_the_page_follows_each_time() {
    let place = Place::new();
    std::fs::write(place.path("alerts.toml"), SETTINGS).unwrap();
    let discord = Discord::start().await;
    let run = |line: &str| {
        let done = place.run(&words(line));
        assert_eq!(done.code, 0, "{line}: {}", done.said);
        done.out
    };
    run("silence|add|component=mails|--for|2h|--reason|Wrong rule|--by|Ann");
    let folder = place.path("alerts.toml");
    let environment = [("WEBHOOK", discord.url().to_owned())];
    let monitor = Monitor::serve(folder.parent().unwrap(), &environment).await;

    // Silenced: nothing is red, and the component says that the team decided so.
    let silenced = until_shown(&monitor, "the page tells of the silence", |shown| {
        shown
            .page
            .contains("Our team has silenced its alerts until")
    })
    .await;
    assert!(!silenced.is_red(), "{}", silenced.page);
    assert!(!silenced.page.contains("Ann"), "{}", silenced.page);
    assert_eq!(silenced.status["status"]["indicator"], "none");

    // Heard again: an incident opens, and is told.
    run("silence|remove|1");
    until_shown(&monitor, "the page is red", Shown::is_red).await;
    until("the fault is told", async || {
        discord.headlines() == ["Down: Mails are late"]
    })
    .await;

    // Resolved by a person while the rule fires on: nothing is red.
    until_noted(&place).await;
    let out = run("incident|resolve|mails-are-late|--text|It was nothing.");
    assert!(out.contains("`mails-late` fires, overruled by"), "{out}");
    let resolved = until_shown(&monitor, "the page tells of the decision", |shown| {
        shown
            .page
            .contains("Our team has overruled a check that still fails.")
    })
    .await;
    assert!(!resolved.is_red(), "{}", resolved.page);
    until("the end is told", async || {
        discord.headlines().last().unwrap() == "Resolved: Mails are late"
    })
    .await;

    // Open again, and withdrawn: it is over, counts for nothing, and says so.
    run("incident|reopen|mails-are-late|--text|It is back.");
    until_shown(&monitor, "the page is red again", Shown::is_red).await;
    until("its return is told", async || {
        discord.headlines().last().unwrap() == "Down again: Mails are late"
    })
    .await;
    run("incident|withdraw|mails-are-late");
    check_withdrawn(&until_shown(&monitor, "nothing is red", |shown| !shown.is_red()).await);
    until("the withdrawal is told", async || {
        discord.headlines().last().unwrap() == "Withdrawn: Mails are late"
    })
    .await;
    assert_eq!(discord.headlines().len(), 4);
    assert_eq!(place.files().len(), 1);
    assert!(monitor.stop().await.success());
}

/// A withdrawn incident is over, counts for nothing, and says so.
fn check_withdrawn(withdrawn: &Shown) {
    let past = withdrawn.page.split_once("id=\"past\"").unwrap().1;
    assert!(past.contains("withdrawn"), "{past}");
    assert_eq!(withdrawn.status["status"]["indicator"], "none");
    assert_eq!(withdrawn.incidents["incidents"][0]["status"], "resolved");
    assert_eq!(withdrawn.incidents["incidents"][0]["impact"], "none");
    assert!(withdrawn.feed.contains("false alarm"), "{}", withdrawn.feed);
}
