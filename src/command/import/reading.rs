//! Files that are imported: read up to a limit, as text.

use std::path::Path;

use crate::command::terminal::input::BadInput;
use crate::files;

/// Reads a file as text.
pub(crate) fn text(path: &Path, most: u64) -> Result<String, BadInput> {
    let place = path.display();
    let bytes = files::read(path, most)
        .map_err(|error| BadInput::new(format!("cannot read {place}: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| BadInput::new(format!("{place} is not UTF-8 text")))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
