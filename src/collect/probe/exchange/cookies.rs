//! A jar of cookies for steps, which all ask the same host.

use std::collections::BTreeMap;
use std::fmt;

use hyper::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};

/// Cookies that are kept at most; more would be a fault of the target.
const MAX_COOKIES: usize = 50;

/// Cookies by name; values are secret.
#[derive(Clone, Default)]
pub(crate) struct Jar(BTreeMap<String, String>);

impl Jar {
    /// Takes the cookies of an answer in; paths and ends in time are not
    /// looked at, but a cookie that is taken back is thrown away.
    pub(crate) fn take(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let Some((name, value, is_taken_back)) = cookie.to_str().ok().and_then(read) else {
                continue;
            };
            if is_taken_back {
                self.0.remove(name);
            } else if self.0.len() < MAX_COOKIES || self.0.contains_key(name) {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Puts the cookies into a request.
    pub(crate) fn write(&self, to: &mut HeaderMap) {
        let pairs = self.0.iter().map(|(name, value)| format!("{name}={value}"));
        let line = pairs.collect::<Vec<_>>().join("; ");
        if let Ok(mut line) = HeaderValue::from_str(&line)
            && !line.is_empty()
        {
            line.set_sensitive(true);
            to.insert(COOKIE, line);
        }
    }
}

impl fmt::Debug for Jar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The value of a cookie that an answer sets.
pub(crate) fn value<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let cookies = headers.get_all(SET_COOKIE).iter();
    let mut read = cookies.filter_map(|cookie| read(cookie.to_str().ok()?));
    read.find(|(name, _, is_taken_back)| *name == wanted && !is_taken_back)
        .map(|(_, value, _)| value)
}

/// Name and value of a `set-cookie`, and whether it takes the cookie back.
fn read(line: &str) -> Option<(&str, &str, bool)> {
    let mut parts = line.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let is_taken_back = parts.any(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let age = value.trim().parse::<i64>();
        key.trim().eq_ignore_ascii_case("max-age") && age.is_ok_and(|age| age <= 0)
    });
    let name = name.trim();
    (!name.is_empty()).then_some((name, value.trim(), is_taken_back))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(SET_COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        headers
    }

    #[test]
    fn cookies_are_kept_replaced_and_thrown_away() {
        let mut jar = Jar::default();
        for (cookies, expected) in [
            (vec!["a=1; Path=/; HttpOnly", "b=2"], "a=1; b=2"),
            (vec!["a=3", "junk", "=x"], "a=3; b=2"),
            (vec!["b=; Max-Age=0"], "a=3"),
            (vec!["a=x; max-age=-1"], ""),
        ] {
            jar.take(&answer(&cookies));
            let mut headers = HeaderMap::new();
            jar.write(&mut headers);
            let line = headers
                .get(COOKIE)
                .map_or("", |line| line.to_str().unwrap());
            assert_eq!(line, expected, "after {cookies:?}");
        }
        assert_eq!(value(&answer(&["a=1", "b=2; Secure"]), "b"), Some("2"));
    }

    proptest! {
        #[test]
        fn no_cookie_makes_it_panic(line in "[ -~]{0,40}") {
            let mut jar = Jar::default();
            jar.take(&answer(&[&line]));
            jar.write(&mut HeaderMap::new());
        }
    }
}
