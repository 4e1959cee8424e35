//! `critwatch init` on the paths of the Debian package: its example is replaced, and the
//! service can read the result.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;

use crate::first_steps::init::{init, settings};
use crate::queues::world::Watched;

/// What the package installs.
const EXAMPLE: &str = include_str!("../../../src/command/init/package.toml");

/// Owner, group and permissions of the settings in a folder.
fn about(place: &Path) -> (u32, u32, u32) {
    let meta = std::fs::metadata(place.join("alerts.toml")).unwrap();
    (meta.uid(), meta.gid(), meta.permissions().mode() & 0o777)
}

#[tokio::test]
async fn the_example_of_the_package_is_replaced_and_stays_readable_for_the_service() {
    let redis = Watched::new(&[]).await;
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("alerts.toml");
    let arguments = ["--redis", &redis.url(), "--looks", "1"];
    std::fs::write(&file, EXAMPLE).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let is_root = chown(&file, Some(0), Some(12_345)).is_ok();
    let before = about(place.path());
    let (code, said) = init(place.path(), &arguments, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(settings(place.path()).contains("[[collector]]"));
    assert_eq!(about(place.path()), before);
    assert!(said.contains("next: systemctl restart critwatch"), "{said}");
    // Whoever has changed a word keeps the file.
    std::fs::write(&file, EXAMPLE.replace("Status", "Shop")).unwrap();
    let (code, said) = init(place.path(), &arguments, &[]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("choose another place with --config"),
        "{said}"
    );
    // Without the example, the folder says who reads the settings.
    std::fs::remove_file(&file).unwrap();
    if is_root {
        chown(place.path(), None, Some(12_345)).unwrap();
        let (code, said) = init(place.path(), &arguments, &[]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(about(place.path()), (0, 12_345, 0o640));
    }
}
