//! Real cState sites, where they are at hand, are read as they are meant.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::cstate::site::{CstateSite, HeaderText, HistoryFormat};
use crate::config::cstate::{self, layout};
use crate::model::finding::{Finding, Weight};
use jiff::fmt::strtime;

/// The corpus, if the environment says where it is.
#[expect(
    clippy::disallowed_methods,
    reason = "where the corpus is, only the environment says"
)]
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("CRITWATCH_CORPUS").map(PathBuf::from);
    let found = named.filter(|folder| folder.is_dir());
    if found.is_none() {
        println!("skipped: CRITWATCH_CORPUS does not name a folder with cState sites");
    }
    found
}

fn sites(corpus: &Path) -> BTreeMap<String, (CstateSite, Vec<Finding>)> {
    let folders = std::fs::read_dir(corpus).unwrap().map(Result::unwrap);
    folders
        .filter(|folder| folder.path().is_dir())
        .map(|folder| {
            let read = cstate::read(&folder.path());
            let name = folder.file_name().into_string().unwrap();
            let site = read
                .site
                .unwrap_or_else(|| panic!("{name}: {:?}", read.findings));
            (name, (site, read.findings))
        })
        .collect()
}

#[test]
fn every_real_site_is_read_without_a_fault() {
    let Some(corpus) = corpus() else { return };
    let sites = sites(&corpus);
    assert!(sites.len() >= 20);
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for (name, (site, findings)) in &sites {
        for finding in findings {
            println!("{name}/{finding}");
            *kinds
                .entry((finding.weight.to_string(), finding.kind))
                .or_default() += 1;
            assert_ne!(finding.weight, Weight::Fault, "{name}/{finding}");
            assert!(
                finding.line.is_some() && finding.column.is_some(),
                "{finding}"
            );
        }
        assert!(site.incidents.is_dir(), "{name}");
        assert!(!site.title.is_empty() && site.base_url.is_some(), "{name}");
        assert!(site.components.len() == site.shown.len(), "{name}");
        let at: jiff::Zoned = "2026-03-05T17:08:09+00[UTC]".parse().unwrap();
        for layout in [&site.date_format, &site.short_date_format] {
            let printed = strtime::format(layout::go_layout(layout).unwrap(), &at).unwrap();
            println!("{name}: {layout} -> {printed}");
            assert!(printed.contains("08") && printed.contains('5'), "{printed}");
        }
    }
    for ((weight, kind), count) in kinds {
        println!("{count} {weight} {kind}");
    }
}

#[test]
fn the_sites_are_counted_as_a_person_counts_them() {
    let Some(corpus) = corpus() else { return };
    let sites = sites(&corpus);
    for (name, title, components, categories, tabs) in [
        ("dddice__status", "dddice", 9, 1, 0),
        ("CNS-UVA__cstate", "CNS @ UVA Status", 13, 5, 0),
        ("CynderHost__status-page", "CynderHost Status", 14, 3, 0),
        ("Uberspace__status-page", "Is Uberspace online?", 2, 0, 3),
        ("civo__status", "Civo Ltd", 18, 2, 0),
        ("um-grex__status", "Status of the Grex HPC system", 7, 5, 2),
        ("step76__mmb_status", "MMB Status", 20, 3, 0),
        (
            "wmde__wikibase-cloud-status",
            "Wikibase Cloud Status",
            0,
            0,
            0,
        ),
        ("jenkins-infra__status", "Jenkins Status Page", 14, 5, 2),
        ("flathub-infra__statuspage", "Flathub Status", 6, 1, 1),
        ("packit__status", "Packit Service Status", 10, 3, 4),
        ("tjcsl__cstate", "tjCSL Status", 21, 6, 1),
        ("linuxserver__cstate", "Info :: LinuxServer.io", 5, 2, 0),
    ] {
        let (site, _) = &sites[name];
        assert_eq!(site.title, title);
        let counted = (
            site.components.len(),
            site.categories.len(),
            site.tabs.len(),
        );
        assert_eq!(counted, (components, categories, tabs), "{name}");
    }
}

#[test]
fn dddice_is_read_as_its_people_wrote_it() {
    let Some(corpus) = corpus() else { return };
    let (site, findings) = &sites(&corpus)["dddice__status"];
    // Nothing but what the page says in its own way.
    let printed: Vec<_> = findings.iter().map(ToString::to_string).collect();
    let keys = ["useRelativeTime", "shortDateFormat", "dateFormat"];
    assert_eq!(printed.len(), keys.len(), "{printed:?}");
    for (printed, key) in printed.iter().zip(keys) {
        assert!(printed.contains(&format!("hint: `{key}`")), "{printed}");
    }
    let names: Vec<_> = site
        .components
        .iter()
        .map(|component| component.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Application",
            "API",
            "Blog",
            "Cache",
            "Database",
            "Documentation",
            "Status",
            "Worker",
            "WebSockets"
        ]
    );
    assert_eq!(site.components[8].id.0, "websockets");
    let colours = &site.colours;
    assert_eq!(
        [
            &colours.brand,
            &colours.ok,
            &colours.disrupted,
            &colours.down,
            &colours.notice
        ],
        ["#0a0c0f", "#008000", "#cc4400", "#e60000", "#24478f"]
    );
    assert_eq!(site.base_url.as_deref(), Some("https://status.dddice.com"));
    assert_eq!(site.logo.as_deref(), Some("/img/logo.png"));
    assert!(site.use_logo && site.build_future && site.always_keep_brand_colour);
    assert!(site.categories[0].untitled);
    assert_eq!(
        (site.posts_per_page, site.header_text),
        (10, HeaderText::White)
    );
    assert_eq!(site.short_date_format, "15:04 UTC — Jan 2");
}

#[test]
fn the_quirks_of_real_sites_are_understood() {
    let Some(corpus) = corpus() else { return };
    let sites = sites(&corpus);
    let site = |name: &str| &sites[name].0;
    assert_eq!(
        site("CNS-UVA__cstate").time_zone.as_deref(),
        Some("America/New_York")
    );
    // Unquoted and without `#`; one of them is a number for YAML.
    let colours = &site("Uberspace__status-page").colours;
    assert_eq!(
        (colours.brand.as_str(), colours.down.as_str()),
        ("#181818", "#dc143c")
    );
    assert_eq!(
        site("Uberspace__status-page").history_format,
        HistoryFormat::Yearly
    );
    assert!(!site("Uberspace__status-page").always_keep_brand_colour);
    let grex = site("um-grex__status");
    assert!(grex.raw_html && grex.incidents.ends_with("content/english/issues"));
    assert_eq!((grex.max_age_years, grex.build_future), (Some(5), false));
    let mmb = site("step76__mmb_status");
    assert_eq!(
        mmb.shown[&mmb.components[0].id].display_name.as_deref(),
        Some("Applicazione")
    );
    assert_eq!(
        (mmb.language.as_str(), mmb.language_code.as_deref()),
        ("en", Some("it"))
    );
    let schools = site("Schullogin__Schullogin.github.io");
    assert_eq!(
        (schools.components.len(), schools.language.as_str()),
        (36, "de")
    );
    assert_eq!(schools.description, None);
    assert_eq!(
        site("flathub-infra__statuspage").history_format,
        HistoryFormat::None
    );
    assert_eq!(
        site("flathub-infra__statuspage").header_text,
        HeaderText::None
    );
    assert!(site("CynderHost__status-page").disable_history);
    let storage = &site("civo__status").components[3];
    assert_eq!(
        (storage.name.as_str(), storage.id.0.as_str()),
        ("Storage/NYC1", "storage-nyc1")
    );
}
