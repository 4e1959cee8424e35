//! Finds the files with a site's settings, in Hugo's order, and merges them.

use std::path::Path;

use crate::config::cstate::tree::node::{TreeMap, TreePlace};
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::parse;
use crate::files;

/// Longer files are no settings.
const MOST: u64 = 4 * 1024 * 1024;

const NAMES: [&str; 2] = ["hugo", "config"];
const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];

/// Folders whose files lie over the settings file when Hugo builds a site.
const FOLDERS: [&str; 2] = ["config/_default", "config/production"];

/// Reads all settings of a site; `None` after a fault, which is noted.
pub(crate) fn load(dir: &Path, notes: &mut SiteNotes) -> Option<TreeMap> {
    let all = NAMES
        .iter()
        .flat_map(|name| ENDINGS.map(|ending| format!("{name}.{ending}")));
    let mut present = all.filter(|file| dir.join(file).is_file());
    let first = present.next();
    let mut files: Vec<_> = first
        .iter()
        .map(|file| (file.clone(), Vec::new()))
        .collect();
    for other in present {
        let first = first.as_deref().unwrap_or_default();
        let message = format!(
            "Hugo reads `{first}` instead; move what is missing there, then delete this file"
        );
        notes.warn("ignored-settings", &TreePlace::file(&other), message);
    }
    files.extend(FOLDERS.iter().flat_map(|folder| within(dir, folder)));
    if files.is_empty() {
        let message = "there are no settings of a cState site; point to the folder with its \
            `config.yml` or `hugo.toml`";
        notes.fault("no-settings", &TreePlace::file("config.yml"), message);
        return None;
    }
    let mut root = TreeMap::default();
    let mut good = true;
    for (file, keys) in files {
        match read(dir, &file) {
            Ok(map) => {
                let place = TreePlace::file(&file);
                let under = |map, key: &String| TreeMap::under(key, &place, map);
                root.merge(keys.iter().rev().fold(map, under));
            }
            Err((place, message)) => {
                good = false;
                let message = format!("these settings cannot be read: {message}");
                notes.fault("unreadable-settings", &place, message);
            }
        }
    }
    good.then_some(root)
}

/// The settings files of a folder and the keys under which their contents stand.
fn within(dir: &Path, folder: &str) -> Vec<(String, Vec<String>)> {
    let Ok(listing) = std::fs::read_dir(dir.join(folder)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in listing.flatten().map(|file| file.file_name()) {
        let Some((stem, ending)) = name.to_str().and_then(|name| name.rsplit_once('.')) else {
            continue;
        };
        if !ENDINGS.contains(&ending) {
            continue;
        }
        // `params.de.toml` holds the `params` of one language.
        let keys = match stem.split_once('.') {
            Some((key, language)) => {
                vec!["languages".to_owned(), language.to_owned(), key.to_owned()]
            }
            None if NAMES.contains(&stem) => Vec::new(),
            None => vec![stem.to_owned()],
        };
        found.push((format!("{folder}/{stem}.{ending}"), keys));
    }
    // The general file first, so that the special ones lie over it.
    found.sort_by(|a, b| (a.1.len(), &a.0).cmp(&(b.1.len(), &b.0)));
    found
}

fn read(dir: &Path, file: &str) -> Result<TreeMap, (TreePlace, String)> {
    let bytes = files::read(&dir.join(file), MOST);
    let bytes = bytes.map_err(|error| (TreePlace::file(file), error.to_string()))?;
    parse::decode(bytes, file)
}
