//! Declarations of a cState site that only cState's clients read.

/// These declarations; a site of ours has cState's defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The public address as it is written, with its slash at the end if any.
    pub address: Option<String>,
    /// Language of the page's own words, as in `de`.
    pub language: String,
    /// Language that the page declares to browsers, where it is another one.
    pub language_code: Option<String>,
    /// The languages that it is built in, the first one first; none if it is but one.
    pub languages: Vec<String>,
    /// Where the logo is, below the site or on another one.
    pub logo: Option<String>,
    /// Whether the head keeps the brand's colour while something is wrong.
    pub keeps_brand: bool,
    /// Whether the feed of all incidents has any.
    pub has_history: bool,
    /// Links above the components.
    pub tabs: Vec<DeclaredTab>,
    /// How many incidents a slice of a list has; `None` if lists are in one piece.
    pub per_page: Option<usize>,
}

/// A link above the components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredTab {
    /// What it says.
    pub name: String,
    /// Where it leads.
    pub link: String,
}

impl Default for Declared {
    fn default() -> Self {
        Self {
            address: None,
            language: "en".to_owned(),
            language_code: None,
            languages: Vec::new(),
            logo: None,
            keeps_brand: true,
            has_history: true,
            tabs: Vec::new(),
            per_page: None,
        }
    }
}
