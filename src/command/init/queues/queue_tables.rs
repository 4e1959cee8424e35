//! Queues of a Redis as tables of the settings, with their components and rules.

use std::collections::BTreeSet;

use crate::command::init::found::{FoundQueues, InitFindings};
use crate::command::init::measured::Measured;
use crate::command::written::settings_text::SettingsText;
use crate::config::presets::catalogue::Preset;
use crate::evaluate::text::format::NumberFormat;

/// The systems that have queues, each once, in the order in which they were found.
pub(crate) fn systems(findings: &InitFindings) -> Vec<&'static str> {
    let mut systems = Vec::new();
    for queues in findings.redis.iter().flat_map(|redis| &redis.queues) {
        if !systems.contains(&queues.system) {
            systems.push(queues.system);
        }
    }
    systems
}

/// What visitors call the work of a system.
pub(crate) fn component_name(system: &str, all: usize) -> String {
    let own = match system {
        _ if all < 2 => return "Background jobs".to_owned(),
        "rq" => "RQ",
        "arq" => return "arq jobs".to_owned(),
        "bullmq" => "BullMQ",
        "stream" => "Stream",
        system => system,
    };
    let mut letters = own.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    let own: String = first.into_iter().chain(letters).collect();
    format!("{own} jobs")
}

/// The tables of the queues of one database.
pub(crate) fn tables(text: &mut SettingsText, queues: &[FoundQueues]) {
    for one in queues {
        let alike = queues.iter().filter(|other| other.system == one.system);
        let is_one_of_many = one.system != "stream" && alike.count() > 1;
        if let Some(remark) = &one.remark {
            text.gap();
            text.remark(remark);
        }
        text.table("[[collector.queue]]");
        text.key("system", one.system);
        match &one.names[..] {
            [] => {}
            [name] => text.key("name", &**name),
            names => text.list("names", names),
        }
        for (key, value) in &one.keys {
            text.key(key, &**value);
        }
        if is_one_of_many {
            let prefix = one.keys.iter().find(|(key, _)| *key != "pattern");
            let app = prefix.map_or("main", |(_, value)| value);
            text.key("app", app.trim_end_matches(['_', '-', ':']));
        }
    }
}

/// The rules that a preset must go without.
pub(crate) fn without(preset: &Preset, measured: &Measured) -> Vec<String> {
    let no_worker = format!("{}-no-worker", preset.name);
    let lacks = measured.lacks_workers(preset.name);
    let ids = preset.ids().into_iter();
    ids.filter(|id| measured.unseen.contains(id) || lacks && *id == no_worker)
        .collect()
}

/// Why the thresholds of a preset are the defaults, although jobs wait for longer.
pub(crate) fn stuck(system: &str, measured: &Measured) -> Option<String> {
    let wait = NumberFormat::Duration.say(measured.stuck(system)?);
    Some(format!(
        "A job had waited for {wait} when this was written. That looks like a fault, so the\n\
        thresholds are the defaults."
    ))
}

/// Other thresholds, where jobs wait for longer than those of the preset allow.
pub(crate) fn rules(text: &mut SettingsText, system: &str, measured: &Measured) {
    let said = |seconds: f64| NumberFormat::Duration.say(seconds);
    let Some(late) = measured.late(system).filter(|_| system != "stream") else {
        return;
    };
    let levels = [("late", late.late), ("very-late", late.very_late)];
    for (number, (word, seconds)) in levels.into_iter().enumerate() {
        text.gap();
        if number == 0 {
            text.remark(&format!(
                "A job had waited for {} when this was written; the defaults are 1 and 5 minutes.",
                said(late.wait)
            ));
        }
        text.table("[[rule]]");
        text.key("id", format!("{system}-{word}"));
        text.key(
            "expr",
            format!(
                "queue_oldest_job_age_seconds{{system=\"{system}\", state=\"pending\"}} > {seconds} \
                unless on (job, app, system, queue) queue_paused == 1"
            ),
        );
    }
}

/// A rule for streams, for which there is no preset.
pub(crate) fn stream_rule(text: &mut SettingsText, component: &str, measured: &Measured) {
    if measured.unseen.contains("stream-late") {
        return;
    }
    let seconds = measured.late("stream").map_or(60.0, |late| late.late);
    text.table("[[rule]]");
    text.key("id", "stream-late");
    text.key(
        "expr",
        format!("queue_oldest_job_age_seconds{{system=\"stream\", state=\"pending\"}} > {seconds}"),
    );
    text.key("for", "1m");
    text.key("severity", "disrupted");
    text.list("components", &[component.to_owned()]);
    text.key("title", "Background jobs are late");
    text.key(
        "text",
        "The oldest job in {{ labels.queue }} has been waiting for {{ value | duration }}.",
    );
}

/// What is taken for usual, in seconds, where that cannot be measured.
const UNKNOWN_WAIT: f64 = 30.0;

/// What is said of the work that waits, so that an incident ends when it is done.
pub(crate) fn backlogs(text: &mut SettingsText, systems: &[&'static str], measured: &Measured) {
    let shown: BTreeSet<_> = systems
        .iter()
        .filter(|system| measured.has_jobs(system))
        .collect();
    for system in shown {
        let wait = measured.wait(system);
        let wait = wait.filter(|_| measured.stuck(system).is_none());
        let usual = wait.map_or(UNKNOWN_WAIT, |wait| wait.max(1.0).ceil());
        let jobs = format!("{{system=\"{system}\", state=\"pending\"}}");
        text.gap();
        if wait.is_none() {
            text.remark("The usual wait could not be measured: `usual` is an assumption.");
        }
        text.table("[[backlog]]");
        text.key("id", format!("{system}-jobs"));
        text.key("what", "jobs");
        text.list("components", &[(*system).to_owned()]);
        text.key("jobs", format!("queue_jobs{jobs}"));
        text.key("wait", format!("queue_oldest_job_age_seconds{jobs}"));
        text.key("usual", format!("{usual}s"));
    }
}
