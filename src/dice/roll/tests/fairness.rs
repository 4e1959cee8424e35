//! Every face of every die comes as often as the others.

use rand::rngs::StdRng;
use rand::{RngCore as _, SeedableRng as _};

use crate::dice::roll::throw::chance::DiceChance;
use crate::dice::roll::throw::die::Die;

/// So often a face is to be expected.
const PER_FACE: usize = 200;

fn dice() -> impl Iterator<Item = Die> {
    let sided = [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 30, 100, 1000];
    let others = [Die::Tens, Die::Fate];
    sided.into_iter().map(Die::Sided).chain(others)
}

/// Pearson's sum for so many throws, and its degrees of freedom.
fn chi_square(die: Die, throws: usize, mut throw: impl FnMut() -> i64) -> (f64, f64) {
    let (low, high) = die.faces().into_inner();
    let mut counts = vec![0_u32; usize::try_from(high - low + 1).unwrap()];
    for _ in 0..throws {
        let face = throw();
        counts[usize::try_from(face - low).unwrap()] += 1;
    }
    let faces = u32::try_from(counts.len()).unwrap();
    let expected = f64::from(u32::try_from(throws).unwrap()) / f64::from(faces);
    let sum = counts.iter().map(|count| {
        let off = f64::from(*count) - expected;
        off * off / expected
    });
    (sum.sum(), f64::from(faces - 1))
}

/// Above this the sum lies with a chance below e^-x (Laurent and Massart, 2000).
fn limit(freedom: f64, x: f64) -> f64 {
    freedom + 2.0 * (freedom * x).sqrt() + 2.0 * x
}

fn throws(die: Die) -> usize {
    (die.faces().count() * PER_FACE).max(20_000)
}

#[test]
fn the_mapping_from_random_bits_to_faces_is_even() {
    let mut rng = StdRng::seed_from_u64(20_230_119);
    for die in dice() {
        let (sum, freedom) = chi_square(die, throws(die), || die.throw(&mut rng));
        // The seed is fixed: this one is neither uneven nor suspiciously even.
        assert!(sum < limit(freedom, 5.0), "{die}: {sum} with {freedom}");
        assert!(
            freedom < 5.0 || sum > freedom / 20.0,
            "{die}: {sum} with {freedom}"
        );
    }
}

#[test]
fn the_dice_of_the_operating_system_are_even() {
    for die in dice() {
        let mut rng = DiceChance::System.of("");
        let (sum, freedom) = chi_square(die, throws(die), || die.throw(&mut rng));
        // A fair die fails here once in 10^26 runs.
        assert!(sum < limit(freedom, 60.0), "{die}: {sum} with {freedom}");
    }
}

#[test]
fn an_uneven_mapping_is_found() {
    let mut rng = StdRng::seed_from_u64(20_230_119);
    let die = Die::Sided(100);
    let mut byte = [0];
    let modulo = || {
        rng.fill_bytes(&mut byte);
        i64::from(byte[0] % 100) + 1
    };
    let (sum, freedom) = chi_square(die, throws(die), modulo);
    assert!(sum > limit(freedom, 60.0), "{sum} with {freedom}");
}

#[test]
fn the_dice_of_a_drill_follow_from_its_seed_and_the_rolls_name() {
    let faces = |seed: u64, name: &str| {
        let mut rng = DiceChance::Drill(seed).of(name);
        [(); 20].map(|()| Die::Sided(20).throw(&mut rng))
    };
    assert_eq!(faces(7, "load-1"), faces(7, "load-1"));
    assert_ne!(faces(7, "load-1"), faces(7, "load-2"));
    assert_ne!(faces(7, "load-1"), faces(8, "load-1"));
    let two = [(), ()].map(|()| {
        let mut rng = DiceChance::System.of("load-1");
        [(); 20].map(|()| Die::Sided(1000).throw(&mut rng))
    });
    assert_ne!(two[0], two[1]);
}
