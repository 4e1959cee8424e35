//! Where the dice get their chance from: the operating system, or the seed of a drill.

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use ring::digest::{Context, SHA256};

/// The variable in which the parts of the service find the seed of a drill.
pub(crate) const SEED_VARIABLE: &str = "DICE_SEED";

/// Where the dice get their chance from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DiceChance {
    /// The operating system: nobody can tell the dice.
    #[default]
    System,
    /// A seed: whoever knows it can tell the dice. For drills.
    Drill(u64),
}

impl DiceChance {
    /// Takes the seed of a drill, if there is one.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        seed.map_or(Self::System, Self::Drill)
    }

    /// Makes the chance of one roll. In a drill it follows from the seed and the roll's name, so
    /// that it matters neither which process makes the roll, nor when.
    pub(crate) fn of(self, roll: &str) -> StdRng {
        match self {
            Self::System => StdRng::from_os_rng(),
            Self::Drill(seed) => {
                let mut hash = Context::new(&SHA256);
                hash.update(&seed.to_le_bytes());
                hash.update(roll.as_bytes());
                let mut own = [0; 32];
                own.copy_from_slice(hash.finish().as_ref());
                StdRng::from_seed(own)
            }
        }
    }
}
