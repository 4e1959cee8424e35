//! The settings of an existing cState site, read as its owner wrote them.
//!
//! cState's own words (*system*, *issue*) stop in this folder. Known keys that
//! change nothing we show are silent: `skipSeconds`, `enableLastMod` and
//! `disableComplexCalculations`, where they are booleans.

pub mod components;
pub mod keys;
pub mod known;
pub mod languages;
pub mod layout;
pub mod names;
pub mod settings;
pub mod site;
pub mod site_files;
pub mod tree;

use std::path::Path;

use crate::config::cstate::site::CstateSite;
use crate::config::cstate::site_files::extras;
use crate::config::cstate::site_files::incidents;
use crate::config::cstate::site_files::tabs;
use crate::config::cstate::site_files::templates;
use crate::config::cstate::tree::file;
use crate::config::cstate::tree::node::TreeMap;
use crate::config::cstate::tree::notes::SiteNotes;
use crate::model::finding::Finding;

/// A site's settings, and what was found while they were read.
#[derive(Debug)]
pub struct CstateRead {
    /// The settings; `None` after a fault that leaves nothing to go on with.
    pub site: Option<CstateSite>,
    /// What is wrong, doubtful or not supported, in the order of the files.
    pub(crate) findings: Vec<Finding>,
}

/// Reads the settings of the cState site in a folder.
pub fn read(dir: &Path) -> CstateRead {
    let mut notes = SiteNotes::default();
    let site = file::load(dir, &mut notes).and_then(|root| assemble(dir, root, &mut notes));
    let mut findings = notes.findings;
    findings.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    CstateRead { site, findings }
}

fn assemble(dir: &Path, mut root: TreeMap, notes: &mut SiteNotes) -> Option<CstateSite> {
    let languages = root.map("languages").cloned().unwrap_or_default();
    let language = settings::language(&root, notes);
    let incidents = incidents::folder(dir, &root, &languages, &language, notes);
    let codes = languages::codes(&root, &languages, &language);
    languages::check(&root, &languages, &codes, notes);
    let whole = root.clone();
    // Hugo lays the settings of a language over those of the site.
    if let Some(own) = languages.map(&language) {
        root.merge(own.clone());
    }
    keys::check(&root, notes);
    templates::check(dir, &root, notes);
    let mut site = settings::read(&root, language, incidents?, notes);
    site.statics = extras::statics(dir, &root, notes);
    site.picture = extras::logo((dir, &root), &site.statics, site.shown_logo(), notes);
    let mut pages = languages::pages(extras::pages(&site.incidents), &codes).into_iter();
    site.pages = pages.next().unwrap_or_default();
    extras::check_files(&root, &site, notes);
    tabs::check(dir, &root, &site, notes);
    let others = codes.iter().skip(1).zip(pages);
    let other = |(code, pages): (&String, _)| CstateSite {
        pages,
        ..languages::other(&whole, &languages, code, &site.incidents)
    };
    site.others = others.map(other).collect();
    site.languages = codes;
    Some(site)
}

#[cfg(test)]
mod tests {
    mod real_sites;

    use super::*;
    use crate::config::cstate::tree::parse;
    use crate::model::finding::Weight;
    use crate::web::site_elements::Picture;

    const SITE: &str = "title: Dice\nbaseURL: https://status.example.org/\nparams:\n  \
        categories: [{name: Core}]\n  systems: [{name: API, category: Core}]\n";

    fn with(files: &[(&str, &str)]) -> CstateRead {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::create_dir_all(folder.path().join("content/issues")).unwrap();
        read(folder.path())
    }

    fn messages(read: &CstateRead) -> Vec<String> {
        read.findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_plain_site_is_read_without_a_finding() {
        let read = with(&[("config.yml", SITE)]);
        assert_eq!(messages(&read), Vec::<String>::new());
        let site = read.site.unwrap();
        assert_eq!(site.title, "Dice");
        assert_eq!(site.base_url.as_deref(), Some("https://status.example.org"));
        assert!(site.incidents.ends_with("content/issues"));
    }

    #[test]
    fn yaml_toml_and_json_say_the_same() {
        let toml = "title = 'Dice'\nbaseurl = 'https://status.example.org/'\n\
            [[params.categories]]\nName = 'Core'\n\
            [[Params.systems]]\nname = 'API'\ncategory = 'Core'\n";
        let json = r#"{"title": "Dice", "baseURL": "https://status.example.org/", "params":
            {"categories": [{"name": "Core"}], "systems": [{"name": "API", "category": "Core"}]}}"#;
        let yaml = with(&[("config.yaml", SITE)]).site.unwrap();
        for (name, text) in [("hugo.toml", toml), ("config.json", json)] {
            let read = with(&[(name, text)]);
            assert_eq!(messages(&read), Vec::<String>::new(), "{name}");
            let mut site = read.site.unwrap();
            site.incidents.clone_from(&yaml.incidents);
            assert_eq!(site, yaml, "{name}");
        }
    }

