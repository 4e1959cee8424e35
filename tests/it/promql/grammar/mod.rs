//! Makes random expressions about the series of `promql/series.rs`.
//!
//! What is left out, and why, is said at the place where it is left out.

mod operators;

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

/// Makes expressions.
pub(crate) struct Random(pub(crate) StdRng);

/// A vector and what may be done with it.
struct Vector {
    text: String,
    /// Its values are the same to the last bit in all versions. Versions round
    /// sums and means differently: what steps (`floor`, `>`) or cancels out
    /// (`-`) would make much of the last bit.
    exact: bool,
}

impl Random {
    /// Makes one of any type.
    pub(crate) fn any(&mut self) -> String {
        let depth = self.0.random_range(1..5);
        if self.0.random_ratio(1, 12) {
            return self.scalar(depth);
        }
        self.vector(depth, false).text
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts.choose(&mut self.0).unwrap()
    }

    fn number(&mut self) -> &'static str {
        self.one_of(&[
            "0", "1", "2", "-1", "0.5", "3.25", "10", "100", "1e3", "0x1F", "NaN", "Inf", "-Inf",
        ])
    }

    /// Scalars are exact: they are numbers, times, and exact elements.
    fn scalar(&mut self, depth: u32) -> String {
        match self.0.random_range(0..if depth == 0 { 2 } else { 6 }) {
            0 => self.number().to_owned(),
            1 => self.one_of(&["time()", "pi()", "scalar(flat)"]).to_owned(),
            2 => format!("-{}", self.scalar(depth - 1)),
            3 => {
                let comparison = self.comparison();
                let (left, right) = (self.scalar(depth - 1), self.scalar(depth - 1));
                format!("({left} {comparison} bool {right})")
            }
            4 => format!("scalar({})", self.exact(depth - 1, false).text),
            _ => {
                let operator = self.one_of(&["+", "-", "*", "/", "%"]);
                let (left, right) = (self.scalar(depth - 1), self.scalar(depth - 1));
                format!("({left} {operator} {right})")
            }
        }
    }

    fn comparison(&mut self) -> &'static str {
        self.one_of(&["==", "!=", ">", "<", ">=", "<="])
    }

    /// A vector whose values are exact; `inside` a subquery.
    fn exact(&mut self, depth: u32, inside: bool) -> Vector {
        for _ in 0..20 {
            let vector = self.vector(depth, inside);
            if vector.exact {
                return vector;
            }
        }
        self.leaf()
    }

    fn leaf(&mut self) -> Vector {
        let selector = self.selector();
        let shift = self.shift();
        let text = format!("{selector}{shift}");
        Vector { text, exact: true }
    }

    fn selector(&mut self) -> &'static str {
        self.one_of(&[
            "jobs_total",
            "jobs_total{host=\"a\"}",
            "jobs_total{queue!~\"m.*\"}",
            "jobs_waiting",
            "jobs_waiting{queue=\"mail\"}",
            "jobs_waiting{host=~\"a|b\",queue=~\"r.+\"}",
            "jobs_waiting{host!=\"b\"}",
            "redis_up",
            "redis_up{instance!=\"one\"}",
            "redis_memory_used_bytes",
            "redis_memory_max_bytes",
            "host_info",
            "odd",
            "odd{kind=\"minus\"}",
            "{__name__=~\"jobs_.*\",host=\"a\"}",
            "{host=\"b\",__name__!=\"latency_seconds_bucket\"}",
            "latency_seconds_bucket{host=\"a\"}",
            "deployed_seconds",
            "angle",
            "nothing_at_all",
        ])
    }

    fn shift(&mut self) -> &'static str {
        self.one_of(&[
            "",
            "",
            "",
            "",
            " offset 30s",
            " offset 5m",
            " offset -1m",
            " @ 400",
            " @ 612.5 offset 10s",
            " @ end()",
            " @ start()",
        ])
    }

    fn vector(&mut self, depth: u32, inside: bool) -> Vector {
        if depth == 0 {
            return self.leaf();
        }
        let depth = depth - 1;
        match self.0.random_range(0..20) {
            0 => self.leaf(),
            1..=3 => self.over(depth, inside),
            4..=6 => self.aggregation(depth, inside),
            7..=9 => self.with_scalar(depth, inside),
            10..=12 => self.matched(depth, inside),
            13..=14 => self.set(depth, inside),
            15..=17 => self.each(depth, inside),
            18 => self.labels(depth, inside),
            _ => self.rare(depth, inside),
        }
    }

    fn rare(&mut self, depth: u32, inside: bool) -> Vector {
        let text = match self.0.random_range(0..6) {
            0 => format!("vector({})", self.scalar(depth)),
            1 => format!("absent({})", self.exact(depth, inside).text),
            2 => format!("timestamp({})", self.vector(depth, inside).text),
            3 => format!("{}()", self.one_of(&["hour", "minute", "day_of_year"])),
            4 => {
                let of = self.one_of(&[
                    "latency_seconds_bucket",
                    "sum by (le) (latency_seconds_bucket)",
                    "rate(latency_seconds_bucket[5m])",
                    "sum by (host, le) (increase(latency_seconds_bucket[2m]))",
                ]);
                let text = format!("histogram_quantile({}, {of})", self.part());
                return Vector { text, exact: false };
            }
            _ => format!("-{}", self.exact(depth, inside).text),
        };
        Vector { text, exact: true }
    }

    fn part(&mut self) -> &'static str {
        self.one_of(&["0", "0.1", "0.5", "0.9", "0.99", "1", "-1", "2", "NaN"])
    }

    /// A range. A subquery within a subquery ends a little before a whole
    /// second: else its left edge, which 2.42 includes, would be a step.
    fn range(&mut self, depth: u32, inside: bool) -> Vector {
        let width = self.one_of(&["40s", "1m", "2m", "5m", "7m"]);
        if depth == 0 || self.0.random_ratio(2, 3) {
            let (selector, shift) = (self.selector(), self.shift());
            let text = format!("{selector}[{width}]{shift}");
            return Vector { text, exact: true };
        }
        // At least one step lies in it: else Prometheus evaluates what is pinned
        // all the same, and we do not.
        let width = if width == "40s" { "1m" } else { width };
        let step = self.one_of(&["", "10s", "7s", "30s", "1m"]);
        let Vector { text, exact } = self.vector(depth - 1, true);
        let shift = if inside {
            " offset 3ms"
        } else {
            self.one_of(&["", "", " offset 1m", " @ 555.5", " @ end()"])
        };
        let text = format!("({text})[{width}:{step}]{shift}");
        Vector { text, exact }
    }

    fn over(&mut self, depth: u32, inside: bool) -> Vector {
        match self.0.random_range(0..4) {
            0 => {
                // Counters without gaps only: where a range begins in a gap,
                // 2.42 lets a counter reach farther back to zero.
                let function = self.one_of(&["rate", "increase", "irate"]);
                let width = self.one_of(&["30s", "1m", "4m"]);
                let shift = self.one_of(&["", "", " offset 30s", " offset -20s"]);
                let text = format!("{function}(jobs_total[{width}]{shift})");
                Vector { text, exact: false }
            }
            1 => {
                let function = self.one_of(&[
                    "min_over_time",
                    "max_over_time",
                    "last_over_time",
                    "count_over_time",
                    "present_over_time",
                ]);
                let Vector { text, exact } = self.range(depth, inside);
                Vector {
                    text: format!("{function}({text})"),
                    exact: exact || matches!(function, "count_over_time" | "present_over_time"),
                }
            }
            2 => {
                // These step or cancel out.
                let function =
                    self.one_of(&["changes", "resets", "idelta", "delta", "absent_over_time"]);
                let range = self.exact_range(depth, inside);
                Vector {
                    text: format!("{function}({range})"),
                    exact: function != "delta",
                }
            }
            _ => {
                let function =
                    self.one_of(&["sum", "avg", "stddev", "stdvar", "quantile", "deriv"]);
                let range = self.exact_range(depth, inside);
                let text = match function {
                    "quantile" => format!("quantile_over_time({}, {range})", self.part()),
                    "deriv" => format!("deriv({range})"),
                    _ => format!("{function}_over_time({range})"),
                };
                Vector { text, exact: false }
            }
        }
    }

    fn exact_range(&mut self, depth: u32, inside: bool) -> String {
        for _ in 0..20 {
            let range = self.range(depth, inside);
            if range.exact {
                return range.text;
            }
        }
        "jobs_waiting[1m]".to_owned()
    }

    fn grouping(&mut self) -> &'static str {
        self.one_of(&[
            "",
            "",
            " by (host)",
            " by (queue)",
            " by (host, queue)",
            " by (instance)",
            " by (__name__)",
            " by ()",
            " without (host)",
            " without (queue, instance)",
            " without ()",
            " by (kind, le)",
        ])
    }

    fn aggregation(&mut self, depth: u32, inside: bool) -> Vector {
        let by = self.grouping();
        match self.0.random_range(0..5) {
            0 => {
                let function = self.one_of(&["min", "max", "count", "group"]);
                let Vector { text, exact } = self.vector(depth, inside);
                Vector {
                    text: format!("{function}{by} ({text})"),
                    exact: exact || matches!(function, "count" | "group"),
                }
            }
            1 => {
                let function = self.one_of(&["sum", "avg", "stddev", "stdvar"]);
                // The spread of one value that is no number is 0 in 2.42.
                let of = if function.starts_with("std") {
                    self.one_of(&["jobs_waiting", "redis_memory_used_bytes", "angle"])
                        .to_owned()
                } else {
                    self.exact(depth, inside).text
                };
                Vector {
                    text: format!("{function}{by} ({of})"),
                    exact: false,
                }
            }
            2 => {
                let (part, of) = (self.part(), self.exact(depth, inside).text);
                Vector {
                    text: format!("quantile{by} ({part}, {of})"),
                    exact: false,
                }
            }
            3 => {
                // Of these no two series have the same value: of equal ones
                // Prometheus takes any.
                let function = self.one_of(&["topk", "bottomk"]);
                let of = self.one_of(&[
                    "redis_memory_used_bytes",
                    "deployed_seconds",
                    "angle offset 10s",
                    "latency_seconds_bucket{host=\"a\"}",
                ]);
                let count = self.one_of(&["1", "2", "1.9", "100", "0", "-3", "NaN", "Inf"]);
                Vector {
                    text: format!("{function}{by} ({count}, {of})"),
                    exact: true,
                }
            }
            _ => {
                let of = self.exact(depth, inside).text;
                let label = self.one_of(&["value", "host", "queue"]);
                Vector {
                    text: format!("count_values{by} (\"{label}\", {of})"),
                    exact: true,
                }
            }
        }
    }
}

fn vector(text: &str) -> Vector {
    Vector {
        text: text.to_owned(),
        exact: !text.contains("sum"),
    }
}
