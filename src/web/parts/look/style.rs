//! The style sheet, the script, and the colours of a site in light and dark.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use crate::web::parts::look::colour::{Backdrop, Colour};
use crate::web::parts::look::sign::Sign;
use crate::web::site::{Names, View};
use crate::web::site_elements::Colours;

/// The part that all sites share.
const STYLE: &str = include_str!("../../../../templates/style.css");

/// The script as it is written, the same on every site.
const SCRIPT: &str = include_str!("../../../../templates/page.js");

/// The script of the history, for where no server searches.
pub(crate) const SEARCH: &str = include_str!("../../../../templates/search.js");

/// The script as it is served, without comments.
pub(crate) fn script() -> String {
    let lines = SCRIPT.lines();
    let lines = lines.filter(|line| !line.starts_with("//") && !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Our own colours, light and dark: page, card, ink, quiet ink, line.
const LIGHT: [(&str, &str); 6] = [
    ("paper", "#fbfbfa"),
    ("card", "#ffffff"),
    ("ink", "#15181c"),
    ("soft", "#586069"),
    ("line", "#e4e6e8"),
    ("edge", "#8a939c"),
];
const DARK: [(&str, &str); 6] = [
    ("paper", "#0f1215"),
    ("card", "#171b1f"),
    ("ink", "#eaecef"),
    ("soft", "#a1aab4"),
    ("line", "#2a3037"),
    ("edge", "#6b757f"),
];

/// The signs' colours, light and dark.
const SIGNS: [(Sign, &str, &str); 6] = [
    (Sign::Ok, "#1d7a46", "#63c98c"),
    (Sign::Maintenance, "#6a40bf", "#bfa2ff"),
    (Sign::Unknown, "#5c656e", "#a4aeb8"),
    (Sign::Notice, "#2257b5", "#8ab4ff"),
    (Sign::Disrupted, "#955400", "#f2b04e"),
    (Sign::Down, "#b5231b", "#ff8a80"),
];

/// Days that were fine, calmer than the sign.
const BARS: (&str, &str) = ("#639d7e", "#3a7d58");

/// Our own colours, for a site that has only some of its own.
pub(crate) fn colours() -> Colours {
    let of = |sign: Sign| {
        let ours = SIGNS.iter().find(|(candidate, _, _)| *candidate == sign);
        ours.map_or("", |ours| ours.1).to_owned()
    };
    Colours {
        brand: LIGHT[2].1.to_owned(),
        ink: LIGHT[1].1.to_owned(),
        ok: of(Sign::Ok),
        notice: of(Sign::Notice),
        disrupted: of(Sign::Disrupted),
        down: of(Sign::Down),
    }
}

/// Backgrounds of text in light and dark mode.
pub(crate) fn ground(dark: bool) -> Backdrop {
    let [paper, card] = [0, 1].map(|at| {
        let (_, text) = if dark { DARK[at] } else { LIGHT[at] };
        Colour::parse(text)
    });
    let black = Colour {
        red: 0.0,
        green: 0.0,
        blue: 0.0,
    };
    Backdrop {
        paper: paper.unwrap_or(black),
        card: card.unwrap_or(black),
    }
}

/// The colour of a sign on a site.
pub(crate) fn sign(names: &Names, sign: Sign, dark: bool) -> String {
    let own = names.colours.as_ref().and_then(|colours| match sign {
        Sign::Ok => Some(colours.ok.as_str()),
        Sign::Notice => Some(colours.notice.as_str()),
        Sign::Disrupted => Some(colours.disrupted.as_str()),
        Sign::Down => Some(colours.down.as_str()),
        Sign::Maintenance | Sign::Unknown => None,
    });
    let ours = SIGNS.iter().find(|(candidate, _, _)| *candidate == sign);
    // Where a site names our own colour, the dark one is ours, too.
    let own = own.filter(|own| ours.is_none_or(|ours| ours.1 != *own));
    if let Some(own) = own.and_then(Colour::parse) {
        return own.readable(&ground(dark)).to_string();
    }
    let ours = ours.map(|(_, day, night)| if dark { *night } else { *day });
    ours.unwrap_or_default().to_owned()
}

/// A site's colours as the style sheet's variables.
fn variables(names: &Names, dark: bool) -> String {
    let mut text = format!("color-scheme:{};", if dark { "dark" } else { "light" });
    for (name, colour) in if dark { DARK } else { LIGHT } {
        let _ = write!(text, "--{name}:{colour};");
    }
    for one in Sign::ALL {
        let _ = write!(text, "--{one}:{};", sign(names, one, dark));
    }
    let own = names.colours.as_ref().map(|colours| colours.ok.as_str());
    let own = own.filter(|own| *own != SIGNS[0].1);
    let bar = match own.and_then(Colour::parse) {
        Some(own) => {
            let ground = ground(dark);
            own.mixed(ground.card, 0.3).visible(&ground).to_string()
        }
        None => (if dark { BARS.1 } else { BARS.0 }).to_owned(),
    };
    let _ = write!(text, "--bar:{bar}");
    text
}

/// The style sheet of a site.
pub(crate) fn style(names: &Names) -> String {
    let (light, dark) = (variables(names, false), variables(names, true));
    let mut text = format!(
        ":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n\
         :root[data-theme=light]{{{light}}}\n@media screen{{:root[data-theme=dark]{{{dark}}}}}\n{STYLE}"
    );
    let brand = names.colours.as_ref().map(|colours| &colours.brand);
    if let Some(brand) = brand {
        let ink = ink(names).unwrap_or_default();
        let _ = write!(
            text,
            ".top{{background:{brand};color:{ink};box-shadow:0 0 0 100vmax {brand};\
             clip-path:inset(0 -100vmax);margin-bottom:1.5rem}}\n\
             .top a,.top button,.name span{{color:{ink}}}\n\
             .top :focus-visible{{outline-color:{ink}}}\n"
        );
    }
    text
}

/// The colour of words on the site's own: its wish, if that can be read.
pub(crate) fn ink(names: &Names) -> Option<String> {
    let colours = names.colours.as_ref()?;
    let brand = Colour::parse(&colours.brand)?;
    let wish = Colour::parse(&colours.ink);
    let wish = wish.filter(|ink| brand.contrast(*ink) >= crate::web::parts::look::colour::WORDS);
    Some(wish.unwrap_or_else(|| brand.ink()).to_string())
}

/// The address of a picture of the state, drawn within it.
pub(crate) fn icon(names: &Names, sign: Sign) -> String {
    let svg = favicon(names, sign);
    let mut address = "data:image/svg+xml,".to_owned();
    for c in svg.chars() {
        match c {
            '#' => address.push_str("%23"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '"' => address.push('\''),
            c => address.push(c),
        }
    }
    address
}

/// The picture of a state for the tab of a browser, dark or light.
pub(crate) fn favicon(names: &Names, one: Sign) -> String {
    // Between what is right on light and on dark tabs.
    let colour = Colour::parse(&sign(names, one, false));
    let night = Colour::parse(&sign(names, one, true));
    let colour = colour.zip(night).map(|(day, night)| day.mixed(night, 0.4));
    let colour = colour.map(|colour| colour.to_string()).unwrap_or_default();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\" color=\"{colour}\" \
         fill=\"{colour}\">{}</svg>",
        one.shape()
    )
}

/// Changes with the style sheet of a site, so that browsers may keep it.
///
/// The sheet is made once for it: colours are reckoned, and every page asks.
pub(crate) fn mark(names: &Names) -> &str {
    let made = || tag(style(names).as_bytes());
    names.style.get_or_init(made)
}

/// Changes with the script.
pub(crate) static SCRIPT_MARK: LazyLock<String> = LazyLock::new(|| tag(script().as_bytes()));

/// The file of a style sheet or a script, by which a version of it is asked for.
pub(crate) fn asked(view: &View<'_>, file: &str, mark: &str) -> String {
    if view.names_versions {
        version(file, mark)
    } else {
        format!("{file}?{mark}")
    }
}

/// A file whose name says which version it is: `style.0123456789abcdef.css`.
pub(crate) fn version(file: &str, mark: &str) -> String {
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    format!("{stem}.{mark}.{ending}")
}

/// A short mark of some bytes that changes with them.
pub(crate) fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use crate::web::parts::look::colour;

    use super::*;

    #[test]
    fn the_script_stays_small() {
        let script = script();
        assert!(script.len() < 8 * 1024, "{}", script.len());
        // What is fast to write by hand is fast to leak: nothing runs from text.
        assert!(!script.contains("innerHTML") && !script.contains("eval("));
    }

    #[test]
    fn the_icon_is_one_address_without_a_sign_that_ends_it() {
        let names = Names::new("", TimeZone::UTC);
        for one in Sign::ALL {
            let icon = icon(&names, one);
            assert!(icon.starts_with("data:image/svg+xml,%3Csvg "));
            assert!(!icon.contains(['#', '<', '>', '"']));
        }
    }

    #[test]
    fn our_own_colours_can_be_read() {
        let names = Names::new("", TimeZone::UTC);
        for dark in [false, true] {
            let ground = ground(dark);
            for one in Sign::ALL {
                let own = Colour::parse(&sign(&names, one, dark)).unwrap();
                assert_eq!(own.readable(&ground), own, "{one} {dark}");
            }
            let (quiet, bar) = if dark {
                (DARK, BARS.1)
            } else {
                (LIGHT, BARS.0)
            };
            for (name, least) in [
                ("ink", 7.0),
                ("soft", colour::WORDS),
                ("edge", colour::SIGNS),
            ] {
                let (_, text) = quiet
                    .iter()
                    .find(|(candidate, _)| *candidate == name)
                    .unwrap();
                for below in [ground.paper, ground.card] {
                    assert!(
                        Colour::parse(text).unwrap().contrast(below) >= least,
                        "{name} {dark}"
                    );
                }
            }
            assert!(Colour::parse(bar).unwrap().contrast(ground.paper) >= colour::SIGNS);
        }
    }
}
