//! What a severity of Prometheus' users means here.

/// The severity of ours for a label's value, and whether it is for operators alone.
pub(crate) fn of(value: &str) -> Option<(&'static str, bool)> {
    match value.to_ascii_lowercase().as_str() {
        "down" | "critical" | "crit" | "page" | "pager" | "emergency" | "fatal" | "disaster"
        | "p1" | "s1" | "sev1" => Some(("down", false)),
        "disrupted" | "error" | "high" | "major" | "warning" | "warn" | "medium" | "p2" | "s2"
        | "sev2" | "ticket" | "average" => Some(("disrupted", false)),
        "notice" | "minor" | "low" | "p3" | "s3" | "sev3" => Some(("notice", false)),
        "info" | "informational" | "information" | "none" | "debug" | "email" => {
            Some(("notice", true))
        }
        _ => None,
    }
}
