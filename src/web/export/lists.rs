//! Lists of headers, so that other servers answer as we do.

use std::fmt::Write as _;

use axum::http::HeaderName;

use crate::web::serving::guard::Guard;
use crate::web::site::Names;
use crate::web::table::{Of, Page, Row};

/// Netlify's and Cloudflare Pages' list.
pub const HOSTS: &str = "_headers";

/// nginx' list, to be included in a `server`.
pub const NGINX: &str = "headers.conf";

/// The list that Netlify and Cloudflare Pages read.
pub fn hosts(names: &Names) -> String {
    let mut text = String::new();
    for row in rows() {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}", row.pattern(":name"));
        for (name, value) in headers(&row, names) {
            let _ = writeln!(text, "  {name}: {value}");
        }
    }
    text
}

/// The same for nginx, with the compressed twins and the page for what is not there.
pub fn nginx(names: &Names) -> String {
    let mut text = "# Inside `server { root ...; }`. Where nginx has the module for it, add\n\
        # `brotli_static on;` or `zstd_static on;`.\n\
        index index.html;\n\
        gzip_static on;\n\
        error_page 404 /404.html;\n\
        location = /.critwatch-export { return 404; }\n\
        location = /_headers { return 404; }\n\
        location = /headers.conf { return 404; }\n"
        .to_owned();
    for row in rows() {
        let path = row.pattern("NAME");
        let file = if path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path
        };
        let place = match row.of {
            Of::Site => format!("= {file}"),
            Of::Incident => format!("~ ^{}$", file.replace('.', "\\.").replace("NAME", ".+")),
        };
        let kind = row.kind.content_type();
        let _ = writeln!(text, "location {place} {{");
        let _ = writeln!(text, "    types {{ }}\n    default_type \"{kind}\";");
        for (name, value) in headers(&row, names) {
            if name != axum::http::header::CONTENT_TYPE {
                let _ = writeln!(text, "    add_header {name} \"{value}\" always;");
            }
        }
        if row.kind.shrinks() {
            let _ = writeln!(text, "    add_header vary accept-encoding always;");
        }
        let _ = writeln!(text, "}}");
    }
    text
}

fn rows() -> impl Iterator<Item = Row> {
    Page::ALL.into_iter().map(Page::row)
}

fn headers(row: &Row, names: &Names) -> Vec<(HeaderName, &'static str)> {
    let guard = Guard {
        open: row.kind.is_open(),
        frameable: row.frameable,
        secure: names.is_secure(),
    };
    let mut headers = guard.headers();
    headers.push((axum::http::header::CACHE_CONTROL, row.life.control(false)));
    headers.push((axum::http::header::CONTENT_TYPE, row.kind.content_type()));
    headers
}
