//! Numbers in few bytes: what the blobs of the database are made of.
//!
//! Whole numbers go seven bits to a byte, the lowest first. A value's bits are
//! turned round before, so that the zeros at the end of a short one (`1`,
//! `0.5`, `86400`) cost nothing.

/// Bits that say nothing that a chart can show: 24 of 53 are left.
const UNSEEN: u64 = (1 << 29) - 1;

/// Beyond these a value has no fraction, and rounding would lose whole numbers.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Appends a whole number.
pub(crate) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low & 0x7f);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Appends a value, with every bit that it has.
pub(crate) fn put_value(bytes: &mut Vec<u8>, value: f64) {
    put(bytes, value.to_bits().swap_bytes());
}

/// Takes a whole number off the front.
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(first & 0x7f);
        let placed = part << shift;
        // What does not fit was not written by us.
        if placed >> shift != part {
            return None;
        }
        number |= placed;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Takes a value off the front.
pub(crate) fn take_value(bytes: &mut &[u8]) -> Option<f64> {
    take(bytes).map(|bits| f64::from_bits(bits.swap_bytes()))
}

/// The same value as far as a chart can show it: whole numbers stay as they
/// are, others keep 24 bits, an error of at most one in sixteen million.
pub(crate) fn rounded(value: f64) -> f64 {
    if !value.is_finite() || value.abs() >= WHOLE || value.fract() == 0.0 {
        return value;
    }
    let near = f64::from_bits((value.to_bits() + (UNSEEN >> 1)) & !UNSEEN);
    if near.is_finite() { near } else { value }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn short_values_are_short() {
        for (value, length) in [(0.0, 1), (1.0, 3), (0.5, 3), (86400.0, 3), (0.1, 10)] {
            let mut bytes = Vec::new();
            put_value(&mut bytes, value);
            assert_eq!(bytes.len(), length, "{value}");
        }
    }

    proptest! {
        #[test]
        fn what_is_put_is_taken(numbers in prop::collection::vec(any::<u64>(), 0..20)) {
            let mut bytes = Vec::new();
            for number in &numbers {
                put(&mut bytes, *number);
                put_value(&mut bytes, f64::from_bits(*number));
            }
            let mut rest = &*bytes;
            for number in &numbers {
                prop_assert_eq!(take(&mut rest), Some(*number));
                prop_assert_eq!(take_value(&mut rest).map(f64::to_bits), Some(*number));
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
            let mut rest = &*bytes;
            while take(&mut rest).is_some() {}
        }

        #[test]
        fn rounding_is_not_seen(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            let near = rounded(value);
            if value.is_normal() {
                prop_assert!(((near - value) / value).abs() <= 1.0 / 16_000_000.0);
            }
            prop_assert_eq!(rounded(near).to_bits(), near.to_bits());
        }
    }
}
