//! Pressure stall information: for how long work waited for a resource.

use crate::collect::machine::kernel::file::micros;

/// How long some, and how long all, waited since the beginning, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pressure {
    /// Time in which at least one task waited.
    pub(crate) waiting: f64,
    /// Time in which nothing but waiting was done; old kernels do not say it
    /// of the processor.
    pub(crate) stalled: Option<f64>,
}

/// Reads a file of `/proc/pressure`, or a `*.pressure` of a cgroup.
pub(crate) fn parse(text: &str) -> Option<Pressure> {
    let total = |kind: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(kind))?;
        let total = line
            .split_ascii_whitespace()
            .find_map(|word| word.strip_prefix("total="))?;
        total.parse().ok().map(micros)
    };
    Some(Pressure {
        waiting: total("some ")?,
        stalled: total("full "),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_old_kernel_does_not_say_what_was_stalled() {
        let read = parse("some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\n").unwrap();
        assert_eq!((read.waiting, read.stalled), (2.5, None));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn both_totals_are_read(some in 0..1_u64 << 50, full in 0..1_u64 << 50) {
            let text = format!("some avg10=1.00 total={some}\nfull avg10=0.10 total={full}\n");
            let read = parse(&text).unwrap();
            prop_assert_eq!(read, Pressure { waiting: micros(some), stalled: Some(micros(full)) });
        }
    }
}
