//! When a job whose work failed is done again.

use std::time::Duration;

/// A job delivered more often than this is given up.
pub(crate) const DELIVERIES_MAX: u64 = 5;
/// The first pause is this part of the longest.
const FIRST_PART: u32 = 16;

/// Tells how long a job rests after so many deliveries; none when it is to be given up.
///
/// Each pause is twice as long as the one before, up to the time after which a job that lies
/// untouched is claimed: the queue itself keeps the job that long, and a full Redis, which takes
/// no new keys, can keep it, too.
pub(crate) fn pause(deliveries: u64, claim_after: Duration) -> Option<Duration> {
    if deliveries >= DELIVERIES_MAX {
        return None;
    }
    let doublings = u32::try_from(deliveries.saturating_sub(1)).unwrap_or(u32::MAX);
    let factor = 2_u32.saturating_pow(doublings);
    Some((claim_after / FIRST_PART * factor).min(claim_after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end_with_giving_up() {
        let after = Duration::from_secs(16);
        let pauses: Vec<_> = (1..=5).map(|count| pause(count, after)).collect();
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(
            pauses,
            [seconds(1), seconds(2), seconds(4), seconds(8), None]
        );
        assert_eq!(pause(u64::MAX, after), None);
    }
}
