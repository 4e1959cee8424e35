//! What a page says first after a form was sent: that it was done.
//!
//! The address of the page names one of these words, never a text: nobody can make the
//! console say something by a link.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DoneNotice {
    /// An event was noted.
    EventNoted,
}

impl DoneNotice {
    /// Every notice.
    const ALL: [Self; 1] = [Self::EventNoted];

    /// Its word in the address: `?done=event-noted`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::EventNoted => "event-noted",
        }
    }

    /// What the page says.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::EventNoted => "The event is noted.",
        }
    }

    /// Reads the word; `None` for anything else.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_and_no_text_is() {
        for notice in DoneNotice::ALL {
            assert_eq!(DoneNotice::from_word(notice.word()), Some(notice));
        }
        assert_eq!(DoneNotice::from_word("The+event+is+noted."), None);
    }
}
