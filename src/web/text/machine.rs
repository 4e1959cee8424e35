//! Paths and moments as machines read them.

use jiff::Timestamp;

/// A page's path as it stands in an address.
///
/// ```
/// # use critwatch::web::text::machine::address;
/// assert_eq!(address("2026-03-01-größer als/x"), "2026-03-01-gr%C3%B6%C3%9Fer%20als/x");
/// ```
pub fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-+~@/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    address
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// A moment for machines: RFC 3339, in UTC.
pub fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The path in the address of a site, without a slash at its end; empty if there is none.
pub(crate) fn path_of(url: Option<&str>) -> &str {
    let host = url.and_then(|url| url.split_once("://"));
    let host = host.map_or("", |(_, host)| host);
    host.find('/').map_or("", |at| &host[at..])
}
