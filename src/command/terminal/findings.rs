//! Findings as they are printed: for people, and for machines.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write as _};

use crate::command::terminal::input::OutputFormat;
use crate::model::finding::{Finding, Weight};

/// How many findings of a kind a person wants to read at once, if they are no faults.
const ENOUGH: usize = 10;

/// Prints findings; on a terminal, only the first ones of each kind unless `all` is given.
pub fn print(found: &[Finding], format: OutputFormat, all: bool) -> anyhow::Result<()> {
    let text = match format {
        OutputFormat::Json => format!("{}\n", serde_json::to_string_pretty(found)?),
        OutputFormat::Text => lines(found, !all && io::stdout().is_terminal()),
    };
    match io::stdout().write_all(text.as_bytes()) {
        // Who reads the first lines only has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn lines(found: &[Finding], short: bool) -> String {
    let mut told: BTreeMap<(Weight, &str), usize> = BTreeMap::new();
    let mut text = String::new();
    for finding in found {
        let count = told.entry((finding.weight, finding.kind)).or_default();
        *count += 1;
        if !short || finding.weight == Weight::Fault || *count <= ENOUGH {
            text.extend([&finding.to_string(), "\n"]);
        }
    }
    for ((weight, kind), count) in told {
        if short && weight != Weight::Fault && count > ENOUGH {
            let more = format!(
                "and {} more [{kind}]; use --all to see them\n",
                count - ENOUGH
            );
            text.push_str(&more);
        }
    }
    text
}

/// Tells people what was read and how it is; a pipe gets the findings only.
#[expect(clippy::print_stderr, reason = "commands talk to the terminal")]
pub fn sum_up(found: &[Finding], read: &str) {
    if found.is_empty() {
        eprintln!("{read}; no findings");
        return;
    }
    let of = |weight, word| {
        let count = found
            .iter()
            .filter(|finding| finding.weight == weight)
            .count();
        format!("{count} {word}{}", if count == 1 { "" } else { "s" })
    };
    let fixable = found.iter().filter(|finding| finding.fix.is_some()).count();
    let way_out = match fixable {
        0 => String::new(),
        count => format!("; --fix repairs {count} of them"),
    };
    eprintln!(
        "{read}; {}, {}, {}{way_out}",
        of(Weight::Fault, "fault"),
        of(Weight::Warning, "warning"),
        of(Weight::Hint, "hint"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_the_first_of_each_kind_and_every_fault() {
        let finding = |weight| Finding {
            weight,
            kind: "a-kind",
            file: "a.md".to_owned(),
            line: Some(1),
            column: None,
            message: "it is so".to_owned(),
            fix: None,
        };
        let found = [
            vec![finding(Weight::Fault); 12],
            vec![finding(Weight::Hint); 12],
        ]
        .concat();
        assert_eq!(lines(&found, false).lines().count(), 24);
        let short = lines(&found, true);
        assert_eq!(short.lines().count(), 12 + 10 + 1);
        assert!(short.ends_with("\nand 2 more [a-kind]; use --all to see them\n"));
    }
}
