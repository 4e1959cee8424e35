//! The words of a cState site in the form of our own pages.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::cstate::site::{CstateSite, HeaderText};
use crate::config::cstate::site_files::tabs::address;
use crate::model::text::language::Language;
use crate::web::formats::cstate::declared::{Declared, DeclaredTab};
use crate::web::site::{Names, SiteTranslation};
use crate::web::site_elements::{CategoryNames, Colours, Logo};
use crate::web::text::machine::path_of;

/// What a cState site says, as far as we show it.
pub fn names_of(site: &CstateSite) -> Names {
    let zone = site
        .time_zone
        .as_deref()
        .and_then(|zone| TimeZone::get(zone).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let categories = site.categories.iter().map(|category| CategoryNames {
        name: category.name.clone(),
        description: category.description.clone(),
        untitled: category.untitled,
        closed: category.closed,
    });
    let labels = site.components.iter().filter_map(|component| {
        let shown = site.shown.get(&component.id)?;
        Some((component.name.clone(), shown.display_name.clone()?))
    });
    let links = site.components.iter().filter_map(|component| {
        let shown = site.shown.get(&component.id)?;
        Some((component.name.clone(), shown.link.clone()?))
    });
    Names {
        description: site.description.clone(),
        url: site.base_url.clone(),
        dates: zone.clone(),
        raw_html: site.raw_html,
        colours: Some(colours(site)),
        categories: categories.collect(),
        labels: labels.collect(),
        language: language(site),
        logo: site.picture.clone().map(|source| Logo {
            source,
            alone: true,
        }),
        tabs: site
            .tabs
            .iter()
            .map(|tab| {
                (
                    tab.name.clone(),
                    address(&tab.link, site.base_url.as_deref()),
                )
            })
            .collect(),
        links: links.collect(),
        pages: site.pages.clone(),
        statics: site.statics.clone(),
        cstate: declared(site),
        ..Names::new(site.title.clone(), zone)
    }
}

fn colours(site: &CstateSite) -> Colours {
    let ink = match site.header_text {
        HeaderText::Black => "#000000",
        HeaderText::White | HeaderText::None => "#ffffff",
    };
    let colours = &site.colours;
    Colours {
        brand: colours.brand.clone(),
        ink: ink.to_owned(),
        ok: colours.ok.clone(),
        notice: colours.notice.clone(),
        disrupted: colours.disrupted.clone(),
        down: colours.down.clone(),
    }
}

/// Gives the words of a site its other languages: what is not of a language is
/// the same in all of them.
pub(crate) fn with_tongues(mut names: Names, site: Option<&CstateSite>) -> Names {
    let Some(site) = site.filter(|site| !site.others.is_empty()) else {
        return names;
    };
    let base = path_of(names.url.as_deref()).to_owned();
    let all = [site].into_iter().chain(&site.others);
    names.languages = all
        .zip(0..)
        .map(|(site, rank)| {
            let code = &site.language;
            let name = site.language_name.clone().unwrap_or(code.to_uppercase());
            let below = if rank == 0 {
                String::new()
            } else {
                format!("{code}/")
            };
            (name, format!("{base}/{below}"))
        })
        .collect();
    let translations = site.others.iter().map(|other| {
        let code = other.language.clone();
        let url = names.url.as_ref();
        let own = Names {
            url: url.map(|url| format!("{url}/{code}")),
            zone: names.zone.clone(),
            dates: names.dates.clone(),
            colours: names.colours.clone(),
            logo: names.logo.clone(),
            statics: names.statics.clone(),
            below: format!("/{code}"),
            reports: names.reports,
            authors: names.authors,
            languages: names.languages.clone(),
            ..names_of(other)
        };
        let names = Arc::new(own);
        SiteTranslation { code, names }
    });
    names.translations = translations.collect();
    names
}

/// What only cState's clients ask for.
fn declared(site: &CstateSite) -> Declared {
    let tabs = site.tabs.iter().map(|tab| DeclaredTab {
        name: tab.name.clone(),
        link: tab.link.clone(),
    });
    Declared {
        address: site.base_url.as_ref().and(site.written_url.clone()),
        language: site.language.clone(),
        language_code: site.language_code.clone(),
        languages: site.languages.clone(),
        logo: site.logo.clone(),
        keeps_brand: site.always_keep_brand_colour,
        has_history: !site.disable_history,
        tabs: tabs.collect(),
        per_page: usize::try_from(site.posts_per_page).ok(),
    }
}

/// The language that a cState site is written in, if the page speaks it.
fn language(site: &CstateSite) -> Option<Language> {
    let code = site.language_code.as_deref();
    Language::from_tag(code.unwrap_or(&site.language))
}
