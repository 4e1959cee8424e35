//! The pictures beside incident files, and nothing else of that folder.

use std::path::Path;

use crate::files;
use crate::model::incident::Incident;
use crate::web::site::View;

/// How every picture's name ends.
pub(crate) const ENDING: &str = ".svg";

/// Larger files are no pictures of ours.
const MAX_BYTES: u64 = 512 * 1024;

/// The pictures that visitors may see, by their names without their ending.
pub(crate) fn all(view: &View<'_>) -> Vec<String> {
    let Some(folder) = view.pictures else {
        return Vec::new();
    };
    public(view)
        .filter(|incident| is_one(&folder.join(incident.picture())))
        .map(|incident| name(incident).to_owned())
        .collect()
}

/// The picture of an incident that visitors may read; `None` if there is none.
pub(crate) fn read(view: &View<'_>, wanted: &str) -> Option<Vec<u8>> {
    let incident = public(view).find(|incident| name(incident) == wanted)?;
    files::read_within(view.pictures?, &incident.picture(), MAX_BYTES).ok()
}

fn public<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Incident> {
    let incidents = view.board.facts.incidents.iter().map(AsRef::as_ref);
    incidents.filter(|incident: &&Incident| incident.is_public())
}

fn name(incident: &Incident) -> &str {
    let name = incident.name.rsplit_once('.');
    name.map_or(&*incident.name, |(name, _)| name)
}

/// Whether it is a file, and no link to elsewhere, and not too large.
fn is_one(path: &Path) -> bool {
    let meta = path.symlink_metadata();
    meta.is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_BYTES)
}
