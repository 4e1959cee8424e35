//! The container image is made of what its recipe copies.

use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Every file below a folder that ends so.
fn files(folder: &Path, ending: &str, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
}

/// The texts that stand between two words in a source.
fn between<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    let parts = text.split(before).skip(1);
    parts
        .filter_map(|rest| rest.split_once(after))
        .map(|(word, _)| word)
        .collect()
}

// `scripts/check` compiles the very same files; that takes too long here.
#[test]
fn the_recipe_of_the_image_copies_all_that_is_compiled() {
    let place = tempfile::tempdir().unwrap();
    let tree = place.path().join("tree");
    let copied = Command::new("scripts/image-tree")
        .arg(&tree)
        .current_dir(ROOT)
        .status();
    assert!(copied.unwrap().success());
    // What the manifest names is there: benches, too.
    let arguments = [
        "metadata",
        "--locked",
        "--offline",
        "--no-deps",
        "--format-version",
        "1",
    ];
    let read = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(&tree)
        .output()
        .unwrap();
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let mut sources = Vec::new();
    files(&tree.join("src"), "rs", &mut sources);
    assert!(sources.len() > 200);
    let (mut included, mut templates) = (0, 0);
    for source in sources {
        let text = std::fs::read_to_string(&source).unwrap();
        for name in ["include_str!(\"", "include_bytes!(\""] {
            for path in between(&text, name, '"') {
                let path = source.parent().unwrap().join(path);
                assert!(path.exists(), "{} is not copied", path.display());
                included += 1;
            }
        }
        for path in between(&text, "#[template(path = \"", '"') {
            assert!(
                tree.join("templates").join(path).exists(),
                "{path} is not copied"
            );
            templates += 1;
        }
    }
    assert!(included > 10 && templates > 5, "{included} {templates}");
    // What is kept from the builder cannot be copied.
    let ignored = std::fs::read_to_string(Path::new(ROOT).join(".dockerignore")).unwrap();
    for entry in std::fs::read_dir(&tree).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(
            !ignored.lines().any(|line| line.trim_matches('/') == name),
            "{name:?}"
        );
    }
}
