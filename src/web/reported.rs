//! What providers report of themselves, as the first page shows it.

use crate::model::component::Health;
use crate::web::site::View;
use crate::web::words::{self, When};

/// A provider's trouble on the page.
#[derive(Clone, Debug)]
pub(crate) struct Reported<'a> {
    /// Who reports it.
    pub(crate) provider: &'a str,
    /// How bad the provider says that it is.
    pub(crate) health: Health,
    /// The same as a word.
    pub(crate) word: &'static str,
    /// The provider's own title.
    pub(crate) title: &'a str,
    /// Since when.
    pub(crate) since: Option<When>,
    /// The provider's own page.
    pub(crate) link: Option<&'a str>,
}

/// All that is reported, the gravest of a provider first.
pub(crate) fn reported<'a>(view: &View<'a>) -> Vec<Reported<'a>> {
    let is_web = |link: &&str| link.starts_with("https://") || link.starts_with("http://");
    let related = view.board.related.iter();
    related
        .map(|related| Reported {
            provider: &related.provider,
            health: related.health,
            word: words::health(related.health),
            title: &related.title,
            since: related
                .since
                .map(|since| words::when(since, view.now, &view.names.zone)),
            link: related.link.as_deref().filter(is_web),
        })
        .collect()
}
