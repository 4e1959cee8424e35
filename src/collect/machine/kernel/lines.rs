//! Reads files of one `name value` a line, as the kernel likes to write them.

/// The names and numbers of a file; lines that are none of these are left out.
///
/// ```
/// # use critwatch::collect::machine::kernel::lines::numbers;
/// let text = "oom_kill 3\nMemTotal:   2048 kB\nnonsense\n";
/// let read: Vec<_> = numbers(text).collect();
/// assert_eq!(read, [("oom_kill", 3, ""), ("MemTotal", 2048, "kB")]);
/// ```
pub fn numbers(text: &str) -> impl Iterator<Item = (&str, u64, &str)> {
    text.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let name = words.next()?.trim_end_matches(':');
        let value = words.next()?.parse().ok()?;
        Some((name, value, words.next().unwrap_or_default()))
    })
}

/// The number of one name.
pub(crate) fn number(text: &str, wanted: &str) -> Option<u64> {
    numbers(text).find_map(|(name, value, _)| (name == wanted).then_some(value))
}

/// A lone number; `max` stands for none.
pub fn limit(text: &str) -> Option<Option<u64>> {
    match text.trim() {
        "max" => Some(None),
        number => number.parse().ok().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,200}") {
            let _ = numbers(&text).count();
            let _ = limit(&text);
        }

        #[test]
        fn a_written_number_is_read_back(name in "[a-z_]{1,12}", value: u64) {
            let text = format!("other 1\n{name}_x {value}\n");
            prop_assert_eq!(number(&text, &format!("{name}_x")), Some(value));
            prop_assert_eq!(limit(&format!("{value}\n")), Some(Some(value)));
        }
    }

    #[test]
    fn no_limit_is_not_the_same_as_no_answer() {
        assert_eq!(limit("max\n"), Some(None));
        assert_eq!(limit("garbage"), None);
        assert_eq!(limit(""), None);
    }
}
