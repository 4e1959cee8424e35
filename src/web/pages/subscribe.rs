//! How to subscribe: e-mail, feeds, the calendar, and formats for programs.

use askama::Template;

use crate::model::request::receivers::subscription::SubscriptionChoice;
use crate::web::pages::subscription::ChoiceForm;
use crate::web::parts::context::{NamedLink, Present};
use crate::web::parts::look::frame::{Frame, Here};
use crate::web::site::View;

/// One way to subscribe.
struct SubscriptionWay {
    title: String,
    text: String,
    links: Vec<NamedLink>,
}

#[derive(Template)]
#[template(path = "subscribe.html")]
struct SubscribePage<'a> {
    frame: Frame<'a>,
    ways: Vec<SubscriptionWay>,
    parts: Vec<NamedLink>,
    embed: Option<String>,
    /// The form for e-mail, where visitors may subscribe by it.
    form: Option<ChoiceForm>,
}

/// The page of all ways that there are.
pub fn page(view: &View<'_>) -> askama::Result<String> {
    let present = Present::new(view);
    let link = |name: &str, path: &str| NamedLink {
        name: name.to_owned(),
        href: present.to(path),
    };
    let speech = &present.speech;
    let way = |name: &str, links: Vec<NamedLink>| SubscriptionWay {
        title: speech.say(&format!("way-{name}")),
        text: speech.say(&format!("way-{name}-text")),
        links,
    };
    let ways = vec![
        way(
            "feed",
            vec![link("Atom", "/feed.atom"), link("RSS", "/index.xml")],
        ),
        way("calendar", vec![link("calendar.ics", "/calendar.ics")]),
        way(
            "programs",
            vec![
                link("/index.json", "/index.json"),
                link("/api/v2/summary.json", "/api/v2/summary.json"),
                link("OpenAPI", "/api/openapi.json"),
            ],
        ),
    ];
    let parts = view.board.components.iter().map(|state| {
        let name = &state.component.name;
        NamedLink {
            name: present.label(name).to_owned(),
            href: format!("{}index.xml", present.address_of(name)),
        }
    });
    SubscribePage {
        frame: Frame::new(&present, Here::Subscribe),
        ways,
        parts: parts.collect(),
        form: view.names.subscriptions.then(|| {
            let choice = SubscriptionChoice::new(view.language);
            ChoiceForm::new(&present, &choice)
        }),
        // On another site the address must be whole.
        embed: view
            .names
            .url
            .as_ref()
            .map(|base| format!("<script src=\"{base}/embed.js\" async></script>")),
    }
    .render()
}
