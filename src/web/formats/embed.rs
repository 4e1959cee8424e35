//! The state for other sites: `/embed.js`, `/embed/` and what they show.

use askama::Template;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::language::speech::Speech;
use crate::model::incident::Incident;
use crate::model::text::language::Language;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::look::style;
use crate::web::site::{Names, View};
use crate::web::text::links;
use crate::web::text::machine;

/// The script that other sites load.
pub(crate) const SCRIPT: &str = include_str!("../../../templates/embed.js");

/// Only our own script runs in the frame, which keeps it true; everybody may show it.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// What it says.
struct EmbeddedState<'a> {
    title: &'a str,
    url: String,
    health: Sign,
    word: String,
    colour: String,
    /// The ongoing problem, if there is one.
    text: Option<&'a str>,
    since: Option<Timestamp>,
}

fn state<'a>(view: &View<'a>) -> EmbeddedState<'a> {
    let (board, names) = (view.board, view.names);
    let rated = board.troubles().filter(|one| one.severity.is_some());
    // Of equally grave ones the newest.
    let gravest: Option<&Incident> = rated.reduce(|one, other| {
        if other.severity > one.severity {
            other
        } else {
            one
        }
    });
    let sign = Sign::from(board);
    let mut works = board.running().filter(|_| sign == Sign::Maintenance);
    let work = works.next();
    EmbeddedState {
        title: &names.title,
        url: links::absolute(names, "/"),
        health: sign,
        word: sign.word_if(board.is_measured(), &Speech::of(view.language)),
        colour: colour(names, sign),
        text: gravest
            .map(|one| &*one.title)
            .or(work.map(|one| &*one.title)),
        since: gravest.map_or(work.map(|one| one.from), |one| one.date),
    }
}

/// The colour of a sign in the light: it is readable on white, and so is white on it.
fn colour(names: &Names, sign: Sign) -> String {
    style::sign(names, sign, false)
}

/// `/api/embed.json`: the state in a few words.
pub(crate) fn json(view: &View<'_>) -> Value {
    let state = state(view);
    json!({
        "title": state.title,
        "url": state.url,
        "health": state.health.name(),
        "word": state.word,
        "colour": state.colour,
        "text": state.text,
        "since": state.since.map(machine::iso),
    })
}

#[derive(Template)]
#[template(path = "embed.html")]
struct EmbeddedFrame<'a> {
    state: EmbeddedState<'a>,
    language: Language,
    base: &'a str,
}

/// `/embed/`: a page of one line, for frames.
pub(crate) fn frame(view: &View<'_>) -> askama::Result<String> {
    EmbeddedFrame {
        state: state(view),
        language: view.language,
        base: view.names.base(),
    }
    .render()
}

/// `/embed.css`: the frame's style with the site's colours.
pub(crate) fn style(view: &View<'_>) -> String {
    let mut style = include_str!("../../../templates/embed.css").to_owned();
    for sign in Sign::ALL {
        let colour = colour(view.names, sign);
        let rule = [".is-", sign.name(), " b { background: ", &colour, "; }\n"];
        style.extend(rule);
    }
    style
}
