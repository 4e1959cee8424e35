//! Where the service keeps things and where it answers.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Where the service keeps things and where it answers.
#[derive(Clone, Debug)]
pub struct Places {
    /// The incidents folder.
    pub incidents: PathBuf,
    /// The folder of the database.
    pub state: PathBuf,
    /// The public page's address.
    pub listen: SocketAddr,
    /// The operators' address.
    pub ops_listen: SocketAddr,
    /// The folder that the site is exported to, if it is.
    pub export: Option<PathBuf>,
    /// Where everything that is measured is recorded, and up to how many bytes.
    pub record: Option<(PathBuf, u64)>,
}
