//! Silences: alerts that somebody asked to hear nothing of, for a while and for a reason.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::series::matcher::{self, LabelMatcher, MAX_MATCHERS, MatcherError};

/// The longest reason, in characters.
pub const MAX_REASON: usize = 1000;

/// The longest name of an author, in characters.
pub const MAX_AUTHOR: usize = 100;

/// The most silences that last or are still to come: each is compared with every
/// alert at every step.
pub const MAX_SILENCES: u32 = 1000;

/// Why one more silence is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{MAX_SILENCES} silences are active or pending, and there is no room for more; \
    end one first"
)]
pub struct Crowded;

/// Where a silence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SilenceState {
    /// It is still to begin.
    Pending,
    /// It silences.
    Active,
    /// It is over, and kept for a while to be read.
    Expired,
}

impl SilenceState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Active, Self::Expired];

    /// Its word, as in Alertmanager.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Expired => "expired",
        }
    }
}

/// Why something is no silence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SilenceError {
    /// A matcher cannot be read.
    #[error(transparent)]
    Matcher(#[from] MatcherError),
    /// It would silence everything.
    #[error(
        "these matchers also match series without such a label, and would silence everything; \
        write a value as in `rule=queue-stuck`"
    )]
    Everything,
    /// It has more matchers than anybody reads.
    #[error("a silence has at most {MAX_MATCHERS} matchers")]
    Many,
    /// Nobody answers for it.
    #[error("a silence needs an author, in one line of 1 to {MAX_AUTHOR} characters")]
    Author,
    /// Nobody says why.
    #[error("a silence needs a reason, in one line of 1 to {MAX_REASON} characters")]
    Reason,
    /// It would end before it begins.
    #[error("it cannot end at {ends}, because it begins at {starts}")]
    EndsFirst {
        /// The beginning.
        starts: Timestamp,
        /// The end.
        ends: Timestamp,
    },
    /// It would be over already.
    #[error("{0} has passed; choose an end in the future")]
    Past(Timestamp),
}

/// A silence that somebody asks for, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilenceRequest {
    /// All of them must match.
    pub matchers: Vec<LabelMatcher>,
    /// When it begins.
    pub starts: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// Who asked for it.
    pub author: String,
    /// Why.
    pub reason: String,
}

/// A silence as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Its number, which no other ever has.
    pub id: i64,
    /// What it silences, until when, by whom and why.
    pub request: SilenceRequest,
}

