//! The first sentence: is it down, since when, and is it getting better?

use jiff::Timestamp;

use crate::model::board::{Outlook, Sight, Wait};
use crate::model::incident::Incident;
use crate::model::time::moment::next_minute;
use crate::web::parts::context::Present;
use crate::web::parts::outlook::impact;
use crate::web::parts::sign::Sign;
use crate::web::parts::times::{self, When};
use crate::web::text::html;

/// A sentence with more characters is set smaller.
const LONG: usize = 60;

/// What stands on top of the first page.
#[derive(Debug)]
pub(crate) struct Banner {
    /// Its sign.
    pub(crate) sign: Sign,
    /// The sentence.
    pub(crate) headline: String,
    /// The same as HTML, with its times.
    pub(crate) headline_html: String,
    /// How long it has been so, as HTML.
    pub(crate) lasting: Option<String>,
    /// Short sentences below it, as HTML.
    pub(crate) facts: Vec<String>,
    /// What it means and whether it gets better, as HTML.
    pub(crate) impact: Vec<String>,
    /// When something was measured last, as HTML.
    pub(crate) measured: Option<String>,
}

impl Banner {
    /// Whether its sentence would fill a phone's screen in large letters.
    pub(crate) fn is_long(&self) -> bool {
        self.headline.chars().count() > LONG
    }

    fn plain(sign: Sign, headline: String) -> Self {
        Self {
            sign,
            headline_html: html::escape(&headline),
            headline,
            lasting: None,
            facts: Vec::new(),
            impact: Vec::new(),
            measured: None,
        }
    }
}

/// The banner of a moment.
pub(crate) fn banner(present: &Present<'_>) -> Banner {
    let (board, speech) = (present.view.board, &present.speech);
    let sign = Sign::from(present.view.board);
    // Of equally grave ones the first in the list, which is the newest.
    let graver = |one, other: &&Incident| {
        if other.severity > one {
            other.severity
        } else {
            one
        }
    };
    let worst = present.troubles.iter().fold(None, graver);
    let gravest = present.troubles.iter().find(|one| one.severity == worst);
    let mut banner = match (board.facts.sight, gravest) {
        (Sight::Blind { since }, _) if sign == Sign::Unknown => return blind(present, since),
        (_, Some(incident)) if sign > Sign::Notice => trouble(present, incident, sign),
        (_, _) if sign == Sign::Maintenance => maintenance(present),
        (_, _) if sign == Sign::Ok => Banner::plain(sign, speech.say("banner-fine")),
        (_, Some(_)) if sign == Sign::Notice => Banner::plain(sign, speech.say("banner-notice")),
        (_, _) => Banner::plain(sign, unwell(present, sign)),
    };
    if let Sight::Blind { since } = board.facts.sight {
        // What is known to be bad stays so, but nobody can see whether it gets better.
        banner.facts.push(blind(present, since).headline_html);
    }
    banner.measured = measured(present);
    banner
}

/// When something was measured last: a moment stays true without a script.
pub(crate) fn measured(present: &Present<'_>) -> Option<String> {
    let Sight::Fresh { last } = present.view.board.facts.sight else {
        return None;
    };
    let zone = &present.view.names.zone;
    let clock = times::clock(last, zone, true);
    let text = present.speech.with("measured-at", "clock", clock.text);
    let say = present.speech.with("measured-ago", "span", "{}");
    Some(format!(
        "<span data-measured data-since=\"{}\" data-say=\"{}\">{}</span>",
        clock.iso,
        html::escape(&say),
        html::escape(&text)
    ))
}

/// A sentence with moments in it: as text, and as HTML.
fn sentence(present: &Present<'_>, name: &str, moments: &[(&str, &When)]) -> (String, String) {
    let fill = |text: fn(&When) -> String| {
        let value = |slot: &str| {
            let found = moments.iter().find(|(name, _)| *name == slot);
            found.map(|(_, when)| text(when)).unwrap_or_default().into()
        };
        let slots = [("since", value("since")), ("until", value("until"))];
        present.speech.tell(name, slots)
    };
    (fill(|when| when.text.clone()), fill(When::html))
}

