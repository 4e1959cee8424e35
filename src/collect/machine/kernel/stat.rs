//! One line of `/proc/<pid>/stat`.

/// What the kernel says of a process in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    /// One letter: `R` runs, `S` sleeps, `D` waits for a disk, `Z` is dead.
    pub(crate) state: char,
    /// Page faults that had to wait for a disk.
    pub(crate) major_faults: u64,
    /// Processor time in its own code, in ticks.
    pub(crate) user: u64,
    /// Processor time in the kernel, in ticks.
    pub(crate) system: u64,
    /// Threads.
    pub(crate) threads: u64,
    /// When it began, in ticks since the machine did; with the pid this names
    /// a process for good.
    pub(crate) start: u64,
    /// Address space in bytes.
    pub(crate) virtual_bytes: u64,
    /// Memory in use, in pages.
    pub(crate) resident_pages: u64,
}

impl Stat {
    /// Whether it has ended and only waits for its parent to notice.
    pub(crate) fn is_dead(&self) -> bool {
        matches!(self.state, 'Z' | 'X' | 'x')
    }
}

/// Reads the line.
pub(crate) fn parse(line: &str) -> Option<Stat> {
    // The name may hold anything, brackets and blanks included.
    let (_, rest) = line.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().take(22).collect();
    let number = |at: usize| fields.get(at)?.parse().ok();
    Some(Stat {
        state: fields.first()?.chars().next()?,
        major_faults: number(9)?,
        user: number(11)?,
        system: number(12)?,
        threads: number(17)?,
        start: number(19)?,
        virtual_bytes: number(20)?,
        resident_pages: number(21)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_may_hold_brackets() {
        let line = "7 (a) b) S 1 7 7 0 -1 64 9 0 3 0 50 25 0 0 20 0 4 0 900 8192 2 0 0";
        let stat = parse(line).unwrap();
        assert_eq!((stat.state, stat.user, stat.start), ('S', 50, 900));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_name_of_a_process_moves_the_fields(name in "\\PC{0,15}", user: u64, start: u64) {
            let line = format!(
                "7 ({name}) Z 1 7 7 0 -1 64 9 0 3 0 {user} 25 0 0 20 0 4 0 {start} 8192 2 0 0"
            );
            let stat = parse(&line).unwrap();
            prop_assert_eq!((stat.user, stat.start, stat.is_dead()), (user, start, true));
        }
    }
}
