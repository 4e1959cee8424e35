//! The pictures beside incident files, and nothing else of that folder.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio::io::AsyncReadExt as _;

use crate::model::language::Language;
use crate::web::error::WebError;
use crate::web::site::{Site, View};

/// How every picture's name ends.
pub const ENDING: &str = ".svg";

/// Larger files are no pictures of ours.
const MAX_BYTES: u64 = 512 * 1024;

/// A picture brings its colours and nothing else; a person's may bring more,
/// which does not run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// The pictures that visitors may see, by their paths within the folder.
pub fn names(view: &View<'_>) -> Vec<String> {
    let incidents = view.board.incidents.iter();
    let public = incidents.filter(|incident| incident.is_public());
    public.map(|incident| incident.picture()).collect()
}

/// The picture of an incident that visitors may read.
pub async fn show(site: &Site, language: Language, name: &str) -> Response {
    let known = site.show(|view| names(view).iter().any(|one| one == name));
    match site.pictures().filter(|_| known) {
        Some(folder) => match read(&folder.join(name)).await {
            Some(bytes) => (
                [
                    (CONTENT_TYPE, "image/svg+xml"),
                    (CONTENT_SECURITY_POLICY, POLICY),
                ],
                bytes,
            )
                .into_response(),
            None => WebError::NotFound.page(site, language),
        },
        None => WebError::NotFound.page(site, language),
    }
}

/// Reads a file that is one, and no link to elsewhere, and not too large.
async fn read(path: &std::path::Path) -> Option<Vec<u8>> {
    let meta = tokio::fs::symlink_metadata(path).await.ok()?;
    if !meta.is_file() || meta.len() > MAX_BYTES {
        return None;
    }
    let file = tokio::fs::File::open(path).await.ok()?;
    let mut bytes = Vec::new();
    // It may grow while it is read.
    file.take(MAX_BYTES).read_to_end(&mut bytes).await.ok()?;
    Some(bytes)
}
