//! How much memory a worker may take at worst, against what its machine has.
//!
//! The sum needs no metric: a `[[capacity]]` becomes a rule of numbers only.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::evaluate::rules::settings::RuleSettings;
use crate::evaluate::text::bytes::ByteSize;
use crate::evaluate::text::format::NumberFormat;
use crate::model::component::{ComponentId, Severity};
use crate::model::verdict::{Publish, RuleId};

/// A main process with more than so many times a child's limit may be mixed up.
const SUSPECT_MAIN: u64 = 3;

/// Processes of one kind and the memory limit of each.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pool {
    /// Their name.
    #[serde(default = "children")]
    pub(crate) name: String,
    /// Maximum number at a time.
    pub(crate) children: u32,
    /// The memory limit of each.
    pub(crate) child: ByteSize,
    /// The memory of the process that supervises them.
    #[serde(default)]
    pub(crate) own: ByteSize,
}

/// A `[[capacity]]` table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Capacity {
    /// The name of its rule.
    pub(crate) id: RuleId,
    /// The ids of the affected components.
    pub(crate) components: Vec<ComponentId>,
    /// The memory of the machine.
    pub(crate) memory: ByteSize,
    /// The share that should stay free, in percent.
    #[serde(default = "reserve")]
    pub(crate) reserve: u8,
    /// The memory limit of the main process.
    #[serde(default)]
    pub(crate) main: ByteSize,
    /// The memory of all other programs on the machine.
    #[serde(default)]
    pub(crate) other: ByteSize,
    /// The pools of worker processes.
    #[serde(default, rename = "pool")]
    pub(crate) pools: Vec<Pool>,
    /// The severity.
    #[serde(default = "severity")]
    pub(crate) severity: Severity,
    /// What its rule may do without a person.
    #[serde(default = "publish")]
    pub(crate) publish: Publish,
    /// The title of its incident, if it may open one.
    #[serde(default = "title")]
    pub(crate) title: String,
}

/// What is to be said of a capacity; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strain {
    /// More than there is.
    Over,
    /// More than what should be used.
    Reserve,
    /// The main process may take much more than a child.
    Inverted,
}

impl Capacity {
    /// What all together may take at worst.
    pub(crate) fn worst(&self) -> ByteSize {
        let pools = self.pools.iter().map(|pool| {
            let children = u64::from(pool.children).saturating_mul(pool.child.0);
            children.saturating_add(pool.own.0)
        });
        let sum = pools.fold(
            self.main.0.saturating_add(self.other.0),
            u64::saturating_add,
        );
        ByteSize(sum.min(1 << 52))
    }

    /// What may be used if the reserve is to stay free.
    pub(crate) fn usable(&self) -> ByteSize {
        let free = u64::from(100_u8.saturating_sub(self.reserve));
        ByteSize(self.memory.0 / 100 * free + self.memory.0 % 100 * free / 100)
    }

    /// All that is to be said of it, each with the way out.
    pub(crate) fn strains(&self) -> Vec<(Strain, String)> {
        let (worst, usable) = (self.worst(), self.usable());
        let mut found = Vec::new();
        let sum = format!(
            "all processes together may take {} of {} ({})",
            worst.mib(),
            self.memory.mib(),
            NumberFormat::Percent.say(self.share()),
        );
        let strain = if worst > self.memory {
            Some(Strain::Over)
        } else {
            (worst > usable).then_some(Strain::Reserve)
        };
        if let Some(strain) = strain {
            let reserve = match self.reserve {
                0 => String::new(),
                reserve => format!(", and {reserve} % should stay free"),
            };
            found.push((strain, format!("{sum}{reserve}; {}", self.way_out())));
        }
        let inverted = |pool: &&Pool| self.main.0 > pool.child.0.saturating_mul(SUSPECT_MAIN);
        if let Some(pool) = self.pools.iter().find(inverted) {
            let message = format!(
                "the main process may take {} and one of {} only {}: the main process watches, \
                they work; are the two mixed up?",
                self.main.mib(),
                pool.name,
                pool.child.mib(),
            );
            found.push((Strain::Inverted, message));
        }
        found
    }

    /// Its rule: numbers only, so that it always has an answer.
    pub(crate) fn rule(&self) -> RuleSettings {
        RuleSettings {
            id: self.id.clone(),
            expr: format!("vector({}) > {}", self.worst().0, self.memory.0),
            alert: None,
            hold: Duration::ZERO,
            keep_firing_for: Duration::ZERO,
            severity: self.severity,
            components: self.components.clone(),
            title: self.title.clone(),
            text: format!(
                "Together, all processes can use up to {} of memory. The machine has {}.",
                self.worst().mib(),
                self.memory.mib(),
            ),
            publish: self.publish,
            clear: None,
            source: None,
        }
    }

    fn share(&self) -> f64 {
        self.worst().float() / self.memory.float()
    }

