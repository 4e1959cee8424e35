//! Equal dice thrown together, and what is done to them: thrown again, exploded, kept, dropped.

use std::fmt;

use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::operator::Pick;

/// Of so many faces, at least one has to end the throwing: what is rarer may go on too long.
const FACES_PER_END: usize = 10;

/// Dice of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DicePool {
    /// How many.
    pub(crate) count: usize,
    /// Which.
    pub(crate) die: Die,
    /// Which faces are thrown again.
    pub(crate) reroll: Option<Reroll>,
    /// Which faces bring a further throw.
    pub(crate) explosion: Option<Explosion>,
    /// What is kept or dropped.
    pub(crate) picks: Vec<DicePick>,
}

/// Faces that are thrown again; the ones before are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reroll {
    /// Which faces.
    pub(crate) test: FaceTest,
    /// Once (`ro`), or until the face is another (`r`).
    pub(crate) is_once: bool,
}

/// Faces that bring a further throw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Explosion {
    /// Which faces.
    pub(crate) test: FaceTest,
    /// What becomes of the further throws.
    pub(crate) kind: ExplosionKind,
}

/// What becomes of the throws that an explosion brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExplosionKind {
    /// `!`: each is a die of its own.
    Further,
    /// `!!`: all are added up to one die.
    Compound,
    /// `!p`: each is a die of its own that counts one less.
    Penetrating,
}

/// A question to a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FaceTest {
    /// How it is compared.
    pub(crate) relation: FaceRelation,
    /// With what.
    pub(crate) face: i64,
}

/// How a face is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaceRelation {
    /// `5` or `=5`.
    Equal,
    /// `<5`.
    Less,
    /// `<=5`.
    AtMost,
    /// `>5`.
    More,
    /// `>=5`.
    AtLeast,
}

/// Keeps or drops some dice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DicePick {
    /// Whether these are kept, and all others dropped.
    pub(crate) keeps: bool,
    /// Which.
    pub(crate) pick: Pick,
}

impl DicePool {
    /// Makes a pool of dice that are thrown and count.
    pub(crate) fn plain(count: usize, die: Die) -> Self {
        Self {
            count,
            die,
            reroll: None,
            explosion: None,
            picks: Vec::new(),
        }
    }

    /// Tells whether each die is thrown once.
    pub(crate) fn is_thrown_once(&self) -> bool {
        self.reroll.is_none() && self.explosion.is_none()
    }

    /// Tells whether a face is thrown again.
    pub(crate) fn is_rerolled(&self, face: i64) -> bool {
        self.reroll.is_some_and(|reroll| reroll.test.holds(face))
    }

    /// Tells whether a face brings a further throw.
    pub(crate) fn explodes(&self, face: i64) -> bool {
        let explosion = self.explosion;
        explosion.is_some_and(|explosion| explosion.test.holds(face))
    }

    /// Counts the throws that are to be expected, rounded up; none if they hardly ever end.
    pub(crate) fn throws(&self) -> Option<usize> {
        let count = |is_meant: &dyn Fn(i64) -> bool| {
            let faces = self.die.faces();
            faces.filter(|face| is_meant(*face)).count()
        };
        let is_once = self.reroll.is_some_and(|reroll| reroll.is_once);
        let all = count(&|_| true);
        let again = count(&|face| self.is_rerolled(face));
        let on = count(&|face| self.explodes(face) && (is_once || !self.is_rerolled(face)));
        // Each throw is followed by a further one with a fixed chance, so the mean of their
        // number is one by the chance that none follows.
        let (throws, ends) = if is_once {
            (all + again, all - on)
        } else {
            (all, all - again - on)
        };
        let is_likely = ends * FACES_PER_END >= all;
        is_likely.then(|| (self.count * throws).div_ceil(ends))
    }
}

impl FaceTest {
    /// Asks for one face.
    pub(crate) fn equal(face: i64) -> Self {
        Self {
            relation: FaceRelation::Equal,
            face,
        }
    }

    fn holds(self, face: i64) -> bool {
        match self.relation {
            FaceRelation::Equal => face == self.face,
            FaceRelation::Less => face < self.face,
            FaceRelation::AtMost => face <= self.face,
            FaceRelation::More => face > self.face,
            FaceRelation::AtLeast => face >= self.face,
        }
    }

    /// Writes the test, or nothing where it asks for the usual face.
    fn write(self, usual: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.relation {
            FaceRelation::Equal if self.face == usual => return Ok(()),
            FaceRelation::Equal => "",
            FaceRelation::Less => "<",
            FaceRelation::AtMost => "<=",
            FaceRelation::More => ">",
            FaceRelation::AtLeast => ">=",
        };
        write!(f, "{sign}{}", self.face)
    }
}

impl fmt::Display for DicePool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lowest, highest) = self.die.faces().into_inner();
        write!(f, "{}{}", self.count, self.die)?;
        if let Some(Reroll { test, is_once }) = self.reroll {
            f.write_str(if is_once { "ro" } else { "r" })?;
            test.write(lowest, f)?;
        }
        if let Some(Explosion { test, kind }) = self.explosion {
            f.write_str(match kind {
                ExplosionKind::Further => "!",
                ExplosionKind::Compound => "!!",
                ExplosionKind::Penetrating => "!p",
            })?;
            test.write(highest, f)?;
        }
        self.picks.iter().try_for_each(|pick| pick.fmt(f))
    }
}

impl fmt::Display for DicePick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.keeps { "k" } else { "d" }, self.pick)
    }
}
