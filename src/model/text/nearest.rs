//! Guesses which name was meant by a misspelt one.

use strsim::osa_distance;

/// Longer texts are no names, and comparing them would take long.
const LONGEST: usize = 80;

/// The name that was probably meant: nearest to the written one, and the only
/// one at that distance.
///
/// Case, blanks, `-` and `_` do not count. Apart from these, one letter may
/// differ from a name of three letters or more, two from one of eight or more.
pub fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if written.len() > LONGEST {
        return None;
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let written = plain(written);
    let mut best: Option<(usize, &str)> = None;
    let mut is_tied = false;
    for name in names {
        let other = plain(name);
        let allowed = match other.chars().count() {
            0..3 => 0,
            3..8 => 1,
            _ => 2,
        };
        let distance = osa_distance(&written, &other);
        if distance > allowed {
            continue;
        }
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, before)) if distance == least => is_tied |= before != name,
            _ => (best, is_tied) = (Some((distance, name)), false),
        }
    }
    best.filter(|_| !is_tied).map(|(_, name)| name)
}

/// The end of a message about an unknown name: asks whether the nearest was meant.
pub fn hint<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    nearest(written, names).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_another_word_does_not() {
        let keys = ["title", "dateFormat", "timeZone", "link", "ok"];
        let severities = ["down", "disrupted", "notice"];
        for (written, names, expected) in [
            ("titel", &keys[..], Some("title")),
            ("date_formt", &keys, Some("dateFormat")),
            ("TIME-ZONE", &keys, Some("timeZone")),
            ("lnk", &keys, Some("link")),
            ("OK", &keys, Some("ok")),
            ("hide", &keys, None),
            ("theme", &keys, None),
            ("", &keys, None),
            ("distrupted", &severities, Some("disrupted")),
            ("dwon", &severities, Some("down")),
            ("Notice ", &severities, Some("notice")),
            ("notify", &severities, None),
            ("degraded", &severities, None),
            ("abd", &["abc", "abe"], None),
            ("abd", &["abc", "abd"], Some("abd")),
        ] {
            assert_eq!(
                nearest(written, names.iter().copied()),
                expected,
                "{written}"
            );
        }
        assert_eq!(hint("titel", keys), "; did you mean `title`?");
    }
}
