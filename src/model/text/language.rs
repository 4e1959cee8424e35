//! The languages that the page speaks, and which of them a visitor reads.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language of the interface.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English
    #[default]
    En,
    /// German
    De,
    /// French
    Fr,
    /// Spanish
    Es,
    /// Portuguese
    Pt,
    /// Japanese
    Ja,
    /// Italian
    It,
    /// Dutch
    Nl,
    /// Polish
    Pl,
    /// Ukrainian
    Uk,
    /// Chinese, in simplified characters
    Zh,
    /// Korean
    Ko,
    /// Turkish
    Tr,
    /// Arabic
    Ar,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 14] = [
        Self::En,
        Self::De,
        Self::Fr,
        Self::Es,
        Self::Pt,
        Self::Ja,
        Self::It,
        Self::Nl,
        Self::Pl,
        Self::Uk,
        Self::Zh,
        Self::Ko,
        Self::Tr,
        Self::Ar,
    ];

    /// Its tag as in BCP 47, for `lang` attributes and settings.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Pt => "pt",
            Self::Ja => "ja",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Pl => "pl",
            Self::Uk => "uk",
            Self::Zh => "zh",
            Self::Ko => "ko",
            Self::Tr => "tr",
            Self::Ar => "ar",
        }
    }

    /// Whether it is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self == Self::Ar
    }

    /// Its direction, for `dir` attributes.
    pub fn direction(self) -> &'static str {
        if self.is_right_to_left() {
            "rtl"
        } else {
            "ltr"
        }
    }

    /// Reads a tag, of which only the language counts: `de-AT` is German.
    ///
    /// ```
    /// # use critwatch::model::text::language::Language;
    /// assert_eq!(Language::from_tag("de-AT"), Some(Language::De));
    /// assert_eq!(Language::from_tag("sv"), None);
    /// ```
    pub fn from_tag(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|candidate| candidate.tag().eq_ignore_ascii_case(language))
    }

    /// The one that a visitor likes best, by the header `Accept-Language`
    /// (RFC 9110, 12.5.4); `None` if none of ours is wanted.
    ///
    /// ```
    /// # use critwatch::model::text::language::Language;
    /// let liked = Language::liked("sv, fr;q=0.5, de-CH;q=0.8, *;q=0.1");
    /// assert_eq!(liked, Some(Language::De));
    /// ```
    pub fn liked(accept: &str) -> Option<Self> {
        // Nobody likes more languages than that; what is longer is not read.
        let wishes = accept.split(',').take(16).filter_map(|wish| {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let weight: f64 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
            (weight > 0.0 && weight <= 1.0).then_some((Self::from_tag(tag)?, weight))
        });
        // Of equal wishes the first.
        wishes
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(language, _)| language)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
