//! The first sentence: is it down, since when, and is it getting better?

use jiff::Timestamp;

use crate::model::board::{Outlook, Sight, Wait};
use crate::model::incident::{Incident, IncidentId};
use crate::model::time::moment::next_minute;
use crate::web::parts::charts::measured;
use crate::web::parts::context::Present;
use crate::web::parts::firsthand;
use crate::web::parts::incident::newest_words::{self, NewestWords};
use crate::web::parts::incident::outlook::impact;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::times::When;
use crate::web::text::html;

/// More affected components than this are counted rather than named.
const NAMED: usize = 3;

/// A sentence with more characters is set smaller.
const LONG: usize = 60;

/// The top of the first page.
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
    /// The impact and whether it gets better, as HTML.
    pub(crate) impact: Vec<String>,
    /// The newest words about it.
    pub(crate) words: Option<NewestWords>,
    /// What our own probes and other visitors saw a moment ago, as HTML.
    pub(crate) firsthand: Vec<String>,
    /// The incident that it describes.
    pub(crate) incident: Option<IncidentId>,
    /// Whether its sentence is the title of that incident.
    pub(crate) is_titled: bool,
    /// Whether nothing was measured that bears its sentence out.
    pub(crate) is_unmeasured: bool,
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
            words: None,
            firsthand: Vec::new(),
            incident: None,
            is_titled: false,
            is_unmeasured: false,
            measured: None,
        }
    }
}

/// The banner of a moment.
pub(crate) fn banner(present: &Present<'_>) -> Banner {
    let (board, speech) = (present.view.board, &present.speech);
    let sign = Sign::from(present.view.board);
    let gravest = present.troubles.first();
    let mut banner = match (board.facts.sight, gravest) {
        (Sight::Blind { since }, _) if sign == Sign::Unknown => return blind(present, since),
        (_, Some(incident)) if sign > Sign::Notice => trouble(present, incident, sign),
        (_, _) if sign == Sign::Maintenance => maintenance(present),
        (_, _) if sign <= Sign::Notice && sign != Sign::Unknown && !board.is_measured() => {
            unmeasured(present, sign)
        }
        (_, _) if sign == Sign::Ok => Banner::plain(sign, speech.say("banner-fine")),
        (_, Some(_)) if sign == Sign::Notice => Banner::plain(sign, speech.say("banner-notice")),
        (_, _) => Banner::plain(sign, unwell(present, sign)),
    };
    if let Sight::Blind { since } = board.facts.sight {
        // What is known to be bad stays so, but nobody can see whether it gets better.
        let blind = blind(present, since);
        if blind.headline != banner.headline {
            banner.facts.push(blind.headline_html);
        }
    }
    banner.firsthand.extend(firsthand::works(present));
    banner.measured = measured::measured(present);
    banner
}

/// The sentence of a site whose incidents people write.
fn unmeasured(present: &Present<'_>, sign: Sign) -> Banner {
    let name = if sign == Sign::Notice {
        "banner-unmeasured-notice"
    } else if present.view.board.components.is_empty() {
        "banner-empty"
    } else {
        "banner-unmeasured"
    };
    Banner {
        is_unmeasured: sign == Sign::Ok,
        ..Banner::plain(sign, present.speech.say(name))
    }
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
    let waits = outlook.map_or(&[][..], |outlook| &outlook.waits);
    let is_watched = outlook.and_then(Outlook::watched).is_some();
    let mut banner = match outlook.and_then(Outlook::watched) {
        Some(run) => watched(present, sign, run, waits),
        None => match unseen(present, incident, waits) {
            Some(headline) => Banner {
                headline_html: headline.1,
                facts: started(present, incident),
                ..Banner::plain(sign, headline.0)
            },
            None => Banner {
                lasting: present.lasting(incident),
                facts: started(present, incident),
                is_titled: true,
                ..Banner::plain(sign, incident.title.clone())
            },
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
    Banner {
        words: newest_words::newest(present, incident, is_watched),
        firsthand: firsthand::reported(present, incident).into_iter().collect(),
        incident: Some(incident.id.clone()),
        ..banner
    }
}

/// Missing data of an incident that seemed well, as text and as HTML.
///
/// Its title would claim that it still fails.
fn unseen(present: &Present<'_>, incident: &Incident, waits: &[Wait]) -> Option<(String, String)> {
    incident.managed.good_since?;
    if let Sight::Blind { since } = present.view.board.facts.sight {
        let since = present.when(since);
        return Some(sentence(present, "banner-blind", &[("since", &since)]));
    }
    let names = waits.iter().find_map(|wait| match wait {
        Wait::Unseen(names) => Some(names),
        Wait::Failing(_)
        | Wait::Backlog { .. }
        | Wait::Capacity
        | Wait::Changed(_)
        | Wait::Hold
        | Wait::Person => None,
    })?;
    let names: Vec<_> = names
        .iter()
        .map(|name| present.label(name).to_owned())
        .collect();
    let names = present.speech.row(&names);
    let text = present.speech.with("unwell-unknown", "names", names);
    Some((text.clone(), html::escape(&text)))
}

fn watched(
    present: &Present<'_>,
    sign: Sign,
    (since, until): (Timestamp, Timestamp),
    waits: &[Wait],
) -> Banner {
    let since = present.when(since);
    // Promise an end only if nothing but time is missing.
    let by_time = |wait: &Wait| matches!(wait, Wait::Hold | Wait::Changed(_));
    let more = if waits.iter().all(by_time) {
        "banner-watched-more"
    } else {
        "banner-watched-held"
    };
    let until = present.when(next_minute(until));
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
    facts.extend(affects(present, &incident.affected));
    facts
}

/// Whom an incident concerns, by their names.
fn affects(present: &Present<'_>, affected: &[String]) -> Option<String> {
    let speech = &present.speech;
    let names = affected.iter();
    let names = names.map(|name| format!("<bdi>{}</bdi>", html::escape(present.label(name))));
    let names: Vec<_> = names.collect();
    match names.split_at_checked(2) {
        _ if names.is_empty() => None,
        Some((first, rest)) if names.len() > NAMED => {
            let slots = [
                ("names", first.join(&speech.say("row-comma")).into()),
                ("n", rest.len().into()),
            ];
            Some(speech.tell("affects-more", slots))
        }
        _ => Some(speech.with("affects", "names", speech.row(&names))),
    }
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
