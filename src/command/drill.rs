//! `critwatch drill`: an outage is run on the real parts, and the page is judged.

use std::fs::Permissions;
use std::io::IsTerminal as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use crate::command::terminal::output::{note, print};
use crate::dice::fault::place;
use crate::drill::conductor::conduct::{DrillProgress, conduct};
use crate::drill::conductor::stage::DrillSettings;
use crate::drill::judge::judge;
use crate::drill::record::DrillRecord;
use crate::drill::report::{html, markdown, terminal};
use crate::drill::scale::Speed;
use crate::drill::scenario::builtin::{BUILT_IN, BuiltIn};
use crate::drill::scenario::outage::{RedisPolicy, Scenario};
use crate::drill::scenario::read;

/// Runs an outage on a real Redis, API, worker, monitor and page, and judges the page.
///
/// The exit code is 0 if the page told the truth in every minute, and 1 if it did not.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  critwatch drill cache-outage\n  \
    critwatch drill cache-outage --fixed\n  critwatch drill our-outage.toml --speed 120\n\n\
    See docs/drill.md for how to write a scenario.")]
pub struct Drill {
    /// cache-outage, database-outage, upstream, or a scenario file
    scenario: String,
    /// Factor by which the replay is faster than the outage
    #[arg(long, value_name = "TIMES", default_value = "60", value_parser = speed)]
    speed: Speed,
    /// Run the same load with the settings after the fix; no incident may open
    #[arg(long)]
    fixed: bool,
    /// Eviction policy of Redis [default: that of the scenario]
    #[arg(long, value_enum)]
    policy: Option<RedisPolicy>,
    /// Folder for all files; only you may access it [default: a new temporary folder]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Verify the record of an earlier drill again and rewrite its report
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fixed", "policy", "dir"])]
    record: Option<PathBuf>,
}

impl Drill {
    /// Runs the drill; the exit code says whether it held.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (scenario, monitor) = self.read()?;
        let (record, dir) = match &self.record {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                let record = serde_json::from_str(&text)
                    .with_context(|| format!("{} is not the record of a drill", path.display()))?;
                let dir = path.parent().unwrap_or(Path::new(".")).to_owned();
                (record, dir)
            }
            None => Box::pin(self.conduct(&scenario, monitor)).await?,
        };
        let judgement = judge(&scenario, &record);
        print(&terminal::report(&scenario, &record, &judgement))?;
        let write = |name: &str, text: &str| {
            let path = dir.join(name);
            std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
        };
        write(
            "report.md",
            &markdown::report(&scenario, &record, &judgement),
        )?;
        write(
            "report.html",
            &html::report(&scenario, &record, &judgement)?,
        )?;
        write("record.json", &serde_json::to_string_pretty(&record)?)?;
        note(&format!(
            "the report is in {}",
            dir.join("report.html").display()
        ));
        Ok(ExitCode::from(u8::from(!judgement.holds())))
    }

    async fn conduct(
        &self,
        scenario: &Scenario,
        monitor: String,
    ) -> anyhow::Result<(DrillRecord, PathBuf)> {
        let dir = match &self.dir {
            Some(dir) => dir.clone(),
            None => new_folder().context("cannot make a folder")?,
        };
        place::prepare(&dir)?;
        let settings = DrillSettings {
            dir: dir.clone(),
            program: std::env::current_exe().context("cannot find the own program")?,
            speed: self.speed,
            policy: self.policy,
            is_fixed: self.fixed,
            monitor,
        };
        let is_watched = std::io::stderr().is_terminal();
        let progress = |progress: DrillProgress<'_>| {
            if is_watched {
                note(&terminal::progress(scenario, &progress));
            }
        };
        let record = Box::pin(conduct(scenario, &settings, progress)).await?;
        Ok((record, dir))
    }

    /// The scenario and the settings of its monitor.
    fn read(&self) -> anyhow::Result<(Scenario, String)> {
        if let Some(built_in) = BuiltIn::named(&self.scenario) {
            let file = format!("{}.toml", built_in.name);
            let scenario = read::scenario(built_in.scenario, &file)?;
            return Ok((scenario, built_in.settings.to_owned()));
        }
        let path = Path::new(&self.scenario);
        let text = std::fs::read_to_string(path).with_context(|| {
            let names: Vec<_> = BUILT_IN.iter().map(|one| one.name).collect();
            format!(
                "cannot read {}; the drills that come with the program are {}",
                path.display(),
                names.join(", ")
            )
        })?;
        let scenario = read::scenario(&text, &self.scenario)?;
        let settings = path
            .parent()
            .unwrap_or(Path::new("."))
            .join(&scenario.head.settings);
        let settings = std::fs::read_to_string(&settings).with_context(|| {
            format!(
                "cannot read {}, the settings of the drill",
                settings.display()
            )
        })?;
        Ok((scenario, settings))
    }
}

fn speed(text: &str) -> Result<Speed, String> {
    let speed: f64 = text.parse().map_err(|_| "expected a number".to_owned())?;
    if (1.0..=600.0).contains(&speed) {
        Ok(Speed(speed))
    } else {
        Err("the speed must be from 1 to 600".to_owned())
    }
}

/// A new folder that is closed to others, whatever new files are like here.
fn new_folder() -> std::io::Result<PathBuf> {
    let folder = tempfile::Builder::new()
        .prefix("critwatch-drill-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir()?;
    Ok(folder.keep())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_folder_of_its_own_a_drill_makes_one_that_it_accepts() {
        let folder = new_folder().unwrap();
        let accepted = place::prepare(&folder).map_err(|error| error.to_string());
        std::fs::remove_dir(&folder).unwrap();
        assert_eq!(accepted, Ok(()));
    }
}
