//! Runs the tests beside the settings, for the console.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use crate::app::rule_tests::suite::Suite;
use crate::app::rule_tests::trial;
use crate::evaluate::rules::rule::Rule;
use crate::files;
use crate::model::facts::rule_tests::RuleTestReport;

/// Runs the tests of these rules on a thread of their own, and says when they are done.
pub(crate) fn start(
    settings: Option<&Path>,
    rules: Vec<Rule>,
) -> watch::Receiver<Arc<RuleTestReport>> {
    let (sender, report) = watch::channel(Arc::default());
    // Settings that are no file have no tests.
    if let Some(file) = settings.map(beside) {
        tokio::task::spawn_blocking(move || {
            // Nobody waits for it if other settings are in force by now.
            sender.send_replace(Arc::new(run(&file, &rules)));
        });
    }
    report
}

/// `alerts.test.yml` beside `alerts.toml`.
fn beside(settings: &Path) -> PathBuf {
    settings.with_extension("test.yml")
}

fn run(file: &Path, rules: &[Rule]) -> RuleTestReport {
    let name = file.file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let text = match files::settings(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return RuleTestReport::Missing(name),
        Err(error) => return RuleTestReport::Unreadable(format!("cannot read {name}: {error}")),
    };
    match Suite::parse(&text, &name) {
        Ok(suite) => RuleTestReport::Done(name, trial::run(&suite, rules)),
        Err(error) => RuleTestReport::Unreadable(error.to_string()),
    }
}
