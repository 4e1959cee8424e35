//! The sections of the file.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::collect::probe::network::NetworkSettings;
use crate::collect::schedule::Schedule;
use crate::collect::target::Target;
use crate::config::collectors::push::PushTable;
use crate::config::keep::KeepTable;
use crate::config::notifiers::NotifierId;
use crate::config::presets::catalogue::PRESETS;
use crate::config::rules::maintenance::MaintenanceTable;
use crate::config::site::{ComponentTable, SiteTable};
use crate::evaluate::backlog::BacklogSettings;
use crate::evaluate::charted::FigureSettings;
use crate::evaluate::rules::burn::Objective;
use crate::evaluate::rules::capacity::Capacity;
use crate::evaluate::rules::levels::LeveledRule;
use crate::evaluate::rules::settings::RuleSettings;
use crate::git::settings::GitSettings;
use crate::lease::settings::LeaseSettings;
use crate::notify::channel::ChannelSettings;
use crate::notify::mail::smtp::settings::MailSettings;
use crate::notify::message::rules::ReceiverRules;
use crate::web::ops::access::settings::OpsSettings;

/// What critwatch watches, judges and tells, and how.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Settings of critwatch (alerts.toml)")]
#[expect(dead_code, reason = "only its schema is of use")]
struct SettingsFile {
    /// Presets: rules ready to use.
    #[serde(rename = "use")]
    presets: Option<Vec<PresetName>>,
    /// Who evaluates rules that name no `source`: the id of a collector of type `query`
    /// or `alerts`.
    source: Option<String>,
    /// What a preset of `use` is about, and which of its rules are left out.
    preset: Option<BTreeMap<PresetName, PresetTable>>,
    /// The page: its title, address, language and look.
    site: Option<SiteTable>,
    /// What tells whether our own network is up, before a probe blames its target.
    network: Option<NetworkSettings>,
    /// The parts of the service that the page shows.
    component: Option<Vec<ComponentTable>>,
    /// What is asked for samples, or pushes them.
    collector: Option<Vec<Target>>,
    /// What is judged: an expression, levels of a value, an objective, or an alert.
    rule: Option<Vec<RuleSettings>>,
    /// Waiting work that must be worked off before an incident is over.
    backlog: Option<Vec<BacklogSettings>>,
    /// Whether the processes of a machine fit into its memory.
    capacity: Option<Vec<Capacity>>,
    /// Charts on the page.
    figure: Option<Vec<FigureSettings>>,
    /// Planned work.
    maintenance: Option<Vec<MaintenanceTable>>,
    /// Who is told.
    notifier: Option<Vec<ChannelSettings>>,
    /// The relay for mails.
    mail: Option<MailSettings>,
    /// What is kept, and for how long.
    keep: Option<KeepTable>,
    /// Incidents in a git repository.
    git: Option<GitSettings>,
    /// Which of several monitors writes.
    lease: Option<LeaseSettings>,
    /// Who may use the operators' listener.
    ops: Option<OpsSettings>,
    /// The listener for pushes from outside.
    push: Option<PushTable>,
}

/// What a preset is about.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is of use")]
struct PresetTable {
    /// The ids of the components that its rules are about.
    components: Option<Vec<String>>,
    /// The ids of rules that are left out.
    without: Option<Vec<String>>,
}

/// The name of a preset.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum PresetName {}

impl JsonSchema for PresetName {
    fn schema_name() -> Cow<'static, str> {
        "PresetName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
        json_schema!({ "type": "string", "enum": names })
    }
}

/// The schema as the types have it: parts of a table that are read one after the other
/// are not joined yet.
pub(super) fn derived() -> Value {
    // Editors know this draft best.
    let mut generator = SchemaSettings::draft07().into_generator();
    generator.subschema_for::<Schedule>();
    generator.subschema_for::<NotifierId>();
    generator.subschema_for::<ReceiverRules>();
    generator.subschema_for::<LeveledRule>();
    generator.subschema_for::<Objective>();
    generator.into_root_schema_for::<SettingsFile>().to_value()
}
