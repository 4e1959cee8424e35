//! The judge: a record and a scenario in, a judgement out.

pub(crate) mod ending;
pub(crate) mod judgement;
pub(crate) mod merits;
pub(crate) mod minutes;
#[cfg(test)]
mod tests;

use crate::drill::judge::judgement::Judgement;
use crate::drill::record::DrillRecord;
use crate::drill::scenario::outage::Scenario;

/// Compares what was seen with what a scenario accepts.
pub(crate) fn judge(scenario: &Scenario, record: &DrillRecord) -> Judgement {
    let scenario = &scenario.under(record.policy);
    let (minutes, wrong) = minutes::judge(scenario, record);
    let mut faults = minutes;
    faults.extend(ending::judge(scenario, record));
    let (merits, missed) = merits::judge(scenario, record, &wrong);
    faults.extend(missed);
    faults.sort_by(|one, other| one.t.total_cmp(&other.t));
    Judgement {
        faults,
        wrong_minutes: wrong,
        merits,
    }
}
