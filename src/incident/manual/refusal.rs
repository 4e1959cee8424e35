//! Why something that a person asks is not written, in words.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::manual::affected::UnknownComponent;
use crate::model::incident::IncidentId;

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;

/// The longest text of one update, in bytes: no visitor reads more.
pub const MAX_TEXT: usize = 64 * 1024;

/// Why something is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditRefusal {
    /// The title is empty, long, or more than a line.
    Title,
    /// The text is longer than anybody reads.
    Long,
    /// There is no text where one is needed.
    Empty,
    /// The text has characters that are no text.
    Control,
    /// The text would stop Hugo.
    Shortcode(String),
    /// A component that is not there.
    Component(UnknownComponent),
    /// A name of nobody.
    Name,
    /// Nothing is to be changed.
    Nothing,
    /// The file would be no incident.
    Unreadable(String),
    /// The beginning or the end is still to come.
    Future(Timestamp),
    /// The beginning of planned work has passed.
    Past(Timestamp),
    /// The new end of planned work has passed.
    EndPassed(Timestamp),
    /// It would end before it began.
    EndsFirst {
        /// The beginning.
        date: Timestamp,
        /// The end.
        end: Timestamp,
    },
    /// It is no draft.
    Public,
    /// It is over already.
    Over,
    /// It is open already.
    Open,
    /// It was withdrawn already.
    Withdrawn,
    /// It has no update whose text could be changed.
    NoUpdate,
    /// A component would be worse off than the whole.
    Worse(String),
    /// It is no planned work.
    NotPlanned,
    /// Planned work has not begun.
    NotBegun,
    /// Nobody has written these sections of the post-mortem.
    Unwritten(Vec<String>),
    /// It has no post-mortem.
    NoPostMortem,
    /// Its post-mortem is published already.
    Published,
    /// What visitors could read is not deleted.
    NotDraft,
    /// A post-mortem does not begin with a heading.
    NoHeading,
    /// A paragraph of a post-mortem would be read as an update.
    ReadsAsUpdate,
}

impl EditRefusal {
    /// Whether what the file says speaks against it, and not what was asked.
    pub fn is_of_the_file(&self) -> bool {
        match self {
            Self::Public
            | Self::Over
            | Self::Open
            | Self::Withdrawn
            | Self::NoUpdate
            | Self::NotPlanned
            | Self::NotBegun
            | Self::Unwritten(_)
            | Self::NoPostMortem
            | Self::Published
            | Self::NotDraft => true,
            Self::Title
            | Self::Long
            | Self::Empty
            | Self::Control
            | Self::Shortcode(_)
            | Self::Component(_)
            | Self::Name
            | Self::Nothing
            | Self::Unreadable(_)
            | Self::Future(_)
            | Self::Past(_)
            | Self::EndPassed(_)
            | Self::EndsFirst { .. }
            | Self::NoHeading
            | Self::ReadsAsUpdate
            | Self::Worse(_) => false,
        }
    }

