//! Files that somebody else may swap or fill while we read them: opened without
//! waiting, looked at, and read up to a limit; replaced whole, and only if they still
//! are what they were.

use std::collections::BTreeMap;
#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{File, Metadata};
use std::io::{self, Read as _, Write as _};
#[cfg(unix)]
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::SystemTime;

#[cfg(target_os = "linux")]
use rustix::fs::{CWD, RenameFlags, renameat_with};
#[cfg(unix)]
use rustix::fs::{Gid, Uid, fchown};
use rustix::fs::{Mode, OFlags, open, openat};
#[cfg(unix)]
use rustix::process::geteuid;

/// How the names of files begin that are not in their place yet.
pub(crate) const BESIDE: &str = ".critwatch-";

/// Settings are never longer; whatever is, is no settings file.
const SETTINGS: u64 = 16 * 1024 * 1024;

/// What every file is opened with: a pipe must not make us wait for its writer.
const GENTLY: OFlags = OFlags::NONBLOCK
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// When a file was changed, and how long it is: another with every change.
pub(crate) type FileMark = (SystemTime, u64);

/// Lists the files of a folder and of those in it, so many folders deep, by their paths
/// in it. A file or a folder is followed or left out by its path, and whether it is a
/// folder. Links are not followed: they may lead out.
pub(crate) fn list(
    root: &Path,
    depth: usize,
    is_followed: impl Fn(&str, bool) -> bool,
) -> io::Result<BTreeMap<String, FileMark>> {
    let (mut files, mut folders) = (BTreeMap::new(), vec![(String::new(), depth)]);
    while let Some((within, left)) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&within))? {
            let entry = entry?;
            let Ok(file) = entry.file_name().into_string() else {
                continue;
            };
            let name = if within.is_empty() {
                file
            } else {
                format!("{within}/{file}")
            };
            let kind = entry.file_type()?;
            if kind.is_dir() && left > 0 && is_followed(&name, true) {
                folders.push((name, left - 1));
            } else if kind.is_file()
                && is_followed(&name, false)
                // A file deleted since the listing is simply not there any more.
                && let Ok(meta) = entry.metadata()
            {
                files.insert(name, (meta.modified()?, meta.len()));
            }
        }
    }
    Ok(files)
}

/// Reads a regular file that the operator names, through links, if it is not too long.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::from(open(path, GENTLY, Mode::empty())?);
    whole(regular(file, most)?, most)
}

