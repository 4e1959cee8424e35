//! Every channel against a stand-in that rejects what the remote side rejects.

mod chats;
mod each;
mod html_chats;
mod pagers;
mod particular;
mod remotes;
mod stand_in;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::remotes::Remote;
use self::stand_in::StandIn;
use super::{incident, tools};
use crate::language::speech::Speech;
use crate::model::component::Severity;
use crate::model::incident::Incident;
use crate::model::text::language::Language;
use crate::notify::channel::{Channel, ChannelSettings, ChannelTools};
use crate::notify::channels::discord;
use crate::notify::mail::letters::letter::MailSite;
use crate::notify::message::announcement::Announcement;
use crate::notify::message::known::place::Place;
use crate::notify::message::occasion::Occasion;
use crate::notify::message::stage::Stage;
use crate::notify::message::topic::{Source, Topic, TopicId};
use crate::notify::sending::delivery::{Delivered, DeliveryError};
use crate::notify::texts::wording::SiteWording;

const SITE: Option<&str> = Some("https://status.example.org");

const OPENED: &str = "---
section: issue
title: Rolls are failing
date: 2026-03-01T18:48:00Z
resolved: false
affected: [API, Cache]
severity: down
---
*Investigating* - The cache is full, and writes are refused. {{< track \"2026-03-01 18:48:00\" >}}
";

const UPDATED: &str = "*Identified* - A job wrote too much; we have stopped it. \
    {{< track \"2026-03-01 18:55:00\" >}}\n\n*Investigating*";

const WORK: &str = "---
section: issue
title: Move to a larger cache
date: 2026-04-01T22:00:00Z
resolved: true
informational: true
affected: [Cache]
severity: notice
---
*Scheduled* - Rolls may take longer. {{< track \"2026-03-30 09:00:00\" >}}
";

/// What channels share where no mail is sent.
pub(super) fn channel_tools() -> ChannelTools {
    ChannelTools {
        http: tools(),
        discord: discord::global_limit(),
        clock: || Timestamp::UNIX_EPOCH,
        site: MailSite {
            title: "Dice".to_owned(),
            url: None,
            zone: TimeZone::UTC,
        },
        mail: None,
    }
}

/// A channel whose remote side is a stand-in.
async fn connect(remote: &Remote, more: &str) -> (Channel, StandIn) {
    let stand_in = StandIn::start(remote.judge).await;
    let settings = remote.settings.replace("ADDRESS", &stand_in.address);
    let mut table: toml::Table = toml::from_str(&format!("{settings}\n{more}")).unwrap();
    let kind = table.remove("type").unwrap();
    let mut wrapped = toml::Table::new();
    wrapped.insert(kind.as_str().unwrap().to_owned(), table.into());
    let settings: ChannelSettings = wrapped.try_into().unwrap();
    (Channel::new(settings, &channel_tools()), stand_in)
}

async fn deliver(
    channel: &Channel,
    message: &Announcement,
    (edited, thread, key): (Option<&str>, Option<&str>, &str),
) -> Result<Delivered, DeliveryError> {
    let place = Place {
        message: edited,
        thread,
        key,
    };
    channel.deliver("n", message, &place).await
}

fn message(incident: &Incident, occasion: Occasion) -> Announcement {
    Announcement::new(&Topic::incident(incident).unwrap(), occasion, SITE)
}

fn opened() -> Incident {
    incident("2026-03-01-rolls-fail.md", OPENED)
}

fn updated() -> Incident {
    incident(
        "2026-03-01-rolls-fail.md",
        &OPENED.replace("*Investigating*", UPDATED),
    )
}

fn resolved() -> Incident {
    let text = OPENED.replace(
        "resolved: false",
        "resolved: true\nresolvedWhen: 2026-03-01T19:20:00Z",
    );
    let over = "*Resolved* - Rolls work again. {{< track \"2026-03-01 19:20:00\" >}}\n\n";
    let text = text.replace("*Investigating*", &format!("{over}{UPDATED}"));
    incident("2026-03-01-rolls-fail.md", &text)
}

/// Planned work that was announced.
fn planned() -> Announcement {
    let work = incident("2026-04-01-larger-cache.md", WORK);
    let moment = |text: &str| text.parse::<Timestamp>().unwrap();
    let until = moment("2026-04-01T23:30:00Z");
    let topic = Topic {
        id: TopicId::Maintenance(work.id.clone()),
        stage: Stage::Scheduled,
        severity: Severity::Notice,
        withdrawn: false,
        components: &work.affected,
        window: Some((moment("2026-04-01T22:00:00Z"), Some(until))),
        source: Source::File(&work),
    };
    Announcement::new(&topic, Occasion::Announced, SITE)
}

#[test]
fn a_message_speaks_the_language_and_names_the_clock_of_the_site() {
    let wording = SiteWording {
        speech: Speech::of(Language::De),
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    };
    let words = wording.words(&message(&resolved(), Occasion::Resolved));
    assert_eq!(words.affected, "Betrifft API und Cache.");
    assert_eq!(words.times, "2026-03-01 19:48 CET bis 20:20 CET");
    assert_eq!(words.newest, "Behoben: Rolls work again.");
    let earlier = &words.earlier[0];
    assert!(earlier.starts_with("19:55 CET "), "{earlier}");
    let words = wording.words(&message(&opened(), Occasion::Opened));
    assert_eq!(words.times, "Beginn: 2026-03-01 19:48 CET.");
}
