//! How much memory this process holds.

/// Tells the resident memory in bytes; none where the system does not say.
pub(crate) fn resident_bytes() -> Option<u64> {
    // This file is made by the kernel on reading, so nothing can block here.
    read(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn read(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resident_size_is_read_from_the_status_file() {
        assert_eq!(
            read("Name:\tx\nVmRSS:\t    8648 kB\nThreads: 1\n"),
            Some(8648 * 1024)
        );
        assert_eq!(read("Name:\tx\n"), None);
    }
}
