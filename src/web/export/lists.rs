//! Lists of headers, so that other servers answer as we do.

use std::fmt::Write as _;

use axum::http::HeaderName;

use crate::web::serving::response::security_headers::SecurityHeaders;
use crate::web::site::Names;
use crate::web::table::answer::AnswerTraits;
use crate::web::table::forms;

/// Netlify's and Cloudflare Pages' list.
pub(crate) const HOSTS: &str = "_headers";

/// nginx' list, to be included in a `server`.
pub(crate) const NGINX: &str = "headers.conf";

/// The list that Netlify and Cloudflare Pages read.
pub(crate) fn hosts(names: &Names) -> String {
    let mut text = String::new();
    for (path, traits, _) in all(":name", names) {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{path}");
        for (name, value) in headers(traits, names) {
            let _ = writeln!(text, "  {name}: {value}");
        }
    }
    text
}

/// The same for nginx, with the compressed twins and the page for what is not there.
pub(crate) fn nginx(names: &Names) -> String {
    let base = names.base();
    let mut text = format!(
        "# Inside `server {{ root ...; }}`. Where nginx has the module for it, add\n\
        # `brotli_static on;`.\n\
        index index.html;\n\
        gzip_static on;\n\
        error_page 404 {base}/404.html;\n\
        location = {base}/.critwatch-export {{ return 404; }}\n\
        location = {base}/_headers {{ return 404; }}\n\
        location = {base}/headers.conf {{ return 404; }}\n"
    );
    for (path, traits, is_named) in all("NAME", names) {
        let file = if path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path
        };
        let place = if is_named {
            let file = regex::escape(&format!("{base}{file}"));
            format!("~ ^{}$", file.replace("NAME", ".+"))
        } else {
            format!("= {base}{file}")
        };
        let kind = traits.kind.content_type();
        let _ = writeln!(text, "location {place} {{");
        let _ = writeln!(text, "    types {{ }}\n    default_type \"{kind}\";");
        for (name, value) in headers(traits, names) {
            if name != axum::http::header::CONTENT_TYPE {
                let _ = writeln!(text, "    add_header {name} \"{value}\" always;");
            }
        }
        if traits.kind.shrinks() {
            let _ = writeln!(text, "    add_header vary accept-encoding always;");
        }
        let _ = writeln!(text, "}}");
    }
    text
}

/// One address of each form, in each language of the site.
fn all(name: &str, names: &Names) -> Vec<(String, AnswerTraits, bool)> {
    let translations = names.translations.iter().flat_map(|translation| {
        let forms = forms(name).into_iter();
        forms.map(|(path, traits, named)| (format!("/{}{path}", translation.code), traits, named))
    });
    forms(name).into_iter().chain(translations).collect()
}

fn headers(traits: AnswerTraits, names: &Names) -> Vec<(HeaderName, &'static str)> {
    let mut headers = SecurityHeaders::of(traits, names.is_secure()).headers();
    let (lifetime, kind) = (traits.lifetime, traits.kind);
    headers.push((axum::http::header::CACHE_CONTROL, lifetime.control(false)));
    headers.push((axum::http::header::CONTENT_TYPE, kind.content_type()));
    headers
}