    #[test]
    fn a_file_in_the_new_name_wins_and_the_other_is_told() {
        let read = with(&[("hugo.yml", "title: New\nbaseURL: /"), ("config.toml", "")]);
        assert_eq!(read.site.as_ref().unwrap().title, "New");
        assert!(messages(&read)[0].contains("ignored-settings"), "{read:?}");
    }

    #[test]
    fn a_folder_of_settings_lies_over_the_file() {
        let read = with(&[
            ("config.yml", SITE),
            (
                "config/_default/params.toml",
                "brand = '#123456'\nok = 'green'",
            ),
            ("config/_default/languages.yml", "en: {title: Würfel}"),
            ("config/production/hugo.yml", "timeZone: Europe/Berlin"),
        ]);
        assert_eq!(
            messages(&read),
            [
                "config/_default/params.toml:2:1: warning: `ok` is not a colour; write it as in \
              \"#008000\" [invalid-colour]"
            ]
        );
        let site = read.site.unwrap();
        assert_eq!(site.title, "Würfel");
        assert_eq!(site.colours.brand, "#123456");
        assert_eq!(site.time_zone.as_deref(), Some("Europe/Berlin"));
    }

    #[test]
    fn what_cannot_be_read_is_one_fault_with_its_place() {
        for (name, text, place) in [
            ("config.yml", "title: a\nparams: [\n", "config.yml:"),
            (
                "config.toml",
                "title = 'a'\nbad line\n",
                "config.toml:2:5: ",
            ),
            ("config.json", "{\n  \"title\": }", "config.json:2:12: "),
            ("config.yml", "- a\n- b", "config.yml:1:1: "),
            ("config.yml", "a: b\n---\nc: d", "config.yml:3:1: "),
            ("config.yml", "a: b\n<<<<<<< ours\n", "config.yml:2:1: "),
        ] {
            let read = with(&[(name, text)]);
            let messages = messages(&read);
            assert_eq!(messages.len(), 1, "{messages:?}");
            assert!(
                messages[0].starts_with(place) && messages[0].contains("fault"),
                "{messages:?}"
            );
            assert!(read.findings[0].line.is_some() && read.site.is_none());
        }
    }

    #[test]
    fn a_file_in_another_encoding_is_told_with_its_first_odd_byte() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("config.yml"),
            b"a: \xc3\xa9\nb: \xc3\xa9\xe9\n",
        )
        .unwrap();
        let messages = messages(&read(folder.path()));
        assert!(
            messages[0].starts_with("config.yml:2:5: fault: "),
            "{messages:?}"
        );
    }

    #[test]
    fn a_logo_is_shown_only_in_place_of_the_title() {
        let svg = ("static/logo.svg", "<svg xmlns='x'/>");
        for (lines, own, elsewhere) in [
            ("logo: /logo.svg, useLogo: true", true, false),
            ("logo: logo.svg, useLogo: false", false, false),
            ("logo: logo.svg", false, false),
            (
                "logo: 'https://status.example.org/logo.svg', useLogo: true",
                true,
                false,
            ),
            (
                "logo: 'https://cdn.example.org/logo.svg', useLogo: true",
                false,
                true,
            ),
        ] {
            let text =
                format!("title: Dice\nbaseURL: https://status.example.org/\nparams: {{{lines}}}\n");
            let issues = ("content/issues/_index.md", "---\ntitle: I\n---\n");
            let read = with(&[("config.yml", &text), svg, issues]);
            let picture = read.site.unwrap().picture;
            let is_own = matches!(picture, Some(Picture::Own(_)));
            let is_elsewhere = matches!(picture, Some(Picture::Elsewhere(_)));
            assert_eq!((is_own, is_elsewhere), (own, elsewhere), "{lines}");
        }
    }

    #[test]
    fn a_folder_without_settings_is_a_fault() {
        let read = with(&[]);
        assert!(read.site.is_none());
        assert_eq!(read.findings[0].weight, Weight::Fault);
        assert_eq!(read.findings[0].kind, "no-settings");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_reading_panic(
            text in "[ -~\n\t{}\\[\\]:#\"'é]{0,200}",
            format in 0_usize..3,
        ) {
            let name = ["config.yml", "config.toml", "config.json"][format];
            let _ = parse::parse(&text, name);
            let _ = with(&[(name, &format!("{SITE}  {text}"))]);
        }

        #[test]
        fn no_value_makes_reading_panic(
            key in proptest::sample::select(known::PARAMS.to_vec()),
            value in "[ -~é]{0,30}",
        ) {
            let text = format!("params:\n  {key}: {value}\n  {key}: [{value}]\n{key}: {{a: {value}}}");
            let _ = with(&[("config.yml", &text)]);
        }
    }
}