fn blind(present: &Present<'_>, since: Timestamp) -> Banner {
    let when = present.when(since);
    let (headline, headline_html) = sentence(present, "banner-blind", &[("since", &when)]);
    Banner {
        headline_html,
        facts: vec![html::escape(&present.speech.say("banner-blind-more"))],
        ..Banner::plain(Sign::Unknown, headline)
    }
}

fn maintenance(present: &Present<'_>) -> Banner {
    let Some(when) = present.until(present.running()) else {
        let headline = present.speech.say("banner-maintenance-open");
        return Banner::plain(Sign::Maintenance, headline);
    };
    let (headline, headline_html) = sentence(present, "banner-maintenance", &[("until", &when)]);
    Banner {
        headline_html,
        ..Banner::plain(Sign::Maintenance, headline)
    }
}

fn trouble(present: &Present<'_>, incident: &Incident, sign: Sign) -> Banner {
    let speech = &present.speech;
    let outlook = present.view.board.facts.outlooks.get(&incident.id);
    let mut banner = match outlook.and_then(Outlook::watched) {
        Some((since, until)) => {
            let waits = outlook.map_or(&[][..], |outlook| &outlook.waits);
            watched(present, sign, (since, until), waits)
        }
        None => Banner {
            lasting: present.lasting(incident),
            facts: started(present, incident),
            ..Banner::plain(sign, incident.title.clone())
        },
    };
    if let Some(outlook) = outlook {
        let backlogs = outlook.backlogs.iter();
        banner.impact = backlogs.filter_map(|one| impact(present, one)).collect();
        let next = outlook.next_word.filter(|next| *next > present.view.now);
        banner
            .facts
            .extend(next.map(|next| speech.with("next-word", "until", present.when(next).html())));
    }
    let others = present.troubles.len() - 1;
    if others > 0 {
        banner.facts.push(speech.count("more-open", others));
    }
    banner
}

fn watched(
    present: &Present<'_>,
    sign: Sign,
    (since, until): (Timestamp, Timestamp),
    waits: &[Wait],
) -> Banner {
    let since = present.when(since);
    // An end is promised only where nothing but time stands before it.
    let by_time = |wait: &Wait| matches!(wait, Wait::Hold | Wait::Changed(_));
    let (more, until) = if waits.iter().all(by_time) {
        ("banner-watched-more", present.when(next_minute(until)))
    } else {
        ("banner-watched-held", present.when(until))
    };
    let (headline, headline_html) = sentence(present, "banner-watched", &[("since", &since)]);
    let (_, until) = sentence(present, more, &[("until", &until)]);
    Banner {
        headline_html,
        facts: vec![until],
        ..Banner::plain(sign, headline)
    }
}

fn started(present: &Present<'_>, incident: &Incident) -> Vec<String> {
    let speech = &present.speech;
    let began = present.dated(incident.date, incident.days.began);
    let mut facts: Vec<_> = began
        .map(|began| speech.with("started", "since", began.html()))
        .into_iter()
        .collect();
    match incident.affected.as_slice() {
        [] => {}
        [one] => {
            let name = html::escape(present.label(one));
            facts.push(speech.with("one-affected", "name", name));
        }
        several => facts.push(speech.count("some-affected", several.len())),
    }
    facts
}

/// Says which components are not fine when no incident says more.
fn unwell(present: &Present<'_>, sign: Sign) -> String {
    let states = present.view.board.components.iter();
    let unwell = states.filter(|state| Sign::from(*state) == sign);
    let names: Vec<_> = unwell
        .map(|state| present.label(&state.component.name).to_owned())
        .collect();
    let (n, row) = (names.len(), present.speech.row(&names));
    if names.len() > 3 {
        return present.speech.count(&format!("unwell-many-{sign}"), n);
    }
    let name = format!("unwell-{sign}");
    present
        .speech
        .tell(&name, [("n", n.into()), ("names", row.into())])
}
