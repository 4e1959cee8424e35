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

/// The settings of critwatch.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Settings of critwatch (alerts.toml)")]
#[expect(dead_code, reason = "only its schema is of use")]
struct SettingsFile {
    /// Presets of ready-made rules.
    #[serde(rename = "use")]
    presets: Option<Vec<PresetName>>,
    /// The default `source` of rules: the id of a collector of type `query` or `alerts`.
    source: Option<String>,
    /// The components of a preset in `use`, and the rules to leave out.
    preset: Option<BTreeMap<PresetName, PresetTable>>,
    /// The page: its title, address, language and look.
    site: Option<SiteTable>,
    /// Checks critwatch's own network before a probe blames its target.
    network: Option<NetworkSettings>,
    /// The parts of your service that the page shows.
    component: Option<Vec<ComponentTable>>,
    /// Targets to scrape, and senders that push samples.
    collector: Option<Vec<Target>>,
    /// The condition: an expression, levels of a value, an objective, or an alert.
    rule: Option<Vec<RuleSettings>>,
    /// Waiting work that must shrink before an incident resolves.
    backlog: Option<Vec<BacklogSettings>>,
    /// Whether the processes of a machine fit into its memory.
    capacity: Option<Vec<Capacity>>,
    /// Charts on the page.
    figure: Option<Vec<FigureSettings>>,
    /// Planned work.
    maintenance: Option<Vec<MaintenanceTable>>,
    /// Where messages go.
    notifier: Option<Vec<ChannelSettings>>,
    /// The relay for mails.
    mail: Option<MailSettings>,
    /// Retention of history.
    keep: Option<KeepTable>,
    /// Incidents in a git repository.
    git: Option<GitSettings>,
    /// Decides which of several monitors is active.
    lease: Option<LeaseSettings>,
    /// Access to the operators' listener.
    ops: Option<OpsSettings>,
    /// The listener for pushes from outside.
    push: Option<PushTable>,
}

/// The components of a preset, and the rules to leave out.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is of use")]
struct PresetTable {
    /// The ids of the components that its rules affect.
    components: Option<Vec<String>>,
    /// The ids of rules to leave out.
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
