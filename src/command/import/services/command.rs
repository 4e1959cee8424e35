//! `critwatch import statuspage` and its kin: a page as settings, files and readers.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};

use crate::command::import::reading;
use crate::command::import::services::imported_page::{ImportedPage, PastSubscriber};
use crate::command::import::services::written_page::{
    ComponentNamesTaken, ImportedSettings, settings,
};
use crate::command::import::services::{
    betterstack, gatus, statuspage, subscriber_table, uptime_kuma, written_history,
};
use crate::command::terminal::findings as told;
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{counted, note, print, print_json};
use crate::command::written::new_file::{refuse_existing, write_new};
use crate::config;
use crate::model::component::ComponentId;
use crate::model::request::receivers::subscription::{MailAddress, SubscriptionChoice};
use crate::model::text::language::Language;
use crate::notify::subscribers::care;
use crate::pipeline::stages::Pipeline;
use crate::store;

/// The option that names what is written.
const OUT: &str = "--out";

/// An export is never longer.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Incidents that are taken at most.
const INCIDENTS: usize = 20_000;

/// Where a page comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageSource {
    /// Atlassian's.
    Statuspage,
    /// Its backup.
    UptimeKuma,
    /// Its configuration.
    Gatus,
    /// Its API.
    BetterStack,
}

impl PageSource {
    fn name(self) -> &'static str {
        match self {
            Self::Statuspage => "Statuspage",
            Self::UptimeKuma => "Uptime Kuma",
            Self::Gatus => "Gatus",
            Self::BetterStack => "Better Stack",
        }
    }
}

