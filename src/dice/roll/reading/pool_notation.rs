//! The notation of a pool: `4d6r1!kh3`.

use crate::dice::roll::reading::expression::NotationError;
use crate::dice::roll::reading::pool::{
    DicePick, DicePool, Explosion, ExplosionKind, FaceRelation, FaceTest, Reroll,
};
use crate::dice::roll::reading::text_reader::TextReader;
use crate::dice::roll::roller::DICE_MAX;
use crate::dice::roll::throw::die::{Die, SIDES_MAX};
use crate::dice::roll::throw::operator::Pick;

/// Reads dice whose number was read before, and what is done to them.
pub(crate) fn pool(reader: &mut TextReader, count: usize) -> Result<DicePool, NotationError> {
    reader.must("d")?;
    let mut pool = DicePool::plain(count, die(reader)?);
    let (lowest, highest) = pool.die.faces().into_inner();
    loop {
        if pool.reroll.is_none() && reader.take("r") {
            let is_once = reader.take("o");
            let test = test(reader, lowest)?;
            pool.reroll = Some(Reroll { test, is_once });
        } else if pool.explosion.is_none() && pool.die != Die::Tens && reader.take("!") {
            let kind = if reader.take("!") {
                ExplosionKind::Compound
            } else if reader.take("p") {
                ExplosionKind::Penetrating
            } else {
                ExplosionKind::Further
            };
            let test = test(reader, highest)?;
            pool.explosion = Some(Explosion { test, kind });
        } else if !pick(reader, &mut pool.picks, count)? {
            return Ok(pool);
        }
    }
}

/// Reads what is kept or dropped of so many dice.
pub(crate) fn picks(reader: &mut TextReader, dice: usize) -> Result<Vec<DicePick>, NotationError> {
    let mut picks = Vec::new();
    while pick(reader, &mut picks, dice)? {}
    Ok(picks)
}

/// Reads a die after its `d`.
fn die(reader: &mut TextReader) -> Result<Die, NotationError> {
    if reader.take("f") {
        Ok(Die::Fate)
    } else if reader.take("%") {
        Ok(Die::Sided(100))
    } else if reader.take("10x") {
        Ok(Die::Tens)
    } else if reader.has_digit() {
        let sides = reader.number(2, i64::from(SIDES_MAX))?;
        Ok(Die::Sided(u16::try_from(sides).unwrap_or(SIDES_MAX)))
    } else {
        Err(reader.expected("the sides of a die"))
    }
}

/// Reads which faces are meant; without a word, the usual one.
fn test(reader: &mut TextReader, usual: i64) -> Result<FaceTest, NotationError> {
    let relation = [
        ("<=", FaceRelation::AtMost),
        ("<", FaceRelation::Less),
        (">=", FaceRelation::AtLeast),
        (">", FaceRelation::More),
        ("=", FaceRelation::Equal),
    ]
    .into_iter()
    .find_map(|(sign, relation)| reader.take(sign).then_some(relation));
    if relation.is_none() && !reader.has_digit() {
        return Ok(FaceTest::equal(usual));
    }
    Ok(FaceTest {
        relation: relation.unwrap_or(FaceRelation::Equal),
        face: reader.number(0, i64::from(SIDES_MAX))?,
    })
}

/// Reads one more of what is kept or dropped, and tells whether there was one.
fn pick(
    reader: &mut TextReader,
    picks: &mut Vec<DicePick>,
    dice: usize,
) -> Result<bool, NotationError> {
    let at = reader.place();
    let (keeps, high) = if reader.take("kh") {
        (true, true)
    } else if reader.take("kl") {
        (true, false)
    } else if reader.take("dh") {
        (false, true)
    } else if reader.take("dl") {
        (false, false)
    } else if reader.take("k") {
        (true, true)
    } else if reader.take("d") {
        if !reader.has_digit() {
            return Err(reader.expected("how many dice are dropped"));
        }
        (false, false)
    } else {
        return Ok(false);
    };
    let most = i64::try_from(dice).unwrap_or(i64::MAX);
    let count = if reader.has_digit() {
        reader.number(1, most)?
    } else {
        1
    };
    let count = usize::try_from(count).unwrap_or(DICE_MAX);
    let is_known = |known: &DicePick| known.keeps == keeps && known.pick.high == high;
    if picks.iter().any(is_known) {
        let wanted = "what was not kept or dropped before";
        return Err(NotationError::Expected { wanted, at });
    }
    let pick = Pick { high, count };
    picks.push(DicePick { keeps, pick });
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throws(text: &str) -> Option<usize> {
        let mut reader = TextReader::new(text);
        let count = reader.number(1, 9).unwrap();
        pool(&mut reader, usize::try_from(count).unwrap())
            .unwrap()
            .throws()
    }

    #[test]
    fn the_throws_of_a_pool_are_those_to_be_expected() {
        assert_eq!(throws("3d6"), Some(3));
        // Each d2 that shows a 2 is followed by another: two throws a die.
        assert_eq!(throws("5d2!"), Some(10));
        assert_eq!(throws("5d6r<4"), Some(10));
        assert_eq!(throws("6d6ro1"), Some(7));
        assert_eq!(throws("4d4r1!"), Some(8));
        assert_eq!(throws("1d10!>1"), Some(10));
        assert_eq!(throws("1d20!>1"), None);
        assert_eq!(throws("1d6!>0"), None);
        assert_eq!(throws("1d6r<4!>3"), None);
    }
}
