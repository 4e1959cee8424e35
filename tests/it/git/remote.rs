//! A bare repository, a CMS that pushes to it, and a monitor that has its incidents there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::kept::Page;

/// Runs git in a folder, and gives what it printed.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let (printed, is_done) = try_git(folder, arguments);
    assert!(is_done, "git {arguments:?}: {printed}");
    printed
}

/// The same, where it may fail.
pub(crate) fn try_git(folder: &Path, arguments: &[&str]) -> (String, bool) {
    let output = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
        .args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "core.autocrlf=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (
        String::from_utf8_lossy(&printed).into_owned(),
        output.status.success(),
    )
}

/// A bare repository, and a clone in which a CMS writes.
pub(crate) struct Remote {
    place: tempfile::TempDir,
    pub branch: &'static str,
}

impl Remote {
    /// A repository with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let place = tempfile::tempdir().unwrap();
        let remote = Self {
            place,
            branch: "main",
        };
        let at = remote.place.path();
        git(
            at,
            &["init", "--quiet", "--bare", "-b", "main", "remote.git"],
        );
        git(at, &["clone", "--quiet", "remote.git", "cms"]);
        git(&remote.cms(), &["checkout", "--quiet", "-B", "main"]);
        for (name, text) in files {
            remote.write(name, text);
        }
        if !files.is_empty() {
            git(&remote.cms(), &["add", "--all"]);
            git(&remote.cms(), &["commit", "--quiet", "-m", "Begin"]);
            git(&remote.cms(), &["push", "--quiet", "origin", "main"]);
        }
        remote
    }

    /// The clone of the CMS.
    pub(crate) fn cms(&self) -> PathBuf {
        self.place.path().join("cms")
    }

    /// The bare repository.
    pub(crate) fn bare(&self) -> PathBuf {
        self.place.path().join("remote.git")
    }

    pub(crate) fn url(&self) -> String {
        format!("file://{}", self.bare().display())
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.cms().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Where it is while it has vanished.
    pub(crate) fn away(&self) -> PathBuf {
        self.place.path().join("away.git")
    }

    /// Lets it vanish, or come back.
    pub(crate) fn is_there(&self, there: bool) {
        let away = self.away();
        let (from, to) = if there {
            (away, self.bare())
        } else {
            (self.bare(), away)
        };
        std::fs::rename(from, to).unwrap();
    }

    /// Changes files as a CMS does: by what is there, pushed until it is taken.
    ///
    /// What `change` makes of all files is one commit; `None` deletes one.
    pub(crate) fn edit(
        &self,
        message: &str,
        change: impl Fn(&BTreeMap<String, String>) -> Vec<(String, Option<String>)>,
    ) {
        for _ in 0..50 {
            git(&self.cms(), &["fetch", "--quiet", "origin", "main"]);
            git(&self.cms(), &["reset", "--quiet", "--hard", "FETCH_HEAD"]);
            for (name, text) in change(&Self::files_of(&self.cms())) {
                match text {
                    Some(text) => self.write(&name, &text),
                    None => std::fs::remove_file(self.cms().join(name)).unwrap(),
                }
            }
            git(&self.cms(), &["add", "--all"]);
            if !try_git(&self.cms(), &["commit", "--quiet", "-m", message]).1 {
                return;
            }
            if try_git(&self.cms(), &["push", "--quiet", "origin", "HEAD:main"]).1 {
                return;
            }
        }
        panic!("the CMS could not push");
    }

    fn files_of(clone: &Path) -> BTreeMap<String, String> {
        let listed = git(clone, &["ls-files", "-z"]);
        let names = listed.split('\0').filter(|name| !name.is_empty());
        let files = names.map(|name| {
            let bytes = std::fs::read(clone.join(name)).unwrap();
            (
                name.to_owned(),
                String::from_utf8_lossy(&bytes).into_owned(),
            )
        });
        files.collect()
    }

    /// The files that the repository has at one moment, and what they hold.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let head = try_git(
            &self.bare(),
            &["rev-parse", "--verify", "--quiet", self.branch],
        );
        if !head.1 {
            return BTreeMap::new();
        }
        let head = head.0.trim();
        let listed = git(&self.bare(), &["ls-tree", "-r", "-z", "--name-only", head]);
        let names = listed.split('\0').filter(|name| !name.is_empty());
        let show = |name: &str| git(&self.bare(), &["show", &format!("{head}:{name}")]);
        names.map(|name| (name.to_owned(), show(name))).collect()
    }

    /// The subjects of its commits, oldest first.
    pub(crate) fn log(&self) -> Vec<String> {
        let log = try_git(
            &self.bare(),
            &["log", "--reverse", "--format=%s", self.branch],
        );
        log.0.lines().filter(|_| log.1).map(str::to_owned).collect()
    }
}

/// Settings of three components, each with a rule that fires while `bad` is its number.
pub(crate) fn settings(page: &Page, more: &str) -> String {
    let mut text = format!(
        "[site]\ntitle = 'D'\nhold = '1s'\n[[collector]]\nid = 'page'\ntype = 'prometheus'\n\
         url = 'http://{}/metrics'\ninterval = '200ms'\ntimeout = '2s'\n",
        page.address
    );
    for number in 1..=3 {
        let part = format!(
            "[[component]]\nid = 'c{number}'\nname = 'C{number}'\n[[rule]]\nid = 'r{number}'\n\
             expr = 'bad == {number}'\nseverity = 'down'\ncomponents = ['c{number}']\n\
             title = 'Part {number} fails'\ntext = 'It fails.'\n"
        );
        text.push_str(&part);
    }
    text + more
}

/// The table `[git]` for a repository.
pub(crate) fn table(remote: &Remote, more: &str) -> String {
    format!(
        "[git]\nremote = '{}'\nbranch = 'main'\ninterval = '1s'\n{more}\n",
        remote.url()
    )
}

/// An incident as a person writes it.
pub(crate) fn incident(title: &str, text: &str) -> String {
    format!(
        "---\nsection: issue\ntitle: {title}\ndate: 2026-03-01T18:48:00Z\nresolved: false\n\
         affected: [C1]\nseverity: notice\n---\n\
         *Identified* - {text} {{{{< track \"2026-03-01 18:55:00\" >}}}}\n"
    )
}
