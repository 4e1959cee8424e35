//! The languages of a site: each has settings of its own over those of all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::cstate::settings;
use crate::config::cstate::site::CstateSite;
use crate::config::cstate::tree::node::{TreeMap, TreeValue};
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::value;
use crate::web::site_elements::ExtraPage;

/// The codes of the languages that the site is built in, the first one first.
///
/// None of a site that has but one: Hugo takes a file's `.de` for a part of its
/// name then.
pub(crate) fn codes(root: &TreeMap, languages: &TreeMap, first: &str) -> Vec<String> {
    let disabled = match root.get("disableLanguages").map(|entry| &entry.value) {
        Some(TreeValue::List(list)) => list
            .iter()
            .filter_map(|one| value::plain(&one.value))
            .collect(),
        _ => Vec::new(),
    };
    let is_off = |code: &str| {
        let own = languages.map(code).and_then(|own| own.get("disabled"));
        let off = own.is_some_and(|entry| matches!(entry.value, TreeValue::Flag(true)));
        off || disabled.iter().any(|one| one.eq_ignore_ascii_case(code))
    };
    let first = first.to_lowercase();
    let others = languages.0.iter().map(|entry| entry.key.clone());
    let mut codes = vec![first];
    for code in others.filter(|code| !is_off(code)) {
        // A code stands in addresses: letters, digits and dashes.
        let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if plain && !code.is_empty() && !codes.contains(&code) {
            codes.push(code);
        }
    }
    if codes.len() < 2 { Vec::new() } else { codes }
}

/// The site as it is in another language.
pub(crate) fn other(
    root: &TreeMap,
    languages: &TreeMap,
    code: &str,
    incidents: &Path,
) -> CstateSite {
    let own = languages.map(code).cloned().unwrap_or_default();
    let mut merged = root.clone();
    // What the site says of its first language is not so for this one.
    let of_first = ["languagecode", "locale"];
    merged.0.retain(|entry| !of_first.contains(&&*entry.key));
    merged.merge(own);
    // What is wrong in what they have in common was told for the first.
    let mut notes = SiteNotes::default();
    settings::read(
        &merged,
        code.to_owned(),
        PathBuf::from(incidents),
        &mut notes,
    )
}

/// The free pages of each language; what is not translated stays as it is.
pub(crate) fn pages(
    all: BTreeMap<String, ExtraPage>,
    codes: &[String],
) -> Vec<BTreeMap<String, ExtraPage>> {
    let rank = |path: &str| {
        let (plain, code) = path.rsplit_once('.')?;
        let rank = codes.iter().position(|own| own == code)?;
        Some((rank, plain.to_owned()))
    };
    let (translated, plain): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(path, _)| rank(path).is_some());
    let mut pages = vec![BTreeMap::from_iter(plain); codes.len().max(1)];
    for (path, page) in translated {
        if let Some((rank, plain)) = rank(&path) {
            pages[rank].insert(plain, page);
        }
    }
    pages
}

/// Tells what of several languages is not as in Hugo.
pub(crate) fn check(root: &TreeMap, languages: &TreeMap, codes: &[String], notes: &mut SiteNotes) {
    let below = "defaultContentLanguageInSubdir";
    if let Some(entry) = root.get(below)
        && matches!(entry.value, TreeValue::Flag(true))
    {
        let message = format!("`{below}` is not supported: the first language is at `/`");
        notes.hint("unsupported-key", &entry.place, message);
    }
    let first = codes.first().and_then(|code| content(languages, code));
    for code in codes.iter().skip(1) {
        let entry = languages.map(code).and_then(|own| own.get("contentDir"));
        let folder = content(languages, code);
        if let (Some(entry), Some(folder)) = (entry, folder)
            && Some(&folder) != first.as_ref()
        {
            let message = format!(
                "the incidents in `{folder}` are not read; put each beside the one that it \
                translates, as in `a.{code}.md` beside `a.md`"
            );
            notes.warn("unsupported-key", &entry.place, message);
        }
    }
}

fn content(languages: &TreeMap, code: &str) -> Option<String> {
    let entry = languages.map(code)?.get("contentDir")?;
    value::plain(&entry.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::cstate::tree::parse;

    fn languages(text: &str) -> (TreeMap, TreeMap) {
        let root = parse::parse(text, "config.yml").unwrap();
        let languages = root.map("languages").cloned().unwrap_or_default();
        (root, languages)
    }

    #[test]
    fn a_site_has_the_languages_that_it_is_built_in() {
        for (text, expected) in [
            ("", &[][..]),
            ("languages: {en: {title: A}}", &[]),
            ("languages: {en: {}, DE: {}, fr: {}}", &["en", "de", "fr"]),
            ("languages: {de: {}, fr: {disabled: true}}", &["en", "de"]),
            ("languages: {en: {}, de: {}}\ndisableLanguages: [de]", &[]),
            (
                "languages: {en: {}, 'x/y': {}, pt-BR: {}}",
                &["en", "pt-br"],
            ),
        ] {
            let (root, languages) = languages(text);
            assert_eq!(codes(&root, &languages, "en"), expected, "{text}");
        }
    }

    #[test]
    fn a_language_lays_its_settings_over_those_of_the_site() {
        let (root, languages) = languages(
            "title: Dice\nbaseURL: https://a.example.org\nlanguageCode: en-us\nparams: {brand: '#123456', \
             description: Fine}\nlanguages: {en: {}, de: {title: Würfel, params: {description: Gut}}}",
        );
        let german = other(&root, &languages, "de", Path::new("x"));
        assert_eq!(
            (
                &*german.title,
                german.description.as_deref(),
                &*german.colours.brand
            ),
            ("Würfel", Some("Gut"), "#123456")
        );
        assert_eq!((&*german.language, german.language_code), ("de", None));
    }

    #[test]
    fn a_translated_page_stands_in_the_place_of_the_other() {
        let page = |title: &str| ExtraPage {
            title: title.to_owned(),
            body: String::new(),
            is_html: false,
            filename: String::new(),
            date: None,
        };
        let all = ["about", "about.de", "terms", "v1.2"].map(|path| (path.to_owned(), page(path)));
        let codes = ["en".to_owned(), "de".to_owned()];
        let [english, german] = pages(all.into(), &codes).try_into().unwrap();
        let titles = |pages: BTreeMap<String, ExtraPage>| -> Vec<_> {
            let titles = pages.into_iter().map(|(path, page)| (path, page.title));
            titles
                .map(|(path, title)| format!("{path}={title}"))
                .collect()
        };
        assert_eq!(titles(english), ["about=about", "terms=terms", "v1.2=v1.2"]);
        assert_eq!(
            titles(german),
            ["about=about.de", "terms=terms", "v1.2=v1.2"]
        );
    }

    #[test]
    fn what_is_not_as_in_hugo_is_told() {
        let (root, languages) = languages(
            "defaultContentLanguageInSubdir: true\nlanguages:\n  en: {contentDir: content/en}\n  \
             de: {contentDir: content/de}\n  fr: {contentDir: content/en}\n",
        );
        let codes = codes(&root, &languages, "en");
        let mut notes = SiteNotes::default();
        check(&root, &languages, &codes, &mut notes);
        let findings: Vec<_> = notes
            .findings
            .iter()
            .map(|one| (one.kind, one.line))
            .collect();
        assert_eq!(
            findings,
            [("unsupported-key", Some(1)), ("unsupported-key", Some(4))]
        );
    }
}
