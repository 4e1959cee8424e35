//! What a site defines for its pages: logo, colours, headings and extra pages.

/// The picture at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Where it is: our own address, or one on another site.
    pub source: Picture,
    /// Whether the name is left out beside it.
    pub alone: bool,
}

/// A picture of the site's own, or elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Among the files of the site, by its path.
    Own(String),
    /// The address on another site.
    Elsewhere(String),
}

/// A page of the site that is no incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraPage {
    /// Heading.
    pub title: String,
    /// What it says, as markdown, or as HTML.
    pub body: String,
    /// Whether it is HTML.
    pub is_html: bool,
    /// The name of its file.
    pub filename: String,
    /// Its date as it is written.
    pub date: Option<String>,
}

/// A heading above components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryNames {
    /// What components name.
    pub name: String,
    /// One sentence below it.
    pub description: Option<String>,
    /// Whether its components stand under no heading.
    pub untitled: bool,
    /// Whether cState folds it up at first.
    pub closed: bool,
}

/// A site's colours, each as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colours {
    /// Behind the name at the top.
    pub brand: String,
    /// Of the name at the top.
    pub ink: String,
    /// Fine.
    pub ok: String,
    /// Something to know.
    pub notice: String,
    /// Slow or partly failing.
    pub disrupted: String,
    /// Not working.
    pub down: String,
}
