//! Where the service keeps things and where it answers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use crate::git::settings::GitSettings;
use crate::model::board::Board;
use crate::web::export::place::ExportPlace;
use crate::web::site::{Names, Site};

/// Where the service keeps things and where it answers.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The settings file, beside which the tests of its rules are; none if it has none.
    pub settings: Option<PathBuf>,
    /// The incidents folder.
    pub incidents: PathBuf,
    /// The folder of a site that was fetched, and where it came from.
    pub(crate) fetched: Option<(PathBuf, GitSettings)>,
    /// The folder of the database.
    pub state: PathBuf,
    /// The public page's address.
    pub listen: SocketAddr,
    /// The operators' address.
    pub ops_listen: SocketAddr,
    /// Where the site is exported to, if it is.
    pub export: Option<ExportPlace>,
    /// Where everything that is measured is recorded, and up to how many bytes.
    pub record: Option<(PathBuf, u64)>,
}

impl Paths {
    /// The site's words, as they hold where it is shown: what is exported as well
    /// must look the same here and there.
    pub fn names(&self, names: &Names) -> Names {
        let names = names.clone();
        match self.export {
            Some(_) => names.for_files(),
            None => names,
        }
    }

    /// The site, with the pictures of its incidents.
    pub(crate) fn site(&self, names: &Names, boards: watch::Receiver<Arc<Board>>) -> Site {
        Site::new(self.names(names), boards).with_pictures(&self.incidents)
    }
}
