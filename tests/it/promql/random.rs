//! Random expressions, all well typed, that Prometheus and we must answer alike.
//!
//! `CRITWATCH_EXPRESSIONS` says how many (1,000 if it does not), and
//! `CRITWATCH_SEED` where to begin; a fault tells its own.

use std::fmt::Write as _;

use futures_util::StreamExt as _;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::promql::grammar::Random;
use crate::promql::series::series;
use crate::promql::world::{
    Answer, Answers, Prometheus, SAMPLE_SHIFT_MS, alike, alike_over, instant, range,
    refuses_many_to_one, window,
};

/// Faults that are told; all are counted.
const TOLD: usize = 20;

/// Expressions that are asked for at the same time.
const AT_ONCE: usize = 8;

#[derive(Debug, Default)]
struct Tally {
    values: usize,
    nothing: usize,
    errors: usize,
    different: usize,
    told: String,
}

#[tokio::test]
async fn random_expressions_are_answered_as_prometheus_answers_them() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
    };
    let (count, seed) = (
        number("CRITWATCH_EXPRESSIONS", 1000),
        number("CRITWATCH_SEED", 1),
    );
    let series = series();
    let Some(prometheus) = Prometheus::start(&series).await else {
        return;
    };
    let window = window(&series, SAMPLE_SHIFT_MS);
    let (prometheus, window) = (&prometheus, &window);
    let mut tally = Tally::default();
    let mut compared = futures_util::stream::iter(seed..seed + count)
        .map(async |seed| {
            let mut random = Random(StdRng::seed_from_u64(seed));
            let expression = random.any();
            // Never on an edge: samples end in 13 ms, steps of subqueries in none.
            let at = random.0.random_range(300..900) * 1000 + 37;
            let span = (at - 120_000, at, random.0.random_range(20..60) * 1000);
            let ours = instant(&expression, window, at);
            let theirs = prometheus.instant(&expression, at).await;
            // The moment by itself is a range of one step.
            let stricter = |span| refuses_many_to_one(&expression, window, span);
            let theirs = theirs.filter(|_| !stricter((at, at, 1000)));
            let answers = prometheus.range(&expression, span).await;
            let over = (
                range(&expression, window, span),
                answers.filter(|_| !stricter(span)),
            );
            (seed, expression, at, (ours, theirs), over)
        })
        .buffer_unordered(AT_ONCE);
    while let Some((seed, expression, at, here, over)) = compared.next().await {
        tally.note(seed, &expression, at, &here, &over);
    }
    let Tally {
        values,
        nothing,
        errors,
        different,
        told,
    } = tally;
    eprintln!("{count} expressions: {values} have values, {nothing} have none, {errors} errors");
    assert!(
        different == 0,
        "{different} of {count} are different\n{told}"
    );
    assert!(
        values * 2 > nothing + errors,
        "most expressions must have values"
    );
}

impl Tally {
    fn note(
        &mut self,
        seed: u64,
        expression: &str,
        at: i64,
        (ours, theirs): &(Answer, Answer),
        (ours_over, theirs_over): &(Answers, Answers),
    ) {
        match theirs {
            None => self.errors += 1,
            Some(values) if values.is_empty() => self.nothing += 1,
            Some(_) => self.values += 1,
        }
        let (here, over) = (alike(ours, theirs), alike_over(ours_over, theirs_over));
        if here && over {
            return;
        }
        self.different += 1;
        if self.different > TOLD {
            return;
        }
        let told = &mut self.told;
        writeln!(told, "seed {seed}: {expression} at {at}").unwrap();
        if here {
            writeln!(told, "  ours   {ours_over:?}\n  theirs {theirs_over:?}").unwrap();
        } else {
            writeln!(told, "  ours   {ours:?}\n  theirs {theirs:?}").unwrap();
        }
    }
}
