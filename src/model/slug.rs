//! Names in addresses, as Hugo makes them of components' names.

/// The last part of the address of a component's page: `Web App` is `web-app`.
///
/// Letters and digits of any script stay, and some signs; a slash parts it.
///
/// ```
/// # use critwatch::model::slug::component;
/// assert_eq!(component("LON1/Storage (a, b)"), "lon1/storage-a-b");
/// ```
pub fn component(name: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in name.chars() {
        if c.is_alphanumeric() || "./\\_#+~-@".contains(c) {
            if gap && c != '-' {
                out.push('-');
            }
            gap = false;
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') && c.is_whitespace() {
            gap = true;
        }
    }
    out
}
