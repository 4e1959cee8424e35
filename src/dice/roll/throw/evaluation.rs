//! What a formula comes to with the faces that lie on the table: exact, then rounded down.

use crate::dice::roll::reading::expression::RollExpression;
use crate::dice::roll::throw::face::Face;
use crate::dice::roll::throw::rounding::Rounding;

/// Adds up a formula; none if the faces are not those of its dice.
pub(crate) fn total(expression: &RollExpression, faces: &[Face], terms: &[usize]) -> Option<i64> {
    let mut table = FacesLeft { faces, terms };
    let result = table.value(expression)?;
    let is_all = table.faces.is_empty() && table.terms.is_empty();
    let total = result.rounded(Rounding::Down)?;
    is_all.then(|| i64::try_from(total).ok()).flatten()
}

/// A number over a positive one.
#[derive(Clone, Copy, Debug)]
struct RollFraction {
    over: i128,
    under: i128,
}

impl RollFraction {
    fn whole(over: i64) -> Self {
        Self {
            over: over.into(),
            under: 1,
        }
    }

    fn plus(self, other: Self) -> Option<Self> {
        let (left, right) = (
            self.over.checked_mul(other.under)?,
            other.over.checked_mul(self.under)?,
        );
        Some(Self {
            over: left.checked_add(right)?,
            under: self.under.checked_mul(other.under)?,
        })
    }

    fn times(self, other: Self) -> Option<Self> {
        Some(Self {
            over: self.over.checked_mul(other.over)?,
            under: self.under.checked_mul(other.under)?,
        })
    }

    fn rounded(self, round: Rounding) -> Option<i128> {
        let rest = self.over.checked_rem_euclid(self.under)?;
        let is_up = round.is_up(rest, self.under);
        let down = self.over.checked_div_euclid(self.under)?;
        down.checked_add(i128::from(is_up))
    }
}

/// The faces that no part of the formula has taken yet.
struct FacesLeft<'a> {
    faces: &'a [Face],
    terms: &'a [usize],
}

impl FacesLeft<'_> {
    fn value(&mut self, expression: &RollExpression) -> Option<RollFraction> {
        match expression {
            RollExpression::Dice(_) | RollExpression::Constant(_) => self.take_term(),
            RollExpression::Group(items, _) => self.sum(items.iter().map(|item| (false, item))),
            RollExpression::Sum(terms) => {
                self.sum(terms.iter().map(|(minus, term)| (*minus, term)))
            }
            RollExpression::Times(left, right) => {
                let left = self.value(left)?;
                let right = match **right {
                    RollExpression::Constant(factor) => RollFraction::whole(factor),
                    _ => self.value(right)?,
                };
                left.times(right)
            }
            RollExpression::Divide(inner, divisor) => {
                let inner = self.value(inner)?;
                let under = inner.under.checked_mul(i128::from(*divisor))?;
                Some(RollFraction { under, ..inner })
            }
            RollExpression::Round(round, inner) => {
                let over = self.value(inner)?.rounded(*round)?;
                Some(RollFraction { over, under: 1 })
            }
        }
    }

    /// Takes the faces of one pool or constant.
    fn take_term(&mut self) -> Option<RollFraction> {
        let (count, terms) = self.terms.split_first()?;
        let (mine, faces) = self.faces.split_at_checked(*count)?;
        (self.faces, self.terms) = (faces, terms);
        let counted = mine.iter().filter(|face| !face.is_dropped);
        let sum = counted.map(|face| face.die.worth(face.value));
        Some(RollFraction::whole(sum.sum()))
    }

    fn sum<'a>(
        &mut self,
        terms: impl Iterator<Item = (bool, &'a RollExpression)>,
    ) -> Option<RollFraction> {
        let mut sum = RollFraction::whole(0);
        for (minus, term) in terms {
            let mut value = self.value(term)?;
            if minus {
                value.over = -value.over;
            }
            sum = sum.plus(value)?;
        }
        Some(sum)
    }
}
