//! Names in addresses: as Hugo cleans paths, and as we name new files.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A page's path as Hugo cleans it: small letters, blanks to dashes.
///
/// Letters and digits of any script stay, and `. _ - + # ~ @ /`; whatever else
/// is left out. After Hugo 0.111, `helpers.UnicodeSanitize`.
pub fn path(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    let mut blank = false;
    for c in name.trim().chars() {
        if c.is_whitespace() {
            blank = true;
        } else if c.is_alphanumeric() || is_mark(c) || "._-+#~@/".contains(c) {
            if blank && !path.ends_with('-') {
                path.push('-');
            }
            blank = false;
            path.extend(c.to_lowercase());
        }
    }
    path
}

/// Whether a character only marks the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{93e}'..='\u{94d}' | '\u{3099}' | '\u{309a}')
}

/// The words of a title as they stand in the name of a new file.
///
/// Small letters, digits and dashes only: a name stays for ever, and everybody
/// must be able to type it.
pub fn words(title: &str) -> String {
    let title: String = title.to_lowercase().chars().map(plain).collect();
    let words = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-");
    slug.truncate(60);
    if slug.is_empty() {
        "incident".to_owned()
    } else {
        slug.trim_end_matches('-').to_owned()
    }
}

/// The name of a new file: the day of its date and the title's words.
///
/// A second one of that day and title gets `-2`, and so on.
pub fn file(
    title: &str,
    date: Timestamp,
    zone: &TimeZone,
    is_taken: impl Fn(&str) -> bool,
) -> String {
    let day = date.to_zoned(zone.clone()).strftime("%Y-%m-%d");
    let stem = format!("{day}-{}", words(title));
    let mut name = format!("{stem}.md");
    let mut number: u64 = 1;
    while is_taken(&name) {
        number += 1;
        name = format!("{stem}-{number}.md");
    }
    name
}

/// A letter of western Europe as it is written without its marks.
fn plain(letter: char) -> String {
    let plain = match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à'..='å' => "a",
        'ç' => "c",
        'è'..='ë' => "e",
        'ì'..='ï' => "i",
        'ñ' => "n",
        'ò'..='õ' => "o",
        'ù'..='û' => "u",
        'ý' | 'ÿ' => "y",
        other => return other.to_string(),
    };
    plain.to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_cleaned_as_hugo_cleans_them() {
        for (name, expected) in [
            ("2026-08-01 Some Name", "2026-08-01-some-name"),
            ("X_Y(Z),ab,", "x_yzab"),
            ("15:00é–ß", "1500éß"),
            ("a.b.c", "a.b.c"),
            ("it's", "its"),
            ("2026/a", "2026/a"),
            ("a  b", "a-b"),
        ] {
            assert_eq!(path(name), expected, "{name}");
        }
    }

    #[test]
    fn a_new_files_name_can_be_typed_by_everybody() {
        for (title, expected) in [
            (
                "Cache is full, rolls are failing",
                "cache-is-full-rolls-are-failing",
            ),
            ("Störung: \"API\" 🎲", "stoerung-api"),
            ("日本", "incident"),
        ] {
            assert_eq!(words(title), expected, "{title}");
        }
    }

    #[test]
    fn a_second_file_of_a_day_gets_a_number_and_the_day_is_the_sites() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let date = "2026-02-28T23:30:00Z".parse().unwrap();
        let taken = ["2026-03-01-a-b.md", "2026-03-01-a-b-2.md"];
        let file = file("A: b", date, &zone, |name| taken.contains(&name));
        assert_eq!(file, "2026-03-01-a-b-3.md");
    }

    proptest! {
        #[test]
        fn a_cleaned_path_stays_as_it_is(name in "\\PC{0,40}") {
            let once = path(&name);
            prop_assert_eq!(path(&once), once);
        }

        #[test]
        fn a_new_name_is_a_name(title in "\\PC{0,90}") {
            let name = words(&title);
            prop_assert!(!name.is_empty() && name.len() <= 60);
            prop_assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        }
    }
}
