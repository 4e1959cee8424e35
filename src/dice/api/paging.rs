//! Lists in pages: which one is asked for, and where the next one is.

use axum::http::HeaderMap;
use axum::http::header::HOST;
use serde::Deserialize;
use serde_json::{Value, json};

/// Pages after this one are not asked for by people.
const PAGE_MAX: usize = 1000;

/// The page that is asked for, from 1.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct PageQuery {
    page: Option<usize>,
}

impl PageQuery {
    /// Tells the index of the first thing on the page, with so many on each.
    pub(crate) fn first(self, size: usize) -> usize {
        (self.number() - 1) * size
    }

    fn number(self) -> usize {
        self.page.unwrap_or(1).clamp(1, PAGE_MAX)
    }

    /// Writes the links of a list; the next address is complete, since clients follow it as it is.
    pub(crate) fn links(
        self,
        headers: &HeaderMap,
        path: &str,
        more: &str,
        has_next: bool,
    ) -> Value {
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let scheme = headers.get("x-forwarded-proto").map_or("http", |proto| {
            if proto == "https" { "https" } else { "http" }
        });
        let page = |number: usize| {
            let query = if more.is_empty() {
                String::new()
            } else {
                format!("&{more}")
            };
            let host = host.unwrap_or("localhost");
            format!("{scheme}://{host}{path}?page={number}{query}")
        };
        let number = self.number();
        json!({
            "first": page(1),
            "prev": (number > 1).then(|| page(number - 1)),
            "next": (has_next && number < PAGE_MAX).then(|| page(number + 1)),
        })
    }
}