/// Arguments of the imports of whole pages.
#[derive(Debug, Args)]
pub struct ImportPage {
    /// Exported files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder to write; its `alerts.toml` and `incidents` must not exist yet
    #[arg(long, value_name = "DIR", default_value = "imported")]
    out: PathBuf,
    /// Folder of the database to which subscribers are added, without a confirmation e-mail
    /// [default: leave them out]
    #[arg(long, value_name = "DIR", env = "CRITWATCH_STATE")]
    state: Option<PathBuf>,
    /// Format of the report
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl ImportPage {
    /// Writes what was read, and says what is not among it.
    pub(crate) fn run(self, source: PageSource) -> anyhow::Result<()> {
        let alerts = self.out.join("alerts.toml");
        refuse_existing(&alerts, OUT)?;
        let mut page = self.read(source)?;
        let taken = ComponentNamesTaken::of(&page);
        let first = self.files.first().map(|file| file.display().to_string());
        let from = format!("{} ({})", source.name(), first.unwrap_or_default());
        let ImportedSettings { text, variables } = settings(&page, &taken, &from);
        let name = alerts.display().to_string();
        for (variable, _, component) in &variables {
            let message = format!(
                "the URL of `{component}` has a login or a query, which may be a secret: set \
                {variable} to it in the environment of critwatch"
            );
            page.change(&name, None, message);
        }
        let environment = variables.into_iter();
        let environment = environment.map(|(variable, url, _)| (variable, url));
        config::read(&text, &name, &self.out, environment.collect(), None)
            .context("the settings would be invalid")?;
        if page.incidents.len() > INCIDENTS {
            page.incidents
                .sort_by_key(|incident| std::cmp::Reverse(incident.began));
            page.incidents.truncate(INCIDENTS);
            let message = format!("only the newest {INCIDENTS} incidents are imported");
            page.leave_out(&name, None, message);
        }
        let (files, refused) = written_history::files(&page.incidents, &taken.names);
        for why in refused {
            page.leave_out(&name, None, why);
        }
        let folder = self.out.join("incidents");
        for (file, _) in &files {
            refuse_existing(&folder.join(file), OUT)?;
        }
        if page.components.is_empty() && files.is_empty() && page.subscribers.is_empty() {
            told::print(&page.findings, self.format, true)?;
            let message = format!("found nothing to import in {from}");
            return Err(BadInput::new(message).into());
        }
        write_new(&alerts, text.as_bytes(), OUT)?;
        for (file, bytes) in &files {
            write_new(&folder.join(file), bytes, OUT)?;
        }
        std::fs::create_dir_all(&folder)?;
        let readers = self.readers(&mut page, &taken)?;
        self.report(&page, files.len(), readers)
    }

    fn read(&self, source: PageSource) -> anyhow::Result<ImportedPage> {
        let mut page = ImportedPage::default();
        let mut answers = Vec::new();
        for path in &self.files {
            let file = path.display().to_string();
            let text = reading::text(path, LONGEST)?;
            if source == PageSource::Gatus {
                gatus::read(&text, &file, &mut page)?;
                continue;
            }
            if subscriber_table::is_table(&text) {
                subscriber_table::read(&text, &file, &mut page);
                continue;
            }
            let value: Value = serde_json::from_str(&text).map_err(|error| {
                let place = format!("{file}:{}:{}", error.line(), error.column());
                BadInput::new(format!("{place}: this is not JSON: {error}"))
            })?;
            match source {
                PageSource::Statuspage => statuspage::read(&value, &file, &mut page),
                PageSource::UptimeKuma => uptime_kuma::read(&value, &file, &mut page),
                PageSource::BetterStack | PageSource::Gatus => answers.push((file, value)),
            }
        }
        if source == PageSource::BetterStack {
            betterstack::read(&answers, &mut page);
        }
        Ok(page)
    }

    /// Adds the readers to the database, if one is named; how many.
    fn readers(
        &self,
        page: &mut ImportedPage,
        taken: &ComponentNamesTaken,
    ) -> anyhow::Result<usize> {
        let all = std::mem::take(&mut page.subscribers);
        if all.is_empty() {
            return Ok(0);
        }
        let Some(state) = &self.state else {
            let message = format!(
                "{}; pass --state to import them, if they agreed to get e-mails",
                counted(all.len(), "subscriber")
            );
            page.leave_out(&self.out.display().to_string(), None, message);
            return Ok(0);
        };
        let mut store = store::open_erasing(state)?;
        let (mut added, mut known, mut invalid) = (0, 0, 0);
        for one in &all {
            // No report repeats an address.
            let Some(address) = MailAddress::parse(&one.address) else {
                invalid += 1;
                continue;
            };
            let choice = choice(one, taken);
            let answer = care::add(&mut store, &address, &choice, Pipeline::clock());
            if answer.context("cannot save a subscriber")?.is_some() {
                added += 1;
            } else {
                known += 1;
            }
        }
        let database = state.display().to_string();
        for (number, why) in [
            (known, "already there"),
            (invalid, "without a valid address"),
        ] {
            if number > 0 {
                let message = format!("{} {why}", counted(number, "subscriber"));
                page.leave_out(&database, None, message);
            }
        }
        Ok(added)
    }

    fn report(&self, page: &ImportedPage, incidents: usize, readers: usize) -> anyhow::Result<()> {
        let counts = [
            ("components", page.components.len()),
            ("probes", page.probes.len()),
            ("heartbeats", page.heartbeats.len()),
            ("incidents", incidents),
            ("subscribers", readers),
        ];
        if self.format == OutputFormat::Json {
            let mut value = json!({ "folder": self.out.display().to_string() });
            for (name, count) in counts {
                value[name] = count.into();
            }
            value["findings"] = serde_json::to_value(&page.findings)?;
            print_json(&value)?;
        } else {
            told::print(&page.findings, self.format, true)?;
            let words = counts.map(|(name, count)| counted(count, name.trim_end_matches('s')));
            print(&format!("imported: {}", words.join(", ")))?;
        }
        let out = self.out.display();
        note(&format!(
            "wrote {out}; review it, then run: cd {out} && critwatch check --live"
        ));
        Ok(())
    }
}

/// What a reader gets: of the components that were chosen, else of all.
fn choice(reader: &PastSubscriber, taken: &ComponentNamesTaken) -> SubscriptionChoice {
    let ids = reader
        .components
        .iter()
        .filter_map(|key| taken.ids.get(key));
    let components: BTreeSet<_> = ids.cloned().map(ComponentId).collect();
    SubscriptionChoice {
        components,
        ..SubscriptionChoice::new(Language::En)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn nothing_that_is_there_is_overwritten() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("gatus.yaml");
        std::fs::write(
            &file,
            "endpoints:\n  - {name: a, url: 'https://a.example.org'}\n",
        )
        .unwrap();
        let import = |out: &Path| ImportPage {
            files: vec![file.clone()],
            out: out.to_owned(),
            state: None,
            format: OutputFormat::Text,
        };
        let out = place.path().join("out");
        import(&out).run(PageSource::Gatus).unwrap();
        let before = std::fs::read(out.join("alerts.toml")).unwrap();
        let refused = import(&out).run(PageSource::Gatus).unwrap_err();
        assert!(refused.is::<BadInput>(), "{refused:#}");
        assert_eq!(std::fs::read(out.join("alerts.toml")).unwrap(), before);
    }
}
