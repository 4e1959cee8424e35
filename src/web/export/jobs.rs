//! The files that an export has to write, and the room that they take.

use std::collections::BTreeMap;

use crate::web::export::error::ExportError;
use crate::web::export::lists;
use crate::web::export::manifest::is_inside;
use crate::web::export::paths::ExportPaths;
use crate::web::serving::response::coding::Coding;
use crate::web::site::View;
use crate::web::table::Address;
use crate::web::table::answer::CacheLifetime;
use crate::web::table::pages::Page;

/// A file to be written.
pub(crate) enum ExportJob<'a> {
    /// A page of the site.
    Page(&'a Address),
    /// A list for servers, made already.
    List(String),
}

impl ExportJob<'_> {
    /// Whether it takes little time, other than what tells of the whole site or is
    /// compressed with much effort.
    pub(crate) fn is_short(&self) -> bool {
        match self {
            Self::Page(address) => address.incident().is_some(),
            Self::List(_) => true,
        }
    }

    /// Whether its answer carries a mark of its version.
    pub(crate) fn is_marked(&self) -> bool {
        matches!(self, Self::Page(address) if address.traits().lifetime == CacheLifetime::Marked)
    }
}

/// Every file of the site by its path, and the room that they take.
pub(crate) fn jobs<'a>(
    view: &View<'_>,
    addresses: &'a [Address],
) -> Result<(BTreeMap<String, ExportJob<'a>>, ExportPaths), ExportError> {
    let lists = [
        (lists::HOSTS, lists::hosts(view.names)),
        (lists::NGINX, lists::nginx(view.names)),
    ];
    let mut jobs: BTreeMap<_, _> = lists
        .map(|(path, text)| (path.to_owned(), ExportJob::List(text)))
        .into();
    let mut paths = ExportPaths::default();
    for path in jobs.keys() {
        paths.take(path);
    }
    for (path, address) in in_order(addresses) {
        let is_taken = paths.lacks(&path) || stands(&path, &jobs);
        if may_lack(address) && (!is_possible(&path) || is_taken) {
            tracing::debug!(path, "skipped a page whose path cannot be a file");
            continue;
        }
        if !is_inside(&path) || jobs.contains_key(&path) || paths.lacks(&path) {
            return Err(ExportError::Address(address.to_string()));
        }
        paths.take(&path);
        jobs.insert(path, ExportJob::Page(address));
    }
    Ok((jobs, paths))
}

/// Whether something is written to a path already, or a twin of something.
fn stands(path: &str, jobs: &BTreeMap<String, ExportJob<'_>>) -> bool {
    let mut plain = Coding::SMALLER
        .iter()
        .filter_map(|coding| path.strip_suffix(coding.ending()));
    jobs.contains_key(path) || plain.any(|plain| jobs.contains_key(plain))
}

/// Addresses with their files, those first that have their room whatever else is
/// named: pages of people, then what lies in the fewest folders.
fn in_order(addresses: &[Address]) -> Vec<(String, &Address)> {
    let files = addresses.iter().map(|address| (file(address), address));
    let mut files: Vec<_> = files.collect();
    let rank = |address: &Address| (is_file(address), may_lack(address));
    files.sort_by_cached_key(|(path, address)| (rank(address), path.split('/').count()));
    files
}

/// Whether it is a file of the site's own.
pub(crate) fn is_file(address: &Address) -> bool {
    match address {
        Address::Page { page, .. } => *page == Page::File,
        Address::Machine(_) => false,
        Address::Translated { address, .. } => is_file(address),
    }
}

/// Whether an export may do without it: any word may be named by a file as what it
/// affects, and a file of the site's own may stand where a page does.
fn may_lack(address: &Address) -> bool {
    match address {
        Address::Machine(_) => true,
        Address::Page { page, .. } => matches!(page, Page::Component | Page::File),
        Address::Translated { address, .. } => may_lack(address),
    }
}

/// Whether a path can be that of a file, on any usual disk.
fn is_possible(path: &str) -> bool {
    /// Room for the endings of compressed twins is left.
    const LONGEST: usize = 240;
    is_inside(path) && path.split('/').all(|part| part.len() <= LONGEST)
}

/// The file of an address.
fn file(address: &Address) -> String {
    // A file is named as it is; what asks for it decodes the address.
    let path = address.pattern(address.name());
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}
