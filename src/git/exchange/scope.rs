//! What in the folder stands where in the repository, and which of it is ours.

use std::path::Path;

/// Endings of the files that are committed: incidents, and pictures beside them.
const ENDINGS: [&str; 4] = ["md", "markdown", "html", "svg"];

/// What in the folder stands where in the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FolderScope {
    /// The folder of the repository that the folder shows; empty for all of it.
    pub prefix: String,
    /// The folder of the incidents within the folder; empty if it is that one. `None`
    /// if it is not known yet: then nothing is ours.
    pub incidents: Option<String>,
}

impl FolderScope {
    /// The path in the repository.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.prefix)
        }
    }

    /// The name in the folder of a path in the repository, if it is there.
    pub(crate) fn name(&self, path: &str) -> Option<String> {
        if self.prefix.is_empty() {
            return Some(path.to_owned());
        }
        let name = path.strip_prefix(self.prefix.as_str())?.strip_prefix('/')?;
        Some(name.to_owned())
    }

    /// Whether a file of the folder may be an incident or a picture of one.
    pub(crate) fn is_ours(&self, name: &str) -> bool {
        let Some(incidents) = &self.incidents else {
            return false;
        };
        let is_within = incidents.is_empty()
            || name
                .strip_prefix(incidents.as_str())
                .is_some_and(|rest| rest.starts_with('/'));
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        is_within && ending.is_some_and(|ending| ENDINGS.contains(&ending))
    }
}

/// A path without its ending.
pub(crate) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
