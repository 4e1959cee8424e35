//! Guesses the name that was meant by a misspelt one.

use strsim::osa_distance;

/// The end of a sentence that asks whether a near name was meant.
pub fn near<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    nearest(name, known).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// The name that was probably meant, if there is one.
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let name = plain(name);
    let far = |other: &str| osa_distance(&name, &plain(other));
    let best = known.min_by_key(|other| far(other))?;
    // Of a short name a third may differ; two letters of a long one.
    (far(best) <= ((name.chars().count() + 1) / 3).min(2)).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_another_word_does_not() {
        let known = ["title", "dateFormat", "timeZone", "link", "ok"];
        for (name, expected) in [
            ("titel", Some("title")),
            ("date_formt", Some("dateFormat")),
            ("TIME-ZONE", Some("timeZone")),
            ("lnk", Some("link")),
            ("hide", None),
            ("theme", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
        assert_eq!(near("titel", known.into_iter()), "; did you mean `title`?");
    }
}
