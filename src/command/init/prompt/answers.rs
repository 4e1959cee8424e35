//! Questions on a terminal, and what is answered.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Whether somebody is there to answer.
pub(crate) fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a text; an empty answer is the one that is suggested.
#[expect(clippy::print_stderr, reason = "commands talk to the terminal")]
pub(crate) fn ask(question: &str, suggested: &str) -> io::Result<String> {
    if suggested.is_empty() {
        eprint!("{question}: ");
    } else {
        eprint!("{question} [{suggested}]: ");
    }
    io::stderr().flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        let message = "the input ended before all questions were answered";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
    }
    let answer = line.trim();
    Ok(if answer.is_empty() { suggested } else { answer }.to_owned())
}

/// Asks for yes or no; an empty answer is yes.
pub(crate) fn agrees(question: &str) -> io::Result<bool> {
    loop {
        let answer = ask(&format!("{question} (y/n)"), "y")?;
        match &*answer.to_lowercase() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}
