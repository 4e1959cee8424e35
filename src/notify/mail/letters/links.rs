//! Addresses of the public page that belong to one subscription.

/// Where a subscription ends: GET asks, POST acts (RFC 8058).
pub(crate) fn unsubscribe(site: &str, token: &str) -> String {
    format!("{}/unsubscribe/{token}", site.trim_end_matches('/'))
}

/// Where a subscription is managed.
pub(crate) fn manage(site: &str, token: &str) -> String {
    format!("{}/subscription/{token}", site.trim_end_matches('/'))
}
