//! The dice of a formula thrown: faces, in the order in which the formula names its dice.

use std::ops::Range;

use rand::Rng;

use crate::dice::roll::reading::expression::RollExpression;
use crate::dice::roll::reading::pool::{DicePick, DicePool, ExplosionKind};
use crate::dice::roll::throw::die::Die;
use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::picking;

/// The most throws that rerolls and explosions add to a roll. A formula that is read expects at
/// most a hundred throws in all, so chance does not come near it.
pub(crate) const FURTHER_MAX: usize = 400;

/// What lies on the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThrownDice {
    /// All faces, those that were thrown again as dropped ones.
    pub(crate) faces: Vec<Face>,
    /// How many of them each pool and each constant has.
    pub(crate) terms: Vec<usize>,
}

/// Throws the dice of a formula; keeps and drops.
pub(crate) fn throw<R: Rng>(expression: &RollExpression, rng: &mut R) -> ThrownDice {
    let mut thrower = DiceThrower {
        rng,
        further: FURTHER_MAX,
        thrown: ThrownDice::default(),
    };
    thrower.throw(expression);
    thrower.thrown
}

struct DiceThrower<'a, R> {
    rng: &'a mut R,
    further: usize,
    thrown: ThrownDice,
}

impl<R: Rng> DiceThrower<'_, R> {
    fn throw(&mut self, expression: &RollExpression) {
        match expression {
            RollExpression::Dice(pool) => {
                let from = self.thrown.faces.len();
                (0..pool.count).for_each(|_| self.throw_die(pool));
                self.end_term(from);
                self.pick(from..self.thrown.faces.len(), &pool.picks);
            }
            RollExpression::Constant(value) => {
                let from = self.thrown.faces.len();
                self.put(Die::Constant(*value), *value, false);
                self.end_term(from);
            }
            RollExpression::Group(items, picks) => {
                let from = self.thrown.faces.len();
                for item in items {
                    self.throw(item);
                }
                self.pick(from..self.thrown.faces.len(), picks);
            }
            RollExpression::Sum(terms) => {
                for (_, term) in terms {
                    self.throw(term);
                }
            }
            RollExpression::Times(left, right) => {
                self.throw(left);
                if !matches!(**right, RollExpression::Constant(_)) {
                    self.throw(right);
                }
            }
            RollExpression::Divide(inner, _) | RollExpression::Round(_, inner) => self.throw(inner),
        }
    }

    /// Throws one die until it comes to rest.
    fn throw_die(&mut self, pool: &DicePool) {
        let kind = pool.explosion.map(|explosion| explosion.kind);
        let (mut sum, mut is_further) = (0, false);
        loop {
            let face = self.settled(pool);
            let goes_on = pool.explodes(face) && self.may_go_on();
            let is_less = is_further && kind == Some(ExplosionKind::Penetrating);
            let value = face - i64::from(is_less);
            sum += value;
            if kind != Some(ExplosionKind::Compound) {
                self.put(pool.die, value, false);
            } else if !goes_on {
                self.put(pool.die, sum, false);
            }
            if !goes_on {
                return;
            }
            is_further = true;
        }
    }

    /// Throws one die until its face is not thrown again.
    fn settled(&mut self, pool: &DicePool) -> i64 {
        let is_once = pool.reroll.is_some_and(|reroll| reroll.is_once);
        let mut face = pool.die.throw(self.rng);
        while pool.is_rerolled(face) && self.may_go_on() {
            self.put(pool.die, face, true);
            face = pool.die.throw(self.rng);
            if is_once {
                break;
            }
        }
        face
    }

    fn may_go_on(&mut self) -> bool {
        let may = self.further > 0;
        self.further -= usize::from(may);
        may
    }

    fn put(&mut self, die: Die, value: i64, is_dropped: bool) {
        self.thrown.faces.push(Face {
            die,
            value,
            is_dropped,
        });
    }

    fn end_term(&mut self, from: usize) {
        let count = self.thrown.faces.len() - from;
        self.thrown.terms.push(count);
    }

    fn pick(&mut self, range: Range<usize>, picks: &[DicePick]) {
        let picks = picks.iter().map(|pick| (pick.keeps, pick.pick));
        picking::pick(
            &mut self.thrown.faces,
            picks.map(|pick| (pick, range.clone().collect())),
        );
    }
}
