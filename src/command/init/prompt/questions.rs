//! What `init` asks on a terminal; each address is tried before the next question.

use std::io;

use crate::command::init::look::targets::{InitTargets, answers};
use crate::command::init::prompt::address::TargetKind;
use crate::command::init::prompt::answers::{agrees, ask};
use crate::command::init::reference::shown;
use crate::command::terminal::output::note;

/// Where a Redis usually is.
const USUAL_REDIS: &str = "redis://127.0.0.1:6379";

/// The kinds of targets, in the order of the questions.
const KINDS: [TargetKind; 5] = [
    TargetKind::Redis,
    TargetKind::Site,
    TargetKind::Metrics,
    TargetKind::Prometheus,
    TargetKind::Host,
];

/// Asks for addresses of every kind.
pub(crate) async fn ask_for(targets: &mut InitTargets, password: Option<&str>) -> io::Result<()> {
    let usual = answers(TargetKind::Redis, USUAL_REDIS, password).await;
    if usual.is_ok() && agrees(&format!("Watch the Redis at {USUAL_REDIS}?"))? {
        targets.redis.push(USUAL_REDIS.to_owned());
    }
    for kind in KINDS {
        while let Some(typed) = typed(kind, !targets.of(kind).is_empty())? {
            for address in kind.addresses(&typed) {
                match answers(kind, &address, password).await {
                    Ok(()) if targets.of(kind).contains(&address) => {}
                    Ok(()) => targets.of(kind).push(address),
                    Err(why) => note(&format!("{}: {why}; try again", shown_as(kind, &address))),
                }
            }
        }
    }
    Ok(())
}

/// Asks for more addresses of a kind; none if there are no more.
fn typed(kind: TargetKind, has_some: bool) -> io::Result<Option<String>> {
    let name = kind.name();
    let question = if has_some {
        format!("Another {} (Enter for none)", lower(name))
    } else {
        format!("{name} (Enter for none)")
    };
    let answer = ask(&question, "")?;
    Ok(Some(answer).filter(|answer| !["", "-"].contains(&answer.as_str())))
}

/// A name within a sentence: `URL` stays as it is.
fn lower(name: &str) -> String {
    if name.starts_with("URL") {
        name.to_owned()
    } else {
        name.to_lowercase()
    }
}

fn shown_as(kind: TargetKind, address: &str) -> String {
    match kind {
        TargetKind::Host => address.to_owned(),
        _ => shown(address),
    }
}
