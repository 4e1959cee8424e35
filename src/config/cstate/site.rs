//! What a cState site's settings say, as one value.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::component::{Component, ComponentId};
use crate::web::site_elements::{ExtraPage, Picture};

/// The settings of a cState site.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "cState's switches are independent of each other"
)]
pub struct CstateSite {
    /// The site's name.
    pub(crate) title: String,
    /// What the page says about itself, in Markdown.
    pub(crate) description: Option<String>,
    /// Address of the site without a slash at its end.
    pub(crate) base_url: Option<String>,
    /// The same as it is written.
    pub(crate) written_url: Option<String>,
    /// Components in the order of the page.
    pub components: Vec<Component>,
    /// How each component is shown, where that differs.
    pub(crate) shown: BTreeMap<ComponentId, Shown>,
    /// Headings in the order of the page.
    pub(crate) categories: Vec<CategorySettings>,
    /// Colours of the page.
    pub(crate) colours: ColourSettings,
    /// Where the logo is, below `static/` or on another site.
    pub(crate) logo: Option<String>,
    /// The logo itself, if it could be read or is on another site.
    pub(crate) picture: Option<Picture>,
    /// The folders whose files are shown as they are; the first that has one counts.
    pub(crate) statics: Vec<PathBuf>,
    /// Pages that are no incidents, by their paths.
    pub(crate) pages: BTreeMap<String, ExtraPage>,
    /// Whether the logo takes the place of the title.
    pub(crate) use_logo: bool,
    /// Colour of the title in the head of the page.
    pub(crate) header_text: HeaderText,
    /// Whether the head keeps the brand's colour while something is wrong.
    pub(crate) always_keep_brand_colour: bool,
    /// Language of the page's own words, as in `de`.
    pub(crate) language: String,
    /// Language that the page declares to browsers, where it is another one.
    pub(crate) language_code: Option<String>,
    /// What the language calls itself, as in `Deutsch`.
    pub(crate) language_name: Option<String>,
    /// The languages that it is built in, the first one first; none if it is but one.
    pub(crate) languages: Vec<String>,
    /// The same site in each of the others.
    pub(crate) others: Vec<CstateSite>,
    /// Go layout of long dates, as written.
    pub(crate) date_format: String,
    /// Go layout of short dates, as written.
    pub(crate) short_date_format: String,
    /// Links above the components.
    pub(crate) tabs: Vec<TabSettings>,
    /// Whether posts with a date to come are shown.
    pub build_future: bool,
    /// Whether raw HTML in posts is kept.
    pub(crate) raw_html: bool,
    /// Zone of dates that are written without one.
    pub(crate) time_zone: Option<String>,
    /// Posts on the home page.
    pub(crate) posts_per_page: u32,
    /// How the history is divided.
    pub(crate) history_format: HistoryFormat,
    /// Age in years beyond which posts leave the history.
    pub(crate) max_age_years: Option<u32>,
    /// Whether there is no history.
    pub(crate) disable_history: bool,
    /// Folder with the incident files.
    pub incidents: PathBuf,
}

/// How a component is shown, besides its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Name on the home page; posts never use it.
    pub(crate) display_name: Option<String>,
    /// Where the component itself is found.
    pub(crate) link: Option<String>,
    /// Last part of its page's address, as Hugo makes it: `lon1/storage-a`.
    pub(crate) slug: String,
}

/// A heading with components below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CategorySettings {
    /// Name by which components choose it.
    pub(crate) name: String,
    /// What stands below the heading.
    pub(crate) description: Option<String>,
    /// Whether it is folded at first.
    pub(crate) closed: bool,
    /// Whether the heading is left out.
    pub(crate) untitled: bool,
}

/// The colours of the page, each as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColourSettings {
    /// Head of the page.
    pub(crate) brand: String,
    /// All works.
    pub(crate) ok: String,
    /// Something to know.
    pub(crate) notice: String,
    /// Slow or partly failing.
    pub(crate) disrupted: String,
    /// Not working.
    pub(crate) down: String,
}

/// Colour of the title in the head of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderText {
    /// White.
    White,
    /// Black.
    Black,
    /// The page's own choice.
    None,
}

/// How the history is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryFormat {
    /// By year.
    Yearly,
    /// By month.
    Monthly,
    /// Not at all.
    None,
}

/// A link above the components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TabSettings {
    /// What it says.
    pub(crate) name: String,
    /// Where it leads.
    pub(crate) link: String,
    /// What stands beside it.
    pub(crate) description: Option<String>,
}

impl CstateSite {
    /// Where the picture is that takes the place of the title, if one does: below
    /// `static/`, as this site's own address means that, too, or elsewhere.
    pub(crate) fn shown_logo(&self) -> Option<&str> {
        let named = self.logo.as_deref().filter(|_| self.use_logo)?;
        let base = self.base_url.as_deref();
        let own = base.and_then(|base| named.strip_prefix(base));
        Some(own.filter(|own| own.starts_with('/')).unwrap_or(named))
    }
}