/// Opens a regular file of a folder that others write to: no link on the way is
/// followed, as it may lead out of the folder.
pub(crate) fn open_within(root: &Path, name: &str, most: u64) -> io::Result<File> {
    if name.split('/').any(|part| part == "..") {
        let message = "it lies outside of the folder";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let step = GENTLY.union(OFlags::DIRECTORY);
    let mut folder = open(root, step, Mode::empty())?;
    let (above, file) = name.rsplit_once('/').unwrap_or(("", name));
    for part in above.split('/').filter(|part| !part.is_empty()) {
        folder = openat(&folder, part, step.union(OFlags::NOFOLLOW), Mode::empty())?;
    }
    let file = openat(&folder, file, GENTLY.union(OFlags::NOFOLLOW), Mode::empty())?;
    regular(File::from(file), most)
}

/// Reads such a file.
pub(crate) fn read_within(root: &Path, name: &str, most: u64) -> io::Result<Vec<u8>> {
    whole(open_within(root, name, most)?, most)
}

/// What a file of such a folder holds; `None` if it is not there.
pub(crate) fn present(root: &Path, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
    match read_within(root, name, most) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file beside others, which takes the place of one of them when it is whole.
pub(crate) fn beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(BESIDE).tempfile_in(folder)
}

/// The same for a file that people will edit: as open as the others that they make. One
/// that root makes in the folder of a service is for the group of that folder alone.
pub(crate) fn beside_for_people(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(BESIDE);
    #[cfg(unix)]
    builder.permissions(Permissions::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    #[cfg(unix)]
    {
        let group = std::fs::metadata(folder)?.gid();
        if geteuid().is_root() && group != 0 {
            fchown(file.as_file(), None, Some(Gid::from_raw(group)))?;
            file.as_file()
                .set_permissions(Permissions::from_mode(0o640))?;
        }
    }
    Ok(file)
}

/// Writes a file of such a folder whole; `None` if it no longer reads as it did before.
///
/// It is synced before it takes its place, so that a crash leaves the old or the new one.
pub(crate) fn replace(
    root: &Path,
    name: &str,
    before: Option<&[u8]>,
    bytes: &[u8],
    most: u64,
) -> io::Result<Option<Metadata>> {
    let target = &root.join(name);
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut beside = beside(folder)?;
    beside.write_all(bytes)?;
    match before {
        Some(_) => match std::fs::symlink_metadata(target) {
            Ok(meta) => like(beside.as_file(), &meta)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        },
        None => readable(beside.as_file())?,
    }
    beside.as_file().sync_all()?;
    let meta = beside.as_file().metadata()?;
    // Right before it takes its place: syncing took its time, and people save meanwhile.
    if present(root, name, most)?.as_deref() != before {
        return Ok(None);
    }
    let renamed = match before {
        Some(before) => {
            return swap((root, name), beside, before, most).map(|is_ours| is_ours.then_some(meta));
        }
        None => beside.persist_noclobber(target),
    };
    match renamed {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        Err(error) => return Err(error.error),
    }
    File::open(folder)?.sync_all()?;
    Ok(Some(meta))
}

/// Puts a file in the place of one that reads as `before`; returns whether it is there.
///
/// Both change places, and only then is the old one looked at: nobody can save between
/// the look and the change. What is not as it was before is put back.
fn swap(
    (root, name): (&Path, &str),
    beside: tempfile::NamedTempFile,
    before: &[u8],
    most: u64,
) -> io::Result<bool> {
    let target = &root.join(name);
    let folder = target.parent().unwrap_or(Path::new("."));
    #[cfg(target_os = "linux")]
    if renameat_with(CWD, beside.path(), CWD, target, RenameFlags::EXCHANGE).is_ok() {
        let is_same = read(beside.path(), most).is_ok_and(|old| old == before);
        if !is_same {
            renameat_with(CWD, beside.path(), CWD, target, RenameFlags::EXCHANGE)?;
        }
        File::open(folder)?.sync_all()?;
        return Ok(is_same);
    }
    // Not every file system lets files change places.
    let _ = (before, most);
    beside.persist(target).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()?;
    Ok(true)
}

/// Removes a file of such a folder; returns whether it is gone and read as it did before.
pub(crate) fn remove(root: &Path, name: &str, before: &[u8], most: u64) -> io::Result<bool> {
    match present(root, name, most)? {
        None => return Ok(true),
        Some(bytes) if bytes != before => return Ok(false),
        Some(_) => {}
    }
    let target = &root.join(name);
    let folder = target.parent().unwrap_or(Path::new("."));
    let away = beside(folder)?;
    std::fs::rename(target, away.path())?;
    if read(away.path(), most)? != before {
        return match away.persist_noclobber(target) {
            Ok(_) => Ok(false),
            Err(error) => Err(error.error),
        };
    }
    File::open(folder)?.sync_all()?;
    Ok(true)
}

/// Gives a file the permissions of the one that it replaces, and its owner, so that a
/// service can still read what root has changed.
fn like(file: &File, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        let (owner, group) = (Uid::from_raw(old.uid()), Gid::from_raw(old.gid()));
        // Only root may give files away; others replace what is theirs.
        if fchown(file, Some(owner), Some(group)).is_err() {
            let _ = fchown(file, None, Some(group));
        }
    }
    file.set_permissions(old.permissions())
}

/// Lets others read a new file, as an editor would; temporary files are private.
fn readable(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(Permissions::from_mode(0o644))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Reads settings, be it from a file or from a pipe that the operator made.
pub(crate) fn settings(path: &Path) -> io::Result<String> {
    text(whole(File::open(path)?, SETTINGS)?)
}

/// Reads a secret, which is a line of a regular file.
pub(crate) fn secret(path: &Path) -> io::Result<String> {
    text(read(path, SETTINGS)?)
}

/// A file that is one, and not too long.
fn regular(file: File, most: u64) -> io::Result<File> {
    let about = file.metadata()?;
    if !about.is_file() {
        let message = "this is not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    if about.len() > most {
        return Err(too_long(most));
    }
    Ok(file)
}

/// Reads it up to the limit: it may grow meanwhile.
fn whole(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    within(bytes, most)
}

fn within(bytes: Vec<u8>, most: u64) -> io::Result<Vec<u8>> {
    match u64::try_from(bytes.len()) {
        Ok(length) if length <= most => Ok(bytes),
        _ => Err(too_long(most)),
    }
}

fn too_long(most: u64) -> io::Error {
    let message = format!("it is longer than {most} bytes");
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| {
        let message = "stream did not contain valid UTF-8";
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn kind<T: std::fmt::Debug>(read: io::Result<T>) -> io::ErrorKind {
        read.unwrap_err().kind()
    }

    fn pipe(path: &Path) {
        rustix::fs::mkfifoat(CWD, path, Mode::from_raw_mode(0o600)).unwrap();
    }

    #[test]
    fn neither_a_pipe_nor_a_device_nor_a_link_keeps_or_misleads_us() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::create_dir_all(at("in/b")).unwrap();
        std::fs::write(at("in/b/a.md"), "text").unwrap();
        std::fs::write(at("out.md"), "outside").unwrap();
        symlink(at("out.md"), at("in/link.md")).unwrap();
        symlink(at("in/b"), at("in/c")).unwrap();
        pipe(&at("in/pipe.md"));
        let inside = |name: &str| read_within(&at("in"), name, 99);
        assert_eq!(inside("b/a.md").unwrap(), b"text");
        assert_eq!(kind(inside("pipe.md")), io::ErrorKind::InvalidInput);
        assert_eq!(kind(inside("b")), io::ErrorKind::InvalidInput);
        assert_eq!(kind(inside("gone.md")), io::ErrorKind::NotFound);
        for outside in ["link.md", "c/a.md", "../out.md", "b/../../out.md"] {
            assert!(inside(outside).is_err(), "{outside}");
        }
        assert_eq!(read(&at("in/link.md"), 99).unwrap(), b"outside");
        assert_eq!(kind(secret(&at("in/pipe.md"))), io::ErrorKind::InvalidInput);
        assert_eq!(
            kind(secret(Path::new("/dev/zero"))),
            io::ErrorKind::InvalidInput
        );
    }

    #[test]
    fn a_file_is_replaced_or_removed_only_as_it_was() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        let now = || present(root, "a.md", 99).unwrap();
        let write = |before: Option<&[u8]>, bytes: &[u8]| {
            replace(root, "a.md", before, bytes, 99).unwrap().is_some()
        };
        assert!(write(None, b"one"));
        assert!(!write(None, b"two") && !write(Some(b"other"), b"two"));
        assert!(write(Some(b"one"), b"two"));
        assert_eq!(now().unwrap(), b"two");
        // It was swapped after it was looked at.
        let mut late = beside(root).unwrap();
        late.write_all(b"three").unwrap();
        assert!(!swap((root, "a.md"), late, b"one", 99).unwrap());
        assert_eq!(now().unwrap(), b"two");
        assert!(!remove(root, "a.md", b"one", 99).unwrap());
        assert!(remove(root, "a.md", b"two", 99).unwrap());
        assert_eq!((now(), std::fs::read_dir(root).unwrap().count()), (None, 0));
    }

    /// Root edits the files of a service, which must still read them.
    #[test]
    fn what_root_writes_is_for_the_group_of_its_folder() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        let about = |name: &str| {
            let meta = std::fs::metadata(root.join(name)).unwrap();
            (meta.uid(), meta.gid(), meta.permissions().mode() & 0o777)
        };
        let own = geteuid().as_raw();
        beside_for_people(root)
            .unwrap()
            .persist(root.join("own"))
            .unwrap();
        let (owner, _, mode) = about("own");
        assert_eq!((owner, mode & 0o600), (own, 0o600));
        if !geteuid().is_root() {
            return;
        }
        std::os::unix::fs::chown(root, None, Some(12_345)).unwrap();
        beside_for_people(root)
            .unwrap()
            .persist(root.join("new"))
            .unwrap();
        assert_eq!(about("new"), (0, 12_345, 0o640));
        std::fs::write(root.join("old"), "one").unwrap();
        std::os::unix::fs::chown(root.join("old"), Some(123), Some(456)).unwrap();
        std::fs::set_permissions(root.join("old"), Permissions::from_mode(0o640)).unwrap();
        let replaced = replace(root, "old", Some(b"one"), b"two", 99).unwrap();
        assert!(replaced.is_some());
        assert_eq!(about("old"), (123, 456, 0o640));
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("a"), "12345").unwrap();
        let most = |most| read(&place.path().join("a"), most);
        assert_eq!(most(5).unwrap(), b"12345");
        assert_eq!(kind(most(4)), io::ErrorKind::FileTooLarge);
        assert_eq!(
            kind(settings(Path::new("/dev/zero"))),
            io::ErrorKind::FileTooLarge
        );
    }
}
