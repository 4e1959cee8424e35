//! Imports go down only: the floors of `ARCHITECTURE.md` as a test.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module's floor; what is not here has no place in the house.
const FLOORS: [(&str, u32); 17] = [
    ("main", 6),
    ("command", 5),
    ("app", 4),
    ("config", 3),
    ("pipeline", 3),
    ("collect", 2),
    ("evaluate", 2),
    ("history", 2),
    ("incident", 2),
    ("notify", 2),
    ("web", 2),
    ("model", 1),
    ("store", 1),
    ("runtime", 1),
    ("dice", 1),
    ("chart", 1),
    ("files", 1),
];

/// What every stage may import besides itself; the stages that keep something.
const STAGES_MAY: &str = "model";
const KEEPERS: [&str; 3] = ["collect", "history", "notify"];

/// The stages that draw: one pictures beside files, the other charts on the page.
const DRAWERS: [&str; 2] = ["incident", "web"];

/// The stages that read what people put into folders while we run.
const READERS: [&str; 2] = ["incident", "web"];

/// What of the lowest floor knows the handed-on types.
const KNOW_TYPES: [&str; 2] = ["store", "chart"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The module and the names after `crate::` of every path in a file's own code.
fn imports(path: &Path) -> (String, BTreeSet<(String, String)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let within = path.strip_prefix(&root).unwrap();
    let first = within
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_str()
        .unwrap();
    let module = first.trim_end_matches(".rs").to_owned();
    let text = std::fs::read_to_string(path).unwrap();
    let own = text.split("#[cfg(test)]").next().unwrap();
    let words = |rest: &str| -> String {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let found = own
        .match_indices("crate::")
        // Derive macros and the binary name the crate in other ways; those that
        // follow a word are paths of other crates.
        .filter(|(at, _)| !own[..*at].ends_with([':', '_', '$']))
        .map(|(at, _)| {
            let rest = &own[at + "crate::".len()..];
            let module = words(rest);
            let child = rest[module.len()..]
                .strip_prefix("::")
                .map(words)
                .unwrap_or_default();
            (module, child)
        })
        .collect();
    (module, found)
}

fn floor(module: &str) -> u32 {
    let found = FLOORS.iter().find(|(name, _)| *name == module);
    found.unwrap_or_else(|| panic!("{module} has no floor")).1
}

#[test]
fn imports_go_down_only() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 40);
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !file.ends_with("src/lib.rs")) {
        let (module, imported) = imports(file);
        for (other, _) in &imported {
            let allowed = *other == module
                || match floor(&module) {
                    1 => KNOW_TYPES.contains(&&*module) && other == "model",
                    2 => {
                        other == STAGES_MAY
                            || (other == "store" && KEEPERS.contains(&&*module))
                            || (other == "chart" && DRAWERS.contains(&&*module))
                            || (other == "files" && READERS.contains(&&*module))
                    }
                    own => floor(other) < own,
                };
            if !allowed {
                wrong.push(format!("{} imports {other}", file.display()));
            }
        }
        let text = std::fs::read_to_string(file).unwrap();
        let own = text.split("#[cfg(test)]").next().unwrap();
        let tests = file.components().any(|part| part.as_os_str() == "tests");
        if own.contains("super::") && !tests && !file.ends_with("tests.rs") {
            wrong.push(format!("{} hides a path behind `super`", file.display()));
        }
        // A child never imports from its own folder's door.
        let is_door = file.ends_with("mod.rs");
        let folder = file.parent().unwrap();
        for (other, child) in imported
            .iter()
            .filter(|(other, _)| !is_door && *other == module)
        {
            let exists = folder.join(format!("{child}.rs")).exists()
                || Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join(format!("src/{module}/{child}.rs"))
                    .exists()
                || Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join(format!("src/{module}/{child}/mod.rs"))
                    .exists();
            if !exists {
                wrong.push(format!(
                    "{} imports {other}::{child} from its own door",
                    file.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_guest_is_known_to_nobody_but_its_command_and_the_demo() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let known: BTreeSet<_> = files
        .iter()
        .filter(|file| {
            let (module, imported) = imports(file);
            module != "dice" && imported.iter().any(|(other, _)| other == "dice")
        })
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(known, ["demo.rs", "dice.rs"].map(str::to_owned).into());
}
