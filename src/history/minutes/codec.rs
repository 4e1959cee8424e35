//! Samples summed up to minutes, and the minutes of an hour as a blob. Pure.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::history::samples::packed::{put, put_value, rounded, take, take_value};

/// Minutes of an hour.
pub(crate) const HOUR: i64 = 60;

/// First byte of a blob: plain or deflated.
const PLAIN: u8 = 1;
const DEFLATED: u8 = 2;

/// More than any hour has: sixty minutes of five numbers of ten bytes.
const LARGEST: u64 = 4096;

/// Samples of a series summed up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MinuteSum {
    /// Number of samples.
    pub(crate) count: u64,
    /// Smallest value.
    pub(crate) min: f64,
    /// Largest value.
    pub(crate) max: f64,
    /// Last value.
    pub(crate) last: f64,
    /// Sum of the values.
    pub(crate) total: f64,
}

impl MinuteSum {
    /// Sums up a single sample.
    pub(crate) fn of(value: f64) -> Self {
        Self {
            count: 1,
            min: value,
            max: value,
            last: value,
            total: value,
        }
    }

    /// Merges later samples.
    pub(crate) fn add(&mut self, later: Self) {
        self.count = self.count.saturating_add(later.count);
        self.min = self.min.min(later.min);
        self.max = self.max.max(later.max);
        self.last = later.last;
        self.total += later.total;
    }

    /// Mean, clamped to the smallest and largest value.
    pub(crate) fn mean(&self) -> f64 {
        let count = u32::try_from(self.count).map_or(f64::INFINITY, f64::from);
        (self.total / count).clamp(self.min, self.max)
    }

    fn values(&self) -> [f64; 4] {
        [self.min, self.max, self.last, self.total]
    }
}

/// Minutes of one series within an hour, by their index.
pub(crate) type Hour = BTreeMap<u8, MinuteSum>;

/// Merges a partial minute into the minute that is stored.
pub(crate) fn merge(hour: &mut Hour, minute: u8, later: MinuteSum) {
    hour.entry(minute)
        .and_modify(|sum| sum.add(later))
        .or_insert(later);
}

/// Writes an hour: column by column, each value as its difference in bits to
/// the one above it, so that constant columns take almost no space.
pub(crate) fn pack(hour: &Hour) -> Vec<u8> {
    let mut bytes = vec![PLAIN];
    put(&mut bytes, u64::try_from(hour.len()).unwrap_or_default());
    let mut before = 0;
    for minute in hour.keys() {
        bytes.push(minute - before);
        before = *minute;
    }
    let mut before = 0;
    for sum in hour.values() {
        put(&mut bytes, sum.count ^ before);
        before = sum.count;
    }
    for column in 0..4 {
        let mut before = 0;
        for sum in hour.values() {
            let bits = rounded(sum.values()[column]).to_bits();
            put_value(&mut bytes, f64::from_bits(bits ^ before));
            before = bits;
        }
    }
    deflate(&bytes[1..])
        .filter(|short| short.len() < bytes.len())
        .unwrap_or(bytes)
}

/// Reads an hour; none if it was not written by us.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Hour> {
    let (form, rest) = bytes.split_first()?;
    let mut room = Vec::new();
    let mut rest = match *form {
        PLAIN => rest,
        DEFLATED => {
            let mut from = DeflateDecoder::new(rest).take(LARGEST);
            from.read_to_end(&mut room).ok()?;
            &room[..]
        }
        _ => return None,
    };
    let length = usize::try_from(take(&mut rest)?).ok()?;
    let (steps, mut rest) = rest.split_at_checked(length)?;
    let mut minutes = Vec::with_capacity(length);
    let mut minute = 0_u8;
    for step in steps {
        minute = minute.checked_add(*step)?;
        minutes.push(minute);
    }
    if i64::from(minute) >= HOUR {
        return None;
    }
    let mut counts = Vec::with_capacity(length);
    let mut before = 0;
    for _ in 0..length {
        before ^= take(&mut rest)?;
        counts.push(before);
    }
    let mut columns: [Vec<f64>; 4] = Default::default();
    for column in &mut columns {
        let mut before = 0;
        for _ in 0..length {
            before ^= take_value(&mut rest)?.to_bits();
            column.push(f64::from_bits(before));
        }
    }
    let [min, max, last, total] = columns;
    let sums = (0..length).map(|place| MinuteSum {
        count: counts[place],
        min: min[place],
        max: max[place],
        last: last[place],
        total: total[place],
    });
    // Values that are no numbers, or are out of order, would spoil every chart.
    let good = |sum: &MinuteSum| sum.count > 0 && sum.min <= sum.max && !sum.total.is_nan();
    minutes
        .into_iter()
        .zip(sums)
        .map(|(minute, sum)| good(&sum).then_some((minute, sum)))
        .collect()
}

fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(vec![DEFLATED], Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sum_of(values: &[f64]) -> MinuteSum {
        let mut sum = MinuteSum::of(values[0]);
        for value in &values[1..] {
            sum.add(MinuteSum::of(*value));
        }
        sum
    }

    #[test]
    fn an_hour_in_which_nothing_changes_takes_no_room() {
        let hour: Hour = (0..60).map(|minute| (minute, sum_of(&[3.5; 60]))).collect();
        assert!(pack(&hour).len() < 60, "{}", pack(&hour).len());
        assert_eq!(unpack(&pack(&hour)), Some(hour));
    }

    #[test]
    fn what_we_did_not_write_is_refused() {
        let hour: Hour = [(7, MinuteSum::of(1.0))].into();
        let bytes = pack(&hour);
        assert_eq!(unpack(&bytes), Some(hour));
        assert_eq!(unpack(&bytes[..bytes.len() - 1]), None);
        let other = [&[9], &bytes[1..]].concat();
        assert_eq!(unpack(&other), None);
        let late = pack(&[(60, MinuteSum::of(1.0))].into());
        assert_eq!(unpack(&late), None);
    }

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            (-1_000_000_i32..1_000_000).prop_map(f64::from),
            -1e12..1e12_f64,
            Just(0.0),
        ]
    }

    proptest! {
        #[test]
        fn a_sum_is_what_its_samples_are(
            values in prop::collection::vec(value(), 1..50),
            cut in any::<prop::sample::Index>(),
        ) {
            let whole = sum_of(&values);
            prop_assert_eq!(usize::try_from(whole.count), Ok(values.len()));
            prop_assert!(values.iter().all(|value| whole.min <= *value && *value <= whole.max));
            prop_assert!(values.contains(&whole.min) && values.contains(&whole.max));
            prop_assert_eq!(Some(&whole.last), values.last());
            prop_assert!(whole.min <= whole.mean() && whole.mean() <= whole.max);
            // A restart at any sample of the minute changes nothing.
            let cut = cut.index(values.len());
            if cut > 0 {
                let mut parts = sum_of(&values[..cut]);
                parts.add(sum_of(&values[cut..]));
                prop_assert_eq!((parts.count, parts.min, parts.max, parts.last),
                    (whole.count, whole.min, whole.max, whole.last));
                prop_assert!((parts.total - whole.total).abs() <= 1.0);
            }
        }

        #[test]
        fn what_is_packed_is_unpacked(
            minutes in prop::collection::btree_map(0..60_u8, prop::collection::vec(value(), 1..4), 0..60),
        ) {
            let hour: Hour = minutes.iter().map(|(minute, values)| (*minute, sum_of(values))).collect();
            let back = unpack(&pack(&hour)).unwrap();
            prop_assert_eq!(back.len(), hour.len());
            for (minute, sum) in &hour {
                let found = back[minute];
                prop_assert_eq!(found.count, sum.count);
                for (one, other) in found.values().into_iter().zip(sum.values()) {
                    prop_assert!((one - other).abs() <= other.abs() / 16_000_000.0, "{} {}", one, other);
                }
            }
            // What was read can be written again without losing more.
            prop_assert_eq!(unpack(&pack(&back)), Some(back));
        }

        #[test]
        fn no_blob_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack(&bytes);
        }
    }
}
