//! What the operating system allows this process.

/// How many files and connections this process may have open.
pub fn handles() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let current = getrlimit(Resource::Nofile).current;
        current.map_or(usize::MAX, |current| {
            usize::try_from(current).unwrap_or(usize::MAX)
        })
    }
    #[cfg(not(unix))]
    usize::MAX
}

/// Asks for as many file handles as may be had without special rights.
///
/// Connections, collectors and files share them.
pub fn raise() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        if current != maximum {
            let wanted = Rlimit {
                current: maximum,
                maximum,
            };
            if let Err(error) = setrlimit(Resource::Nofile, wanted) {
                tracing::debug!(%error, "the limit of file handles stays as it is");
            }
        }
    }
}
