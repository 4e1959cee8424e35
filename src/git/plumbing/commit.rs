//! Commits to be made, as `git fast-import` takes them.

use jiff::Timestamp;

use crate::git::plumbing::objects::ObjectId;

/// Who made a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitIdentity {
    /// The name, in one line.
    pub name: String,
    /// The address, which may be empty.
    pub address: String,
}

impl GitIdentity {
    /// A person of that name; what git cannot write is left out.
    pub(crate) fn new(name: &str, address: &str) -> Self {
        let plain = |text: &str| {
            let signs = text
                .chars()
                .filter(|sign| !sign.is_control() && !"<>".contains(*sign));
            signs.take(200).collect::<String>().trim().to_owned()
        };
        let name = Some(plain(name)).filter(|name| !name.is_empty());
        Self {
            name: name.unwrap_or_else(|| "somebody".to_owned()),
            address: plain(address),
        }
    }

    fn at(&self, at: Timestamp) -> String {
        format!("{} <{}> {} +0000", self.name, self.address, at.as_second())
    }
}

/// New content of files, by their paths in the repository; `None` deletes one.
pub(crate) type FileChanges = Vec<(String, Option<Vec<u8>>)>;

/// A commit to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewCommit {
    /// Who made the change.
    pub author: GitIdentity,
    /// When it was made.
    pub at: Timestamp,
    /// What it says.
    pub message: String,
    /// What it changes.
    pub changes: FileChanges,
}

/// The commits on top of a parent, for `git fast-import`, which leaves them at a ref.
///
/// `mode` tells the mode of a file that is there already.
pub(crate) fn stream(
    commits: &[NewCommit],
    parent: Option<&ObjectId>,
    (reference, committer): (&str, &GitIdentity),
    mode: impl Fn(&str) -> Option<String>,
) -> Vec<u8> {
    let mut stream = Vec::new();
    if parent.is_none() {
        stream.extend(format!("reset {reference}\n").bytes());
    }
    for (number, commit) in commits.iter().enumerate() {
        let at = commit.at;
        let head = format!(
            "commit {reference}\nauthor {}\ncommitter {}\ndata {}\n{}\n",
            commit.author.at(at),
            committer.at(at),
            commit.message.len(),
            commit.message,
        );
        stream.extend(head.bytes());
        if let Some(parent) = parent.filter(|_| number == 0) {
            stream.extend(format!("from {parent}\n").bytes());
        }
        for (path, content) in &commit.changes {
            match content {
                None => stream.extend(format!("D {}\n", quoted(path)).bytes()),
                Some(bytes) => {
                    let mode = mode(path).unwrap_or_else(|| "100644".to_owned());
                    let head = format!("M {mode} inline {}\ndata {}\n", quoted(path), bytes.len());
                    stream.extend(head.bytes());
                    stream.extend(bytes);
                    stream.push(b'\n');
                }
            }
        }
    }
    stream.extend(b"done\n");
    stream
}

fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What a commit says of itself, read from the object.
pub(crate) fn read(bytes: &[u8]) -> Option<(GitIdentity, Timestamp, String)> {
    let text = String::from_utf8_lossy(bytes);
    let (head, message) = text.split_once("\n\n")?;
    let author = head.lines().find_map(|line| line.strip_prefix("author "))?;
    let (name, rest) = author.split_once('<')?;
    let (address, at) = rest.split_once('>')?;
    let seconds = at.split_whitespace().next()?.parse().ok()?;
    let at = Timestamp::from_second(seconds).ok()?;
    Some((GitIdentity::new(name, address), at, message.to_owned()))
}
