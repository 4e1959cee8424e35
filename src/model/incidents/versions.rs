//! Versions of an incident file, on their way between the history that keeps them and
//! those who know what they mean.

/// Three versions of a file: what both sides began with, ours and theirs.
#[derive(Clone, Copy, Debug)]
pub struct Versions<T> {
    /// What both began with.
    pub base: T,
    /// What was written through us.
    pub ours: T,
    /// What others pushed.
    pub theirs: T,
}

/// A file as it came out of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedFile {
    /// What it holds; `None` if it is not to be there.
    pub bytes: Option<Vec<u8>>,
    /// Words of people on our side that gave way.
    pub lost: Vec<String>,
}

/// What a change says in a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeMessage {
    /// One line: `Resolve “Cache is full”`.
    pub subject: String,
    /// What it is about and who made it, a line each.
    pub body: String,
    /// Whether rules or a plan made it.
    pub is_by_service: bool,
}

/// Merges the versions of the file of that name; `None` is a file that is not there.
pub type Merge = fn(&str, Versions<Option<&[u8]>>) -> MergedFile;

/// Describes the change of the file of that name from one content to another.
pub type Describe = fn(&str, Option<&[u8]>, Option<&[u8]>) -> ChangeMessage;

/// What a history asks of those who know what the files mean.
#[derive(Clone, Copy, Debug)]
pub struct FileMeaning {
    /// Merges the versions of the file of that name; `None` is a file that is not there.
    pub merge: Merge,
    /// Describes the change of the file of that name from one content to another.
    pub describe: Describe,
    /// Whether the file of that name is an incident.
    pub is_page: fn(&str) -> bool,
}
