//! Files that somebody else may swap or fill while we read them: opened without
//! waiting, looked at, and read up to a limit.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rustix::fs::{Mode, OFlags, open, openat};

/// Settings are never longer; whatever is, is no settings file.
const SETTINGS: u64 = 16 * 1024 * 1024;

/// What every file is opened with: a pipe must not make us wait for its writer.
const GENTLY: OFlags = OFlags::NONBLOCK
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

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
        let message = "this is no regular file";
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
        rustix::fs::mkfifoat(rustix::fs::CWD, path, Mode::from_raw_mode(0o600)).unwrap();
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
