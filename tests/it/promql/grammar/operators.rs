//! Random expressions of two sides, and functions of each value.

use rand::Rng as _;

use crate::promql::grammar::{Random, Vector, vector};

impl Random {
    pub(super) fn with_scalar(&mut self, depth: u32, inside: bool) -> Vector {
        let scalar = self.scalar(depth.min(2));
        let (vector, operator) = if self.0.random() {
            // What multiplies does no harm to what is rounded.
            let operator = self.one_of(&["*", "/"]);
            (self.vector(depth, inside), operator.to_owned())
        } else {
            let operator = match self.0.random_range(0..3) {
                0 => self.comparison().to_owned(),
                1 => format!("{} bool", self.comparison()),
                _ => self.one_of(&["+", "-", "%", "^", "atan2"]).to_owned(),
            };
            (self.exact(depth, inside), operator)
        };
        let Vector { mut text, exact } = vector;
        if operator == "atan2" {
            // 2.42 forgets to drop the name after it, by which names may clash.
            "jobs_waiting".clone_into(&mut text);
        }
        let text = if self.0.random() {
            format!("({text} {operator} {scalar})")
        } else {
            format!("({scalar} {operator} {text})")
        };
        // Go and C round powers and angles differently.
        let rounds = matches!(operator.as_str(), "^" | "atan2");
        let text = if operator == "atan2" {
            format!("sum without () ({text})")
        } else {
            text
        };
        Vector {
            text,
            exact: exact && !rounds,
        }
    }

    pub(super) fn matched(&mut self, depth: u32, inside: bool) -> Vector {
        let operator = match self.0.random_range(0..3) {
            0 => self.comparison().to_owned(),
            1 => format!("{} bool", self.comparison()),
            _ => self.one_of(&["+", "-", "*", "/", "%"]).to_owned(),
        };
        let matching = self.one_of(&[
            "",
            "",
            "on (host)",
            "on (host, queue)",
            "on (instance)",
            "on ()",
            "ignoring (queue)",
            "ignoring (host, queue, kind)",
            "on (host) group_left ()",
            "on (host) group_left (zone)",
            "on (queue) group_right ()",
            "ignoring (queue) group_left ()",
            "ignoring (host) group_right (host)",
            "on () group_left ()",
            "on () group_right (instance)",
        ]);
        let exact = !matches!(operator.as_str(), "*" | "/");
        let (left, right) = match self.0.random_range(0..3) {
            // A pair that mostly fits, so that not all are errors or nothing.
            0 => {
                let left = self.one_of(&["jobs_waiting", "jobs_total", "jobs_waiting offset 1m"]);
                let right = self.one_of(&[
                    "sum by (host) (jobs_total)",
                    "host_info",
                    "max by (queue) (jobs_waiting)",
                    "jobs_total",
                ]);
                (vector(left), vector(right))
            }
            _ if exact => (self.exact(depth, inside), self.exact(depth, inside)),
            _ => (self.vector(depth, inside), self.vector(depth, inside)),
        };
        Vector {
            text: format!("({} {operator} {matching} {})", left.text, right.text),
            exact: left.exact && right.exact,
        }
    }

    pub(super) fn set(&mut self, depth: u32, inside: bool) -> Vector {
        let operator = self.one_of(&["and", "or", "unless"]);
        let matching = self.one_of(&[
            "",
            "",
            "on (host)",
            "on ()",
            "on (instance)",
            "ignoring (queue)",
            "ignoring (host)",
        ]);
        let (left, right) = (self.vector(depth, inside), self.vector(depth, inside));
        Vector {
            text: format!("({} {operator} {matching} {})", left.text, right.text),
            exact: left.exact && right.exact,
        }
    }

    pub(super) fn each(&mut self, depth: u32, inside: bool) -> Vector {
        match self.0.random_range(0..3) {
            0 => {
                // Go and C round these differently.
                let function = self.one_of(&[
                    "exp", "ln", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan",
                    "sinh", "cosh", "tanh", "asinh", "deg", "rad",
                ]);
                // Small angles: large ones are reduced with more or fewer digits.
                let of = self.one_of(&["angle", "angle / 100", "jobs_waiting", "odd"]);
                let text = format!("{function}({of})");
                Vector { text, exact: false }
            }
            1 => {
                let function = self.one_of(&[
                    "ceil",
                    "floor",
                    "round",
                    "sgn",
                    "minute",
                    "hour",
                    "day_of_week",
                    "day_of_month",
                    "day_of_year",
                    "days_in_month",
                    "month",
                    "year",
                ]);
                // What is no date is NaN for us and a date long ago in Go.
                let of = if function.contains(['y', 'h', 'm']) {
                    self.one_of(&["deployed_seconds", "jobs_total * 1e5", "-angle * 1e5"])
                        .to_owned()
                } else {
                    self.exact(depth, inside).text
                };
                let text = format!("{function}({of})");
                Vector { text, exact: true }
            }
            _ => {
                let scalar = self.scalar(depth.min(2));
                let other = self.number();
                let Vector { text, exact } = self.vector(depth, inside);
                let text = match self.0.random_range(0..5) {
                    0 => format!("clamp({text}, {scalar}, {other})"),
                    1 => format!("clamp_min({text}, {scalar})"),
                    2 => format!("clamp_max({text}, {scalar})"),
                    3 => format!("abs({text})"),
                    _ => format!("sqrt({text})"),
                };
                Vector { text, exact }
            }
        }
    }

    pub(super) fn labels(&mut self, depth: u32, inside: bool) -> Vector {
        let Vector { text, exact } = self.vector(depth, inside);
        let text = match self.0.random_range(0..4) {
            0 => {
                let target = self.one_of(&["host", "new", "__name__"]);
                format!("label_join({text}, \"{target}\", \"-\", \"host\", \"queue\")")
            }
            1 => format!("label_replace({text}, \"new\", \"<$1>\", \"host\", \"(.*)\")"),
            2 => format!("label_replace({text}, \"queue\", \"\", \"host\", \"a\")"),
            _ => format!("label_replace({text}, \"host\", \"$2$1\", \"queue\", \"(.)(.+)\")"),
        };
        Vector { text, exact }
    }
}
