//! Each `critwatch …` in a document is a command with options that it has.

use clap::Parser as _;
use clap::error::ErrorKind;
use critwatch::command::CommandLine;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::book::documents;

/// A command as a document shows it.
struct Shown {
    line: String,
    /// Whether it is to be typed as it is, rather than named in a sentence.
    is_whole: bool,
}

fn shown(text: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    let mut is_shell = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                is_shell = matches!(&*language, "" | "sh" | "console");
            }
            Event::End(TagEnd::CodeBlock) => is_shell = false,
            Event::Text(block) if is_shell => {
                let lines = block.lines().map(str::trim);
                let lines = lines.map(|line| line.strip_prefix("$ ").unwrap_or(line));
                found.extend(
                    lines
                        .filter(|line| line.starts_with("critwatch "))
                        .map(|line| Shown {
                            line: line.to_owned(),
                            is_whole: true,
                        }),
                );
            }
            // `critwatch <address>` is an author of commits.
            Event::Code(words) if words.starts_with("critwatch ") && !words.contains('@') => found
                .push(Shown {
                    line: words.into_string(),
                    is_whole: false,
                }),
            _ => {}
        }
    }
    found
}

/// The words of a line as a shell has them, up to a pipe, a comment or another command.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '|' | ';' | '>' | '&') => break,
            (None, '#') if words.last().is_some_and(String::is_empty) => break,
            (None, ' ') => {
                if words.last().is_some_and(|word| !word.is_empty()) {
                    words.push(String::new());
                }
            }
            // What may be left out is there.
            (None, '[' | ']') => {}
            (_, c) => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn fault(shown: &Shown) -> Option<String> {
    let words = words(&shown.line);
    let error = CommandLine::try_parse_from(words).err()?;
    let is_fine = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => true,
        // A sentence may name a command, or an option, without all that it needs.
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => !shown.is_whole,
        // Nor with a value: a word in capitals stands for one.
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let is_placeholder =
                |word: &str| word.len() > 1 && word.chars().all(char::is_uppercase);
            !shown.is_whole && shown.line.split(' ').any(is_placeholder)
        }
        _ => false,
    };
    (!is_fine).then(|| error.to_string())
}

#[test]
fn every_command_of_the_documents_is_one() {
    let mut faults = Vec::new();
    let mut checked = 0;
    for document in documents() {
        // What was once is no command of today.
        if document.path.ends_with("CHANGELOG.md") {
            continue;
        }
        for shown in shown(&document.text) {
            checked += 1;
            if let Some(why) = fault(&shown) {
                let name = document.path.display();
                faults.push(format!("{name}: {}\n{why}", shown.line));
            }
        }
    }
    assert!(checked > 100, "{checked}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
