//! What the operating system allows this process.

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
