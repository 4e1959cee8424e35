//! Status reports of providers on the first page.

use crate::web::parts::context::Present;
use crate::web::parts::look::sign::Sign;
use crate::web::parts::times::When;

/// A provider's trouble on the page.
#[derive(Clone, Debug)]
pub(crate) struct Reported<'a> {
    /// The provider.
    pub(crate) provider: &'a str,
    /// How bad the provider says that it is.
    pub(crate) sign: Sign,
    /// The same as a word.
    pub(crate) word: String,
    /// The provider's own title.
    pub(crate) title: &'a str,
    /// Since when.
    pub(crate) since: Option<When>,
    /// The provider's own page.
    pub(crate) link: Option<&'a str>,
}

/// All that is reported, the gravest of a provider first.
pub(crate) fn reported<'a>(present: &Present<'a>) -> Vec<Reported<'a>> {
    let is_web = |link: &&str| link.starts_with("https://") || link.starts_with("http://");
    let related = present.view.board.facts.related.iter();
    related
        .map(|related| Reported {
            provider: &related.provider,
            sign: related.health.into(),
            word: Sign::from(related.health).word(&present.speech),
            title: &related.title,
            since: related.since.map(|since| present.when(since)),
            link: related.link.as_deref().filter(is_web),
        })
        .collect()
}
