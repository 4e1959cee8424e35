//! Our cookies: one for the session, one for a login that is on its way.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpsCookie {
    /// Who is logged in. No page of another site has a browser send it.
    Session,
    /// Who began a login at the provider, which sends the browser back to us.
    Visit,
}

impl OpsCookie {
    /// Its name. Only what came by TLS may have the prefix, and only we can set such a
    /// cookie: neither a neighbour's name nor a page without TLS.
    fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-critwatch",
            (Self::Session, false) => "critwatch",
            (Self::Visit, true) => "__Host-critwatch-login",
            (Self::Visit, false) => "critwatch-login",
        }
    }

    /// The header that sets it.
    pub(crate) fn set(self, value: &str, secure: bool) -> String {
        let name = self.name(secure);
        let site = match self {
            Self::Session => "Strict",
            Self::Visit => "Lax; Max-Age=600",
        };
        let secure = if secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite={site}{secure}")
    }

    /// The header that takes it away.
    pub(crate) fn unset(self, secure: bool) -> String {
        let name = self.name(secure);
        let secure = if secure { "; Secure" } else { "" };
        format!("{name}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}")
    }

    /// Its value; `None` if it appears twice, as one of the two is not ours.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<&str> {
        let lines = headers.get_all(COOKIE).iter();
        let pairs = lines.filter_map(|line| line.to_str().ok());
        let pairs = pairs.flat_map(|line| line.split(';'));
        let mut values = pairs.filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name(secure)).then_some(value)
        });
        let value = values.next()?;
        (values.next().is_none() && !value.is_empty()).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_by_its_name_alone_and_only_if_there_is_one() {
        let read = |lines: &[&str], secure| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(COOKIE, line.parse().unwrap());
            }
            OpsCookie::Session.read(&headers, secure).map(str::to_owned)
        };
        assert_eq!(read(&["a=b; critwatch=x; c"], false).unwrap(), "x");
        assert_eq!(read(&["__Host-critwatch=x"], true).unwrap(), "x");
        for (lines, secure) in [
            (&["critwatch=x"][..], true),
            (&["__Host-critwatch=x"], false),
            (&["critwatch=x; critwatch=y"], false),
            (&["critwatch=x", "critwatch=x"], false),
            (&["critwatch="], false),
            (&["xcritwatch=x; critwatch-login=x"], false),
            (&[], false),
        ] {
            assert_eq!(read(lines, secure), None, "{lines:?}");
        }
    }

    #[test]
    fn a_cookie_is_for_this_host_and_no_script() {
        assert_eq!(
            OpsCookie::Session.set("x", true),
            "__Host-critwatch=x; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(
            OpsCookie::Session.set("x", false),
            "critwatch=x; Path=/; HttpOnly; SameSite=Strict"
        );
        assert!(
            OpsCookie::Visit
                .set("x", true)
                .contains("SameSite=Lax; Max-Age=600")
        );
        assert!(OpsCookie::Session.unset(true).contains("Max-Age=0; Secure"));
    }
}
