//! A site whose own addresses stand below a path.

use axum::extract::Request;
use axum::http::Uri;
use axum::response::Response;

use crate::web::serving::response::empty::moved;
use crate::web::serving::response::security_headers::SecurityHeaders;

/// Takes the path of the site out of the address that is asked for; a proxy before
/// us may have done so. Who asks for the path alone is shown where it begins.
#[expect(clippy::result_large_err, reason = "the layer asks for the answer")]
pub(crate) fn take_away(
    base: &str,
    security_headers: SecurityHeaders,
    request: &mut Request,
) -> Result<(), Response> {
    if base.is_empty() {
        return Ok(());
    }
    let uri = request.uri();
    let below = match uri.path().strip_prefix(base) {
        Some("") => return Err(moved(&format!("{base}/"), uri.query(), security_headers)),
        Some(rest) if rest.starts_with('/') => rest,
        _ => return Ok(()),
    };
    let query = uri
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    if let Ok(below) = format!("{below}{query}").parse::<Uri>() {
        *request.uri_mut() = below;
    }
    Ok(())
}
