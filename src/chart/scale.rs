//! The axis of values: round numbers in the words of their unit.

use crate::model::text::unit::{Unit, without_zeros};

/// Larger values are drawn at the edge: they are a fault in themselves.
pub(crate) const LARGEST: f64 = 1e15;

/// Smaller differences are not drawn.
const SMALLEST: f64 = 1e-9;

/// Parts into which an axis is to be divided.
const PARTS: f64 = 4.0;

/// Maximum number of characters of a label.
const LONGEST: usize = 12;

/// Round lengths of time in seconds, from a second on.
const LENGTHS: [f64; 16] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
    21_600.0, 43_200.0,
];

/// A day in seconds.
const DAY: f64 = 86_400.0;

/// An axis from a round value to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    /// The value at its lower end.
    pub low: f64,
    /// The value at its upper end.
    pub high: f64,
    /// Round values between, both ends among them, with their labels.
    pub ticks: Vec<(f64, String)>,
}

impl Scale {
    /// An axis that covers the values, and zero unless all are below it.
    pub(crate) fn of(unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let (low, high) = finite.fold((0.0_f64, 0.0_f64), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let (low, high) = (low.max(-LARGEST), high.min(LARGEST));
        let range = high - low;
        let step = step(unit, if range < SMALLEST { 1.0 } else { range / PARTS });
        let first = (low / step).floor();
        let last = (high / step).ceil().max(first + 1.0);
        let mut ticks = Vec::new();
        let mut number = first;
        while number <= last {
            let value = number * step;
            ticks.push((value, label(unit, value, step)));
            number += 1.0;
        }
        Self {
            low: first * step,
            high: last * step,
            ticks,
        }
    }

    /// Where a value stands, from 0 below to 1 above.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let place = (value.clamp(-LARGEST, LARGEST) - self.low) / (self.high - self.low);
        place.clamp(0.0, 1.0)
    }
}

/// The round number next above a distance.
fn step(unit: Unit, least: f64) -> f64 {
    match unit {
        Unit::Bytes => {
            let mut step = 1.0;
            while step < least {
                step *= 2.0;
            }
            step
        }
        Unit::Seconds if least > 1.0 && least <= DAY => {
            let found = LENGTHS.into_iter().find(|length| *length >= least);
            found.unwrap_or(DAY)
        }
        Unit::Seconds if least > DAY => decimal(least / DAY) * DAY,
        Unit::Seconds | Unit::Percent | Unit::Count | Unit::PerSecond => decimal(least),
    }
}

/// 1, 2 or 5 times a power of ten.
fn decimal(least: f64) -> f64 {
    let mut base = 1.0;
    while base < least {
        base *= 10.0;
    }
    while base / 10.0 >= least {
        base /= 10.0;
    }
    // It lies between a tenth of the base and the base.
    [base / 5.0, base / 2.0]
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or(base)
}

/// A round value in the words of its unit, as short as it can be.
fn label(unit: Unit, value: f64, step: f64) -> String {
    let text = match unit {
        Unit::Bytes if value == 0.0 => "0".to_owned(),
        Unit::Bytes => unit.say(tidy(value)),
        Unit::Seconds => whole(&unit.say(tidy(value))).to_owned(),
        Unit::Percent => format!("{} %", digits(value * 100.0, step * 100.0)),
        Unit::PerSecond => format!("{}/s", digits(value, step)),
        Unit::Count => digits(value, step),
    };
    if text.chars().count() > LONGEST {
        let short: String = text.chars().take(LONGEST - 1).collect();
        return format!("{}…", short.trim_end());
    }
    text
}

/// A duration without a second unit that would be zero.
fn whole(text: &str) -> &str {
    let round = [" 0 h", " 0 min", " 0 s"];
    let found = round.iter().find_map(|ending| text.strip_suffix(ending));
    found.unwrap_or(text)
}

/// The same value without floating-point noise.
fn tidy(value: f64) -> f64 {
    if value.abs() < 1000.0 {
        (value * 1e6).round() / 1e6
    } else {
        value
    }
}

/// A number with as many decimals as the distance to the next one needs, and
/// thousands by letters.
fn digits(value: f64, step: f64) -> String {
    for (size, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] {
        if value.abs() >= size * 10.0 || (value.abs() >= size && step >= size / 10.0) {
            return format!("{}{letter}", without_zeros(&format!("{:.2}", value / size)));
        }
    }
    let mut decimals = 0;
    let mut unit = 1.0;
    while unit > step * 1.000_001 && decimals < 9 {
        unit /= 10.0;
        decimals += 1;
    }
    let text = format!("{value:.decimals$}");
    match without_zeros(&text) {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ticks_are_round_in_their_unit() {
        const MIB: f64 = 1_048_576.0;
        for (unit, values, expected) in [
            (Unit::Count, vec![0.0, 87.0], "0 50 100"),
            (Unit::Count, vec![1.3], "0 0.5 1 1.5"),
            (Unit::Count, vec![], "0 1"),
            (Unit::Count, vec![-3.0, 4.0], "-4 -2 0 2 4"),
            (Unit::Count, vec![48_000.0], "0 20k 40k 60k"),
            (Unit::Count, vec![1_900.0], "0 500 1k 1.5k 2k"),
            (Unit::Percent, vec![0.93], "0 % 50 % 100 %"),
            (Unit::Percent, vec![0.05], "0 % 2 % 4 % 6 %"),
            (
                Unit::Bytes,
                vec![100.0 * MIB],
                "0 32 MiB 64 MiB 96 MiB 128 MiB",
            ),
            (Unit::Seconds, vec![0.35], "0 s 100 ms 200 ms 300 ms 400 ms"),
            (Unit::Seconds, vec![41.0], "0 s 15 s 30 s 45 s"),
            (Unit::Seconds, vec![7200.0], "0 s 30 min 1 h 1 h 30 min 2 h"),
            (Unit::PerSecond, vec![12.0], "0/s 5/s 10/s 15/s"),
            (Unit::Count, vec![f64::NAN, f64::INFINITY, 3.0], "0 1 2 3"),
        ] {
            let scale = Scale::of(unit, values.clone());
            let labels: Vec<_> = scale.ticks.into_iter().map(|(_, label)| label).collect();
            assert_eq!(labels.join(" "), expected, "{unit:?} {values:?}");
        }
    }

    proptest! {
        #[test]
        fn any_values_lie_on_their_axis(
            values in prop::collection::vec(any::<f64>(), 0..6),
            unit in 0..5_usize,
        ) {
            let units =
                [Unit::Seconds, Unit::Bytes, Unit::Percent, Unit::Count, Unit::PerSecond];
            let scale = Scale::of(units[unit], values.clone());
            prop_assert!(scale.low < scale.high);
            prop_assert!((2..=12).contains(&scale.ticks.len()), "{:?}", scale);
            for value in values.into_iter().filter(|value| !value.is_nan()) {
                let place = scale.place(value);
                prop_assert!((0.0..=1.0).contains(&place), "{} {}", value, place);
                let small = value.abs() < LARGEST;
                let dust = (scale.high - scale.low) * 1e-9;
                let within = scale.low - dust <= value && value <= scale.high + dust;
                prop_assert!(!small || within);
            }
            for (_, label) in &scale.ticks {
                prop_assert!(label.chars().count() <= LONGEST);
            }
        }
    }
}
