//! Reads every incident file and tells all that is wrong in it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::config::Config;
use crate::incident::file::document::Document;
use crate::incident::findings::files::{self, Own};
use crate::incident::findings::findings;
use crate::incident::findings::page::Checked;
use crate::incident::folder::Folder;
use crate::incident::folder::translations::differences;
use crate::model::component::Component;
use crate::model::finding::{Finding, Weight};
use crate::model::verdict::RuleId;
use crate::web::files::statics;
use crate::web::site::Names;
use crate::web::table::Address;

/// Where the files are, and the site that they belong to.
#[derive(Clone, Debug)]
pub(crate) struct CheckedSite {
    folder: PathBuf,
    build_future: bool,
    names: Names,
}

impl CheckedSite {
    /// A folder; without settings, nothing is compared with a site.
    pub(crate) fn new(folder: impl Into<PathBuf>, config: Option<&Config>) -> Self {
        let none = || Names::new("", TimeZone::UTC);
        Self {
            folder: folder.into(),
            build_future: config.is_none_or(|config| config.build_future),
            names: config.map_or_else(none, |config| config.names.clone()),
        }
    }
}

/// A folder of incident files, as it was read, and its site.
#[derive(Debug)]
pub(crate) struct FileChecker {
    folder: Folder,
    components: Vec<String>,
    rules: Option<BTreeSet<RuleId>>,
    site: CheckedSite,
}

impl FileChecker {
    /// Nothing was read yet.
    pub(crate) fn new(site: CheckedSite) -> Self {
        let names = &site.names;
        Self {
            folder: Folder::new(&site.folder, &names.dates)
                .with_days_in(&names.zone)
                .in_languages(&names.cstate.languages),
            components: Vec::new(),
            rules: None,
            site,
        }
    }

    /// Compares the names of components with these from now on; with none, not at all.
    pub(crate) fn know<'c>(&mut self, components: impl IntoIterator<Item = &'c Component>) {
        let components = components.into_iter();
        self.components = components.map(|one| one.name.clone()).collect();
    }

    /// Looks from now on whether the rules of open incidents are among these.
    pub(crate) fn know_rules<'r>(&mut self, rules: impl IntoIterator<Item = &'r RuleId>) {
        self.rules = Some(rules.into_iter().cloned().collect());
    }

    /// The folder, as it was read last.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The folder, for whoever repairs its files.
    pub(crate) fn folder_mut(&mut self) -> &mut Folder {
        &mut self.folder
    }

    /// What files are compared with at a moment.
    pub(crate) fn scene(&self, now: Timestamp) -> Checked<'_> {
        Checked {
            components: &self.components,
            rules: self.rules.as_ref(),
            now,
            build_future: self.site.build_future,
        }
    }

    /// All that is to be found in the files as they stand, by file and line.
    pub(crate) async fn findings(&self, now: Timestamp) -> Vec<Finding> {
        let scene = self.scene(now);
        let mut found: Vec<_> = self.folder.contents().faults().cloned().collect();
        let unreadable: BTreeSet<_> = found.iter().map(|fault| fault.file.clone()).collect();
        let files = self.folder.contents().files();
        for incident in files.filter(|incident| !unreadable.contains(&incident.name)) {
            match self.folder.open(&incident.name).await {
                Ok(document) => found.extend(self.file(&document, &incident.name, scene)),
                Err(error) => found.push(unusable(&incident.name, error.to_string())),
            }
        }
        let incidents = self.folder.contents().incidents();
        found.extend(incidents.flat_map(|incident| differences(incident)));
        let path = self.folder.path();
        let whole = path.display().to_string();
        for finding in found.iter_mut().filter(|finding| finding.file != whole) {
            finding.file = path.join(&finding.file).display().to_string();
        }
        found.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        found
    }

    /// What is to be found in a file, and the files that it names and the site lacks.
    fn file(&self, document: &Document, file: &str, scene: Checked<'_>) -> Vec<Finding> {
        let names = &self.site.names;
        let own = Own {
            url: names.url.as_deref(),
            base: names.base(),
            // Whether a page is there is another matter.
            has: &|path| {
                let file = path.trim_start_matches('/');
                statics::has(&names.statics, file) || Address::parse(path).is_some()
            },
        };
        let mut found = findings(document, file, scene);
        found.extend(files::check(document, file, scene, own));
        found
    }
}

/// A file that cannot be used.
pub(crate) fn unusable(file: &str, message: String) -> Finding {
    Finding {
        weight: Weight::Fault,
        kind: "unusable",
        file: file.to_owned(),
        line: None,
        column: None,
        message,
        fix: None,
    }
}