impl SilenceRequest {
    /// Takes what was typed; texts of matchers are read and joined.
    pub fn new(
        matchers: &[String],
        span: (Timestamp, Timestamp),
        author: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<Self, SilenceError> {
        let mut read = Vec::new();
        for text in matchers {
            read.extend(matcher::parse(text)?);
        }
        Self::of(read, span, author, reason, now)
    }

    /// The same of matchers that were read.
    pub fn of(
        matchers: Vec<LabelMatcher>,
        (starts, ends): (Timestamp, Timestamp),
        author: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<Self, SilenceError> {
        let matchers = matchers_of(matchers)?;
        let (starts, ends) = span_of(starts, ends, now)?;
        Ok(Self {
            matchers,
            starts,
            ends,
            author: author_of(author)?,
            reason: reason_of(reason)?,
        })
    }
}

/// The matchers, if they mean something.
pub fn matchers_of(matchers: Vec<LabelMatcher>) -> Result<Vec<LabelMatcher>, SilenceError> {
    if matchers.len() > MAX_MATCHERS {
        return Err(SilenceError::Many);
    }
    if matchers.iter().all(|matcher| matcher.matches("")) {
        return Err(SilenceError::Everything);
    }
    // The database keeps their text, and what it keeps must be readable.
    matcher::parse(&matcher::print(&matchers))?;
    Ok(matchers)
}

/// The beginning and the end, as the database counts: in milliseconds.
pub fn span_of(
    starts: Timestamp,
    ends: Timestamp,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), SilenceError> {
    let short = |at: Timestamp| Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let (starts, ends) = (short(starts), short(ends));
    if ends <= starts {
        return Err(SilenceError::EndsFirst { starts, ends });
    }
    if ends <= now {
        return Err(SilenceError::Past(ends));
    }
    Ok((starts, ends))
}

/// Who answers for a silence.
pub fn author_of(typed: &str) -> Result<String, SilenceError> {
    line(typed, MAX_AUTHOR).ok_or(SilenceError::Author)
}

/// Why there is a silence.
pub fn reason_of(typed: &str) -> Result<String, SilenceError> {
    line(typed, MAX_REASON).ok_or(SilenceError::Reason)
}

impl Silence {
    /// Where it stands at a moment.
    pub fn state(&self, now: Timestamp) -> SilenceState {
        if self.request.ends <= now {
            SilenceState::Expired
        } else if self.request.starts > now {
            SilenceState::Pending
        } else {
            SilenceState::Active
        }
    }

    /// Whether an alert with these labels is meant: all matchers must match.
    pub fn is_about(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = |label: &str| labels.get(label).map_or("", String::as_str);
        let mut matchers = self.request.matchers.iter();
        matchers.all(|matcher| matcher.matches(value(matcher.label())))
    }
}

/// One line that says something, without the blanks around it.
fn line(text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    let fits = (1..=longest).contains(&text.chars().count());
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn request(
        matchers: &[&str],
        author: &str,
        reason: &str,
    ) -> Result<SilenceRequest, SilenceError> {
        let matchers: Vec<_> = matchers.iter().map(|&text| text.to_owned()).collect();
        SilenceRequest::new(&matchers, (at(10), at(20)), author, reason, at(5))
    }

    #[test]
    fn a_silence_has_an_end_an_author_a_reason_and_means_something() {
        let check = |matchers: &[&str], author: &str, reason: &str, expected| {
            assert_eq!(request(matchers, author, reason).err(), expected);
        };
        check(&["rule=a"], " Ann ", "Move", None);
        check(&["rule=a"], " ", "Move", Some(SilenceError::Author));
        check(&["rule=a"], "Ann", "", Some(SilenceError::Reason));
        check(&["rule=a"], "Ann", "a\nb", Some(SilenceError::Reason));
        check(&["rule=a"], "A\u{1b}", "b", Some(SilenceError::Author));
        check(&["rule!=a"], "A", "b", Some(SilenceError::Everything));
        check(
            &["rule=~\".*\"", "x=\"\""],
            "A",
            "b",
            Some(SilenceError::Everything),
        );
        check(&["rule!=a", "component=b"], "A", "b", None);
        check(&[], "A", "b", Some(SilenceError::Everything));
        let many = vec!["rule=a"; MAX_MATCHERS + 1];
        check(&many, "A", "b", Some(SilenceError::Many));
        let long = "x".repeat(2_000);
        let long = ["rule", "component", "queue"].map(|label| format!("{label}={long}"));
        let long: Vec<_> = long.iter().map(|one| &**one).collect();
        assert!(matches!(
            request(&long, "A", "b"),
            Err(SilenceError::Matcher(_))
        ));
        assert!(matches!(
            request(&["rule"], "A", "b"),
            Err(SilenceError::Matcher(_))
        ));
        let times = |starts, ends, now| {
            let matchers = ["rule=a".to_owned()];
            SilenceRequest::new(&matchers, (at(starts), at(ends)), "A", "b", at(now)).err()
        };
        let first = SilenceError::EndsFirst {
            starts: at(20),
            ends: at(20),
        };
        assert_eq!(times(20, 20, 0), Some(first));
        assert_eq!(times(10, 20, 20), Some(SilenceError::Past(at(20))));
    }

    #[test]
    fn a_silence_silences_from_its_beginning_until_before_its_end() {
        let silence = Silence {
            id: 1,
            request: request(&["rule=a"], "Ann", "Move").unwrap(),
        };
        for (second, state) in [
            (9, SilenceState::Pending),
            (10, SilenceState::Active),
            (19, SilenceState::Active),
            (20, SilenceState::Expired),
        ] {
            assert_eq!(silence.state(at(second)), state, "{second}");
        }
    }

    #[test]
    fn all_matchers_must_match_and_a_missing_label_is_an_empty_one() {
        let silence = |matchers: &[&str]| Silence {
            id: 1,
            request: request(matchers, "Ann", "Move").unwrap(),
        };
        let labels: BTreeMap<_, _> = [("rule", "a"), ("queue", "rolls")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        for (matchers, expected) in [
            (&["rule=a"][..], true),
            (&["rule=a, queue=rolls"], true),
            (&["rule=a", "queue=mail"], false),
            (&["rule=a", "zone!=x"], true),
            (&["rule=a", "zone=\"\""], true),
            (&["rule=a", "zone=~.+"], false),
        ] {
            assert_eq!(
                silence(matchers).is_about(&labels),
                expected,
                "{matchers:?}"
            );
        }
    }
}
