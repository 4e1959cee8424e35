//! What the worker may take of its machine, as the monitor's settings say it.

use std::fmt::Write as _;

use serde::Deserialize;

/// The limits of the worker, as they are set on its machine; all in MiB.
///
/// They are those of the outage, whatever the parts of the drill take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkerCapacity {
    /// The memory of the machine.
    pub(crate) memory_mib: u32,
    /// What the main process may take.
    pub(crate) main_mib: u32,
    /// What each child may take.
    pub(crate) child_mib: u32,
    /// How many children there may be.
    pub(crate) children_max: u32,
}

/// The settings of the monitor, with a `[[capacity]]` of the worker if its limits are known.
pub(crate) fn settings(template: &str, capacity: Option<&WorkerCapacity>) -> String {
    let mut text = template.to_owned();
    if let Some(capacity) = capacity {
        let WorkerCapacity {
            memory_mib,
            main_mib,
            child_mib,
            children_max,
        } = capacity;
        // Writing to a string never fails.
        let _ = write!(
            text,
            "
[[capacity]]
id = \"worker-memory\"
components = [\"worker\"]
memory = \"{memory_mib}MiB\"
main = \"{main_mib}MiB\"

[[capacity.pool]]
name = \"the children\"
children = {children_max}
child = \"{child_mib}MiB\"
"
        );
    }
    text
}
