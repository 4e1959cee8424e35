//! How names outside the classic alphabet are written, as Prometheus 3 agrees on
//! it with whoever scrapes.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::series::label::is_plain;

/// How such names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escaping {
    /// Unchanged, in quotes.
    AllowUtf8,
    /// Every foreign letter becomes an underscore.
    Underscores,
    /// The same, but dots stay recognisable.
    Dots,
    /// Every foreign letter becomes its number, so that the name can be read back.
    Values,
}

impl Escaping {
    /// Every scheme, under the word that asks for it.
    pub(crate) const ALL: [Self; 4] =
        [Self::AllowUtf8, Self::Underscores, Self::Dots, Self::Values];

    /// Its word in `accept` and `content-type`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::AllowUtf8 => "allow-utf-8",
            Self::Underscores => "underscores",
            Self::Dots => "dots",
            Self::Values => "values",
        }
    }

    /// The name as it is written; one of the classic alphabet stays as it is.
    ///
    /// In a label's name a colon is foreign, too.
    pub(crate) fn name(self, name: &str, colons: bool) -> Cow<'_, str> {
        if self == Self::AllowUtf8 || is_plain(name, colons) {
            return Cow::Borrowed(name);
        }
        let mut escaped = String::with_capacity(name.len() + 8);
        if self == Self::Values {
            escaped.push_str("U__");
        }
        for (place, letter) in name.char_indices() {
            let is_own = letter.is_ascii_alphabetic()
                || letter == '_'
                || (colons && letter == ':')
                || (letter.is_ascii_digit() && place > 0);
            match (self, letter) {
                (Self::Underscores, _) => escaped.push(if is_own { letter } else { '_' }),
                (_, '_') => escaped.push_str("__"),
                (Self::Dots, '.') => escaped.push_str("_dot_"),
                _ if is_own => escaped.push(letter),
                (Self::Values, _) => {
                    let _ = write!(escaped, "_{:x}_", u32::from(letter));
                }
                _ => escaped.push_str("__"),
            }
        }
        Cow::Owned(escaped)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(name: &str, underscores: &str, dots: &str, values: &str) {
        let by = |escaping: Escaping| escaping.name(name, true).into_owned();
        assert_eq!(by(Escaping::AllowUtf8), name);
        assert_eq!(by(Escaping::Underscores), underscores, "{name}");
        assert_eq!(by(Escaping::Dots), dots, "{name}");
        assert_eq!(by(Escaping::Values), values, "{name}");
    }

    #[test]
    fn names_are_escaped_as_prometheus_does() {
        // Its own table of tests, as far as it is about names that need it.
        check(
            "no:escaping_required",
            "no:escaping_required",
            "no:escaping_required",
            "no:escaping_required",
        );
        check(
            "no:escaping.required",
            "no:escaping_required",
            "no:escaping_dot_required",
            "U__no:escaping_2e_required",
        );
        check(
            "mysystem.prod.west.cpu.load",
            "mysystem_prod_west_cpu_load",
            "mysystem_dot_prod_dot_west_dot_cpu_dot_load",
            "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load",
        );
        check(
            "mysystem.prod.west.cpu.load_total",
            "mysystem_prod_west_cpu_load_total",
            "mysystem_dot_prod_dot_west_dot_cpu_dot_load__total",
            "U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total",
        );
        check(
            "http.status:sum",
            "http_status:sum",
            "http_dot_status:sum",
            "U__http_2e_status:sum",
        );
        check(
            "label with 😱",
            "label_with__",
            "label__with____",
            "U__label_20_with_20__1f631_",
        );
        check("花火", "__", "____", "U___82b1__706b_");
        check("0bar", "_bar", "__bar", "U___30_bar");
        assert_eq!(Escaping::Underscores.name("a:b", false), "a_b");
        assert_eq!(Escaping::Values.name("a:b", false), "U__a_3a_b");
    }

    proptest! {
        #[test]
        fn whatever_is_escaped_is_of_the_classic_alphabet(name in ".{1,20}", colons in any::<bool>()) {
            for escaping in Escaping::ALL.into_iter().skip(1) {
                let escaped = escaping.name(&name, colons);
                prop_assert!(is_plain(&escaped, colons), "{escaped}");
            }
        }
    }
}