    /// What is wrong, with moments in the zone.
    pub fn fault(&self, zone: &TimeZone) -> String {
        let at = |at: &Timestamp| at.to_zoned(zone.clone()).strftime("%F %T %Z").to_string();
        match self {
            Self::Title => format!("a title is one line of 1 to {MAX_TITLE} characters"),
            Self::Long => format!("a text has at most {MAX_TEXT} bytes"),
            Self::Empty => "the text is empty".to_owned(),
            Self::Control => "the text contains a control character; remove it".to_owned(),
            Self::Shortcode(code) => format!(
                "`{code}` is a shortcode that cState does not have, and Hugo would build \
                nothing; write `{{{{</* */>}}}}` to show one"
            ),
            Self::Component(unknown) => unknown.to_string(),
            Self::Name => "name the person who accepts it".to_owned(),
            Self::Nothing => "name what to change".to_owned(),
            Self::Unreadable(why) => why.clone(),
            Self::Future(moment) => format!("{} is in the future", at(moment)),
            Self::Past(moment) | Self::EndPassed(moment) => format!("{} has passed", at(moment)),
            Self::EndsFirst { date, end } => {
                format!(
                    "it cannot end at {}, because it begins at {}",
                    at(end),
                    at(date)
                )
            }
            Self::Public => "it is public already".to_owned(),
            Self::Over => "it is over already".to_owned(),
            Self::Open => "it is open already".to_owned(),
            Self::Withdrawn => "it is withdrawn already".to_owned(),
            Self::NoUpdate => "it has no update yet".to_owned(),
            Self::Worse(component) => format!("`{component}` cannot be worse than the incident"),
            Self::NotPlanned => "it is not maintenance".to_owned(),
            Self::NotBegun => "it has not begun".to_owned(),
            Self::Unwritten(sections) => format!("nobody has written {}", sections.join(", ")),
            Self::NoPostMortem => "it is public and over, and has no post-mortem".to_owned(),
            Self::Published => "its post-mortem is published already".to_owned(),
            Self::NotDraft => "it is not a draft; withdraw what visitors could read".to_owned(),
            Self::NoHeading => "begin with a heading, as in `## Problem`".to_owned(),
            Self::ReadsAsUpdate => "a paragraph begins as an update does, with a word in \
                asterisks and a hyphen; write it in another way"
                .to_owned(),
        }
    }

    /// The way out for who works with commands.
    fn way(&self) -> Option<&'static str> {
        Some(match self {
            Self::Name => "--by Ann",
            Self::Nothing => "or write a --text",
            Self::Future(_) => "plan ahead with `critwatch maintenance add`",
            Self::Past(_) => "report it with `critwatch incident open --severity notice`",
            Self::EndPassed(_) => "end it with `critwatch maintenance end`",
            Self::Public => "only a draft waits to be published",
            Self::Over => "if it is back, `critwatch incident reopen` opens it again",
            Self::Withdrawn => "`critwatch incident reopen` opens it again",
            Self::NoUpdate => "leave out --amend to write the first one",
            Self::Worse(_) => "raise its --severity as well",
            Self::Title
            | Self::Long
            | Self::Empty
            | Self::Control
            | Self::Shortcode(_)
            | Self::Component(_)
            | Self::Unreadable(_)
            | Self::EndsFirst { .. }
            | Self::Open
            | Self::NotPlanned
            | Self::NotBegun
            | Self::Unwritten(_)
            | Self::NoPostMortem
            | Self::Published
            | Self::NoHeading
            | Self::ReadsAsUpdate
            | Self::NotDraft => return None,
        })
    }

    /// What is wrong and the way out by commands; moments are in the zone.
    pub fn words(&self, zone: &TimeZone) -> String {
        let fault = self.fault(zone);
        match (self, self.way()) {
            (Self::Name, Some(way)) => format!("{fault}: {way}"),
            (Self::Nothing, Some(way)) => format!("{fault}, {way}"),
            (_, Some(way)) => format!("{fault}; {way}"),
            (_, None) => fault,
        }
    }

    /// The same about an incident that the command names.
    pub fn words_about(&self, id: &IncidentId, zone: &TimeZone) -> String {
        match self {
            Self::NotPlanned => {
                format!("{id} is not maintenance; end it with `critwatch incident resolve`")
            }
            Self::NotBegun => {
                format!("{id} has not begun; cancel it with `critwatch maintenance cancel {id}`")
            }
            Self::Unwritten(sections) => format!(
                "{id}: nobody has written {}; `critwatch incident edit {id}` opens the file, and \
                a section that is not needed can be deleted there",
                sections.join(", ")
            ),
            Self::NoPostMortem => format!(
                "{id} is public and over, and has no post-mortem; `critwatch incident edit {id}` \
                opens the file, where it stands below the updates, under headings"
            ),
            Self::Title | Self::Component(_) | Self::Name | Self::Nothing => self.words(zone),
            _ => format!("{id}: {}", self.words(zone)),
        }
    }
}

impl fmt::Display for EditRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(&TimeZone::UTC))
    }
}

impl std::error::Error for EditRefusal {}
