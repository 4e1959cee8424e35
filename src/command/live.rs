//! `critwatch check --live`: rules, tried on what collectors answer now.

use jiff::Timestamp;

use crate::command::asked::{self, AskedCollector, CollectorAnswer};
use crate::command::terminal::input::OutputFormat;
use crate::command::terminal::output::note;
use crate::config::Config;
use crate::evaluate::Evaluator;
use crate::model::finding::{Finding, Weight};
use crate::model::sample::Scrape;
use crate::pipeline::stages::Pipeline;

/// Asks each collector once, says what it answered in a line, and gives what
/// is to be said of the rules.
pub async fn findings(
    mut config: Config,
    file: &str,
    format: OutputFormat,
) -> anyhow::Result<Vec<Finding>> {
    let limits = config.keep.limits(&config.rules, &[], &config.collectors);
    let expected = config.expected();
    let asked = asked::ask(&mut config).await?;
    if format == OutputFormat::Text {
        for one in &asked {
            note(&one.in_words());
        }
    }
    let finding = |kind, message| Finding {
        weight: Weight::Warning,
        kind,
        file: file.to_owned(),
        line: None,
        column: None,
        message,
        fix: None,
    };
    let failed = asked.iter().filter(|one| one.failed());
    let failed = failed.map(|one| finding("collector-failed", one.in_words()));
    let mut found: Vec<_> = failed.collect();
    let now = Pipeline::clock();
    let scrapes = asked.into_iter().filter_map(|one| scrape(one, now));
    let scrapes: Vec<_> = scrapes.collect();
    let mut evaluator = Evaluator::new(config.rules, limits, now, expected);
    let unmatched = evaluator.unmatched(scrapes, now).into_iter();
    found.extend(unmatched.map(|sentence| finding("no-data", sentence)));
    Ok(found)
}

fn scrape(asked: AskedCollector, now: Timestamp) -> Option<Scrape> {
    match asked.answer {
        CollectorAnswer::Came { take, .. } => Some(take.at(now)),
        CollectorAnswer::Pushed(_) => None,
    }
}
