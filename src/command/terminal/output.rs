//! What commands print: lines, notes, aligned columns, and JSON.

use std::io::{self, Write as _};

use serde::Serialize;

/// Prints a text and a line end on standard output.
pub fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        // Whoever read us has read enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Prints a value as JSON.
pub fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?)
}

/// Prints a remark on standard error, beside the output.
#[expect(clippy::print_stderr, reason = "commands talk to the terminal")]
pub fn note(text: &str) {
    eprintln!("critwatch: {}", plain(text));
}

/// A text without what could move the cursor of a terminal.
pub fn plain(text: &str) -> String {
    let shown = |c: char| c == '\n' || c == '\t' || !c.is_control();
    text.chars()
        .map(|c| if shown(c) { c } else { ' ' })
        .collect()
}

/// A number of things, each called by a word with a regular plural.
pub fn counted(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// A name as it is typed in a shell.
pub fn quoted(name: &str) -> String {
    let bare = |c: char| c.is_alphanumeric() || "._/@%+=:,-".contains(c);
    if name.chars().all(bare) && !name.is_empty() {
        return name.to_owned();
    }
    if !name.chars().any(char::is_control) {
        return format!("'{}'", name.replace('\'', "'\\''"));
    }
    let typed = |c: char| match c {
        '\'' | '\\' => format!("\\{c}"),
        c if c.is_control() && c.is_ascii() => format!("\\x{:02x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("$'{}'", name.chars().map(typed).collect::<String>())
}

/// Aligns the columns of rows; the last one is as long as it likes.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<_> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or_default()
        })
        .collect();
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let cells: Vec<_> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{:width$}", plain(cell).replace('\n', " ")))
                .collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_as_a_shell_takes_it() {
        for (name, typed) in [
            ("2026/03-01-a.md", "2026/03-01-a.md"),
            ("Über.md", "Über.md"),
            ("a b.md", "'a b.md'"),
            ("it's.md", "'it'\\''s.md'"),
            ("a$(b).md", "'a$(b).md'"),
            ("a\tb'c.md", "$'a\\x09b\\'c.md'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(name), typed);
        }
    }

    #[test]
    fn columns_are_aligned_and_nothing_moves_the_cursor() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["ä", "down", "A\u{1b}[2J"]), row(["bcd", "", "B\nC"])];
        assert_eq!(table(&rows), "ä    down  A [2J\nbcd        B C");
    }
}