    /// How many children would fit, or how large the machine should be.
    fn way_out(&self) -> String {
        let (worst, usable) = (self.worst().0, self.usable().0);
        let free = u64::from(100_u8.saturating_sub(self.reserve)).max(1);
        let larger =
            ByteSize(u64::try_from(u128::from(worst) * 100 / u128::from(free)).unwrap_or(worst));
        let machine = format!("a machine with {} would do", larger.mib());
        let Some(pool) = self
            .pools
            .iter()
            .max_by_key(|pool| u64::from(pool.children).saturating_mul(pool.child.0))
        else {
            return machine;
        };
        let others = worst
            - u64::from(pool.children)
                .saturating_mul(pool.child.0)
                .min(worst);
        let fit = |others| {
            let rest = usable.saturating_sub(others);
            rest.checked_div(pool.child.0).unwrap_or(0)
        };
        let name = &pool.name;
        // The main process watches; it needs no more than one of those that work.
        let smaller = others - self.main.0.saturating_sub(pool.child.0).min(others);
        match (fit(others), fit(smaller)) {
            (0, 0) => format!("none of {name} fits beside the rest; {machine}"),
            (0, more) => format!(
                "none of {name} fits beside the rest, {more} would if the main process took {}; \
                {machine}",
                pool.child.mib()
            ),
            (fit, _) => format!("{fit} of {name} fit, or {machine}"),
        }
    }
}

fn children() -> String {
    "the children".to_owned()
}

fn reserve() -> u8 {
    20
}

fn severity() -> Severity {
    Severity::Notice
}

fn publish() -> Publish {
    Publish::Hold
}

fn title() -> String {
    "Memory may run out".to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::evaluate::promql::Expression;
    use crate::evaluate::window::Window;
    use crate::evaluate::window::limits::WindowLimits;

    fn capacity(main: u64, children: u32, child: u64, own: u64) -> Capacity {
        let mib = |mib| ByteSize(mib << 20);
        Capacity {
            id: RuleId("capacity".into()),
            components: vec![ComponentId("worker".into())],
            memory: mib(2048),
            reserve: 20,
            main: mib(main),
            other: ByteSize(0),
            pools: vec![Pool {
                name: "the children".into(),
                children,
                child: mib(child),
                own: mib(own),
            }],
            severity: Severity::Notice,
            publish: Publish::Internal,
            title: title(),
        }
    }

    fn strains(capacity: &Capacity) -> Vec<Strain> {
        capacity
            .strains()
            .into_iter()
            .map(|found| found.0)
            .collect()
    }

    /// Whether its rule fires, evaluated as any other.
    fn fires(capacity: &Capacity) -> bool {
        let limits = WindowLimits {
            age: Duration::from_mins(1),
            series: 1,
            samples: 1,
            total: 4_000_000,
        };
        let expression = Expression::parse(&capacity.rule().expr).unwrap();
        let at = jiff::Timestamp::from_second(1000).unwrap();
        let window = Window::new(limits);
        assert!(expression.look(&window, at).data);
        let mut rule = crate::evaluate::rules::rule::Rule::new(capacity.rule(), expression);
        rule.judge(&window, at).state.is_firing()
    }

    #[test]
    fn the_sums_of_the_cache_outage_are_those_of_its_report() {
        for (main, children, child, own, mib, fits, found) in [
            (
                1536,
                10,
                256,
                0,
                4096,
                false,
                &[Strain::Over, Strain::Inverted][..],
            ),
            (
                1536,
                10,
                256,
                256,
                4352,
                false,
                &[Strain::Over, Strain::Inverted],
            ),
            (
                1536,
                2,
                256,
                0,
                2048,
                true,
                &[Strain::Reserve, Strain::Inverted],
            ),
            (128, 3, 503, 0, 1637, true, &[]),
            (128, 3, 504, 0, 1640, true, &[Strain::Reserve]),
            (256, 3, 460, 0, 1636, true, &[]),
        ] {
            let capacity = capacity(main, children, child, own);
            assert_eq!(capacity.worst(), ByteSize(mib << 20));
            assert_eq!(fires(&capacity), !fits, "{mib}");
            assert_eq!(strains(&capacity), found, "{mib}");
        }
    }

    #[test]
    fn what_is_said_names_the_way_out() {
        let message = |capacity: Capacity| capacity.strains().remove(0).1;
        assert_eq!(
            message(capacity(1536, 10, 256, 0)),
            "all processes together may take 4096 MiB of 2048 MiB (200 %), and 20 % should \
            stay free; none of the children fits beside the rest, 5 would if the main process \
            took 256 MiB; a machine with 5120 MiB would do",
        );
        assert_eq!(
            message(capacity(128, 4, 480, 0)),
            "all processes together may take 2048 MiB of 2048 MiB (100 %), and 20 % should stay \
            free; 3 of the children fit, or a machine with 2560 MiB would do",
        );
        // What is said to fit does fit, and one more does not.
        assert_eq!(strains(&capacity(256, 5, 256, 0)), []);
        assert_eq!(strains(&capacity(256, 6, 256, 0)), [Strain::Reserve]);
        let rule = capacity(1536, 10, 256, 0).rule();
        assert_eq!(rule.expr, "vector(4294967296) > 2147483648");
        let text =
            "Together, all processes can use up to 4096 MiB of memory. The machine has 2048 MiB.";
        assert_eq!(rule.text, text);
    }

    proptest! {
        #[test]
        fn every_capacity_is_summed_without_overflow(
            main in any::<u64>(), children in any::<u32>(), child in any::<u64>(),
            own in any::<u64>(), memory in any::<u64>(), reserve in 0..=100_u8,
        ) {
            let mut one = capacity(0, children, 0, 0);
            one.memory = ByteSize(memory % (1 << 50));
            one.reserve = reserve;
            one.main = ByteSize(main % (1 << 50));
            one.pools[0].child = ByteSize(child % (1 << 50));
            one.pools[0].own = ByteSize(own % (1 << 50));
            let over = one.worst() > one.memory;
            prop_assert_eq!(strains(&one).first() == Some(&Strain::Over), over);
            prop_assert_eq!(fires(&one), over);
        }
    }
}
